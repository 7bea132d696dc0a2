import type { Certificate } from '../entry/certificate.ts'
import type { Decoded } from '../entry/decode.ts'
import type { DocumentKind, Entry, Totals } from '../entry/schema.ts'
import type { Hole, Marks, PersonalItem, PushAnswer } from '../messages.ts'

/** An entry as it came, hashed and decoded once, before the transaction. */
export type PreparedEntry = {
  bytes: Uint8Array
  /** SHA-256 as base64url: the identity. */
  hash: string
  decoded: Decoded
  /** Innermost entry of a `rehomed` or `fork-rehomed` whose bytes hash to the identity it names. */
  inner: PreparedEntry | null
}

/** A push whose credentials were checked. */
export type PreparedPush = {
  requestId: string
  register: string
  epoch: string
  firstSeq: number
  entries: readonly PreparedEntry[]
  /** Items whose hash fits the entry of this push that they name. */
  personal: readonly PersonalItem[]
  /** Identities named by the other items. */
  strayPersonal: readonly string[]
  hole: Hole | null
  /** On a hop: slots up to here are durable at HQ, as its verified mark says (JRN-8i); 0: none. */
  durableSeq: number
  /** Verified certificate of entry 1, when this push begins with it. */
  certificate: Certificate | null
  /** false: signed by nobody we know, because the epoch is unknown. Answered with head 0, stores nothing. */
  proved: boolean
  /** Whose journal an epoch becomes that this push makes known (JRN-20). */
  writer: EpochKind
  /** Store bytes and slots, no effects: what acts goes to quarantine. Set after deriving failed. */
  withoutEffects: boolean
  /** What links to nothing here is kept aside instead of answered as a gap (JRN-7s). */
  aside: boolean
}

/** Whose journal it is; only a server's may hold a server's decisions (JRN-20). */
export type EpochKind = 'till' | 'hq' | 'recovery' | 'store-server'

/** Epoch as read, locked, in the accept transaction. */
export type EpochState = {
  tenant: string
  store: string
  register: string
  epoch: string
  code: string
  publicKey: string
  keyId: string
  kind: EpochKind
  /** `closed` accepts its tail for ever; entries of a `stolen` one wait for a person (JRN-21). */
  state: 'open' | 'closed' | 'stolen'
  /** seq 0 and the first prevHash while empty. */
  head: { seq: number; hash: string }
  /** After the head; null where a quarantined slot or hole made them unknown (JRN-18). */
  totals: Totals | null
  holes: readonly Hole[]
  marks: Pick<Marks, 'received' | 'durable'>
}

/** What is known of an identity. */
export type IdentityState = {
  /**
   * `acted`: had its effect, or a person decided that it has none. `quarantine`: waits for a person.
   * `fork`: kept aside, may be adopted or re-homed.
   */
  state: 'acted' | 'quarantine' | 'fork'
  /** Where it was stored first. */
  epoch: string
  seq: number
}

/** An entry kept aside: its place holds another one, or it does not link (JRN-7). */
export type ForkedEntry = {
  epoch: string
  seq: number
  identity: string
  /** null where the bytes cannot be read. */
  prevHash: string | null
  bytes: Uint8Array
}

/** The same as read again, prepared by this release of the server. */
export type PreparedFork = { epoch: string; seq: number; prepared: PreparedEntry }

/** The rows that `wanted` names, as read. Absent: unknown. */
export type AcceptState = {
  generation: string
  epochs: ReadonlyMap<string, EpochState>
  /** Hash of the accepted slot, key `epoch/seq`. */
  slots: ReadonlyMap<string, string>
  identities: ReadonlyMap<string, IdentityState>
  /** Identities of the sales that ended a cart or a row of recalled carts, by cart or root id. */
  sales: ReadonlyMap<string, readonly string[]>
  /** Identity of the bill that holds a number, key `epoch:number`. */
  documents: ReadonlyMap<string, string>
  /** Unsettled fork entries of the wanted epochs, by epoch. */
  forks: ReadonlyMap<string, readonly PreparedFork[]>
  /** Entries in quarantine, by identity, prepared again by this release of the server. */
  quarantined: ReadonlyMap<string, PreparedEntry>
}

