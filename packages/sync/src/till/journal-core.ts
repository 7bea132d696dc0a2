import { toBase64Url } from '../canonical/base64url.ts'
import { canonicalJson } from '../canonical/json.ts'
import type { Certificate } from '../entry/certificate.ts'
import { decodeEntry, isWellFormedEntry } from '../entry/decode.ts'
import { encodeEntry } from '../entry/encode.ts'
import { firstPrevHash, personalBytes } from '../entry/hash.ts'
import { type BodyOf, bodies, type Entry, type EntryType, type Totals } from '../entry/schema.ts'
import { statesTotals, totalsAfter, zeroTotals } from '../entry/totals.ts'
import type { PersonalItem, SignedCertificate } from '../messages.ts'
import type { EntryRecord, TillPorts } from '../ports.ts'
import {
  type AttemptNote,
  type AttemptProgress,
  type AttemptState,
  asksTwice,
  attemptState,
  bindingAttempts,
  noteOf,
  type OpenAttempt,
} from './attempts.ts'
import { emptyHead, headAfter } from './head.ts'
import { atHqSeq, storedSeq, withLostEntry } from './hop.ts'
import { type InvoiceNote, noInvoices, numberTaken, requestBytes } from './invoices.ts'
import type { EpochNote, HeadRecord, LastSale, NewEpochReason, NotesRecord } from './records.ts'
import { checkInPortions, type FindingWithBytes, recover } from './recover.ts'
import { clockWentBack, nextNumber, takeNumbers, wouldGoBack } from './take-numbers.ts'
import { skewLimitMs, type TillTime, tillTime, trusted } from './till-time.ts'
import { type JournalChange, TwoCopies, type WriteOutcome } from './two-copies.ts'
import {
  type AppendableType,
  type AttemptDraft,
  type AttemptEnd,
  type CompletedSale,
  type Draft,
  type EndedAttempt,
  type EntryContext,
  type Finding,
  type InvoiceNumberDraft,
  type JournalBill,
  JournalRefusal,
  type NumberToCancel,
  type PersonalData,
  type SaleDraft,
  type SlipInvoiceDraft,
  type Waiting,
  type Written,
} from './types.ts'

/** Release and pricing engine of the till app: header members of every entry. */
export type TillApp = { app: string; engine: number }

type Incident = Omit<BodyOf<'incident'>, 'personalHash'>

/** What an entry is made of, before it has a place. */
type Parts = {
  type: EntryType
  cart: string | null
  context: EntryContext
  body: object
  personal?: PersonalData | undefined
}

/** What changes with an entry besides the entry. */
type Along = { notes?: NotesRecord; rehome?: HeadRecord['rehome'] }

/** What entries say of an attempt; `state` is its first final result. */
type FoundAttempt = {
  intent?: { cart: string | null; expiresAt: number | null }
  state?: BodyOf<'payment-result'>['state']
}

const noContext: EntryContext = { shift: null, tradingDay: null, rulebook: null, staff: null }
const nothingWaits: Waiting = { entries: 0, sales: 0, soldMinor: 0, oldestAt: null }

/**
 * The journal's state and the one way to write to it. Everything here runs inside `serial`, one task
 * after another (`checkOlder` as many of them), and never touches the network.
 */
export class JournalCore {
  readonly ports: TillPorts
  readonly copies: TwoCopies
  readonly findings: FindingWithBytes[] = []
  readonly #app: TillApp
  #head: HeadRecord = emptyHead(0, '', '')
  #notes: NotesRecord | undefined
  #lost = false
  #queue: Promise<unknown> = Promise.resolve()
  readonly #incidents: Incident[] = []
  #copyFailureTold = false
  /** The last sale that neither copy took: the same draft is written again with the same bytes. */
  #unwritten:
    | { draft: string; record: EntryRecord; entry: Entry<'sale'>; personal: PersonalItem[] }
    | undefined
  /** The last sale of an earlier run whose receipt nobody confirmed. */
  #inDoubt: LastSale | null = null
  /** What this run knows of attempts without a result; after a start nothing. */
  readonly #progress = new Map<string, AttemptProgress>()
  #notStored = nothingWaits
  #notAtHq = nothingWaits
  #notDurable = nothingWaits
  readonly #bases = new Map<string, { seq: number; totals: Totals; nextAt: number | null }>()
  readonly #listeners = new Set<() => void>()

  constructor(ports: TillPorts, app: TillApp) {
    this.ports = ports
    this.copies = new TwoCopies(ports.primary, ports.twin, ports.clock)
    this.#app = app
  }

  get head(): HeadRecord {
    return this.#head
  }

  /** undefined before the first enrolment was asked for. */
  get notes(): NotesRecord | undefined {
    return this.#notes
  }

  get app(): string {
    return this.#app.app
  }

  get isLost(): boolean {
    return this.#lost
  }

