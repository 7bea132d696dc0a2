export { joinHeadquarters, type Link, readLink, secretsOfLink } from './link.ts'
export { type Hop, openHop } from './open-hop.ts'
export { openVouchedKeys } from './vouched-keys.ts'
