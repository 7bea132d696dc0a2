import { price } from './engine-1.ts'
import type { Cart, PricedCart, PricingContext, Rulebook } from './types.ts'

/** Number of the engine that `price` runs; a change of paise is a new number (PRC-9). */
export const ENGINE = 1

/** A pricing engine: the same paise for the same arguments, for ever. */
export type Engine = (cart: Cart, rulebook: Rulebook, context: PricingContext) => PricedCart

/** Every engine that an entry may name, so that old entries stay checkable. */
export const engines: Readonly<Record<number, Engine>> = { 1: price }
