import { localDate } from '../calendar/calendar.ts'
import { daysLeftOf, isSelected } from '../pricing/selector.ts'
import type { GiftOffer, ItemOffer, Offer, Rulebook } from '../pricing/types.ts'
import type { GiftTerms } from './gifts.ts'
import type { SoldLine } from './types.ts'

/** A line as its entry holds it, with the offer of which it is a gift; absent where it is none. */
export type SoldLineWithGifts = SoldLine & { readonly giftOf?: number }

const ITEM_EFFECTS: ReadonlySet<Offer['effect']> = new Set([
  'unit-off',
  'buy-get',
  'buy-other',
  'bundle',
  'markdown',
  'complimentary',
] satisfies ItemOffer['effect'][])

/**
 * The terms of the gifts on a bill, for `giftsBrokenBy`. The threshold is that of the rulebook at hand; a
 * gift of an offer that it no longer holds comes back when nothing else of the bill is kept (RET-3d).
 *
 * @param pricedAt when the bill was priced
 */
export function giftTermsOf(
  lines: readonly SoldLineWithGifts[],
  rulebook: Pick<Rulebook, 'offers' | 'findProduct'>,
  pricedAt: number,
): GiftTerms[] {
  const givenBy = new Map<number, string[]>()
  for (const { giftOf, uid, offers } of lines) {
    // A line that was marked and not given was paid in full.
    if (giftOf === undefined || !offers.some(({ id }) => id === giftOf)) continue
    givenBy.set(giftOf, [...(givenBy.get(giftOf) ?? []), uid])
  }
  if (givenBy.size === 0) return []
  const known = new Map(rulebook.offers.map((offer) => [offer.id, offer]))
  const goods = lines.filter((line) => line.giftOf === undefined)
  return [...givenBy].map(([offerId, gifts]) => {
    const offer = known.get(offerId)
    if (offer?.effect !== 'gift') {
      return {
        offerId,
        fromMinor: 1,
        base: goods.map(({ uid, paidMinor }) => ({ uid, netMinor: paidMinor })),
        gifts,
      }
    }
    const selected = goods.filter((line) => isInSelector(offer, line, rulebook, pricedAt))
    const base = selected.map((line) => ({ uid: line.uid, netMinor: netAfterItemOffers(line, known) }))
    return { offerId, fromMinor: offer.fromMinor, base, gifts }
  })
}

function isInSelector(
  { selector }: GiftOffer,
  line: SoldLine,
  rulebook: Pick<Rulebook, 'findProduct'>,
  pricedAt: number,
): boolean {
  const product = rulebook.findProduct(line.product)
  if (product === undefined) return false
  const { uid, quantityMilli, batch, unitMinor } = line
  const cartLine = { uid, productId: line.product, quantityMilli, ...(batch !== null && { batchId: batch }) }
  const daysToExpiry = daysLeftOf(cartLine, product, localDate(pricedAt))
  return isSelected(selector, { product, unitMinor, daysToExpiry })
}

/** Gross less the ceiling's step and the item offers (PRC-6c). */
function netAfterItemOffers(line: SoldLineWithGifts, known: ReadonlyMap<number, Offer>): number {
  let laterMinor = (line.manualMinor ?? 0) + (line.pointsMinor ?? 0)
  for (const { id, amountMinor } of line.offers) {
    const effect = known.get(id)?.effect
    if (effect !== undefined && !ITEM_EFFECTS.has(effect)) laterMinor += amountMinor
  }
  return line.grossMinor - line.discountMinor + laterMinor
}