  get isEnrolled(): boolean {
    return this.#head.epoch !== ''
  }

  get inDoubt(): LastSale | null {
    return this.#inDoubt
  }

  get waiting(): { notStored: Waiting; notAtHq: Waiting; notDurable: Waiting } {
    return { notStored: this.#notStored, notAtHq: this.#notAtHq, notDurable: this.#notDurable }
  }

  time(): TillTime {
    return tillTime(this.ports.clock, this.#notes?.trust ?? null, this.#head.at)
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Runs tasks one after another; each sees the head that the one before left. */
  serial<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(async () => {
      if (this.#lost) throw new JournalRefusal('not-owner', 'Another window owns the journal')
      try {
        return await task()
      } finally {
        await this.#settle()
      }
    })
    this.#queue = run.catch(() => undefined)
    return run
  }

  /** Waits for what is under way and takes no more. */
  async close(): Promise<void> {
    await this.#queue
    this.#lost = true
  }

  /** Reads both copies, mends them and takes the journal over (JRN-3, JRN-6). */
  async start(): Promise<void> {
    const found = await recover(this.copies, this.ports.sha256)
    if (found === 'lost' || found.head === undefined) {
      this.#lost = true
      return
    }
    this.#head = found.head
    this.#notes = found.notes
    const { lastSale } = found.head
    this.#inDoubt = lastSale?.identity === found.notes?.receiptConfirmed ? null : lastSale
    await this.serial(async () => {
      if (found.broken) await this.#wantEpoch('broken')
      await this.#report(found.findings)
    })
  }

  /**
   * Checks both copies down to the first entry of every epoch; for idle time. Each portion is a task of
   * its own: a sale that is asked for meanwhile comes before the next one. Not inside `serial`.
   */
  async checkOlder(): Promise<FindingWithBytes[]> {
    const found: FindingWithBytes[] = []
    const portions = await this.serial(async () => {
      const epochsNow = () => this.#notes?.epochs ?? []
      return checkInPortions(this.copies, epochsNow, this.#head, this.ports.sha256)
    })
    for (let more = true; more; ) {
      more = await this.serial(async () => {
        const portion = await portions.next()
        await this.#report(portion.value ?? [])
        found.push(...(portion.value ?? []))
        return portion.done !== true
      })
    }
    return found
  }

  /** Nothing found stops a till; each finding is told to people (JRN-3). */
  async #report(findings: readonly FindingWithBytes[]): Promise<void> {
    const isNews = ({ kind, epoch, seq }: FindingWithBytes) =>
      !this.findings.some((known) => known.kind === kind && known.epoch === epoch && known.seq === seq)
    const lost = findings.filter((finding) => finding.kind === 'damaged' && isNews(finding))
    this.findings.push(...findings)
    for (const finding of findings) this.tell(incidentOf(finding))
    await this.rehomeAgain(lost)
  }

  /** What was lost may be what wrote an older epoch's entries again: that is done once more (JRN-7r). */
  async rehomeAgain(lost: readonly Pick<Finding, 'epoch' | 'seq'>[]): Promise<void> {
    const notes = this.#notes
    if (notes === undefined) return
    const again = lost.reduce(withLostEntry, notes)
    const { rehome } = this.#head
    const indexOf = (id?: string) => notes.epochs.findIndex(({ epoch }) => epoch === id)
    const isUnderWay = rehome !== null && lost.some(({ epoch }) => indexOf(epoch) > indexOf(rehome.epoch))
    if (again !== notes || isUnderWay) await this.saveRehome(again, isUnderWay ? null : rehome)
  }

  /** Journals an incident with the next chance; never throws. */
  tell(incident: Incident): void {
    this.#incidents.push(incident)
  }

  /** After each task: incidents are written, figures counted again, listeners told. */
  async #settle(): Promise<void> {
    try {
      if (this.copies.failed !== null && !this.#copyFailureTold) {
        this.#copyFailureTold = true
        this.tell({ kind: 'copy-failed', params: { copy: this.copies.failed }, place: null })
      }
      // A sale that neither copy took keeps its place for the next try.
      const free = this.isEnrolled && this.#unwritten === undefined
      for (let next = this.#incidents[0]; free && next !== undefined; next = this.#incidents[0]) {
        await this.#takeWantedEpoch()
        await this.#putIncident(next)
        this.#incidents.shift()
      }
      await this.#recount()
    } catch {
      // What the task did is done. Incidents and figures wait for the next task; the status shows the trouble.
    }
    for (const listener of this.#listeners) listener()
  }

  async #putIncident(incident: Incident): Promise<void> {
    const parts = { type: 'incident', cart: null, context: noContext } as const
    try {
      await this.#put({ ...parts, body: incident })
    } catch (error) {
      const refused =
        error instanceof JournalRefusal && (error.code === 'too-large' || error.code === 'malformed')
      if (!refused) throw error
      // Better told without the bytes than not at all.
      const { kind, place } = incident
      await this.#put({ ...parts, body: { kind, params: { bytesLost: true }, place } })
    }
  }

  /** Replaces the notes; kept in memory where the first copy fails. */
  async saveNotes(notes: NotesRecord): Promise<void> {
    await this.#commit({ head: this.#head, notes, entries: [], personal: [] })
  }

  async saveRehome(notes: NotesRecord, rehome: HeadRecord['rehome']): Promise<void> {
    await this.#commit({ head: { ...this.#head, rehome }, notes, entries: [], personal: [] })
  }

  /** Notes where an epoch begins now, and deletes what lies below, in one transaction (JRN-9e). */
  async saveBase(notes: NotesRecord, forget: NonNullable<JournalChange['forget']>): Promise<void> {
    await this.#commit({ head: this.#head, notes, entries: [], personal: [], forget })
  }

  async #wantEpoch(reason: NewEpochReason): Promise<void> {
    if (this.#notes !== undefined) await this.saveNotes({ ...this.#notes, newEpoch: reason })
  }

  /** An instant that somebody vouches for; bills must not go back in time within their series (JRN-13). */
  trust(notes: NotesRecord, at: number, by: 'server' | 'cashier'): NotesRecord {
    // A correction by seconds around midnight is no reason to leave an epoch.
    const wentBack = notes.newEpoch === null && clockWentBack(at + skewLimitMs, this.#head.series)
    return {
      ...notes,
      trust: trusted(this.ports.clock, at, by),
      newEpoch: wentBack ? 'clock' : notes.newEpoch,
    }
  }

  /** Begins a new epoch with its entry 1 (JRN-4); the one before ends at its head. */
  async openEpoch(certificate: Certificate, signed: SignedCertificate, base: NotesRecord): Promise<void> {
    const before = this.#head
    const { epoch, code, keyId } = certificate
    const forked = base.newEpoch === 'forked' || base.newEpoch === 'behind'
    const { fence, seq, hash, totals } = before
    const ended = base.epochs.map((note): EpochNote => {
      if (note.epoch !== before.epoch) return note
      return { ...note, state: forked ? 'forked' : 'closed', last: { seq, hash, totals } }
    })
    const note: EpochNote = {
      epoch,
      code,
      keyId,
      certificate: signed,
      state: 'open',
      last: null,
      forkedFrom: null,
    }
    const spare = base.spare?.epoch === epoch ? null : base.spare
    const notes: NotesRecord = { ...base, epochs: [...ended, note], newEpoch: null, spare }
    const predecessor = before.epoch === '' ? null : { epoch: before.epoch, seq, hash }
    const head = emptyHead(fence, epoch, await firstPrevHash(epoch, this.ports.sha256), before)
    const body: BodyOf<'epoch-opened'> = {
      certificate: signed.certificate,
      certificateSignature: signed.signature,
      predecessor,
    }
    const opening = { type: 'epoch-opened', cart: null, context: noContext, body } as const
    await this.#put(opening, { notes }, head, notes)
  }

  /** Where a new epoch is wanted and a spare is there, the spare is it: nothing is asked of the network (JRN-3). */
  async #takeWantedEpoch(): Promise<void> {
    const notes = this.#notes
    if (notes === undefined || notes.newEpoch === null || notes.spare === null) return
    const { certificate: signed, epoch, code, keyId } = notes.spare
    const signer = await this.ports.keys.open(keyId)
    if (signer === undefined) return
    const { tenant, store, register } = notes
    const certificate = { tenant, store, register, epoch, code, keyId, publicKey: signer.publicKey }
    await this.openEpoch(certificate, signed, notes)
  }

  async append<T extends AppendableType>(draft: Draft<T>): Promise<Written<T>> {
    this.#refuseBoundCart(draft)
    await this.#beforeEntry(draft.context)
    const { type, cart = null, context, body, personal } = draft
    const written = await this.#putWhileOpen(async () => {
      return await this.#put({ type, cart, context, body, personal })
    })
    return written as Written<T> // as: it was made of the draft
  }

