import { type Static, Type } from 'typebox'
import { Hash, HeadRef, Instant, OrNull, Uuid, Whole } from './entry/schema.ts'

/**
 * The four messages of the journal between a till and its hop. HTTP/JSON; entry bytes travel as
 * base64url strings and are never re-serialised. Objects are open: readers ignore members they do not
 * know. Every request has an id that its answer repeats (JRN-9).
 *
 * Credentials: a checkpoint signed by a key of the register. A request without a valid one stores
 * nothing and changes nothing (JRN-10).
 */

const Base64Url = (maxLength: number) => Type.String({ maxLength, pattern: '^[A-Za-z0-9_-]*$' })
const Seq = Whole
/** 16 random bytes that a server mints at its first start and over restored data. */
export const Generation = Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' })

/** A head and the generation of the server that says so; HQ signs `received` and `durable` (JRN-9). */
export const Mark = Type.Object({
  epoch: Uuid,
  seq: Seq,
  hash: Hash,
  generation: Generation,
  signature: OrNull(Base64Url(200)),
})
export type Mark = Static<typeof Mark>

/** Of one epoch. `stored`: committed by this hop. `received`, `durable`: HQ's, passed on unchanged. */
export const Marks = Type.Object({ stored: OrNull(Mark), received: OrNull(Mark), durable: OrNull(Mark) })
export type Marks = Static<typeof Marks>

/** What a device key signs (JRN-17): the canonical JSON of this object. */
export const Checkpoint = Type.Object({ register: Uuid, epoch: Uuid, seq: Seq, hash: Hash, keyId: Hash })
export type Checkpoint = Static<typeof Checkpoint>
export const SignedCheckpoint = Type.Object({ checkpoint: Checkpoint, signature: Base64Url(200) })
export type SignedCheckpoint = Static<typeof SignedCheckpoint>

/**
 * An enrolment: base64url of canonical JSON {tenant, store, register, epoch, code, publicKey, keyId}
 * and the tenant's enrolment key's signature over those bytes (JRN-4).
 */
export const SignedCertificate = Type.Object({ certificate: Base64Url(4000), signature: Base64Url(200) })
export type SignedCertificate = Static<typeof SignedCertificate>

/** Data of people beside an entry (JRN-19). `data` is canonical JSON text; salt 32 bytes. */
export const PersonalItem = Type.Object({
  identity: Hash,
  salt: Hash,
  data: Type.String({ minLength: 2, maxLength: 16_384 }),
})
export type PersonalItem = Static<typeof PersonalItem>

/**
 * HQ's key for marks: base64url of canonical JSON {use, publicKey, keyId} and the tenant's enrolment key's
 * signature over those bytes. Hops pass it on unchanged.
 */
export const SignedHqKey = Type.Object({ key: Base64Url(1000), signature: Base64Url(200) })
export type SignedHqKey = Static<typeof SignedHqKey>

/** Keys by which a till knows HQ's marks: it keeps `enrolment` as it was enrolled, and then believes what that key signed. */
export const ServerKeys = Type.Object({ enrolment: Base64Url(400), hq: SignedHqKey })
export type ServerKeys = Static<typeof ServerKeys>

export const StorageFacts = Type.Object({
  persisted: Type.Boolean(),
  quotaBytes: OrNull(Whole),
  usageBytes: OrNull(Whole),
})
export type StorageFacts = Static<typeof StorageFacts>

/**
 * Asks for an epoch: with a one-time code, or with a checkpoint of the current epoch as proof, whose
 * head becomes the predecessor. Idempotent by (code or proving epoch, publicKey).
 */
export const EnrolRequest = Type.Object({
  requestId: Uuid,
  code: OrNull(Type.String({ minLength: 1, maxLength: 64 })),
  proof: OrNull(SignedCheckpoint),
  /** Of the proving epoch: a server that was restored may not know it (JRN-4). Null with a code. */
  certificate: OrNull(SignedCertificate),
  publicKey: Base64Url(400),
  sparePublicKey: Base64Url(400),
  storage: StorageFacts,
  app: Type.String({ minLength: 1, maxLength: 40 }),
  /** With a proof: the current epoch's key over `requestBytes` of the whole request. null with a code. */
  signature: OrNull(Base64Url(200)),
})
export type EnrolRequest = Static<typeof EnrolRequest>

export const EnrolAnswer = Type.Object({
  requestId: Uuid,
  enrolment: SignedCertificate,
  spare: OrNull(SignedCertificate),
  /** Accepted heads of the register's earlier epochs. */
  heads: Type.Array(HeadRef),
  generation: Generation,
  serverAt: Instant,
  /** Absent from servers before this member: no mark of theirs lets a till delete anything. */
  keys: Type.Optional(ServerKeys),
})
export type EnrolAnswer = Static<typeof EnrolAnswer>

