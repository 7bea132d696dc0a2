import type { BillDocument, BodyOf, Entry, EntryType, SaleBody } from '../entry/schema.ts'
import type { StorageFacts } from '../messages.ts'
import type { EpochNote, LastSale, NewEpochReason } from './records.ts'
import type { DaySettlement } from './settle-day.ts'

/** Who writes an entry, in which shift, by which rulebook: header members that only the till app knows. */
export type EntryContext = {
  shift: string | null
  tradingDay: string | null
  rulebook: { version: number; checksum: string } | null
  staff: string | null
  /** The staff member was chosen by name, without a PIN (JRN-3). */
  staffUnverified?: true
}

/** Data of people beside an entry (JRN-19): a JSON object without undefined. */
export type PersonalData = { [member: string]: unknown }

type WithoutHash<T> = Omit<T, 'personalHash'>

/** An entry to be; the core adds place, chain, times, totals and the hash of the personal data. */
export type Draft<T extends EntryType = EntryType> = {
  [K in T]: {
    type: K
    /** null or absent outside a cart. */
    cart?: string | null
    context: EntryContext
    body: WithoutHash<BodyOf<K>>
    personal?: PersonalData
  }
}[T]

/** Types that callers write; sales, epochs and re-homing have their own ways. */
export type AppendableType = Exclude<EntryType, 'sale' | 'epoch-opened' | 'rehomed' | 'clock-changed'>

/** A bill document to be: number and issue date come at completion (JRN-14a, JRN-13). */
export type DocumentDraft = Omit<BillDocument, 'number' | 'issueDate'>

export type SaleDraft = {
  cart: string
  context: EntryContext
  body: Omit<WithoutHash<SaleBody>, 'documents'> & { documents: readonly DocumentDraft[] }
  personal?: PersonalData
}

/** Where and how an entry became durable. */
export type Written<T extends EntryType = EntryType> = {
  identity: string
  epoch: string
  seq: number
  entry: Entry<T>
  /** Copies that hold it; one missing means trouble that the till shows loudly (JRN-1). */
  copies: 'both' | 'primary-only' | 'twin-only'
}

export type CompletedSale = Written<'sale'> & {
  numbers: string[]
  /** true when the cart had been completed before: nothing was written now. */
  repeated: boolean
}

/** One bill as the journal holds it. */
export type JournalBill = { identity: string; entry: Entry<'sale'> }

export type Waiting = { entries: number; sales: number; soldMinor: number; oldestAt: number | null }

export type JournalStatus = {
  /** `new`: enrol first. `ready`. `lost`: another window owns the journal (JRN-6). `retired`: handed over (JRN-21). */
  state: 'new' | 'ready' | 'lost' | 'retired'
  register: string | null
  store: string | null
  head: { epoch: string; code: string; seq: number; hash: string } | null
  /** First characters of the head's hash, for bill, slip and screen (JRN-18). */
  shortHash: string
  /** Not yet committed by the hop: "7 sales, ₹2,124.00 only on this till for 38 min". */
  notStored: Waiting
  /** Not yet in HQ's second failure domain. */
  notDurable: Waiting
  /** Last sale of a till that stopped before its receipt was confirmed (JRN-11). */
  inDoubt: LastSale | null
  /** Copy that failed in this run. */
  failedCopy: 'primary' | 'twin' | null
  /** Why a new epoch is wanted and not there yet. */
  newEpoch: NewEpochReason | null
  /** Re-homing still to do, entries. */
  rehoming: number
  /** The device's clock is more than 120 s off the till's time (JRN-13); else 0. */
  clockSkewMs: number
  /** Till time now and the age of the trust behind it; null: never trusted. */
  at: number
  trustAgeMs: number | null
  /** When the hop last answered, till time; null: not in this run. */
  contactAt: number | null
  /** The hop's wish (JRN-16). */
  minimumApp: string | null
  epochs: readonly EpochNote[]
}

/** Outcome of one step of the sync loop. `idle`: nothing is due. `failed`: no answer; the back-off grows. */
export type SyncOutcome =
  | { kind: 'idle' | 'busy' | 'greeted' | 'beat' | 'epoch-opened' | 'rehomed' | 'not-enrolled' }
  | { kind: 'pushed'; accepted: number; quarantined: number; forked: number }
  | { kind: 'failed'; cause: unknown }

export type EnrolOptions = { code: string; storage: StorageFacts }

/** What start found and mended (JRN-3); each finding is journalled as an incident. */
export type Finding = {
  kind:
    | 'primary-poorer'
    | 'twin-poorer'
    | 'primary-lost'
    | 'twin-lost'
    | 'two-entries'
    | 'damaged'
    | 'chain-broken'
  epoch: string
  seq: number | null
}

/** A refusal that the caller must act on. */
export class JournalRefusal extends Error {
  readonly code:
    | 'not-enrolled'
    | 'other-register'
    | 'not-owner'
    | 'cart-ended'
    | 'too-large'
    | 'malformed'
    | 'storage-failed'

  constructor(code: JournalRefusal['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/**
 * The register journal of one till. One object per window that owns the journal (a Web Lock is the
 * shell's). Commands are served one after another; the network is never inside one.
 */
export type TillJournal = {
  status(): JournalStatus
  findings(): readonly Finding[]
  /** Calls back after every change of status; returns the way to stop. */
  onChange(listener: () => void): () => void

  /**
   * Asks the hop for an epoch and writes entry 1. Safe to repeat: the same keys ask again. Refuses
   * `other-register` where the device holds the journal of another register than the code's.
   */
  enrol(options: EnrolOptions): Promise<void>
  append<T extends AppendableType>(draft: Draft<T>): Promise<Written<T>>
  /** Settles the day of the store: covers all that this till wrote, and the other registers as named (JRN-22). */
  settleDay(settlement: DaySettlement): Promise<Written<'day-settled'>>
  /** Numbers, writes and completes a bill (JRN-1). Repeating it for the same cart gives the first one again. */
  completeSale(draft: SaleDraft): Promise<CompletedSale>

  /** The sale that ended the cart; undefined while it is open or when it was voided. */
  findSaleByCart(cart: string): Promise<JournalBill | undefined>
  /** Newest first, over all epochs that the device holds. */
  lastBills(count: number): Promise<JournalBill[]>
  findBill(number: string): Promise<JournalBill | undefined>
  /** Bills that took goods of this one back, newest first, as far as this device holds them. */
  findReturns(number: string, issueDate: string): Promise<JournalBill[]>
  /** Personal data kept beside an entry; undefined when there is none or it was erased. */
  personalOf(identity: string): Promise<PersonalData | undefined>
  /** The receipt of the sale was seen; it is in doubt no more. */
  confirmReceipt(identity: string): Promise<void>
  /** The cashier confirmed this instant at shift opening (JRN-13). */
  confirmClock(at: number): Promise<void>

  /** One step of the sync loop: whatever is due of enrolment, hello, push, re-homing, heartbeat. One in flight. */
  pushOnce(): Promise<SyncOutcome>
  /** How long the shell waits before the next step: 0 while there is work, full jitter after failures. */
  nextPushDelayMs(): number

  /** Checks the part older than the last checkpoint; for idle time. What is asked for meanwhile comes in between. */
  checkOlder(): Promise<Finding[]>
  /** Makes good what a failed copy lacks; for idle time. */
  repairCopies(): Promise<void>
  /** The whole journal as lines of a file that a server imports and `nexus verify` reads (JRN-12). */
  exportLines(): AsyncIterable<string>
  /** Waits for what is under way and takes no more. */
  close(): Promise<void>
}