/** What the shell reads before it decides. */
export type Wanted = {
  epochs: string[]
  slots: { epoch: string; fromSeq: number; toSeq: number }[]
  identities: string[]
  sales: string[]
  documents: { epoch: string; number: string }[]
  quarantined: string[]
}

/** One effect to hand to the projectors, once per identity for ever. */
export type Effect = {
  /** Identity of the entry that acts: of a re-homed one the inner entry's. */
  identity: string
  entry: Entry
  /** The entry's own place (its number's epoch). */
  place: { epoch: string; seq: number }
  /** Slot that it holds in its journal: its own or its wrapper's. Closings go by it (JRN-22). */
  slot: { epoch: string; seq: number }
  via: 'own' | 'rehomed' | 'adopted' | 'hole-filled' | 'released'
}

export type AcceptedSlot = {
  epoch: string
  seq: number
  hash: string
  prevHash: string | null
  /** null where unreadable. */
  type: string | null
  at: number | null
  bytes: Uint8Array
}

export type QuarantineRow = {
  identity: string
  epoch: string
  seq: number
  reason:
    | 'unreadable'
    | 'unknown-type'
    | 'schema-failed'
    | 'too-large'
    | 'wrong-place'
    | 'wrong-writer'
    | 'inner-mismatch'
    | 'stolen'
    | 'underivable'
  /** Of the entry that waits: a re-homed one's inner bytes. */
  bytes: Uint8Array
}

/** Something for people to look at; code and parameters, never a sentence. */
export type Notice = {
  code:
    | 'fork'
    | 'hole-declared'
    | 'cart-closed-twice'
    | 'number-twice'
    | 'certificate-mismatch'
    | 'personal-mismatch'
    | 'stolen-entry'
    | 'hole-lost'
    | 'tail-lost'
    | 'device-stolen'
    | 'two-devices'
  epoch: string
  seq: number
  identity: string | null
  params: { [name: string]: string | number | boolean | null }
}

/** A figure or fact that does not fit: flagged, never corrected (JRN-5). */
export type Discrepancy = {
  code: 'totals' | 'first-entry' | 'number-foreign' | 'totals-missing' | 'totals-unexpected'
  identity: string
  epoch: string
  seq: number
  params: { [name: string]: string | number | boolean | null }
}

/** Rows that one push writes, in the order in which they must be written. */
export type Rows = {
  /** Epochs that became known by their certificate. */
  epochs: (Certificate & Pick<EpochState, 'kind' | 'state'>)[]
  /** Epochs that a handover closed, or declared otherwise than before (JRN-21). */
  states: Pick<EpochState, 'epoch' | 'state'>[]
  slots: AcceptedSlot[]
  /** New or changed knowledge of identities. */
  identities: { identity: string; state: IdentityState['state']; epoch: string; seq: number }[]
  quarantine: QuarantineRow[]
  /** Left quarantine: they acted, or a person dropped them. */
  released: { identity: string; outcome: 'act' | 'drop' }[]
  forks: ForkedEntry[]
  /** Fork entries that need nobody any more: they took their slot, or were re-homed. */
  settledForks: { identity: string; by: 'adopted' | 'rehomed' }[]
  /** Holes of the epoch after the push, where they changed. */
  holes: { epoch: string; holes: readonly Hole[] } | null
  personal: PersonalItem[]
  effects: Effect[]
  sales: { key: string; identity: string }[]
  documents: { epoch: string; number: string; identity: string }[]
  /** Every bill that bears a number of more than one, the holder too (JRN-14c). */
  bearers: { epoch: string; number: string; identity: string; kind: DocumentKind }[]
  /** New numbers of bills that bear another one's. */
  renumbered: { identity: string; oldNumber: string; number: string }[]
  /**
   * Identities of a server's decisions that changed something. What is missing came too late, or names
   * what is not there: its writer takes it back.
   */
  decided: string[]
  notices: Notice[]
  discrepancies: Discrepancy[]
  /** New head, where it moved. */
  head: { epoch: string; seq: number; hash: string; totals: Totals | null } | null
}

export type Decision = { answer: PushAnswer; rows: Rows }
