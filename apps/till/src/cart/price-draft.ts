import {
  type CartLine,
  type PricedCart,
  type PricingContext,
  PricingRefusal,
  price,
  type Rulebook,
} from '@nexus/domain'
import { type Draft, type DraftLine, replaceLine, sellableLines } from './cart.ts'

/** A draft with its figures. Lines that cannot be sold carry their refusal in `draft`. */
export type PricedDraft = { draft: Draft; priced: PricedCart }

/**
 * Prices a draft. A line that `price` refuses is marked and left out, and the rest is priced again:
 * one bad line never keeps the others from being sold. A refusal by price found earlier is tried anew.
 */
export function priceDraft(draft: Draft, rulebook: Rulebook, context: PricingContext): PricedDraft {
  let current: Draft = { ...draft, lines: draft.lines.map(withoutPriceRefusal) }
  for (;;) {
    const lines: CartLine[] = sellableLines(current)
    try {
      return { draft: current, priced: price({ lines }, rulebook, context) }
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
