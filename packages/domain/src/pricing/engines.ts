import { price1 } from './engine-1.ts'
import { price2 } from './engine-2.ts'
import type { Cart, PricedCart, PricingContext, Rulebook } from './types.ts'

/** Number of the engine that `price` runs; a change of paise is a new number (PRC-9). */
export const ENGINE = 2

/** A pricing engine: the same paise for the same arguments, for ever. */
export type Engine = (cart: Cart, rulebook: Rulebook, context: PricingContext) => PricedCart

/** Every engine that an entry may name, so that old entries stay checkable. */
export const engines: Readonly<Record<number, Engine>> = { 1: price1, 2: price2 }

/** The engine in force: what a cart costs and why. Throws PricingRefusal for the first line that cannot be sold. */
export const price: Engine = price2
