import { type Static, Type } from 'typebox'
import { Hash, Id, Instant, listQuery, Minor, Nullable, Page } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { OfferStatus } from './offers.ts'

const OfferId = Type.Integer({ minimum: 1, maximum: 2147483647 })

/** What becomes of the codes of a series; each code is in exactly one state. */
const CouponCounts = Type.Object({
  codes: Type.Integer(),
  redeemed: Type.Integer(),
  void: Type.Integer(),
})

/** A coupon offer whose codes are given out one by one. */
export const CouponSeriesRow = Type.Object({
  offerId: OfferId,
  name: Type.String(),
  /** As codes begin: in capitals. */
  prefix: Type.String(),
  /** Characters of a whole code. */
  length: Type.Integer(),
  status: OfferStatus,
  from: Nullable(Instant),
  until: Nullable(Instant),
  counts: CouponCounts,
})
export type CouponSeriesRow = Static<typeof CouponSeriesRow>

/** Codes that were asked for at once. */
export const CouponBatch = Type.Object({
  id: Id,
  offerId: OfferId,
  name: Type.String(),
  /** How many were asked for; `counts.codes` of them are made. */
  count: Type.Integer(),
  counts: CouponCounts,
  /** The offer calls codes otherwise by now, so that tills do not know these. */
  isForeign: Type.Boolean(),
  /** No longer given to a till from then on; null: as long as the offer is in force. */
  expiresAt: Nullable(Instant),
  voidAt: Nullable(Instant),
  createdAt: Instant,
  createdBy: Nullable(Type.String()),
})
export type CouponBatch = Static<typeof CouponBatch>

/** What a code is good for now. A redeemed one stays redeemed, whatever became of its batch. */
export const CouponState = Type.Union([
  Type.Literal('free'),
  Type.Literal('reserved'),
  Type.Literal('redeemed'),
  Type.Literal('void'),
  Type.Literal('expired'),
])
export type CouponState = Static<typeof CouponState>

/** A bill on which a code was redeemed. */
export const CouponRedemption = Type.Object({
  identity: Hash,
  document: Type.Integer(),
  number: Type.String(),
  storeName: Type.String(),
  at: Instant,
  amountMinor: Minor,
})
export type CouponRedemption = Static<typeof CouponRedemption>

export const CouponCodeRow = Type.Object({
  code: Type.String(),
  offerId: OfferId,
  batchId: Id,
  batchName: Type.String(),
  state: CouponState,
  expiresAt: Nullable(Instant),
  /** Of a reserved one: which till holds it, and until when. */
  reserved: Nullable(
    Type.Object({ storeName: Type.String(), registerNumber: Type.Integer(), until: Instant }),
  ),
  /** Earliest first; more than one is a discrepancy. */
  redemptions: Type.Array(CouponRedemption),
})
export type CouponCodeRow = Static<typeof CouponCodeRow>

export const listCouponSeries = endpoint({
  method: 'GET',
  path: '/v1/coupon-series',
  tag: 'coupons',
  allow: 'products.read',
  summary: 'Coupon offers whose codes are given out one by one, the newest offer first.',
  query: Type.Object(listQuery),
  answer: Page(CouponSeriesRow),
})
export const getCouponSeries = endpoint({
  method: 'GET',
  path: '/v1/coupon-series/:offerId',
  tag: 'coupons',
  allow: 'products.read',
  summary: 'A coupon series with its batches, the newest first.',
  params: Type.Object({ offerId: OfferId }),
  answer: Type.Object({
    series: CouponSeriesRow,
    /** Most codes that the series may have: beyond, one in 10,000 guesses would hit. */
    codesMax: Type.Integer(),
    batches: Type.Array(CouponBatch),
  }),
})
export const putCouponBatch = endpoint({
  method: 'PUT',
  path: '/v1/coupon-batches/:batchId',
  tag: 'coupons',
  allow: 'prices.write',
  summary:
    'Have codes made for a coupon series that is a draft or published. They are random and made in the background; the batch tells how many there are. The same id again changes nothing.',
  params: Type.Object({ batchId: Id }),
  body: Type.Object({
    offerId: OfferId,
    name: Type.String({ minLength: 1, maxLength: 80 }),
    count: Type.Integer({ minimum: 1, maximum: 100_000 }),
    expiresAt: Nullable(Instant),
  }),
  answer: CouponBatch,
})
export const voidCouponBatch = endpoint({
  method: 'POST',
  path: '/v1/coupon-batches/:batchId/void',
  tag: 'coupons',
  allow: 'prices.write',
  summary:
    'Make every code of a batch void that is not redeemed. A till that reserved one before may still redeem it until its reservation ends.',
  params: Type.Object({ batchId: Id }),
  answer: CouponBatch,
})
export const couponCodeQuery = Type.Object({
  ...listQuery,
  offer: Type.Optional(OfferId),
  batch: Type.Optional(Id),
  state: Type.Optional(CouponState),
})
export const listCouponCodes = endpoint({
  method: 'GET',
  path: '/v1/coupon-codes',
  tag: 'coupons',
  // A code is worth money to whoever reads it.
  allow: 'prices.write',
  summary: 'Codes by series, batch and state, in their order; `q` is a part of the code.',
  query: couponCodeQuery,
  answer: Page(CouponCodeRow),
})
export const exportCouponCodes = endpoint({
  method: 'GET',
  path: '/v1/coupon-codes.csv',
  tag: 'coupons',
  allow: 'prices.write',
  summary: 'The same codes as the list, all of them, as a file. Who took it stands in the audit trail.',
  query: couponCodeQuery,
  produces: 'text/csv',
})
export const voidCouponCode = endpoint({
  method: 'POST',
  path: '/v1/coupon-codes/:code/void',
  tag: 'coupons',
  allow: 'prices.write',
  summary: 'Make one code void. A redeemed one is refused.',
  params: Type.Object({ code: Type.String({ minLength: 1, maxLength: 40 }) }),
  answer: CouponCodeRow,
})