export const HelloRequest = Type.Object({
  requestId: Uuid,
  register: Uuid,
  epoch: Uuid,
  /** Last entry of every epoch that the till still holds, oldest epoch first; the last one is `epoch`'s. */
  heads: Type.Array(HeadRef, { minItems: 1, maxItems: 200 }),
  /** Epoch id of the spare that the till holds. */
  spare: OrNull(Uuid),
  /** Key for a spare, where the till holds none: the server answers with its certificate. */
  sparePublicKey: OrNull(Base64Url(400)),
  /** By feed name: where the till stands. */
  cursors: Type.Record(Type.String(), Type.Object({ generation: Type.String(), version: Whole })),
  app: Type.String({ minLength: 1, maxLength: 40 }),
  /** The till's time and the device's wall clock. */
  at: Instant,
  wallMs: Instant,
  /** Of `epoch`: lets a server that was restored know it again. */
  certificate: SignedCertificate,
  checkpoint: SignedCheckpoint,
  /** The epoch's key over `requestBytes` of the whole request: a checkpoint seen elsewhere proves nothing. */
  signature: Base64Url(200),
})
export type HelloRequest = Static<typeof HelloRequest>

export const HelloAnswer = Type.Object({
  requestId: Uuid,
  generation: Generation,
  serverAt: Instant,
  /** The hop's accepted head of every epoch asked for, same order; seq 0 where it knows none. */
  heads: Type.Array(HeadRef),
  marks: Type.Array(Marks),
  /** First forked seq of an epoch in which this hop took another branch than the till's. */
  forks: Type.Array(Type.Object({ epoch: Uuid, fromSeq: Seq })),
  /** Slots of these epochs that the hop knows as holes: whoever still has their bytes sends them (JRN-8h). */
  holes: Type.Optional(Type.Array(Type.Object({ epoch: Uuid, fromSeq: Seq, toSeq: Seq }))),
  /** `kept`: the spare is still good; `none`: forget it; else the new one. */
  spare: Type.Union([Type.Literal('kept'), Type.Literal('none'), SignedCertificate]),
  /** Epochs that a manager closed (JRN-21): finish the cart, push, stop. */
  closed: Type.Array(Uuid),
  /** Entries whose personal data is to be erased (JRN-19), and the cursor of feed `erasures` after them. */
  erasures: Type.Object({ version: Whole, identities: Type.Array(Hash) }),
  /** Version that is asked for at shift opening (JRN-16); null: none. */
  minimumApp: OrNull(Type.String()),
  keys: Type.Optional(ServerKeys),
})
export type HelloAnswer = Static<typeof HelloAnswer>

/** Slots fromSeq..toSeq that the sender no longer holds; the last one had this hash (JRN-8). */
export const Hole = Type.Object({ fromSeq: Seq, toSeq: Seq, lastHash: Hash })
export type Hole = Static<typeof Hole>

/** At least one entry, at most 100 or 256 KiB of bytes, in order and without gaps from `firstSeq`. */
export const PushRequest = Type.Object({
  requestId: Uuid,
  register: Uuid,
  epoch: Uuid,
  firstSeq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  /** 128 KiB of bytes are 174,763 characters; some room for entries that a newer till may write. */
  entries: Type.Array(Base64Url(180_000), { minItems: 1, maxItems: 100 }),
  personal: Type.Array(PersonalItem, { maxItems: 200 }),
  /** Declares the slots just below `firstSeq` a hole. */
  hole: OrNull(Hole),
  /** HQ's `durable` that covers the hole: on a hop these slots are then no loss (JRN-8i). */
  base: Type.Optional(OrNull(Mark)),
  checkpoint: SignedCheckpoint,
  /**
   * Of the epoch that signed, where it is not this one: it may have no entry anywhere (JRN-3e), and a restored
   * receiver may have forgotten it. Between servers; a till's hello brought it.
   */
  certificate: Type.Optional(OrNull(SignedCertificate)),
  /** The sender keeps these aside: where they link to nothing the receiver does too, for no gap will close (JRN-7s). */
  aside: Type.Optional(Type.Boolean()),
})
export type PushRequest = Static<typeof PushRequest>

export const PushAnswer = Type.Object({
  requestId: Uuid,
  generation: Generation,
  serverAt: Instant,
  /** The hop's accepted head of the epoch after this push: the till goes on behind it, however low it is. */
  head: HeadRef,
  marks: Marks,
  /** Slots of this push that wait in quarantine: taken, acknowledged, without effect. */
  quarantined: Type.Array(Seq),
  /** Places of this push that hold another entry here: kept aside, without effect. */
  forked: Type.Array(Seq),
  retryAfterMs: OrNull(Whole),
  maxBatch: Type.Object({ entries: Whole, bytes: Whole }),
})
export type PushAnswer = Static<typeof PushAnswer>

/** Every 30 s, so that a tail that never arrives is known to be missing. */
export const HeartbeatRequest = Type.Object({
  requestId: Uuid,
  register: Uuid,
  epoch: Uuid,
  head: HeadRef,
  at: Instant,
  app: Type.String({ minLength: 1, maxLength: 40 }),
  /** What is only on this till: entries, sales, their sum, and when the oldest was written. */
  waiting: Type.Object({ entries: Whole, sales: Whole, soldMinor: Whole, oldestAt: OrNull(Instant) }),
  checkpoint: SignedCheckpoint,
})
export type HeartbeatRequest = Static<typeof HeartbeatRequest>

export const HeartbeatAnswer = Type.Object({
  requestId: Uuid,
  generation: Generation,
  serverAt: Instant,
  head: HeadRef,
  marks: Marks,
})
export type HeartbeatAnswer = Static<typeof HeartbeatAnswer>