  async completeSale(draft: SaleDraft): Promise<CompletedSale> {
    const ended = await this.#saleThatEnded(draft.cart)
    if (ended !== undefined) return ended
    await this.#beforeEntry(draft.context)
    const again = await this.#writeUnwritten(draft)
    if (again !== undefined) return again
    try {
      return await this.#putWhileOpen(async () => await this.#putSale(draft))
    } catch (error) {
      const raced = error instanceof JournalRefusal && error.code === 'cart-ended'
      const other = raced ? await this.#saleThatEnded(draft.cart) : undefined
      if (other === undefined) throw error
      return other
    }
  }

  async #putSale(draft: SaleDraft): Promise<CompletedSale> {
    const { invoices } = this.#head
    const numbered = draft.body.documents.filter(
      ({ kind }) => numberTaken(invoices ?? noInvoices, draft.cart, kind) === undefined,
    )
    await this.#leaveSeriesAhead(numbered.map(({ kind, pricing }) => ({ kind, at: pricing.pricedAt })))
    const code = this.#notes?.epochs.at(-1)?.code ?? ''
    const { documents, held } = takeNumbers(draft.body.documents, code, this.#head.series, {
      cart: draft.cart,
      invoices: this.#head.invoices,
    })
    if (held) this.tell({ kind: 'issue-date-held', params: { cart: draft.cart }, place: null })
    const { cart, context, personal } = draft
    const parts = { type: 'sale', cart, context, body: { ...draft.body, documents }, personal } as const
    const { attempts = {} } = this.#head
    const put = await this.#put(parts, { draft })
    this.#tellOfTenders(draft, attempts)
    const written = put as Written<'sale'> // as: it was made of a sale's parts
    if (!isWellFormedEntry(written.entry)) {
      // The customer has paid: the bill stands and waits for a newer server. People must know at once.
      this.tell({ kind: 'schema-failed', params: { cart }, place: placeOf(written) })
    }
    return { ...written, numbers: documents.map(({ number }) => number), repeated: false }
  }

  /** Where a date would go backwards within its series, bills go on in a new epoch, if there is one (JRN-13h). */
  async #leaveSeriesAhead(documents: Parameters<typeof wouldGoBack>[0]): Promise<void> {
    if (!wouldGoBack(documents, this.#head.series)) return
    if (this.#notes?.newEpoch === null) await this.#wantEpoch('clock')
    await this.#takeWantedEpoch()
  }

  /** A sale stands whatever it names; what does not fit is told to people (JRN-15d). */
  #tellOfTenders({ cart, body }: SaleDraft, attempts: NonNullable<HeadRecord['attempts']>): void {
    for (const { attempt, amountMinor } of body.tenders) {
      if (attempt === null) continue
      const note = noteOf(attempts, attempt)
      if (note?.paid != null && !note.sold) continue
      const kind = note === undefined || note.sold ? 'payment-not-open' : 'payment-not-paid'
      this.tell({ kind, params: { attempt, amountMinor, cart }, place: null })
    }
  }

  /** A cart that money was asked for is neither held nor recalled elsewhere (JRN-7g). */
  #refuseBoundCart({ type, cart, body }: { type: EntryType; cart?: string | null; body: object }): void {
    if (type !== 'hold' && type !== 'recall') return
    const { recalledFrom = null, root = null } = body as Partial<BodyOf<'recall'>> // as: of one of the two
    const { at } = this.time()
    for (const id of [cart ?? null, recalledFrom, root]) {
      if (id === null || bindingAttempts(this.#head.attempts ?? {}, id, at).length === 0) continue
      throw new JournalRefusal('attempt-open', 'Money was asked for this cart')
    }
  }

  async beginAttempt({
    cart,
    context,
    body,
    dueMinor,
    personal,
  }: AttemptDraft): Promise<Written<'payment-intent'>> {
    const { at } = this.time()
    if (asksTwice(this.#head.attempts ?? {}, { ...body, cart }, dueMinor, at)) {
      throw new JournalRefusal('attempt-open', 'An earlier attempt may bring this money')
    }
    await this.#beforeEntry(context)
    const parts = { type: 'payment-intent', cart, context, body, personal } as const
    const written = await this.#putWhileOpen(async () => await this.#put(parts))
    this.#progress.set(body.attempt, 'started')
    return written as Written<'payment-intent'> // as: it was made of these parts
  }

  noteAttempt(attempt: string, progress: AttemptProgress): void {
    this.#progress.set(attempt, progress)
    for (const listener of this.#listeners) listener()
  }

  /** Attempts that are not done with, oldest first. */
  openAttempts(): OpenAttempt[] {
    const { at } = this.time()
    return Object.entries(this.#head.attempts ?? {}).map(([attempt, note]) => ({
      attempt,
      ...note,
      state: attemptState(note, at, this.#progress.get(attempt)),
    }))
  }

  async attemptState(attempt: string): Promise<AttemptState | undefined> {
    const open = this.openAttempts().find((one) => one.attempt === attempt)
    if (open !== undefined) return open.state
    const { intent, state } = await this.#findAttempt(attempt)
    return state ?? (intent && attemptState({ paid: null, expiresAt: intent.expiresAt }, this.time().at))
  }

  async endAttempt({ context, body, personal }: AttemptEnd): Promise<EndedAttempt> {
    const { attempt, state, amountMinor } = body
    const note = noteOf(this.#head.attempts ?? {}, attempt)
    const before = note === undefined ? await this.#findAttempt(attempt) : standing(note)
    if (before.state === state) return { state, written: null }
    await this.#beforeEntry(context)
    const cart = before.intent?.cart ?? null
    const parts = { type: 'payment-result', cart, context, body, personal } as const
    const written = (await this.#putWhileOpen(
      async () => await this.#put(parts),
    )) as Written<'payment-result'> // as: made of these parts
    this.#progress.delete(attempt)
    if (before.intent === undefined) {
      this.tell({
        kind: 'payment-not-intended',
        params: { attempt, amountMinor, state },
        place: placeOf(written),
      })
    }
    if (before.state) {
      this.tell({
        kind: 'payment-contrary',
        params: { attempt, amountMinor, first: before.state, state },
        place: placeOf(written),
      })
    }
    return { state: before.state ?? state, written }
  }

  /** Intent and first result of an attempt that the head does not carry any more: looked for, newest first. */
  async #findAttempt(attempt: string): Promise<FoundAttempt> {
    let state: BodyOf<'payment-result'>['state'] | undefined
    for await (const { entry } of this.#entriesBack()) {
      if (entry.type === 'payment-result' && entry.body.attempt === attempt) state = entry.body.state
      if (entry.type === 'payment-intent' && entry.body.attempt === attempt) {
        const { cart, body } = entry
        return { intent: { cart, expiresAt: body.expiresAt }, ...(state && { state }) }
      }
    }
    return state === undefined ? {} : { state }
  }

  async takeInvoiceNumber({
    cart,
    context,
    kind,
    issuedAt,
    request,
  }: InvoiceNumberDraft): Promise<{ number: string } & InvoiceNote> {
    const requestHash = toBase64Url(await this.ports.sha256(requestBytes(request)))
    await this.#beforeEntry(context)
    return await this.#putWhileOpen(async () => {
      const taken = numberTaken(this.#head.invoices ?? noInvoices, cart, kind)
      if (taken?.requestHash === requestHash) return taken
      if (taken !== undefined) {
        throw new JournalRefusal('invoice-open', `${taken.number} was taken for another request of this cart`)
      }
      await this.#leaveSeriesAhead([{ kind, at: issuedAt }])
      const code = this.#notes?.epochs.at(-1)?.code ?? ''
      const { number, issueDate, held } = nextNumber(kind, issuedAt, code, this.#head.series)
      if (held) this.tell({ kind: 'issue-date-held', params: { cart }, place: null })
      const body = { number, kind, issueDate, requestHash }
      const { epoch } = await this.#put({ type: 'invoice-intent', cart, context, body })
      return { number, epoch, cart, kind, issueDate, requestHash }
    })
  }

  async cancelInvoiceNumber({
    number,
    context,
    reason,
  }: NumberToCancel): Promise<Written<'number-cancelled'> | undefined> {
    await this.#beforeEntry(context)
    return await this.#putWhileOpen(async () => {
      const note = this.#head.invoices?.numbers[number]
      if (note === undefined) return undefined
      const { cart, kind, issueDate } = note
      const body = { number, kind, issueDate, reason }
      const written = await this.#put({ type: 'number-cancelled', cart, context, body })
      return written as Written<'number-cancelled'> // as: it was made of these parts
    })
  }

  async issueInvoice({
    slip,
    context,
    document: draft,
    irn,
    signedQr,
  }: SlipInvoiceDraft): Promise<Written<'invoice-issued'> & { repeated: boolean }> {
    await this.#beforeEntry(context)
    return await this.#putWhileOpen(async () => {
      const invoices = this.#head.invoices ?? noInvoices
      const cart = Object.keys(invoices.slips).find((id) => invoices.slips[id] === slip)
      if (cart === undefined) {
        const issued = await this.#findInvoiceOf(slip)
        if (issued === undefined) throw new JournalRefusal('no-slip', 'No slip waits for this invoice')
        return { ...issued, repeated: true }
      }
      const taken = numberTaken(invoices, cart, draft.kind)
      if (taken === undefined) {
        throw new JournalRefusal('no-invoice-number', 'The invoice of this slip has no number yet')
      }
      const document = { ...draft, number: taken.number, issueDate: taken.issueDate }
      const body = { slip, document, irn, signedQr }
      const written = await this.#put({ type: 'invoice-issued', cart: null, context, body })
      return { ...(written as Written<'invoice-issued'>), repeated: false } // as: it was made of these parts
    })
  }

  async #findInvoiceOf(slip: string): Promise<Written<'invoice-issued'> | undefined> {
    for await (const { identity, entry } of this.#entriesBack()) {
      if (entry.type !== 'invoice-issued' || entry.body.slip !== slip) continue
      return { identity, epoch: entry.epoch, seq: entry.seq, entry, copies: 'both' }
    }
    return undefined
  }

  /** The same sale again after neither copy took it: the same bytes, so that it can only exist once. */
  async #writeUnwritten(draft: SaleDraft): Promise<CompletedSale | undefined> {
    const unwritten = this.#unwritten
    if (unwritten === undefined) return undefined
    const { record, entry, personal } = unwritten
    const fits =
      unwritten.draft === canonicalJson(draft) &&
      entry.epoch === this.#head.epoch &&
      entry.prevHash === this.#head.hash
    if (!fits) return undefined
    const head = headAfter(this.#head, entry, record.hash)
    const copies = await this.#commit({ head, entries: [record], personal })
    const numbers = entry.body.documents.map(({ number }) => number)
    return {
      identity: record.hash,
      epoch: entry.epoch,
      seq: entry.seq,
      entry,
      copies,
      numbers,
      repeated: false,
    }
  }

  /** Once more where another task of this journal moved the head behind our back; looks the cart up first. */
  async #putWhileOpen<T>(put: () => Promise<T>): Promise<T> {
    try {
      return await put()
    } catch (error) {
      if (!(error instanceof HeadMoved)) throw error
      await this.#reload()
      return await put()
    }
  }

  async #reload(): Promise<void> {
    const state = await this.copies.readState()
    if (state?.head === undefined || state.head.fence !== this.#head.fence) this.#loseOwnership()
    this.#head = state.head
    this.#notes = state.notes ?? this.#notes
  }

  #loseOwnership(): never {
    this.#lost = true
    throw new JournalRefusal('not-owner', 'Another window owns the journal')
  }

  /** Before any entry: a new epoch where one is wanted, and the device's clock where it jumped (JRN-13). */
  async #beforeEntry(context: EntryContext): Promise<void> {
    if (!this.isEnrolled) throw new JournalRefusal('not-enrolled', 'This till has no register yet')
    await this.#takeWantedEpoch()
    const { clockOffsetMs, wallMs } = this.time()
    const skewMs = clockOffsetMs - this.#head.clockOffsetMs
    if (Math.abs(skewMs) <= skewLimitMs) return
    const wallBefore = Math.max(wallMs - skewMs, 0)
    const body = { wallBefore, wallAfter: Math.max(wallMs, 0), skewMs, confirmedBy: null }
    await this.#put({ type: 'clock-changed', cart: null, context, body })
  }

  /** A re-homed entry: the innermost bytes of an older epoch, once more in this one (JRN-7). */
  async rehome(
    body: BodyOf<'rehomed'> | { incident: Incident },
    rehome: HeadRecord['rehome'],
    notes?: NotesRecord,
  ): Promise<void> {
    const along: Along = notes === undefined ? { rehome } : { rehome, notes }
    const parts =
      'incident' in body
        ? ({ type: 'incident', cart: null, context: noContext, body: body.incident } as const)
        : ({ type: 'rehomed', cart: null, context: noContext, body } as const)
    await this.#put(parts, along)
  }

  /** Builds, hashes and commits one entry. Hashing is done before any transaction opens (JRN-1). */
  async #put(
    parts: Parts,
    along: Along & { draft?: SaleDraft } = {},
    head: HeadRecord = this.#head,
    notes: NotesRecord | undefined = this.#notes,
  ): Promise<Written> {
    const { entry, personal } = await this.#build(parts, head, notes)
    let bytes: Uint8Array
    try {
      bytes = encodeEntry(entry)
    } catch (cause) {
      const code = cause instanceof RangeError ? 'too-large' : 'malformed'
      throw new JournalRefusal(code, `This ${entry.type} cannot be written`, { cause })
    }
    const hash = toBase64Url(await this.ports.sha256(bytes))
    const record = withEnding({ epoch: entry.epoch, seq: entry.seq, hash, bytes }, entry)
    const items = personal === undefined ? [] : [{ identity: hash, ...personal }]
    const after = headAfter(head, entry, hash)
    const change = {
      head: along.rehome === undefined ? after : { ...after, rehome: along.rehome },
      ...(along.notes && { notes: along.notes }),
      entries: [record],
      personal: items,
    }
    try {
      const copies = await this.#commit(change)
      return { identity: hash, epoch: entry.epoch, seq: entry.seq, entry, copies }
    } catch (error) {
      const failed = error instanceof JournalRefusal && error.code === 'storage-failed'
      if (failed && entry.type === 'sale' && along.draft !== undefined) {
        this.#unwritten = { draft: canonicalJson(along.draft), record, entry, personal: items }
      }
      throw error
    }
  }

  async #build(
    { type, cart, context, body, personal }: Parts,
    head: HeadRecord,
    notes: NotesRecord | undefined,
  ): Promise<{ entry: Entry; personal: Omit<PersonalItem, 'identity'> | undefined }> {
    if (notes === undefined) throw new JournalRefusal('not-enrolled', 'This till has no register yet')
    const { at, bootId, monotonicMs, clockOffsetMs, trustAgeMs } = tillTime(
      this.ports.clock,
      notes.trust,
      head.at,
    )
    const kept = personal === undefined ? undefined : await this.#personalItem(personal)
    const hashed = 'personalHash' in bodies[type].properties
    const { shift, tradingDay, rulebook, staff, staffUnverified } = context
    const untotalled = {
      v: 1,
      app: this.#app.app,
      engine: this.#app.engine,
      tenant: notes.tenant,
      store: notes.store,
      register: notes.register,
      epoch: head.epoch,
      seq: head.seq + 1,
      prevHash: head.hash,
      cart,
      type,
      at,
      bootId,
      monotonicMs,
      clockOffsetMs,
      trustAgeMs,
      shift,
      tradingDay,
      rulebook,
      staff,
      totals: null,
      ...(staffUnverified && { staffUnverified }),
      body: hashed ? { ...body, personalHash: kept?.hash ?? null } : body,
    } as unknown as Entry // as: Draft and SaleDraft tie each body to its type; personalHash was added here
    const entry = statesTotals(type)
      ? { ...untotalled, totals: totalsAfter(head.totals, untotalled) }
      : untotalled
    return { entry, personal: kept && { salt: kept.salt, data: kept.data } }
  }

  /** Salt, data and their hash: new salt for each entry, so that equal data cannot be told (JRN-19). */
  async #personalItem(personal: PersonalData): Promise<{ salt: string; data: string; hash: string }> {
    const salt = this.ports.random.bytes(32)
    const data = canonicalJson(personal)
    const hash = toBase64Url(await this.ports.sha256(personalBytes(salt, data)))
    return { salt: toBase64Url(salt), data, hash }
  }

  async #commit(change: JournalChange): Promise<Written['copies']> {
    const outcome: WriteOutcome = await this.copies.write(change)
    switch (outcome.kind) {
      case 'written':
        this.#head = change.head
        this.#notes = change.notes ?? this.#notes
        if (change.entries.length > 0) this.#unwritten = undefined
        return outcome.copies
      case 'fence-lost':
        return this.#loseOwnership()
      case 'cart-ended':
        throw new JournalRefusal('cart-ended', 'This cart has ended already')
      default:
        throw new HeadMoved()
    }
  }

  async repairCopies(): Promise<void> {
    if ((await this.copies.repair()) === 'fence-lost') this.#loseOwnership()
    if (this.copies.failed === null) this.#copyFailureTold = false
  }

  async confirmReceipt(identity: string): Promise<void> {
    if (this.#inDoubt?.identity === identity) this.#inDoubt = null
    const notes = this.#notes
    if (notes === undefined || this.#head.lastSale?.identity !== identity) return
    await this.saveNotes({ ...notes, receiptConfirmed: identity })
  }

  async #saleThatEnded(cart: string): Promise<CompletedSale | undefined> {
    const record = await this.copies.findEnding(cart)
    if (record === undefined) return undefined
    const bill = billOf(record)
    if (bill === undefined) throw new JournalRefusal('cart-ended', 'This cart was voided')
    const { identity, entry } = bill
    return {
      identity,
      epoch: entry.epoch,
      seq: entry.seq,
      entry,
      copies: 'both',
      numbers: entry.body.documents.map(({ number }) => number),
      repeated: true,
    }
  }

  async findSaleByCart(cart: string): Promise<JournalBill | undefined> {
    const record = await this.copies.findEnding(cart)
    return record && billOf(record)
  }

  /** Bills newest first, over all epochs of this device. */
  async *bills(): AsyncGenerator<JournalBill> {
    for await (const { identity, entry } of this.#entriesBack()) {
      if (entry.type === 'sale') yield { identity, entry }
    }
  }

  /** Readable entries newest first, over all epochs of this device. */
  async *#entriesBack(): AsyncGenerator<{ identity: string; entry: Entry }> {
    for (const note of (this.#notes?.epochs ?? []).toReversed()) {
      const baseSeq = note.base?.seq ?? 0
      for (let to = this.lastOf(note).seq; to > baseSeq; to -= 50) {
        const from = Math.max(to - 49, baseSeq + 1)
        const records = await this.copies.readEntries(note.epoch, from, to - from + 1)
        for (const { hash: identity, bytes } of records.toReversed()) {
          const decoded = decodeEntry(bytes)
          if (decoded.kind === 'ok') yield { identity, entry: decoded.entry }
        }
      }
    }
  }

  /** Last entry of an epoch: the head's, or where it ended. */
  lastOf(note: EpochNote): { seq: number; hash: string; totals: Totals } {
    if (note.last !== null) return note.last
    return note.epoch === this.#head.epoch ? this.#head : { seq: 0, hash: '', totals: zeroTotals }
  }

  async #recount(): Promise<void> {
    const notes = this.#notes
    const hop = notes?.hop
    this.#notStored = await this.#waitingBehind('stored', (epoch) => (notes ? storedSeq(notes, epoch) : 0))
    this.#notAtHq = await this.#waitingBehind('received', (epoch) => (notes ? atHqSeq(notes, epoch) : 0))
    this.#notDurable = await this.#waitingBehind('durable', (epoch) => hop?.durable[epoch]?.seq ?? 0)
  }

  /** What lies behind a mark. Epochs that were re-homed count where they were written again. */
  async #waitingBehind(mark: string, seqOf: (epoch: string) => number): Promise<Waiting> {
    let sum = nothingWaits
    for (const note of this.#notes?.epochs ?? []) {
      const last = this.lastOf(note)
      // What is not kept any more is not here alone.
      const seq = Math.min(Math.max(seqOf(note.epoch), note.base?.seq ?? 0), last.seq)
      if (note.state === 'rehomed' || seq === last.seq) continue
      const base = await this.#baseAt(`${mark}/${note.epoch}`, note.epoch, seq)
      const ages = [sum.oldestAt, base.nextAt].filter((at) => at !== null)
      sum = {
        entries: sum.entries + last.seq - seq,
        sales: sum.sales + last.totals.sales - base.totals.sales,
        soldMinor: sum.soldMinor + last.totals.soldMinor - base.totals.soldMinor,
        oldestAt: ages.length === 0 ? null : Math.min(...ages),
      }
    }
    return sum
  }

  /** Totals at a place and the time of the entry behind it, remembered until the place moves. */
  async #baseAt(key: string, epoch: string, seq: number): Promise<{ totals: Totals; nextAt: number | null }> {
    const known = this.#bases.get(key)
    if (known?.seq === seq && known.nextAt !== null) return known
    const base = { seq, totals: await this.#totalsAt(epoch, seq), nextAt: await this.#timeOf(epoch, seq + 1) }
    this.#bases.set(key, base)
    return base
  }

  async #totalsAt(epoch: string, seq: number): Promise<Totals> {
    const base = this.#notes?.epochs.find((note) => note.epoch === epoch)?.base
    const baseSeq = base?.seq ?? 0
    for (let to = seq; to > baseSeq; to -= 20) {
      const from = Math.max(to - 19, baseSeq + 1)
      const records = await this.copies.readEntries(epoch, from, to - from + 1)
      for (const { bytes } of records.toReversed()) {
        const decoded = decodeEntry(bytes)
        if (decoded.kind === 'ok' && decoded.entry.totals !== null) return decoded.entry.totals
      }
    }
    return base?.totals ?? zeroTotals
  }

  /** The till's own hash at a place; undefined where it holds nothing there. */
  async hashAt({ epoch, base }: EpochNote, seq: number): Promise<string | undefined> {
    if (base?.seq === seq) return base.hash
    const [record] = seq > 0 ? await this.copies.readEntries(epoch, seq, 1) : []
    return record?.seq === seq ? record.hash : undefined
  }

  async #timeOf(epoch: string, seq: number): Promise<number | null> {
    const [record] = await this.copies.readEntries(epoch, seq, 1)
    return record === undefined ? null : decodeEntry(record.bytes).outline.at
  }
}

