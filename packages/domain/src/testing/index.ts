export { everyEffectCase } from './arbitrary-offers.ts'
export { type Case, pricingCase } from './arbitrary-shop.ts'
export { cornerShop, NOW } from './corner-shop.ts'
