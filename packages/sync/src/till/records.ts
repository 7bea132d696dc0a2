import type { Totals } from '../entry/schema.ts'
import type { Mark, SignedCertificate, SignedCheckpoint } from '../messages.ts'
import type { AttemptNotes } from './attempts.ts'
import type { InvoiceNotes } from './invoices.ts'

/** Last bill of a till, for "bill 2041, 14:03, ₹1,848.00, receipt not confirmed: reprint?" (JRN-11). */
export type LastSale = {
  identity: string
  epoch: string
  seq: number
  cart: string
  /** One or two numbers (an exchange has two). */
  numbers: string[]
  at: number
  totalMinor: number
}

/** Last number and last issue date of one series; its key is letter and two digits of the year, e.g. `I26`. */
export type SeriesState = { number: number; issueDate: string }

/**
 * The head record of the primary copy: rewritten in the transaction of every entry (JRN-1), so that
 * numbers, totals and entry cannot part. Plain JSON.
 */
export type HeadRecord = {
  /** Owner of the journal: the highest fence wins (JRN-6). */
  fence: number
  /** '' before the first enrolment; seq is 0 and hash '' then. */
  epoch: string
  seq: number
  hash: string
  /** Till time of the last entry. */
  at: number
  /** Of this epoch after the head (JRN-18), `invoice-issued` included at once. */
  totals: Totals
  series: { [key: string]: SeriesState }
  /** Wall minus till time as last journalled; 120 s away from it is a `clock-changed` entry (JRN-13). */
  clockOffsetMs: number
  lastSale: LastSale | null
  /** Payment attempts that still matter (JRN-15); heads of older releases have none. */
  attempts?: AttemptNotes
  /** Numbers and slips that wait for an IRN (JRN-14d); heads of older releases have none. */
  invoices?: InvoiceNotes
  /** Next entry of an older epoch to write again in this one (JRN-7); null: nothing left. */
  rehome: { epoch: string; nextSeq: number; lastSeq: number } | null
}

/**
 * Where what a till keeps of an epoch begins (JRN-9e): of the entries up to `seq` only the first is here.
 * Totals and series as they were after it, so that start can count on from here.
 */
export type RetainedBase = {
  seq: number
  hash: string
  totals: Totals
  series: { [key: string]: SeriesState }
  /** HQ's `durable` that allowed it, for hops that have less (JRN-8i); null where it was re-homed (JRN-9c). */
  mark: Mark | null
}

/** One life of this register on this device, oldest first in the notes. */
export type EpochNote = {
  epoch: string
  code: string
  keyId: string
  certificate: SignedCertificate
  /** `open`: written to. `closed`: only pushed. `forked`: the hop has another branch. `rehomed`: done with. */
  state: 'open' | 'closed' | 'forked' | 'rehomed'
  /** Last entry; of an open epoch the head record says it. */
  last: { seq: number; hash: string; totals: Totals } | null
  /** First place that holds another entry at the hop, once an answer named it. */
  forkedFrom: number | null
  /** Absent while everything is kept. */
  base?: RetainedBase
  /** Of a `rehomed` one: where the last of its entries was written again (JRN-9c). */
  rehomedUpTo?: { epoch: string; seq: number }
}

/** What a hop said last, in its present generation. */
export type HopNote = {
  generation: string | null
  /** Generations left for good: marks that name one are dropped (JRN-9). */
  left: string[]
  /** By epoch: the last place up to which the hop's hash is the till's own; absent: nothing is agreed yet. */
  agreed: { [epoch: string]: { seq: number; hash: string } }
  /** Highest marks that count, by epoch. */
  received: { [epoch: string]: Mark }
  durable: { [epoch: string]: Mark }
}

/** Why the next entry belongs to a new epoch (JRN-3, JRN-7, JRN-13). */
export type NewEpochReason = 'forked' | 'behind' | 'broken' | 'clock' | 'key-lost'

/** Everything else that the till's journal must remember. Plain JSON, one record. */
export type NotesRecord = {
  tenant: string
  store: string
  register: string
  epochs: EpochNote[]
  spare: { epoch: string; code: string; keyId: string; certificate: SignedCertificate } | null
  /** Keys of what was asked for and not answered: asked for again with the same ones. */
  enrolling: { keyId: string | null; spareKeyId: string } | null
  hop: HopNote
  /** Last trusted instant and where the clocks stood then (JRN-13). */
  trust: { at: number; wallMs: number; monotonicMs: number; bootId: string; by: 'server' | 'cashier' } | null
  /** Newest signed head: start checks the chain from here (JRN-3). */
  checkpoint: SignedCheckpoint | null
  newEpoch: NewEpochReason | null
  /** Identity of the last sale whose receipt somebody confirmed (JRN-11). */
  receiptConfirmed: string | null
  /** Cursor of feed `erasures`. */
  erasures: number
  /** Closed by a manager (JRN-21): the shell finishes the cart, pushes and stops. */
  retired: boolean
  /** Public keys, as SubjectPublicKeyInfo in base64url; absent until a server sent them. */
  keys?: { enrolment: string; hq: string }
}
