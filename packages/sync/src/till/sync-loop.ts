import { toBase64Url } from '../canonical/base64url.ts'
import { type Certificate, readCertificate } from '../entry/certificate.ts'
import { decodeEntry } from '../entry/decode.ts'
import { checkpointBytes, requestBytes } from '../entry/hash.ts'
import { maxPushBytes, maxPushEntries, maxWrapperBytes } from '../entry/limits.ts'
import type { Entry, HeadRef } from '../entry/schema.ts'
import type {
  EnrolAnswer,
  EnrolRequest,
  HelloAnswer,
  Hole,
  Mark,
  Marks,
  PushAnswer,
  PushRequest,
  SignedCheckpoint,
  StorageFacts,
} from '../messages.ts'
import type { EntryRecord, Signer, TillPorts } from '../ports.ts'
import {
  atHop,
  atHqSeq,
  backOffMs,
  type HeadReading,
  inGeneration,
  readHead,
  withAgreed,
  withFork,
  withHello,
  withMarks,
} from './hop.ts'
import { isOfHq, withKeys } from './hq-keys.ts'
import type { JournalCore } from './journal-core.ts'
import type { EpochNote, NotesRecord } from './records.ts'
import { emptyNotes } from './recover.ts'
import { type EnrolOptions, JournalRefusal, type SyncOutcome } from './types.ts'

/** A till without news says so every 30 s (JRN-18: a tail that never arrives is known to be missing). */
const heartbeatMs = 30_000
/** Entries re-homed in one step; sales get their turn in between. */
const rehomedAtOnce = 20
/** A round trip above this says too little about the hop's clock. */
const roundTripMaxMs = 10_000

/** The answer is not to this request: late, or mixed up on the way (JRN-9). */
class StrayAnswer extends Error {
  constructor() {
    super('The answer belongs to another request')
  }
}

/** Conversation with the hop: one request in flight, each step one request (JRN-8). */
export class SyncLoop {
  readonly #core: JournalCore
  readonly #ports: TillPorts
  #busy = false
  /** The hop has answered hello in this run and in its present generation. */
  #greeted = false
  #failures = 0
  #delayMs = 0
  /** Monotonic time of the last answer. */
  #contactAtMs: number | null = null
  #minimumApp: string | null = null
  #batch = { entries: maxPushEntries, bytes: maxPushBytes }
  #storage: StorageFacts = { persisted: false, quotaBytes: null, usageBytes: null }

  constructor(core: JournalCore) {
    this.#core = core
    this.#ports = core.ports
  }

