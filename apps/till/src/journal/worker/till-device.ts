import type { OfferUsesForTills, Role, TillPlace } from '@nexus/contract'
import { ENGINE, tradingDayAt } from '@nexus/domain'
import {
  type AppendableType,
  type Draft,
  type EntryContext,
  JournalRefusal,
  openTillJournal,
  type PrimaryCopy,
  type TillJournal,
  type Written,
} from '@nexus/sync'
import { importVerifierKey } from '../../device/pin.ts'
import type { SignInResult, TillPerson } from '../../device/types.ts'
import type { JournalCommands } from '../bridge.ts'
import { journalBlob, journalFileName } from '../journal-blob.ts'
import { isOlder } from '../release-order.ts'
import { type ShiftState, shiftAfter, summaryOf } from '../shift-state.ts'
import { type Appended, type Bill, JournalRefused, type JournalStatus, type StorageRoom } from '../types.ts'
import { BillViews } from './bill-views.ts'
import { type DeviceFacts, FACTS_FILE, keepFacts, readFacts } from './device-facts.ts'
import { HopLoop } from './hop-loop.ts'
import { type Hops, openHops } from './hops.ts'
import type { JournalDatabase } from './journal-db.ts'
import { openKeyRing } from './key-ring.ts'
import { readOpenShift } from './open-shift.ts'
import { openPrimaryCopy } from './primary-copy.ts'
import { checkPin, personOf } from './sign-in.ts'
import { StorageWatch } from './storage-watch.ts'
import { openTwinCopy, unreachableTwin } from './twin-copy.ts'
import { browserRandom, openClock, sha256, verify } from './world.ts'

/** Put in by the build: the release of the app, as entries name it (JRN-4). */
declare const APP_RELEASE: string

/** The older part of the journal is checked once nobody has been at the till for so long (JRN-3). */
const IDLE_MS = 60_000
/** A step of deleting what is safe elsewhere takes milliseconds; one now and then keeps up with any till (JRN-9e). */
const FORGET_EVERY_MS = 60_000
/** Staff and place change rarely: asked for with the first contact, then at this pace. */
const FACTS_EVERY_MS = 5 * 60_000

type DeviceCommands = Omit<JournalCommands, 'takeOver'>
type Ask<C extends keyof DeviceCommands> = Parameters<DeviceCommands[C]>

type Parts = {
  database: JournalDatabase
  primary: PrimaryCopy
  journal: TillJournal
  transport: Hops
  /** Lets the second copy's file go. */
  closeTwin: () => void
  tell: (status: JournalStatus) => void
}

/**
 * The till of this device while this window owns it: the journal's core over real ports, who is signed
 * in, the open shift. Each public method is a command of the page; see `JournalClient`.
 */
export class TillDevice implements DeviceCommands {
  readonly #parts: Parts
  readonly #journal: TillJournal
  readonly #bills: BillViews
  readonly #loop: HopLoop
  #facts: DeviceFacts = { place: null, roster: null }
  #offerUses: OfferUsesForTills | undefined
  #factsAtMs = Number.NEGATIVE_INFINITY
  #shift: ShiftState | undefined
  #signedIn: { person: TillPerson; verified: boolean } | undefined
  #signingIn: Promise<unknown> = Promise.resolve()
  /** Jobs of this run that are journalled; one that failed may be tried again. */
  readonly #reprints = new Set<string>()
  readonly #storage = new StorageWatch(() => this.#afterLook())
  /** Room at the last look, and what of it is still to be journalled. */
  #room: StorageRoom = 'fine'
  #untoldRoom: StorageRoom | undefined
  #statusIsDue = false
  #olderIsChecked = false
  #idleTimer: ReturnType<typeof setTimeout> | undefined
  #forgetTimer: ReturnType<typeof setInterval> | undefined
  #closed = false
  /** A manager allowed the removal in this run, and a file was saved after that (JRN-12b). */
  #removalApproved = false
  #exported = false

