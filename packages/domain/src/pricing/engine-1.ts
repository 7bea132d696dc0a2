import { allocate } from '../money/allocate.ts'
import { settleTax } from '../tax/settle-tax.ts'
import { chooseBillOffer } from './bill-offer.ts'
import { addStep, canonically, keepBelow, type Line, lineCeiling, linesAtListPrice, sumsOf } from './lines.ts'
import { roundToRupee } from './rupee.ts'
import type { Cart, PricedCart, PricingContext, Rulebook } from './types.ts'

/**
 * Prices a cart, engine 1: what each line costs and why, its taxes, and what is to pay.
 *
 * Pure and deterministic (PRC-9): equal arguments give equal paise. The order of the cart's lines
 * changes nothing but the order of the answer's (PRC-2). An empty cart costs nothing.
 *
 * Throws PricingRefusal for the first line that cannot be sold as it stands.
 */
export function price1(cart: Cart, rulebook: Rulebook, context: PricingContext): PricedCart {
  const intraState = context.storeState === context.placeOfSupply
  const { lines, inclusive } = linesAtListPrice(cart.lines, rulebook, context, intraState)
  const ordered = lines.toSorted(canonically)
  const ceilings = ordered.map(lineCeiling)
  keepBelow(ordered, ceilings, inclusive, intraState)

  let netMinor = 0
  for (const line of ordered) netMinor += line.paidMinor
  const offers = chooseBillOffer(lines.length === 0 ? [] : rulebook.offers, netMinor, context)
  if (offers.applied !== undefined) takeOff(ordered, offers.applied.id, offers.discountMinor)

  const groups = settleTax(ordered, ceilings, inclusive, intraState)
  if (rulebook.rupeeRounding) roundToRupee(ordered, ceilings)
  return { engine: 1, inclusive, lines, groups, ...sumsOf(lines), notApplied: offers.notApplied }
}

/** Spreads a discount of the whole bill over its lines by what is left of each (PRC-2). */
function takeOff(ordered: readonly Line[], offerId: number, discountMinor: number): void {
  const parts = allocate(
    discountMinor,
    ordered.map((line) => line.paidMinor),
  )
  for (let at = 0; at < ordered.length; at++) {
    const line = ordered[at]
    const amountMinor = parts[at] ?? 0
    if (line !== undefined && amountMinor > 0) addStep(line, { kind: 'offer', offerId, amountMinor })
  }
}