  /** Till time of the last answer in this run. */
  get contactAt(): number | null {
    if (this.#contactAtMs === null) return null
    const { at, monotonicMs } = this.#core.time()
    return at - (monotonicMs - this.#contactAtMs)
  }

  get minimumApp(): string | null {
    return this.#minimumApp
  }

  nextDelayMs(): number {
    if (this.#delayMs > 0) return this.#delayMs
    if (!this.#core.isEnrolled || this.#core.isLost) return heartbeatMs
    return this.#hasWork() ? 0 : Math.max(0, this.#heartbeatDueMs())
  }

  async step(): Promise<SyncOutcome> {
    if (this.#busy) return { kind: 'busy' }
    if (!this.#core.isEnrolled || this.#core.isLost) return { kind: 'not-enrolled' }
    this.#busy = true
    try {
      await this.#turnToHop()
      if (this.#core.copies.failed !== null) await this.#core.serial(() => this.#core.repairCopies())
      const outcome = await this.#nextStep(this.#enrolled())
      this.#failures = 0
      return outcome
    } catch (cause) {
      this.#failures++
      // Whoever answers next may be another server, or the same one restored: hello shows it who we are.
      this.#greeted = false
      this.#delayMs = Math.max(this.#delayMs, backOffMs(this.#failures, this.#fraction()))
      return { kind: 'failed', cause }
    } finally {
      this.#busy = false
    }
  }

  /** The transport may have turned to another hop: that one hears hello before anything else. */
  async #turnToHop(): Promise<void> {
    const name = this.#ports.transport.hop?.() ?? ''
    if (atHop(this.#enrolled(), name) === this.#enrolled()) return
    this.#greeted = false
    await this.#core.serial(() => this.#core.saveNotes(atHop(this.#enrolled(), name)))
  }

  /** Asks for an epoch with a one-time code. Asking again after a lost answer gives the same one. */
  async enrol({ code, storage }: EnrolOptions): Promise<void> {
    this.#storage = storage
    await this.#askForEpoch(code, null)
  }

  async #nextStep(notes: NotesRecord): Promise<SyncOutcome> {
    this.#delayMs = 0
    if (notes.newEpoch !== null) {
      const signer = await this.#signer(notes, this.#core.head.epoch)
      if (signer === undefined)
        throw new JournalRefusal('not-enrolled', 'The device key is gone: enrol again')
      await this.#askForEpoch(null, signer)
      return { kind: 'epoch-opened' }
    }
    if (!this.#greeted) {
      await this.#hello(notes)
      return { kind: 'greeted' }
    }
    if (this.#core.head.rehome !== null || nextToRehome(notes) !== undefined) {
      await this.#rehomeSome()
      return { kind: 'rehomed' }
    }
    const note = this.#nextToPush(notes)
    if (note !== undefined) return await this.#push(notes, note)
    if (this.#heartbeatDueMs() <= 0) {
      await this.#beat(notes)
      return { kind: 'beat' }
    }
    return { kind: 'idle' }
  }

  #hasWork(): boolean {
    const notes = this.#core.notes
    if (notes === undefined) return false
    const { rehome } = this.#core.head
    if (notes.newEpoch !== null || !this.#greeted || rehome !== null) return true
    return nextToRehome(notes) !== undefined || this.#nextToPush(notes) !== undefined
  }

  #heartbeatDueMs(): number {
    if (this.#contactAtMs === null) return 0
    return this.#contactAtMs + heartbeatMs - this.#ports.clock.monotonicMs()
  }

  #enrolled(): NotesRecord {
    const { notes } = this.#core
    if (notes === undefined) throw new JournalRefusal('not-enrolled', 'This till has no register yet')
    return notes
  }

  /** One request at a time; its answer must repeat its id. The round trip sets the till's clock (JRN-13). */
  async #ask<Answer extends { requestId: string; serverAt: number }>(
    requestId: string,
    send: () => Promise<Answer>,
  ): Promise<{ answer: Answer; trustedAt: number | null }> {
    const { clock } = this.#ports
    const sentAtMs = clock.monotonicMs()
    const answer = await send()
    if (answer.requestId !== requestId) throw new StrayAnswer()
    this.#contactAtMs = clock.monotonicMs()
    const roundTripMs = this.#contactAtMs - sentAtMs
    const trustedAt = roundTripMs <= roundTripMaxMs ? answer.serverAt + Math.floor(roundTripMs / 2) : null
    return { answer, trustedAt }
  }

  #trust(notes: NotesRecord, trustedAt: number | null): NotesRecord {
    return trustedAt === null ? notes : this.#core.trust(notes, trustedAt, 'server')
  }

  // Enrolment

  async #askForEpoch(code: string | null, prover: Signer | null): Promise<void> {
    const { own, spare } = await this.#core.serial(() => this.#keysToEnrol())
    const proof = prover && (await this.#checkpoint(this.#enrolled(), prover, this.#core.head))
    const request: EnrolRequest = {
      requestId: this.#requestId(),
      code,
      proof,
      certificate: proof && (this.#core.notes?.epochs.at(-1)?.certificate ?? null),
      publicKey: own.publicKey,
      sparePublicKey: spare.publicKey,
      storage: this.#storage,
      app: this.#core.app,
      signature: null,
    }
    if (prover) request.signature = await prover.sign(requestBytes(request))
    const { answer, trustedAt } = await this.#ask(request.requestId, () =>
      this.#ports.transport.enrol(request),
    )
    await this.#core.serial(() => this.#enter(answer, own, spare, trustedAt, code !== null))
    this.#greeted = false
  }

  /** The keys of an enrolment that got no answer, else new ones, kept before anything is asked. */
  async #keysToEnrol(): Promise<{ own: Signer; spare: Signer }> {
    const { keys } = this.#ports
    const notes = this.#core.notes ?? emptyNotes({ tenant: '', store: '', register: '' })
    const asked = notes.enrolling
    const known = asked?.keyId ? await keys.open(asked.keyId) : undefined
    const own = known ?? (await keys.create())
    const spare = (asked && (await keys.open(asked.spareKeyId))) ?? (await keys.create())
    const enrolling = { keyId: own.keyId, spareKeyId: spare.keyId }
    await this.#core.saveNotes({ ...notes, enrolling })
    return { own, spare }
  }

  async #enter(
    answer: EnrolAnswer,
    own: Signer,
    spare: Signer,
    trustedAt: number | null,
    viaCode: boolean,
  ): Promise<void> {
    const certificate = readCertificate(answer.enrolment.certificate)?.certificate
    if (certificate === undefined || certificate.publicKey !== own.publicKey) {
      throw new Error('The enrolment is not for the key of this device')
    }
    const notes = this.#core.notes ?? emptyNotes(certificate)
    const { tenant, store, register } = certificate
    if (notes.register !== '' && notes.register !== register) {
      // Older epochs can be sent by a key of their own register only; the next code gets keys of its own.
      await this.#core.saveNotes({ ...notes, enrolling: null })
      throw new JournalRefusal(
        'other-register',
        'The code is for another register than the bills on this till',
      )
    }
    if (notes.epochs.some(({ epoch }) => epoch === certificate.epoch)) {
      // The device forgot that this was answered before. Its entries stand; what it asks next, it asks with new keys.
      await this.#core.saveNotes({ ...notes, enrolling: null })
      if (certificate.epoch === this.#core.head.epoch && notes.newEpoch === null) return
      throw new Error('This enrolment is an old one of this till: enrol again')
    }
    // Who types a code says which chain it is; a new epoch of the same device changes nothing in that.
    const { keys: _, ...strange } = notes
    const base = viaCode ? strange : notes
    const entered: NotesRecord = {
      ...this.#trust(await withKeys(this.#ports.verify, base, answer.keys), trustedAt),
      newEpoch: notes.newEpoch,
      tenant,
      store,
      register,
      enrolling: null,
      spare: spareOf(answer.spare, spare),
    }
    await this.#core.openEpoch(certificate, answer.enrolment, entered)
  }

  // Hello

  async #hello(notes: NotesRecord): Promise<void> {
    const current = notes.epochs.at(-1)
    if (current === undefined) return
    const signer = await this.#signer(notes, current.epoch)
    if (signer === undefined) {
      await this.#core.serial(() => this.#core.saveNotes({ ...this.#enrolled(), newEpoch: 'key-lost' }))
      throw new JournalRefusal('not-enrolled', 'The device key is gone: enrol again')
    }
    const spareKey = notes.spare === null ? await this.#core.serial(() => this.#spareKey()) : undefined
    const { at, wallMs } = this.#core.time()
    const heads = notes.epochs.map((note) => headRef(note.epoch, this.#core.lastOf(note)))
    const unsigned = {
      requestId: this.#requestId(),
      register: notes.register,
      epoch: current.epoch,
      heads,
      spare: notes.spare?.epoch ?? null,
      sparePublicKey: spareKey?.publicKey ?? null,
      cursors: { erasures: { generation: notes.hop.generation ?? '', version: notes.erasures } },
      app: this.#core.app,
      at,
      wallMs: Math.max(wallMs, 0),
      certificate: current.certificate,
      checkpoint: await this.#checkpoint(notes, signer, this.#core.head),
    }
    const request = { ...unsigned, signature: await signer.sign(requestBytes(unsigned)) }
    const { answer, trustedAt } = await this.#ask(request.requestId, () =>
      this.#ports.transport.hello(request),
    )
    await this.#core.serial(() => this.#afterHello(answer, spareKey, trustedAt))
    this.#minimumApp = answer.minimumApp
    this.#greeted = true
  }

  async #spareKey(): Promise<Signer> {
    const notes = this.#enrolled()
    const { keys } = this.#ports
    const known = notes.enrolling ? await keys.open(notes.enrolling.spareKeyId) : undefined
    if (known !== undefined) return known
    const created = await keys.create()
    await this.#core.saveNotes({ ...notes, enrolling: { keyId: null, spareKeyId: created.keyId } })
    return created
  }

  async #afterHello(
    answer: HelloAnswer,
    spareKey: Signer | undefined,
    trustedAt: number | null,
  ): Promise<void> {
    const known = await withKeys(this.#ports.verify, this.#enrolled(), answer.keys)
    const marks: Marks[] = []
    for (const each of answer.marks) marks.push(await this.#ownMarks(known, each))
    let notes = withHello(known, { ...answer, marks })
    for (const head of answer.heads) notes = await this.#afterHead(notes, head)
    for (const hole of answer.holes ?? []) notes = await this.#withHole(notes, hole)
    notes = this.#withSpare(this.#trust(notes, trustedAt), answer.spare, spareKey)
    const { identities, version } = answer.erasures
    if (identities.length > 0) await this.#core.copies.erasePersonal(identities)
    await this.#core.saveNotes({ ...notes, erasures: version })
  }

  /** A hole of which the bytes are here, as in a clone of the till that lost them: sent again from there (JRN-8h). */
  async #withHole(
    notes: NotesRecord,
    { epoch, fromSeq, toSeq }: NonNullable<HelloAnswer['holes']>[number],
  ): Promise<NotesRecord> {
    const note = notes.epochs.find((one) => one.epoch === epoch)
    const agreed = notes.hop.agreed[epoch]?.seq ?? 0
    if (note === undefined || agreed < fromSeq || (note.base?.seq ?? 0) >= fromSeq) return notes
    const [record] = await this.#core.copies.readEntries(epoch, fromSeq, 1)
    if (record === undefined || record.seq > toSeq) return notes
    return withAgreed(notes, epoch, fromSeq - 1, (await this.#core.hashAt(note, fromSeq - 1)) ?? '')
  }

  #withSpare(notes: NotesRecord, spare: HelloAnswer['spare'], key: Signer | undefined): NotesRecord {
    if (spare === 'kept') return notes
    // Who lost a fork waits for an enrolment (JRN-3k): a hop that knew less may have sent a spare.
    if (spare === 'none' || notes.newEpoch === 'forked') return { ...notes, spare: null }
    const given = key === undefined ? null : spareOf(spare, key)
    return given === null ? notes : { ...notes, spare: given, enrolling: null }
  }

  // Heads

  /** A head in the answer to the latest request is believed, however low (JRN-9). */
  async #afterHead(notes: NotesRecord, head: HeadRef): Promise<NotesRecord> {
    const note = notes.epochs.find(({ epoch }) => epoch === head.epoch)
    if (note === undefined) return notes
    const reading = await this.#readHead(note, head)
    switch (reading.kind) {
      case 'agreed':
        this.#tellIfForgotten(notes, head)
        return withAgreed(notes, head.epoch, reading.seq, reading.hash)
      case 'behind':
        return withFork(notes, head.epoch, 'behind', null)
      case 'forked': {
        const forked = withFork(notes, head.epoch, 'forked', null)
        // Where the branches part is shown by a push from the beginning, also where all was agreed once.
        return note.forkedFrom === null ? withAgreed(forked, head.epoch, 0, '') : forked
      }
    }
  }

  async #readHead(note: EpochNote, head: HeadRef): Promise<HeadReading> {
    const hash = await this.#core.hashAt(note, head.seq)
    const { seq: lastSeq } = this.#core.lastOf(note)
    if (hash === undefined && head.seq > 0 && head.seq <= lastSeq && !this.#core.copies.isWhole) {
      throw new Error('Entries to compare cannot be read while a copy fails')
    }
    return readHead(head, { lastSeq, hash })
  }

  /** Marks count only where their hash is the till's own (JRN-8j) and HQ's key signed them, once it is known. */
  async #ownMarks(notes: NotesRecord, marks: Marks): Promise<Marks> {
    const own = async (kind: 'received' | 'durable', mark: Mark | null) => {
      const note = notes.epochs.find(({ epoch }) => epoch === mark?.epoch)
      if (mark === null || note === undefined) return null
      if (notes.keys !== undefined && !(await isOfHq(this.#ports.verify, notes, kind, mark))) return null
      return mark.seq === 0 || (await this.#core.hashAt(note, mark.seq)) === mark.hash ? mark : null
    }
    const received = await own('received', marks.received)
    return { ...marks, received, durable: await own('durable', marks.durable) }
  }

  /** The hop acknowledged more in this very generation: people must know (JRN-9). */
  #tellIfForgotten(notes: NotesRecord, head: HeadRef): void {
    const before = notes.hop.agreed[head.epoch]
    if (before === undefined || before.seq <= head.seq) return
    const params = { before: before.seq, now: head.seq, generation: notes.hop.generation }
    this.#core.tell({ kind: 'hop-forgot', params, place: null })
  }

  #inGeneration(notes: NotesRecord, generation: string): NotesRecord {
    if (notes.hop.generation === generation) return notes
    this.#greeted = false
    return { ...notes, hop: inGeneration(notes.hop, generation) }
  }

  // Push

  /** Oldest epoch first (JRN-8). A fork whose beginning is known has nothing more to say. */
  #nextToPush(notes: NotesRecord): EpochNote | undefined {
    return notes.epochs.find((note) => {
      return (notes.hop.agreed[note.epoch]?.seq ?? 0) < this.#lastToPush(note)
    })
  }

  #lastToPush(note: EpochNote): number {
    return note.forkedFrom === null ? this.#core.lastOf(note).seq : note.forkedFrom - 1
  }

