export { openRulebook, type RulebookOptions } from './rulebook-store.ts'
export type * from './types.ts'
