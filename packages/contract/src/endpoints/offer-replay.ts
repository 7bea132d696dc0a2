import { type Static, Type } from 'typebox'
import { Day, Hash, Id, Instant, Minor, Nullable } from '../common.ts'
import { endpoint } from '../endpoint.ts'

const OfferId = Type.Integer({ minimum: 1, maximum: 2147483647 })

/** Waiting for its turn (one at a time in the chain), under way, or over in one of three ways. */
export const ReplayStatus = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('running'),
  Type.Literal('done'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
])
export type ReplayStatus = Static<typeof ReplayStatus>

/** Bill that a result points at; `identity` and `document` lead to its page. */
const BillRef = {
  identity: Hash,
  document: Type.Integer(),
  number: Type.String(),
  storeName: Type.String(),
  at: Instant,
}

/** Where the live rules did not give again what a bill gave (PRC-10b). */
export const ReplayDifference = Type.Object({
  ...BillRef,
  /** The bill's line, counted from 1; null: the bill as a whole. */
  line: Nullable(Type.Integer()),
  product: Nullable(Type.String()),
  /**
   * `discount` the line's discount differs · `offers` the discount is the same, by other offers ·
   * `rulebook` its version is not kept here · `engine` its engine is not known here ·
   * `refused` the engine does not sell this today.
   */
  reason: Type.Union([
    Type.Literal('discount'),
    Type.Literal('offers'),
    Type.Literal('rulebook'),
    Type.Literal('engine'),
    Type.Literal('refused'),
  ]),
  givenMinor: Minor,
  /** null where nothing could be worked out. */
  recomputedMinor: Nullable(Minor),
})
export type ReplayDifference = Static<typeof ReplayDifference>

const BeforeAfter = Type.Object({ beforeMinor: Minor, afterMinor: Minor })

export const ReplayStore = Type.Object({
  storeId: Id,
  storeName: Type.String(),
  bills: Type.Integer(),
  changed: Type.Integer(),
  discountMinor: BeforeAfter,
  netMinor: BeforeAfter,
})
export type ReplayStore = Static<typeof ReplayStore>

/** A live offer from which the draft takes: bills on which it gives less beside the draft than without it. */
export const ReplayClash = Type.Object({
  offerId: Type.Integer(),
  name: Type.String(),
  bills: Type.Integer(),
  /** What this offer gives less on them. */
  lostMinor: Minor,
})
export type ReplayClash = Static<typeof ReplayClash>

export const ReplayedBill = Type.Object({
  ...BillRef,
  discountMinor: BeforeAfter,
  totalMinor: BeforeAfter,
})
export type ReplayedBill = Static<typeof ReplayedBill>

/** What a draft would have done (PRC-10a). Before and after are worked out by the same engine. */
export const ReplayResult = Type.Object({
  /** Bills seen: invoices and bills of supply of the span. */
  bills: Type.Integer(),
  /** The engine that the draft was run with. */
  engine: Type.Integer(),
  /** The proof that comes first (PRC-10b): how many bills gave exactly what the live rules give again. */
  reproduced: Type.Object({
    bills: Type.Integer(),
    differing: Type.Integer(),
    /** The first hundred, in order of time. */
    differences: Type.Array(ReplayDifference),
  }),
  changed: Type.Integer(),
  discountMinor: BeforeAfter,
  /** What customers pay. */
  netMinor: BeforeAfter,
  /** null where the catalogue has no cost of goods. */
  marginMinor: Nullable(BeforeAfter),
  /** Customers whose bills change; null where bills name no customer. */
  customers: Nullable(Type.Integer()),
  /** What the draft itself gave: bills, applications, and its amount. */
  draft: Type.Object({ bills: Type.Integer(), applications: Type.Integer(), givenMinor: Minor }),
  stores: Type.Array(ReplayStore),
  clashes: Type.Array(ReplayClash),
  /** Up to fifty changed bills, those that change most. */
  sample: Type.Array(ReplayedBill),
})
export type ReplayResult = Static<typeof ReplayResult>

export const ReplayState = Type.Object({
  replayId: Id,
  offerId: OfferId,
  /** Revision of the draft that is run; a later change of the draft does not change the replay. */
  revision: Type.Integer(),
  from: Day,
  until: Day,
  /** null: all stores. */
  storeIds: Nullable(Type.Array(Id)),
  state: ReplayStatus,
  billsDone: Type.Integer(),
  billsTotal: Type.Integer(),
  createdAt: Instant,
  by: Nullable(Type.String()),
  finishedAt: Nullable(Instant),
  /** Why it failed, for people; null otherwise. */
  message: Nullable(Type.String()),
})
export type ReplayState = Static<typeof ReplayState>
export const ReplayReport = Type.Object({
  ...ReplayState.properties,
  /** From `done` on; null before, and where it failed or was cancelled. */
  result: Nullable(ReplayResult),
})
export type ReplayReport = Static<typeof ReplayReport>

const offerParams = Type.Object({ offerId: OfferId })
const replayParams = Type.Object({ offerId: OfferId, replayId: Id })

export const startReplay = endpoint({
  method: 'POST',
  path: '/v1/offers/:offerId/replays',
  tag: 'offers',
  allow: 'prices.write',
  summary:
    'Run a draft without faults over the bills of a span of trading days, both included. It goes on by itself; ask for its state. Its own dates do not count, its weekdays and hours do.',
  params: offerParams,
  body: Type.Object({
    from: Day,
    until: Day,
    /** Left out: all stores. */
    storeIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 10_000, uniqueItems: true })),
  }),
  answer: Type.Object({ replayId: Id }),
})
export const listReplays = endpoint({
  method: 'GET',
  path: '/v1/offers/:offerId/replays',
  tag: 'offers',
  allow: 'prices.write',
  summary: 'The latest twenty replays of an offer, newest first, without their results.',
  params: offerParams,
  answer: Type.Object({ replays: Type.Array(ReplayState) }),
})
export const getReplay = endpoint({
  method: 'GET',
  path: '/v1/offers/:offerId/replays/:replayId',
  tag: 'offers',
  allow: 'prices.write',
  summary: 'How far a replay is, and what it found once it is done.',
  params: replayParams,
  answer: ReplayReport,
})
export const cancelReplay = endpoint({
  method: 'DELETE',
  path: '/v1/offers/:offerId/replays/:replayId',
  tag: 'offers',
  allow: 'prices.write',
  summary: 'Stop a replay that waits or runs; one that is over stays as it is.',
  params: replayParams,
})
