import type {
  EnrolAnswer,
  EnrolRequest,
  HeartbeatAnswer,
  HeartbeatRequest,
  HelloAnswer,
  HelloRequest,
  PersonalItem,
  PushAnswer,
  PushRequest,
} from './messages.ts'
import type { HeadRecord, NotesRecord } from './till/records.ts'

/** What the cores see of the world. Each port has a real implementation and one in memory, for the simulator. */

/** Time of this device. Neither is trusted alone (JRN-13). */
export type Clock = {
  /** Milliseconds since 1970 UTC, as the device believes; people set it wrong. Whole. */
  wallMs(): number
  /** Whole milliseconds of a clock that only runs forward while `bootId` stays the same. */
  monotonicMs(): number
  /** UUID minted whenever the monotonic clock starts anew. */
  readonly bootId: string
  /** Resolves after so many milliseconds. Used for the 5 s of JRN-1 only; loops are the shell's. */
  after(ms: number): Promise<void>
}

export type Random = {
  /** UUIDv7 of the instant, lower case. */
  uuid(atMs: number): string
  bytes(length: number): Uint8Array
}

/** SHA-256, 32 bytes. WebCrypto answers with a promise, Node at once. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>
/** SHA-256 that answers at once: the server core's. */
export type Sha256Sync = (bytes: Uint8Array) => Uint8Array

/** A device key: ECDSA P-256 with SHA-256, not extractable (JRN-17). */
export type Signer = {
  /** SHA-256 of the SubjectPublicKeyInfo, base64url: `keyIdOf`. Certificates name the key by it too. */
  readonly keyId: string
  /** SubjectPublicKeyInfo, base64url. */
  readonly publicKey: string
  /** r ‖ s, 64 bytes, base64url: the form that WebCrypto gives. */
  sign(bytes: Uint8Array): Promise<string>
}

/** Says whether `signature` (r ‖ s, base64url) is the key's over the bytes; false also for a malformed one. */
export type Verify = (publicKey: string, bytes: Uint8Array, signature: string) => boolean | Promise<boolean>

/** The device's keys. Each is kept durably before `create` resolves: a lost enrolment answer is asked for again. */
export type KeyRing = {
  create(): Promise<Signer>
  /** undefined when this device no longer holds the key. */
  open(keyId: string): Promise<Signer | undefined>
}

/** An entry as the primary copy holds it; the key is (epoch, seq). */
export type EntryRecord = {
  epoch: string
  seq: number
  /** SHA-256 of `bytes`, base64url. */
  hash: string
  bytes: Uint8Array
  /** The cart that this entry ends, on `sale` and `void-cart` only: a unique index (JRN-1). */
  ending?: string
}

/** One change of the primary copy: everything in it or nothing. */
export type PrimaryChange = {
  /** What the head record must be for the change to happen; undefined: there is none yet. */
  expect: { fence: number; epoch: string; seq: number; hash: string } | undefined
  /** Replaces the head record. */
  head: HeadRecord
  /** Replaces the notes where given. */
  notes?: NotesRecord
  entries: readonly EntryRecord[]
  personal: readonly PersonalItem[]
  /** Deletes an epoch's entries from the second to this one, and what belongs to these identities (JRN-9e). */
  forget?: { epoch: string; throughSeq: number; identities: readonly string[] }
}

/**
 * Outcome of a change that did not fail. `fence-lost`: another window owns the journal now.
 * `head-moved`: same fence, other head. `cart-ended`: the cart already has an ending. Nothing was
 * written in these three.
 */
export type PrimaryOutcome = 'committed' | 'fence-lost' | 'head-moved' | 'cart-ended'

/**
 * First copy of the journal: IndexedDB in the till. Promises reject when the storage fails; after a
 * rejected `change` nobody knows whether it happened.
 */
export type PrimaryCopy = {
  /** undefined members on an empty journal. */
  readState(): Promise<{ head: HeadRecord | undefined; notes: NotesRecord | undefined }>
  /** Of one epoch, seq ≥ fromSeq, ascending, at most `limit`; gaps are left out. */
  readEntries(epoch: string, fromSeq: number, limit: number): Promise<EntryRecord[]>
  findEnding(cart: string): Promise<EntryRecord | undefined>
  /** Personal data of those of the identities that have some. */
  readPersonal(identities: readonly string[]): Promise<PersonalItem[]>
  /**
   * One transaction with `durability: 'strict'`: compares fence, epoch, seq and hash of the stored head
   * with `expect`, then writes all. Resolves at `complete`, never at a request's success. An entry takes
   * the place of a damaged one with the same key; another entry with the same `ending` is `cart-ended`.
   */
  change(change: PrimaryChange): Promise<PrimaryOutcome>
  /** Removes data and salt for good (JRN-19). */
  erasePersonal(identities: readonly string[]): Promise<void>
}

/** One append-only file of the second copy, `journal.<fence>.<n>`. */
export type SegmentName = { fence: number; n: number }

/** Second copy: OPFS in the till. Holds framed records (twin-record.ts) and knows nothing about them. */
export type TwinCopy = {
  /** Every segment, in order of fence and n. */
  listSegments(): Promise<{ name: SegmentName; bytes: number }[]>
  readSegment(name: SegmentName): Promise<Uint8Array>
  /** Makes the segment if needed and takes its exclusive handle; `append` then writes to it. */
  openSegment(name: SegmentName): Promise<void>
  /** Appends to the open segment in one write and flushes; resolves when flushed. */
  append(bytes: Uint8Array): Promise<void>
  /**
   * Replaces a segment's content and flushes, also of the open one: for erasing personal data and for
   * entries that are not kept any more. A crash leaves the old content or the new.
   */
  rewriteSegment(name: SegmentName, bytes: Uint8Array): Promise<void>
  /** Deletes a segment, never the open one; one that is gone already is no error. */
  removeSegment(name: SegmentName): Promise<void>
}

/** The hop. Every promise rejects when no answer came or it was no 2xx; the till keeps everything and tries again. */
export type Transport = {
  enrol(request: EnrolRequest): Promise<EnrolAnswer>
  hello(request: HelloRequest): Promise<HelloAnswer>
  push(request: PushRequest): Promise<PushAnswer>
  heartbeat(request: HeartbeatRequest): Promise<HeartbeatAnswer>
}

export type TillPorts = {
  clock: Clock
  random: Random
  sha256: Sha256
  keys: KeyRing
  /** Checks what servers sign. */
  verify: Verify
  primary: PrimaryCopy
  twin: TwinCopy
  transport: Transport
}
