import { type Static, Type } from 'typebox'
import { Hash, HeadRef, Instant, OrNull, Uuid } from '../entry/schema.ts'
import { Generation, Marks, PushRequest } from '../messages.ts'

/**
 * The messages between a store server and headquarters. Entries travel as the till's own `PushRequest`, so
 * that a hop cannot be told from a till by what it sends (JRN-20a); these two say where both stand.
 */

/** Epochs, and identities of forks, that one question names at most. */
export const maxAsked = 200

/** Where the store server stands: the last entry of some of its epochs, and entries that it keeps aside. */
export const StandingRequest = Type.Object({
  requestId: Uuid,
  heads: Type.Array(HeadRef, { maxItems: maxAsked }),
  /** Identities of its fork entries: HQ answers which of them it has never seen. */
  forks: Type.Array(Hash, { maxItems: maxAsked }),
})
export type StandingRequest = Static<typeof StandingRequest>

export const StandingAnswer = Type.Object({
  requestId: Uuid,
  /** HQ's. */
  generation: Generation,
  serverAt: Instant,
  /** HQ's accepted head of every epoch asked for, same order; seq 0 where it knows none. */
  heads: Type.Array(HeadRef),
  marks: Type.Array(Marks),
  /** Epochs of which HQ holds another branch than the head that was told. */
  forked: Type.Array(Uuid),
  /** Slots of these epochs that HQ knows as holes: whoever has their bytes sends them. */
  holes: Type.Array(Type.Object({ epoch: Uuid, fromSeq: Type.Integer(), toSeq: Type.Integer() })),
  /** Epochs that a manager closed (JRN-21). */
  closed: Type.Array(Uuid),
  /** Of the fork entries asked for those that HQ has never seen. */
  lacking: Type.Array(Hash),
})
export type StandingAnswer = Static<typeof StandingAnswer>

const { requestId: _, ...members } = PushRequest.properties
/** Consecutive entries of one epoch with their people's data and a signed head that covers them: a push without its id. */
export const Parcel = Type.Object(members)
export type Parcel = Static<typeof Parcel>

/** What HQ holds from a place on; null: nothing. */
export const ParcelAnswer = Type.Object({ parcel: OrNull(Parcel) })
export type ParcelAnswer = Static<typeof ParcelAnswer>
