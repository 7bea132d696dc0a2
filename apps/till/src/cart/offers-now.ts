import { compileOffers, failedBefore, type Offer, type PricingContext } from '@nexus/domain'

/** What a cashier may praise: offers that are on here and now for anybody who walks in, by their priority. */
export function offersNow(offers: readonly Offer[], context: PricingContext): Offer[] {
  const setAside = new Set(compileOffers(offers).setAside)
  return offers
    .filter(
      (offer) => !setAside.has(offer) && !isBySeries(offer) && failedBefore(offer, context) === undefined,
    )
    .toSorted((one, other) => other.priority - one.priority || one.id - other.id)
}

/** Its codes were sent to those who may have it. */
function isBySeries(offer: Offer): boolean {
  return offer.effect === 'coupon' && offer.code.kind === 'series'
}
