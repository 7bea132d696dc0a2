import type { BillDocument, BodyOf, DocumentKind, Entry, EntryType, SaleBody } from '../entry/schema.ts'
import type { StorageFacts } from '../messages.ts'
import type { AttemptProgress, AttemptState, OpenAttempt } from './attempts.ts'
import type { InvoiceNote, PendingInvoice } from './invoices.ts'
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

/** Types that callers write; sales, payments, e-invoices, epochs and re-homing have their own ways. */
export type AppendableType = Exclude<
  EntryType,
  | 'sale'
  | 'payment-intent'
  | 'payment-result'
  | 'invoice-intent'
  | 'invoice-issued'
  | 'number-cancelled'
  | 'epoch-opened'
  | 'rehomed'
  | 'clock-changed'
>

/** A bill document to be: number and issue date come at completion (JRN-14a, JRN-13). */
export type DocumentDraft = Omit<BillDocument, 'number' | 'issueDate'>

export type SaleDraft = {
  cart: string
  context: EntryContext
  body: Omit<WithoutHash<SaleBody>, 'documents'> & { documents: readonly DocumentDraft[] }
  personal?: PersonalData
}

/** An attempt to be: what a device or provider is about to be asked for (JRN-15a). */
export type AttemptDraft = {
  cart: string
  context: EntryContext
  body: WithoutHash<BodyOf<'payment-intent'>>
  /** What attempts may bring of this cart: what is due in this direction less what other tenders brought. */
  dueMinor: number
  personal?: PersonalData
}

/** The definite end of an attempt (JRN-15c). */
export type AttemptEnd = {
  context: EntryContext
  body: WithoutHash<BodyOf<'payment-result'>>
  personal?: PersonalData
}

/** `state`: the one that counts, of the first final result. `written`: null where that had been written before. */
export type EndedAttempt = {
  state: BodyOf<'payment-result'>['state']
  written: Written<'payment-result'> | null
}

/** Number to be taken for an e-invoice or its credit note (JRN-14d). */
export type InvoiceNumberDraft = {
  cart: string
  context: EntryContext
  kind: DocumentKind
  /** Instant whose date it bears: when the cart was priced, or of a slip now. */
  issuedAt: number
  /** JSON that the portal is asked with; its hash stands in the intent. */
  request: unknown
}

/** A number to give up. `reason`: a code. */
export type NumberToCancel = { number: string; context: EntryContext; reason: string }

/** The invoice of a slip, to be (JRN-14da). */
export type SlipInvoiceDraft = {
  /** Identity of the slip's sale. */
  slip: string
  context: EntryContext
  document: DocumentDraft
  irn: string
  signedQr: string | null
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
  /** Name of the hop that is spoken to; '' is headquarters. */
  hop: string
  /** Not yet committed by any hop: "7 sales, ₹2,124.00 only on this till for 38 min". */
  notStored: Waiting
  /** Not yet at HQ: what of it is stored is only in this store (JRN-20f). */
  notAtHq: Waiting
  /** Not yet in HQ's second failure domain. */
  notDurable: Waiting
  /** Last sale of a till that stopped before its receipt was confirmed (JRN-11). */
  inDoubt: LastSale | null
  /** Copy that failed in this run. */
  failedCopy: 'primary' | 'twin' | null
  /** Why a new epoch is wanted and not there yet. */
  newEpoch: NewEpochReason | null
  /** Payment attempts that are not done with: without a result, or paid and in no sale. */
  attempts: readonly OpenAttempt[]
  /** Numbers that wait for an IRN, and slips that wait for their invoice. */
  invoices: { numbers: readonly PendingInvoice[]; slips: readonly { cart: string; identity: string }[] }
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
    | 'attempt-open'
    | 'invoice-open'
    | 'no-invoice-number'
    | 'no-slip'
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

  /**
   * Journals a payment attempt before anybody is asked for money (JRN-15a). Refuses `attempt-open` where an
   * earlier one of the cart may bring the same money: only its definite end, or the end of its validity, frees it.
   */
  beginAttempt(draft: AttemptDraft): Promise<Written<'payment-intent'>>
  /** What this run learnt of an attempt that has no result; not journalled, since it is not final. */
  noteAttempt(attempt: string, progress: AttemptProgress): void
  /**
   * Journals a final result. The first one wins: the same again writes nothing, another one is written and is
   * an incident. Never refuses what a provider says of money.
   */
  endAttempt(end: AttemptEnd): Promise<EndedAttempt>
  /** How an attempt of this device stands, however old; undefined: it has none of this id. */
  attemptState(attempt: string): Promise<AttemptState | undefined>

  /**
   * The number of a cart's e-invoice, journalled before the portal is asked. The same cart and kind give the
   * same number until a bill bears it or it is cancelled; refuses `invoice-open` for another request.
   */
  takeInvoiceNumber(draft: InvoiceNumberDraft): Promise<{ number: string } & InvoiceNote>
  /** Gives a number up that no bill bears: refused by the portal, or by a person. undefined: it waits no more. */
  cancelInvoiceNumber(given: NumberToCancel): Promise<Written<'number-cancelled'> | undefined>
  /**
   * Books revenue and tax of a slip, once: repeated it gives the first one again. Refuses `no-slip` for a sale
   * that is none, and `no-invoice-number` before `takeInvoiceNumber` for its cart.
   */
  issueInvoice(draft: SlipInvoiceDraft): Promise<Written<'invoice-issued'> & { repeated: boolean }>

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
  /**
   * Deletes some of what is below `durable` and need not be kept any more (JRN-9e); for idle time.
   * Answers whether there may be more.
   */
  forgetOld(): Promise<boolean>
  /** Makes good what a failed copy lacks; for idle time. */
  repairCopies(): Promise<void>
  /** The whole journal as lines of a file that a server imports and `nexus verify` reads (JRN-12). */
  exportLines(): AsyncIterable<string>
  /** Waits for what is under way and takes no more. */
  close(): Promise<void>
}
