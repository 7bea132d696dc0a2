import type { CouponClaim, OfferUsesForTills, TillBill, TillPlace } from '@nexus/contract'
import type {
  AppendableType,
  AttemptDraft,
  AttemptEnd,
  BodyOf,
  DocumentDraft,
  Draft,
  EndedAttempt,
  Finding,
  LastSale,
  NewEpochReason,
  OpenAttempt,
  PersonalData,
  SaleBody,
  Tender,
  Totals,
} from '@nexus/sync'
import type { SignInResult, TillPerson } from '../device/types.ts'

/**
 * What the page knows of the journal worker.
 *
 * - `starting`: the worker reads both copies (JRN-3)
 * - `not-enrolled`: nothing is on this device; only `enrol` works
 * - `ready`: this window owns the journal and may write
 * - `read-only`: another window owns it; `takeOver` makes this one the owner (JRN-6)
 * - `retired`: a manager handed the register over; this device sells no more (JRN-21)
 * - `failed`: neither copy can be opened; `fault` says why
 */
export type JournalState = 'starting' | 'not-enrolled' | 'ready' | 'read-only' | 'retired' | 'failed'

export type OpenShift = {
  id: string
  drawer: string
  openedAt: number
  tradingDay: string
  openedBy: string | null
  floatMinor: number
}

/** What the device has room for: `low` is less than two days of sales, `none` means that a bill might not be saved. */
export type StorageRoom = 'fine' | 'low' | 'none'

/** Where a bill's entry is known to be, nearest first; each includes the ones before it. */
export type Whereabouts = 'here' | 'store' | 'hq' | 'durable'

/** A completed sale as lists and printers need it. */
export type Bill = {
  /** SHA-256 of the entry, base64url: the bill's identity. */
  identity: string
  epoch: string
  seq: number
  /** First 8 characters of the identity: printed on the bill (JRN-18). */
  shortHash: string
  /** The till's time, ms. */
  at: number
  cart: string
  staff: string | null
  shift: string | null
  tradingDay: string | null
  body: SaleBody
  totals: Totals | null
  where: Whereabouts
  /** Print jobs that ended well: the next one is marked DUPLICATE when this is 1 or more (JRN-11). */
  prints: number
}

export type JournalStatus = {
  state: JournalState
  /** Why `failed`; a code of the app, not a sentence. */
  fault: string | null
  place: TillPlace | null
  /** Series code of the epoch: the beginning of bill numbers. */
  seriesCode: string | null
  head: { epoch: string; seq: number; shortHash: string } | null
  people: readonly TillPerson[]
  shift: OpenShift | null
  /** Staff member signed in on this window. */
  signedIn: TillPerson | null
  /** The last completed sale when its receipt was never confirmed (JRN-11). */
  inDoubt: LastSale | null
  /** What is only on this till: entries, sales, their sum, when the oldest was written. */
  waiting: { entries: number; sales: number; soldMinor: number; oldestAt: number | null }
  /**
   * Entries that are not yet safe at headquarters (JRN-12a): not `durable`, or not even `received` where
   * headquarters keeps no second place and so never says `durable`.
   */
  notSafe: { entries: number; until: 'durable' | 'received' }
  hop: {
    reachable: boolean
    /** The till's time of the last answer, ms; null before the first. */
    lastContactAt: number | null
    /** Code of the last refusal or `offline`; null after a good answer. */
    problem: string | null
    /** The till's time of the next try, ms. */
    nextTryAt: number
  }
  storage: {
    /** false must be shown: the browser may evict everything (F05). */
    persisted: boolean
    quotaBytes: number | null
    usageBytes: number | null
    /** Copy that failed in this run: selling goes on, loudly (JRN-1). */
    failedCopy: 'primary' | 'twin' | null
    room: StorageRoom
  }
  clock: {
    /** Wall clock minus the till's time when they are more than 120 s apart, else 0 (JRN-13). */
    skewMs: number
    /** ms since the time was last trusted; null: never. */
    trustAgeMs: number | null
    /** Add to `Date.now()` for the till's time. */
    offsetMs: number
  }
  /** A new epoch is wanted and not there yet: fork, roll-back, broken chain … (JRN-3, JRN-7). */
  newEpoch: NewEpochReason | null
  /** Payment attempts that are not done with, whatever became of the cart (JRN-15). */
  attempts: readonly OpenAttempt[]
  /** Re-homing still to do, entries. */
  rehoming: number
  /** What start found and mended; each is journalled as an incident. */
  findings: readonly Finding[]
  /** How often limited offers were given in the chain, as HQ last told it; null before the first time (PRC-11a). */
  offerUses: OfferUsesForTills | null
  /** App version that HQ asks for at shift opening and that this one is not (JRN-16c); null: none. */
  minimumApp: string | null
}

/** A sale to be completed. Staff, shift, trading day, number and issue date come from the journal. */
export type SaleToComplete = {
  cart: string
  rulebook: { version: number; checksum: string }
  documents: readonly DocumentDraft[]
  tenders: readonly Tender[]
  changeMinor: number
  /** Of the printed bill. */
  language: string
  recalledFrom: string | null
  /** First cart of the row of recalls; the cart itself without one. */
  root: string
  personal?: PersonalData
}

/** Any other entry to be. */
export type EntryToAppend<T extends AppendableType> = {
  type: T
  body: Draft<T>['body']
  /** null outside a cart. */
  cart: string | null
  rulebook: { version: number; checksum: string } | null
  personal?: PersonalData
}

/** A payment attempt to be (JRN-15a). `dueMinor`: what attempts may bring of this cart in its direction. */
export type AttemptToBegin = Pick<AttemptDraft, 'cart' | 'body' | 'dueMinor'> & {
  rulebook: { version: number; checksum: string }
}