  async #push(notes: NotesRecord, note: EpochNote): Promise<SyncOutcome> {
    const agreed = notes.hop.agreed[note.epoch] ?? { seq: 0, hash: '' }
    const batch = await this.#batchFrom(note, agreed.seq + 1)
    const last = batch.records.at(-1)
    const first = batch.records[0]
    if (first === undefined || last === undefined) {
      if (!this.#core.copies.isWhole) throw new Error('Entries to send cannot be read while a copy fails')
      return await this.#pushNothing(note)
    }
    const signer = await this.#signer(notes, note.epoch)
    const own = signer ?? (await this.#signer(notes, this.#core.head.epoch))
    if (own === undefined) throw new JournalRefusal('not-enrolled', 'The device key is gone: enrol again')
    const covered = signer === undefined ? this.#core.head : last
    const checkpoint = await this.#checkpoint(notes, own, covered)
    const identities = batch.records.flatMap(({ hash, bytes }) => [hash, ...innerIdentity(bytes)])
    const request: PushRequest = {
      requestId: this.#requestId(),
      register: notes.register,
      epoch: note.epoch,
      firstSeq: first.seq,
      entries: batch.records.map(({ bytes }) => toBase64Url(bytes)),
      personal: await this.#core.copies.readPersonal(identities),
      hole: batch.hole,
      ...(batch.hole !== null && { base: baseMark(note, batch.hole) }),
      checkpoint,
    }
    const { answer, trustedAt } = await this.#ask(request.requestId, () =>
      this.#ports.transport.push(request),
    )
    await this.#core.serial(async () => {
      // The hop may be a restored one: it had what wrote an older epoch's entries again, and lost it.
      if (batch.hole !== null) await this.#core.rehomeAgain(this.#lostIn(note, batch.hole))
      await this.#afterPush(answer, note.epoch, batch.records, checkpoint, trustedAt)
    })
    const moved = this.#enrolled().hop.agreed[note.epoch]?.seq !== agreed.seq
    // The answer is believed, but asking the same again at once would be a loop.
    if (!moved && answer.forked.length === 0) throw new Error('The hop did not take the push')
    this.#delayMs = answer.retryAfterMs ?? 0
    this.#batch = {
      entries: Math.max(1, Math.min(answer.maxBatch.entries, maxPushEntries)),
      bytes: Math.min(answer.maxBatch.bytes, maxPushBytes),
    }
    const { forked, quarantined } = answer
    const accepted = batch.records.length - forked.length - quarantined.length
    return { kind: 'pushed', accepted, quarantined: quarantined.length, forked: forked.length }
  }

  /** The first slot of a hole that headquarters is not known to have, nor to have had for good. */
  #lostIn({ epoch, base }: EpochNote, { fromSeq, toSeq }: Hole): { epoch: string; seq: number }[] {
    const known = Math.max(atHqSeq(this.#enrolled(), epoch), base?.seq ?? 0)
    const seq = Math.max(fromSeq, known + 1)
    return seq <= toSeq ? [{ epoch, seq }] : []
  }

  /** Entries from a place on, as many as one push takes; a slot that neither copy can verify is a hole (JRN-10). */
  async #batchFrom(note: EpochNote, fromSeq: number): Promise<{ records: EntryRecord[]; hole: Hole | null }> {
    const found = await this.#readIntact(note.epoch, fromSeq, this.#batch.entries)
    const lastSeq = this.#lastToPush(note)
    const records: EntryRecord[] = []
    let bytes = 0
    for (const record of found) {
      const previous = records.at(-1)
      const follows = record.seq <= lastSeq && (previous === undefined || record.seq === previous.seq + 1)
      if (!follows || (records.length > 0 && bytes + record.bytes.length > this.#batch.bytes)) break
      records.push(record)
      bytes += record.bytes.length
    }
    const first = records[0]
    if (first === undefined || first.seq === fromSeq) return { records, hole: null }
    if (!this.#core.copies.isWhole) throw new Error('Entries to send cannot be read while a copy fails')
    const lastHash = decodeEntry(first.bytes).outline.prevHash ?? ''
    return { records, hole: { fromSeq, toSeq: first.seq - 1, lastHash } }
  }

  /**
   * Entries whose bytes are still what was written. Where a copy was damaged below what start checks, the
   * check of idle time is made now, which takes them from the other copy; what neither has is left out.
   */
  async #readIntact(epoch: string, fromSeq: number, limit: number): Promise<EntryRecord[]> {
    const found = await this.#core.copies.readEntries(epoch, fromSeq, limit)
    const intact = await this.#intactOf(found)
    if (intact.length === found.length) return found
    await this.#core.checkOlder()
    return await this.#intactOf(await this.#core.copies.readEntries(epoch, fromSeq, limit))
  }

  async #intactOf(records: readonly EntryRecord[]): Promise<EntryRecord[]> {
    const intact: EntryRecord[] = []
    for (const record of records) {
      if (toBase64Url(await this.#ports.sha256(record.bytes)) === record.hash) intact.push(record)
    }
    return intact
  }

  /** Neither copy has the end of what this epoch sends, and no entry will follow: start told the loss. */
  async #pushNothing(note: EpochNote): Promise<SyncOutcome> {
    await this.#core.serial(async () => {
      const notes = this.#enrolled()
      const last = this.#core.lastOf(note)
      const seq = this.#lastToPush(note)
      await this.#core.saveNotes(withAgreed(notes, note.epoch, seq, seq === last.seq ? last.hash : ''))
    })
    return { kind: 'idle' }
  }

  async #afterPush(
    answer: PushAnswer,
    epoch: string,
    records: readonly EntryRecord[],
    checkpoint: SignedCheckpoint,
    trustedAt: number | null,
  ): Promise<void> {
    let notes = this.#inGeneration(this.#enrolled(), answer.generation)
    const first = records[0]
    const last = records.at(-1)
    if (answer.forked.length > 0 && answer.head.seq < Math.min(...answer.forked) - 1) {
      notes = await this.#afterEarlierFork(notes, answer.head)
    } else if (answer.forked.length > 0) {
      const fromSeq = Math.min(...answer.forked)
      notes = withFork(notes, epoch, 'forked', fromSeq)
      const before = records.find(({ seq }) => seq === fromSeq - 1)
      if (before !== undefined) notes = withAgreed(notes, epoch, before.seq, before.hash)
    } else if (first !== undefined && last !== undefined && answer.head.seq >= last.seq) {
      notes = withAgreed(notes, epoch, last.seq, last.hash)
      notes = this.#endOfProbe(notes, epoch, last.seq, answer.head)
    } else {
      notes = await this.#afterHead(notes, answer.head)
    }
    notes = { ...notes, hop: withMarks(notes.hop, await this.#ownMarks(notes, answer.marks)), checkpoint }
    await this.#core.saveNotes(this.#trust(notes, trustedAt))
  }

  /** The hop took over another branch (JRN-7n): what it once accepted is forked too, from where its head parts. */
  async #afterEarlierFork(notes: NotesRecord, head: HeadRef): Promise<NotesRecord> {
    const note = notes.epochs.find(({ epoch }) => epoch === head.epoch)
    if (note === undefined) return notes
    const { kind } = await this.#readHead(note, head)
    const told = kind === 'agreed' ? withFork(notes, head.epoch, 'forked', head.seq + 1) : notes
    return await this.#afterHead(told, head)
  }

  /** A hop that is ahead of the till's last entry shows a rolled-back till; one that knows all of an old epoch ends it. */
  #endOfProbe(notes: NotesRecord, epoch: string, seq: number, head: HeadRef): NotesRecord {
    const note = notes.epochs.find((other) => other.epoch === epoch)
    if (note === undefined || seq < this.#core.lastOf(note).seq) return notes
    if (note.state === 'open') return head.seq > seq ? withFork(notes, epoch, 'behind', null) : notes
    if (note.state !== 'forked') return notes
    const epochs = notes.epochs.map(
      (other): EpochNote => (other === note ? { ...note, state: 'closed' } : other),
    )
    return { ...notes, epochs }
  }

  // Re-homing

  /** Writes forked entries again in the present epoch, oldest first, a few at a time (JRN-7). */
  async #rehomeSome(): Promise<void> {
    if (this.#core.head.rehome === null) await this.#core.serial(() => this.#rehomeOne())
    const { rehome } = this.#core.head
    if (rehome !== null) await this.#readIntact(rehome.epoch, rehome.nextSeq, rehomedAtOnce)
    for (let count = 0; count < rehomedAtOnce; count++) {
      const more = await this.#core.serial(() => this.#rehomeOne())
      if (!more) return
    }
  }

  /** Answers whether this epoch has more to write again. */
  async #rehomeOne(): Promise<boolean> {
    const notes = this.#enrolled()
    const { rehome } = this.#core.head
    if (rehome === null) {
      const next = nextToRehome(notes)
      if (next?.forkedFrom == null) return false
      const lastSeq = this.#core.lastOf(next).seq
      await this.#core.saveRehome(notes, { epoch: next.epoch, nextSeq: next.forkedFrom, lastSeq })
      return true
    }
    if (rehome.nextSeq > rehome.lastSeq) {
      const { epoch, seq } = this.#core.head
      const epochs = notes.epochs.map(
        (note): EpochNote =>
          note.epoch === rehome.epoch ? { ...note, state: 'rehomed', rehomedUpTo: { epoch, seq } } : note,
      )
      await this.#core.saveRehome({ ...notes, epochs }, null)
      return false
    }
    const [record] = await this.#core.copies.readEntries(rehome.epoch, rehome.nextSeq, 1)
    const found = record !== undefined && record.seq <= rehome.lastSeq ? record : undefined
    const after = { ...rehome, nextSeq: (found?.seq ?? rehome.lastSeq) + 1 }
    // A slot that neither copy can verify has no bytes to write again; its loss was told (JRN-7t).
    const [intact] = found === undefined ? [] : await this.#intactOf([found])
    if (intact?.seq !== rehome.nextSeq && !this.#core.copies.isWhole) {
      throw new Error('Entries to write again cannot be read while a copy fails')
    }
    if (intact === undefined) await this.#core.saveRehome(notes, after)
    else await this.#core.rehome(rehomedBody(intact), after)
    return true
  }

  // Heartbeat

  async #beat(notes: NotesRecord): Promise<void> {
    const { head } = this.#core
    const signer = await this.#signer(notes, head.epoch)
    if (signer === undefined) throw new JournalRefusal('not-enrolled', 'The device key is gone: enrol again')
    const request = {
      requestId: this.#requestId(),
      register: notes.register,
      epoch: head.epoch,
      head: headRef(head.epoch, head),
      at: this.#core.time().at,
      app: this.#core.app,
      waiting: this.#core.waiting.notStored,
      checkpoint: await this.#checkpoint(notes, signer, head),
    }
    const { answer, trustedAt } = await this.#ask(request.requestId, () =>
      this.#ports.transport.heartbeat(request),
    )
    await this.#core.serial(() => this.#afterBeat(answer.generation, answer.head, answer.marks, trustedAt))
  }

  async #afterBeat(generation: string, head: HeadRef, marks: Marks, trustedAt: number | null): Promise<void> {
    const before = this.#enrolled()
    let notes = this.#inGeneration(before, generation)
    // An entry written while the heartbeat was on its way is no news: only a lower or another head is.
    notes = await this.#afterHead(notes, head)
    const own = await this.#ownMarks(notes, marks)
    notes = this.#trust({ ...notes, hop: withMarks(notes.hop, own) }, trustedAt)
    await this.#core.saveNotes(notes)
  }

  // Keys and checkpoints

  async #signer(notes: NotesRecord, epoch: string): Promise<Signer | undefined> {
    const note = notes.epochs.find((other) => other.epoch === epoch)
    return note === undefined ? undefined : await this.#ports.keys.open(note.keyId)
  }

  /** A signed head covers every entry below it (JRN-17). */
  async #checkpoint(
    notes: NotesRecord,
    signer: Signer,
    { epoch, seq, hash }: HeadRef,
  ): Promise<SignedCheckpoint> {
    const checkpoint = { register: notes.register, epoch, seq, hash, keyId: signer.keyId }
    return { checkpoint, signature: await signer.sign(checkpointBytes(checkpoint)) }
  }

  #requestId(): string {
    return this.#ports.random.uuid(this.#core.time().at)
  }

  /** Random in [0, 1). */
  #fraction(): number {
    const [a = 0, b = 0, c = 0] = this.#ports.random.bytes(3)
    return ((a << 16) | (b << 8) | c) / 2 ** 24
  }
}