  /** Opens both copies and takes the journal over; call it while holding the lock (JRN-6). */
  static async open(database: JournalDatabase, tell: Parts['tell']): Promise<TillDevice> {
    let device: TillDevice | undefined
    const primary = openPrimaryCopy(database)
    // A browser without the file system, or with a broken one, sells on the first copy alone (JRN-1).
    const twin = await openTwinCopy().catch(unreachableTwin)
    const transport = await openHops(database, {
      isOurs: async (registerId) => {
        const { register = '' } = (await primary.readState()).notes ?? {}
        return register === '' || register === registerId
      },
      keepVerifierKey: async (key) => {
        await database.keep('verifierKey', await importVerifierKey(key))
        // The roster's verifiers are of the old key: asked for with the next step.
        if (device) device.#factsAtMs = Number.NEGATIVE_INFINITY
      },
      keepPlace: async (place) => keepFacts(database, { ...(await readFacts(database)), place }),
    })
    const clock = openClock(browserRandom)
    const keys = openKeyRing(database)
    const ports = { clock, random: browserRandom, sha256, keys, verify, primary, twin, transport }
    const journal = await openTillJournal(ports, { app: APP_RELEASE, engine: ENGINE })
    device = new TillDevice({ database, primary, journal, transport, closeTwin: twin.close, tell })
    await device.#start()
    return device
  }

  private constructor(parts: Parts) {
    this.#parts = parts
    this.#journal = parts.journal
    this.#bills = new BillViews(parts.database, parts.primary, parts.journal)
    this.#loop = new HopLoop(parts.journal, (news) => this.#afterStep(news))
  }