/** An attempt that the head carries, as a look back would find it. */
function standing({ cart, expiresAt, paid }: AttemptNote): FoundAttempt {
  return { intent: { cart, expiresAt }, ...(paid !== null && { state: 'paid' }) }
}

/** The head in the first copy is not the one that the change was built on. */
class HeadMoved extends Error {
  constructor() {
    super('The head of the journal moved')
  }
}

function withEnding(record: EntryRecord, entry: Entry): EntryRecord {
  const ends = (entry.type === 'sale' || entry.type === 'void-cart') && entry.cart !== null
  return ends && entry.cart !== null ? { ...record, ending: entry.cart } : record
}

function placeOf({ epoch, seq }: { epoch: string; seq: number }): { epoch: string; seq: number } {
  return { epoch, seq }
}

/** The bill of an entry's record; undefined for other entries. */
function billOf({ bytes, hash }: EntryRecord): JournalBill | undefined {
  const decoded = decodeEntry(bytes)
  if (decoded.kind !== 'ok' || decoded.entry.type !== 'sale') return undefined
  return { identity: hash, entry: decoded.entry }
}

/** What people are told about a finding: a code and its parameters; lost bytes travel with it (JRN-2). */
function incidentOf({ kind, epoch, seq, bytes }: FindingWithBytes): Incident {
  const place = seq === null || seq === 0 ? null : { epoch, seq }
  const incident = { kind: `start/${kind}`, params: {}, place }
  return bytes === undefined ? incident : { ...incident, bytes: toBase64Url(bytes) }
}
