import { type Static, Type } from 'typebox'
import { Instant, listQuery, Nullable, Page } from '../common.ts'
import { endpoint } from '../endpoint.ts'

const OfferId = Type.Integer({ minimum: 1, maximum: 2147483647 })

/** A draft, waiting to begin, in force, over, or stopped before its end. */
export const OfferStatus = Type.Union([
  Type.Literal('draft'),
  Type.Literal('scheduled'),
  Type.Literal('live'),
  Type.Literal('ended'),
  Type.Literal('stopped'),
])
export type OfferStatus = Static<typeof OfferStatus>

export const OfferRow = Type.Object({
  id: OfferId,
  name: Type.String(),
  effect: Type.String(),
  priority: Type.Integer(),
  status: OfferStatus,
  from: Nullable(Instant),
  until: Nullable(Instant),
  /** How many stores; null is all. */
  stores: Nullable(Type.Integer()),
  revision: Type.Integer(),
  changedAt: Instant,
  changedBy: Nullable(Type.String()),
})
export type OfferRow = Static<typeof OfferRow>

/**
 * What an offer says, without its id. A draft may be unfinished: its faults are listed beside it, and
 * publishing asks for none (`offer-formats.ts`).
 */
export const OfferDefinition = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    effect: Type.String({ minLength: 1, maxLength: 40 }),
  },
  { additionalProperties: true },
)
export type OfferDefinition = Static<typeof OfferDefinition> & Record<string, unknown>

export const OfferSheet = Type.Object({
  row: OfferRow,
  definition: OfferDefinition,
  /** What keeps it from being published, member by member. */
  faults: Type.Array(Type.Object({ field: Type.String(), message: Type.String() })),
})
export type OfferSheet = Static<typeof OfferSheet>

export const listOffers = endpoint({
  method: 'GET',
  path: '/v1/offers',
  tag: 'offers',
  allow: 'products.read',
  summary: 'Offers by status and name, last changed first.',
  query: Type.Object({ ...listQuery, status: Type.Optional(OfferStatus) }),
  answer: Page(OfferRow),
})
export const getOffer = endpoint({
  method: 'GET',
  path: '/v1/offers/:offerId',
  tag: 'offers',
  allow: 'products.read',
  summary: 'One offer, and what keeps it from being published.',
  params: Type.Object({ offerId: OfferId }),
  answer: OfferSheet,
})
export const createOffer = endpoint({
  method: 'POST',
  path: '/v1/offers',
  tag: 'offers',
  allow: 'prices.write',
  summary: 'Begin a draft.',
  body: Type.Object({ definition: OfferDefinition }),
  answer: OfferSheet,
})
export const changeOffer = endpoint({
  method: 'PUT',
  path: '/v1/offers/:offerId',
  tag: 'offers',
  allow: 'prices.write',
  summary:
    'Change a draft. `revision` is the one that was read; another in between is `offer/changed-meanwhile`.',
  params: Type.Object({ offerId: OfferId }),
  body: Type.Object({ revision: Type.Integer({ minimum: 1 }), definition: OfferDefinition }),
  answer: OfferSheet,
})
export const copyOffer = endpoint({
  method: 'POST',
  path: '/v1/offers/:offerId/copy',
  tag: 'offers',
  allow: 'prices.write',
  summary: 'Begin a draft with what another offer says.',
  params: Type.Object({ offerId: OfferId }),
  answer: OfferSheet,
})
export const publishOffer = endpoint({
  method: 'POST',
  path: '/v1/offers/:offerId/publish',
  tag: 'offers',
  allow: 'rulebook.publish',
  summary:
    'Publish a draft without faults in the next rulebook version. From then on it never changes; it can be stopped or copied.',
  params: Type.Object({ offerId: OfferId }),
  answer: Type.Object({ offer: OfferSheet, version: Type.Integer() }),
})
export const stopOffer = endpoint({
  method: 'POST',
  path: '/v1/offers/:offerId/stop',
  tag: 'offers',
  allow: 'rulebook.publish',
  summary: 'End a published offer now, in the next rulebook version. Bills that had it stay as they are.',
  params: Type.Object({ offerId: OfferId }),
  answer: Type.Object({ offer: OfferSheet, version: Type.Integer() }),
})
export const removeOffer = endpoint({
  method: 'DELETE',
  path: '/v1/offers/:offerId',
  tag: 'offers',
  allow: 'prices.write',
  summary: 'Throw a draft away.',
  params: Type.Object({ offerId: OfferId }),
})
