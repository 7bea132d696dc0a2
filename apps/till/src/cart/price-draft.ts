import { type PricedCart, type PricingContext, PricingRefusal, price, type Rulebook } from '@nexus/domain'
import { type ByHandTarget, beyondAllowed, withoutByHand } from './by-hand.ts'
import { cartOfDraft, couponStatesOf, type Draft, type DraftLine, replaceLine } from './cart.ts'

/** A draft with its figures. Lines that cannot be sold carry their refusal in `draft`. */
export type PricedDraft = {
  draft: Draft
  priced: PricedCart
  /** Reductions by hand that came to more than was allowed; `draft` is without them (PRC-14d). */
  takenBack: readonly ByHandTarget[]
}

/**
 * Prices a draft with what is known of its coupons. A line that `price` refuses is marked and left out, and
 * the rest is priced again: one bad line never keeps the others from being sold. A refusal by price found
 * earlier is tried anew. A reduction by hand that comes to more than was allowed is taken back.
 */
export function priceDraft(draft: Draft, rulebook: Rulebook, context: PricingContext): PricedDraft {
  const first = priceAsGiven(draft, rulebook, context)
  const takenBack = beyondAllowed(first.draft, first.priced)
  if (takenBack.length === 0) return { ...first, takenBack }
  // Fewer reductions only give the others more room, so once is enough.
  return { ...priceAsGiven(withoutByHand(first.draft, takenBack), rulebook, context), takenBack }
}

/** The context with what is known of the draft's coupons. */
export function contextOfDraft(draft: Draft, context: PricingContext): PricingContext {
  return draft.coupons === undefined ? context : { ...context, couponStates: couponStatesOf(draft) }
}

/** As `priceDraft`, whatever people take off. */
export function priceAsGiven(
  draft: Draft,
  rulebook: Rulebook,
  context: PricingContext,
): { draft: Draft; priced: PricedCart } {
  let current: Draft = { ...draft, lines: draft.lines.map(withoutPriceRefusal) }
  const known = contextOfDraft(draft, context)
  for (;;) {
    try {
      return { draft: current, priced: price(cartOfDraft(current), rulebook, known) }
    } catch (cause) {
      if (!(cause instanceof PricingRefusal)) throw cause
      const line = current.lines.find((one) => one.uid === cause.uid)
      // Without the line the loop would never end; a refusal always names a line of the cart.
      if (line === undefined) throw cause
      current = replaceLine(current, { ...line, refusal: { code: cause.code } })
    }
  }
}

/** Refusals that no price list can lift. */
const LASTING = new Set(['unknown-code', 'damaged-code', 'not-loaded', 'expired'])

function withoutPriceRefusal(line: DraftLine): DraftLine {
  if (line.refusal === undefined || LASTING.has(line.refusal.code)) return line
  const { refusal: _, ...rest } = line
  return rest
}