export type Appended = { epoch: string; seq: number; hash: string; at: number }

/** Money taken in a shift, for closing it. Amounts in paise. */
export type ShiftSummary = {
  shift: OpenShift
  sales: number
  soldMinor: number
  /** Float, cash sales and cash movements. */
  expectedCashMinor: number
  tenders: readonly { kind: string; inMinor: number; outMinor: number; count: number }[]
  covers: BodyOf<'shift-closed'>['covers']
}

/**
 * An expected refusal. Codes: those of the core's `JournalRefusal` (`not-owner` is a read-only window),
 * `no-shift`, `shift-open`, `not-signed-in`, `offline`, or a `ProblemCode` of the server.
 */
export class JournalRefused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'JournalRefused'
    this.code = code
  }
}

/**
 * The page's end of the journal worker. Every promise rejects with `JournalRefused` for an expected
 * refusal, else with an Error.
 */
export type JournalClient = {
  /** The newest status; the same object until something changes (fits `useSyncExternalStore`). */
  getStatus(): JournalStatus
  /** Calls back after every change. Returns the way to stop. */
  subscribe(listener: () => void): () => void
  /**
   * Enrols this device with a one-time code: asks for persistent storage, makes the keys, opens the
   * epoch, fetches place and roster. `persisted: false` must be shown (F05).
   */
  enrol(code: string): Promise<{ persisted: boolean }>
  /** Checks the PIN against this device's verifier, offline too; journals `sign-in`. */
  signIn(personId: string, pin: string): Promise<SignInResult>
  /**
   * Checks the PIN of somebody who approves, without signing them in or journalling anything; tries count as
   * at sign-in. A device that cannot check PINs answers `no-pin`: nobody approves by name alone.
   */
  checkPin(personId: string, pin: string): Promise<SignInResult>
  /** Journals `sign-out`. The caller has shown `notSafe` (JRN-12a). */
  signOut(reason: string): Promise<void>
  /**
   * Opens a shift: its trading day comes from the till's time and the store's cut-over.
   * `clockConfirmed`: the cashier said that date and time are right, which makes them trusted (JRN-13).
   */
  openShift(float: BodyOf<'shift-opened'>['float'], clockConfirmed: boolean): Promise<OpenShift>
  shiftSummary(): Promise<ShiftSummary>
  closeShift(count: BodyOf<'shift-closed'>['count'], reason: string | null): Promise<Appended>
  /** Any other entry. Shift, trading day and staff are filled in. */
  append<T extends AppendableType>(entry: EntryToAppend<T>): Promise<Appended>
  /**
   * Journals a payment attempt before anybody is asked for money. Refuses `attempt-open` while an earlier
   * one of the cart may bring the same money (JRN-15a).
   */
  beginAttempt(attempt: AttemptToBegin): Promise<Appended>
  /** Journals a final result; answers the one that counts, which is the first (JRN-15c). */
  endAttempt(end: AttemptEnd['body']): Promise<EndedAttempt['state']>
  /** Completes a sale by JRN-1. Resolves when it is durable: only then say "paid", print, open the drawer. */
  completeSale(sale: SaleToComplete): Promise<Bill>
  /** Newest first. */
  lastBills(limit: number): Promise<Bill[]>
  findBill(number: string): Promise<Bill | undefined>
  /** Bills of this till that took goods of a bill back, newest first. `issueDate`: of that bill. */
  findReturns(number: string, issueDate: string): Promise<Bill[]>
  /**
   * Bills of any till by their number, as headquarters knows them, with what came back of them. Refuses
   * with `bill/not-found` where there is none, and with `offline` after five seconds without an answer.
   */
  askForBills(number: string): Promise<TillBill[]>
  /**
   * Journals `reprint`, before a printer is asked for another copy (JRN-11): paper that came out of a
   * till that then stopped is known. The same job again is the same reprint.
   */
  beginReprint(identity: string, job: string, reason: string | null): Promise<void>
  /** Notes that a print job of the bill ended well; takes it out of doubt. */
  confirmPrint(identity: string, job: string): Promise<Bill>
  /** "I saw the receipt" without a reprint (JRN-11). */
  settleDoubt(identity: string): Promise<void>
  /** Makes this window the owner; the other one loses its fence (JRN-6). */
  takeOver(): Promise<void>
  /** Name, mobile number … kept beside an entry (JRN-19); undefined when there is none or it was erased. */
  personalOf(identity: string): Promise<PersonalData | undefined>
  /**
   * The whole journal as a file that `nexus verify` and a server's import read. Works in every state: where
   * this window does not own the journal or cannot open it, the file has what either copy gives.
   */
  exportJournal(): Promise<{ fileName: string; content: Blob }>
  /**
   * A manager allows to remove a register whose entries are nowhere else: journals `approval`. The file is
   * saved after it. Refuses with `not-a-manager`.
   */
  approveRemoval(personId: string, pin: string, reason: string): Promise<SignInResult>
  /**
   * Takes the register and its journal off this device for good (JRN-12b). Refuses with `not-safe` unless
   * headquarters has everything, or a manager allowed it and the file was saved in this run.
   */
  removeRegister(): Promise<void>
  /** Asks headquarters for a code of a coupon series (PRC-11b). Rejects with `offline` when it is not reached. */
  claimCoupon(code: string): Promise<CouponClaim>
  releaseCoupon(code: string): Promise<void>
  /** Token for the device's own requests (rulebook); asks for a fresh one where `refresh`. */
  deviceToken(refresh: boolean): Promise<string>
  /** A push is tried now instead of after the back-off, e.g. at `online`. */
  nudge(): void
}