  async #start(): Promise<void> {
    const { database, primary } = this.#parts
    this.#setFacts(await readFacts(database))
    const { epochs, head } = this.#journal.status()
    // Without the first copy nobody can tell which shift was open: people open a new one.
    if (head) this.#shift = await readOpenShift(primary, epochs, head).catch(() => undefined)
    this.#offerUses = await this.#parts.database.device('offerUses').catch(() => undefined)
    void this.#storage.look()
    await this.#bills.readMarks()
    this.#journal.onChange(() => this.#tellSoon())
    if (head) await this.#noteRelease()
    this.#tellSoon()
    // A copy that was lost is whole again before anything else happens to the other one.
    if (this.#journal.findings().some(({ kind }) => kind === 'twin-lost')) void this.#checkOlder()
    this.#checkWhenIdle()
    // What a step leaves undone waits for the next one.
    this.#forgetTimer = setInterval(
      () => void this.#journal.forgetOld().catch(() => undefined),
      FORGET_EVERY_MS,
    )
    void this.#loop.run().then(() => this.#tellSoon())
  }

  /** Whoever comes meanwhile waits for a portion only, but there are many: it begins between people. */
  #checkWhenIdle(): void {
    clearTimeout(this.#idleTimer)
    this.#idleTimer = setTimeout(() => !this.#signedIn && void this.#checkOlder(), IDLE_MS)
  }

  /** Once a run. */
  async #checkOlder(): Promise<void> {
    if (this.#olderIsChecked || this.isLost) return
    this.#olderIsChecked = true
    await this.#journal.checkOlder().catch(() => undefined) // What it finds is journalled; the next start tries again.
  }

  /** Another window owns the journal, or this one closes. */
  get isLost(): boolean {
    return this.#closed || this.#journal.status().state === 'lost'
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#idleTimer)
    clearInterval(this.#forgetTimer)
    this.#loop.stop()
    this.#storage.stop()
    await this.#journal.close()
    this.#parts.closeTwin()
  }

  /** Ends the pauses: before the next try to reach the hop, before the next look at the storage. */
  nudge(): void {
    this.#loop.wake()
    void this.#storage.look()
  }

  // Status

  /** Many changes at once make one message. */
  #tellSoon(): void {
    if (this.#statusIsDue) return
    this.#statusIsDue = true
    setTimeout(() => {
      this.#statusIsDue = false
      if (!this.#closed) this.#parts.tell(this.#status())
    })
  }

  #status(): JournalStatus {
    const status = this.#journal.status()
    const { head, contactAt } = status
    const { problem } = this.#loop
    return {
      state: STATES[status.state],
      fault: null,
      place: this.#facts.place,
      seriesCode: head?.code ?? null,
      head: head && { epoch: head.epoch, seq: head.seq, shortHash: status.shortHash },
      people: (this.#facts.roster?.people ?? []).map(personOf),
      shift: this.#shift?.shift ?? null,
      signedIn: this.#signedIn?.person ?? null,
      inDoubt: status.inDoubt,
      waiting: status.notStored,
      notAtHq: status.notAtHq,
      notSafe: this.#bills.notSafe(status),
      hop: {
        reachable: contactAt !== null && problem === null,
        lastContactAt: contactAt,
        problem,
        nextTryAt: status.at + this.#loop.pauseMs,
        storeServer: this.#parts.transport.storeServer,
        atStoreServer: status.hop !== '',
      },
      storage: { ...this.#storage.facts, failedCopy: status.failedCopy },
      clock: {
        skewMs: status.clockSkewMs,
        trustAgeMs: status.trustAgeMs,
        offsetMs: status.at - Date.now(),
      },
      newEpoch: status.newEpoch,
      attempts: status.attempts,
      rehoming: status.rehoming,
      findings: this.#journal.findings(),
      offerUses: this.#offerUses ?? null,
      minimumApp: this.#minimumApp(),
    }
  }

  /** What headquarters asks for and this version is not. */
  #minimumApp(): string | null {
    const { minimumApp } = this.#journal.status()
    return minimumApp !== null && isOlder(APP_RELEASE, minimumApp) ? minimumApp : null
  }

  /** Copies that failed for want of room are mended as soon as there is some; the rulebook makes room before that. */
  async #afterLook(): Promise<void> {
    if (this.#closed) return
    const { quotaBytes, usageBytes, room } = this.#storage.facts
    if (room !== this.#room && room !== 'fine') this.#untoldRoom = room
    this.#room = room
    if (room === 'none') {
      await this.#storage.makeRoom()
      await this.#journal.repairCopies()
    }
    const { failedCopy, head } = this.#journal.status()
    if (failedCopy === null) this.#storage.settle()
    this.#tellSoon()
    if (this.#untoldRoom === undefined || head === null) return
    const params = { room: this.#untoldRoom, quotaBytes, usageBytes }
    await this.#write('incident', { kind: 'storage-low', params, place: null })
    this.#untoldRoom = undefined
  }

  async #afterStep(news: boolean): Promise<void> {
    if (!news) return
    await this.#bills.readMarks()
    await this.#refreshFacts()
    this.#tellSoon()
  }

  #setFacts(facts: DeviceFacts): void {
    this.#facts = facts
    this.#parts.transport.follow(facts)
  }

  /** What is known of place and staff is good until they can be asked for again. */
  async #refreshFacts(): Promise<void> {
    const isDue = performance.now() - this.#factsAtMs >= FACTS_EVERY_MS
    if (!isDue || this.#loop.problem !== null || this.#journal.status().contactAt === null) return
    await this.#fetchFacts()
  }

  async #fetchFacts(): Promise<void> {
    const { transport, database } = this.#parts
    try {
      this.#setFacts({ place: await transport.place(), roster: await transport.roster() })
      await keepFacts(database, this.#facts)
      this.#factsAtMs = performance.now()
      this.#offerUses = await transport.offerUses()
      await database.keep('offerUses', this.#offerUses)
    } catch {
      // Asked again after the next step.
    }
  }

  // Enrolment and people

  enrol(...[code]: Ask<'enrol'>): Promise<{ persisted: boolean }> {
    const run = this.#enrolNow(code)
    // An enrolment brings a new key of the verifiers: by the old roster every PIN would be wrong.
    this.#signingIn = run.catch(() => undefined)
    return run
  }

  async #enrolNow(code: string): Promise<{ persisted: boolean }> {
    await this.#storage.look()
    const { persisted, quotaBytes, usageBytes } = this.#storage.facts
    await this.#journal.enrol({ code, storage: { persisted, quotaBytes, usageBytes } })
    this.#setFacts(await readFacts(this.#parts.database))
    await this.#noteRelease()
    await this.#fetchFacts()
    this.#loop.wake()
    return { persisted }
  }

  signIn(...[personId, pin]: Ask<'signIn'>): Promise<SignInResult> {
    // One after another: two at once must not share one attempt.
    const run = this.#signingIn.then(() => this.#signInNow(personId, pin))
    this.#signingIn = run.catch(() => undefined)
    return run
  }

  async #signInNow(personId: string, pin: string): Promise<SignInResult> {
    const person = this.#facts.roster?.people.find(({ id }) => id === personId)
    const { result, verified } = await checkPin(this.#parts.database, person, pin, this.#journal.status().at)
    if (result.outcome !== 'signed-in') return result
    this.#signedIn = { person: result.person, verified }
    await this.#write('sign-in', { offline: this.#loop.problem !== null, staffUnverified: !verified })
    return result
  }

  checkPin(...[personId, pin]: Ask<'checkPin'>): Promise<SignInResult> {
    const run = this.#signingIn.then(() => this.#checkPinNow(personId, pin))
    this.#signingIn = run.catch(() => undefined)
    return run
  }

  async #checkPinNow(personId: string, pin: string): Promise<SignInResult> {
    const person = this.#facts.roster?.people.find(({ id }) => id === personId)
    const { result, verified } = await checkPin(this.#parts.database, person, pin, this.#journal.status().at)
    return result.outcome === 'signed-in' && !verified ? { outcome: 'no-pin' } : result
  }

  async signOut(...[reason]: Ask<'signOut'>): Promise<void> {
    await this.#write('sign-out', { reason, notDurable: this.#journal.status().notDurable.entries })
    this.#signedIn = undefined
    this.#tellSoon()
    this.#checkWhenIdle()
  }

  /** New code is journalled when it first runs (JRN-16). */
  async #noteRelease(): Promise<void> {
    const { database } = this.#parts
    const from = (await database.device('release').catch(() => undefined)) ?? null
    if (from === APP_RELEASE) return
    await this.#write('app-updated', { from, to: APP_RELEASE })
    await database.keep('release', APP_RELEASE).catch(() => undefined) // Told again at the next start.
  }

  // Shifts

  async openShift(...[float, clockConfirmed]: Ask<'openShift'>): ReturnType<DeviceCommands['openShift']> {
    const { place } = this.#facts
    if (!place) throw new JournalRefused('not-enrolled', 'This till has no store yet')
    if (!this.#signedIn) throw new JournalRefused('not-signed-in', 'A shift is opened by somebody')
    if (this.#shift) throw new JournalRefused('shift-open', 'A shift is open already')
    const { at } = this.#journal.status()
    if (clockConfirmed) await this.#journal.confirmClock(at)
    const opening = { shift: browserRandom.uuid(at), tradingDay: tradingDayOf(place, at) }
    // One drawer a register: it bears the register's id.
    await this.#write('shift-opened', { drawer: place.register.id, float, clockConfirmed }, opening)
    const minimum = this.#minimumApp()
    // The newer version is not here, or the page would have asked for it: selling goes on, people hear of it (JRN-16c).
    if (minimum !== null) {
      const params = { minimum, app: APP_RELEASE }
      await this.#write('incident', { kind: 'app-below-minimum', params, place: null })
    }
    return this.#openShift().shift
  }

  async shiftSummary(): ReturnType<DeviceCommands['shiftSummary']> {
    return summaryOf(this.#openShift())
  }

  async closeShift(...[count, reason]: Ask<'closeShift'>): Promise<Appended> {
    const { shift, expectedCashMinor, tenders, covers } = summaryOf(this.#openShift())
    return this.#write('shift-closed', {
      drawer: shift.drawer,
      count,
      expectedMinor: expectedCashMinor,
      differenceMinor: count.totalMinor - expectedCashMinor,
      reason,
      notDurable: this.#journal.status().notDurable.entries,
      covers,
      tenders: [...tenders],
    })
  }

  #openShift(): ShiftState {
    if (!this.#shift) throw new JournalRefused('no-shift', 'No shift is open')
    return this.#shift
  }

  // Entries

  async append(...[entry]: Ask<'append'>): Promise<Appended> {
    const { rulebook, ...rest } = entry
    // as: EntryToAppend ties the body to the type exactly as Draft does.
    return this.#append({ ...rest, context: { ...this.#context(), rulebook } } as Draft<AppendableType>)
  }

  async beginAttempt(...[attempt]: Ask<'beginAttempt'>): Promise<Appended> {
    const { rulebook, ...rest } = attempt
    const context = { ...this.#context(), rulebook }
    return this.#appended(await this.#withRoom(() => this.#journal.beginAttempt({ ...rest, context })))
  }

  async endAttempt(...[body]: Ask<'endAttempt'>): ReturnType<DeviceCommands['endAttempt']> {
    const { state, written } = await this.#journal.endAttempt({ context: this.#context(), body })
    if (written !== null) this.#written(written)
    return state
  }

  async completeSale(...[sale]: Ask<'completeSale'>): Promise<Bill> {
    const { cart, rulebook, personal, ...body } = sale
    const context = { ...this.#context(), rulebook }
    const draft = {
      cart,
      context,
      body: { ...body, tenders: [...body.tenders] },
      ...(personal && { personal }),
    }
    const completed = await this.#withRoom(() => this.#journal.completeSale(draft))
    if (!completed.repeated) this.#written(completed)
    return this.#bills.view(completed, { isNew: !completed.repeated })
  }

  /** An entry of this device itself, outside any cart. */
  #write<T extends AppendableType>(
    type: T,
    body: Draft<T>['body'],
    context: Partial<EntryContext> = {},
  ): Promise<Appended> {
    // as: type and body belong together by the signature.
    return this.#append({ type, cart: null, body, context: { ...this.#context(), ...context } } as Draft<T>)
  }

  async #append<T extends AppendableType>(draft: Draft<T>): Promise<Appended> {
    return this.#appended(await this.#withRoom(() => this.#journal.append(draft)))
  }

  #appended(written: Written): Appended {
    this.#written(written)
    const { epoch, seq, identity, entry } = written
    return { epoch, seq, hash: identity, at: entry.at }
  }

  /** Once more where neither copy took the entry: after the caches made room for it. */
  async #withRoom<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write()
    } catch (cause) {
      if (!(cause instanceof JournalRefusal) || cause.code !== 'storage-failed') throw cause
      await this.#storage.makeRoom()
      await this.#journal.repairCopies()
      try {
        return await write()
      } finally {
        void this.#storage.look()
      }
    }
  }

  #written({ entry }: Written): void {
    this.#shift = shiftAfter(this.#shift, entry)
    this.#tellSoon()
    this.#loop.wakeUnlessFailing()
  }

  #context(): EntryContext {
    return {
      shift: this.#shift?.shift.id ?? null,
      tradingDay: this.#shift?.shift.tradingDay ?? null,
      rulebook: null,
      staff: this.#signedIn?.person.id ?? null,
      ...(this.#signedIn && !this.#signedIn.verified && { staffUnverified: true }),
    }
  }

  // Bills

  async lastBills(...[limit]: Ask<'lastBills'>): Promise<Bill[]> {
    const bills = await this.#journal.lastBills(limit)
    return Promise.all(bills.map((bill) => this.#bills.view(bill)))
  }

  async findBill(...[number]: Ask<'findBill'>): Promise<Bill | undefined> {
    const bill = await this.#journal.findBill(number)
    return bill && this.#bills.view(bill)
  }

  async findReturns(...[number, issueDate]: Ask<'findReturns'>): Promise<Bill[]> {
    const bills = await this.#journal.findReturns(number, issueDate)
    return Promise.all(bills.map((bill) => this.#bills.view(bill)))
  }

  askForBills(...[number]: Ask<'askForBills'>): ReturnType<DeviceCommands['askForBills']> {
    return this.#parts.transport.bills(number)
  }

  personalOf(...[identity]: Ask<'personalOf'>): ReturnType<DeviceCommands['personalOf']> {
    return this.#journal.personalOf(identity)
  }

  async beginReprint(...[identity, job, reason]: Ask<'beginReprint'>): Promise<void> {
    if (this.#reprints.has(job)) return
    const { prints, body } = await this.#bills.view(await this.#bills.get(identity))
    const number = body.documents[0]?.number ?? ''
    await this.#write('reprint', { identity, number, job, copy: prints + 1, reason })
    this.#reprints.add(job)
  }

  async confirmPrint(...[identity, job]: Ask<'confirmPrint'>): Promise<Bill> {
    const bill = await this.#bills.get(identity)
    // The page may ask twice about one job: it is one print.
    if (!(await this.#bills.jobsOf(identity)).includes(job)) await this.#bills.addJob(identity, job)
    await this.settleDoubt(identity)
    return this.#bills.view(bill)
  }

  async settleDoubt(...[identity]: Ask<'settleDoubt'>): Promise<void> {
    await this.#journal.confirmReceipt(identity)
    this.#tellSoon()
  }

  async exportJournal(): ReturnType<DeviceCommands['exportJournal']> {
    const content = await journalBlob(this.#journal.exportLines())
    const { head, at } = this.#journal.status()
    this.#exported = true
    return { fileName: journalFileName(head?.code, at), content }
  }

  // Removal

  async approveRemoval(...[personId, pin, reason]: Ask<'approveRemoval'>): Promise<SignInResult> {
    const result = await this.checkPin(personId, pin)
    if (result.outcome !== 'signed-in') return result
    if (!REMOVERS.includes(result.person.role)) throw new JournalRefused('not-a-manager', 'A manager decides')
    const { waiting } = this.#status()
    await this.#write('approval', {
      approval: browserRandom.uuid(this.#journal.status().at),
      action: 'remove-register',
      outcome: 'approved',
      by: personId,
      how: 'pin',
      amountMinor: waiting.soldMinor,
      fingerprint: null,
      reason,
    })
    this.#removalApproved = true
    // The file must tell of the approval too.
    this.#exported = false
    return result
  }

  async removeRegister(): Promise<void> {
    const isSafe = this.#status().notSafe.entries === 0
    if (!isSafe && !(this.#removalApproved && this.#exported)) {
      throw new JournalRefused('not-safe', 'Entries of this register are nowhere else')
    }
    await this.close()
    await this.#parts.database.delete()
    const root = await navigator.storage.getDirectory()
    for (const name of ['nexus-journal', FACTS_FILE]) {
      await root.removeEntry(name, { recursive: true }).catch(() => undefined) // It was never made.
    }
  }

  claimCoupon(...[code]: Ask<'claimCoupon'>): ReturnType<DeviceCommands['claimCoupon']> {
    return this.#parts.transport.claimCoupon(code)
  }

  releaseCoupon(...[code]: Ask<'releaseCoupon'>): Promise<void> {
    return this.#parts.transport.releaseCoupon(code)
  }

  hopAccess(...[refresh]: Ask<'hopAccess'>): ReturnType<DeviceCommands['hopAccess']> {
    return this.#parts.transport.access(refresh)
  }

  async nameStoreServer(...[address]: Ask<'nameStoreServer'>): Promise<void> {
    await this.#parts.transport.name(address)
    this.#loop.wake()
    this.#tellSoon()
  }
}

/** Roles that may remove a register whose entries are nowhere else. */
const REMOVERS: readonly Role[] = ['store-manager', 'administrator']

const STATES = { new: 'not-enrolled', ready: 'ready', lost: 'read-only', retired: 'retired' } as const

function tradingDayOf({ store }: TillPlace, at: number): string {
  const [hours = 0, minutes = 0] = store.cutOver.split(':').map(Number)
  return tradingDayAt(at, hours * 60 + minutes)
}