function nextToRehome(notes: NotesRecord): EpochNote | undefined {
  return notes.epochs.find(({ state, forkedFrom }) => state === 'forked' && forkedFrom !== null)
}

function headRef(epoch: string, { seq, hash }: { seq: number; hash: string }): HeadRef {
  return { epoch, seq, hash }
}

function spareOf(
  signed: { certificate: string; signature: string } | null,
  key: Signer,
): NotesRecord['spare'] {
  const certificate: Certificate | undefined = signed
    ? readCertificate(signed.certificate)?.certificate
    : undefined
  if (signed === null || certificate?.publicKey !== key.publicKey) return null
  return { epoch: certificate.epoch, code: certificate.code, keyId: key.keyId, certificate: signed }
}

/** HQ's mark that covers a hole of this epoch, where entries were deleted by it (JRN-8i). */
function baseMark({ base }: EpochNote, hole: Hole): Mark | null {
  return base?.mark && base.mark.seq >= hole.toSeq ? base.mark : null
}

function innerIdentity(bytes: Uint8Array): string[] {
  const decoded = decodeEntry(bytes)
  return decoded.kind === 'ok' && decoded.entry.type === 'rehomed' ? [decoded.entry.body.identity] : []
}

/** Body of the entry that writes another one again; innermost bytes, never a wrapper in a wrapper (JRN-7). */
function rehomedBody(record: EntryRecord): Parameters<JournalCore['rehome']>[0] {
  const decoded = decodeEntry(record.bytes)
  const entry: Entry | undefined = decoded.kind === 'ok' ? decoded.entry : undefined
  if (entry?.type === 'rehomed') {
    const { identity, place, bytes } = entry.body
    return { identity, place, bytes }
  }
  if (entry?.type === 'incident' && record.bytes.length > (maxWrapperBytes / 4) * 3 - 1024) {
    // Too large to be wrapped, as it carries an entry itself: it is told once more in its own words.
    const { kind, params, place, bytes } = entry.body
    const told = { kind, params: { ...params, again: record.hash }, place }
    return { incident: bytes === undefined ? told : { ...told, bytes } }
  }
  const { epoch, seq, hash, bytes } = record
  return { identity: hash, place: { epoch, seq }, bytes: toBase64Url(bytes) }
}
