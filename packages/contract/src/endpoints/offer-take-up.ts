import { type Static, Type } from 'typebox'
import { Day, Id, Instant, Minor, Nullable } from '../common.ts'
import { endpoint } from '../endpoint.ts'

const OfferId = Type.Integer({ minimum: 1, maximum: 2147483647 })

/** Sold bills that had the offer, and what it gave less what returns took back (PRC-11d). */
const Taken = { bills: Type.Integer(), givenMinor: Minor }

export const OfferTakeUp = Type.Object({
  ...Taken,
  /** The offer's limits beside what was taken of them; null where it has none (PRC-11). */
  budget: Nullable(
    Type.Object({
      budgetMinor: Minor,
      usedMinor: Minor,
      /** Given beyond the budget by bills that did not know of each other (PRC-11c); 0 within it. */
      excessMinor: Minor,
    }),
  ),
  total: Nullable(
    Type.Object({ applications: Type.Integer(), used: Type.Integer(), excess: Type.Integer() }),
  ),
  /** Trading days with the offer, the latest 366, ascending. */
  days: Type.Array(Type.Object({ day: Day, ...Taken })),
  /** Stores with the offer, by what it gave, highest first. */
  stores: Type.Array(Type.Object({ storeId: Id, storeName: Type.String(), ...Taken })),
})
export type OfferTakeUp = Static<typeof OfferTakeUp>
export const getOfferTakeUp = endpoint({
  method: 'GET',
  path: '/v1/offers/:offerId/take-up',
  tag: 'offers',
  allow: 'products.read',
  summary: 'What an offer gave so far, by day and store, and what is left of its budget.',
  params: Type.Object({ offerId: OfferId }),
  answer: OfferTakeUp,
})

/** What `PricingContext.uses` of a till is made of (PRC-11a). */
export const OfferUsesForTills = Type.Object({
  asOf: Instant,
  /** Published offers with a total or a budget, by id; an offer that nobody used stands with zeros. */
  uses: Type.Array(Type.Object({ offerId: OfferId, total: Type.Integer(), givenMinor: Minor })),
})
export type OfferUsesForTills = Static<typeof OfferUsesForTills>
export const tillOfferUses = endpoint({
  method: 'GET',
  path: '/v1/till/offer-uses',
  tag: 'rulebook',
  allow: 'device',
  summary:
    'How often offers with a total or a budget were applied in the chain and what they gave, as far as bills have arrived.',
  answer: OfferUsesForTills,
})
