import type { Cart, PricedCart, PricingContext, Rulebook } from './types.ts'

export function price(_cart: Cart, _rulebook: Rulebook, _context: PricingContext): PricedCart {
  throw new Error('under construction')
}
