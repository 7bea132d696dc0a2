import type { PersonalItem } from '../messages.ts'
import type { Clock, EntryRecord, PrimaryCopy, SegmentName, TwinCopy } from '../ports.ts'
import { recordOf } from './record-of.ts'
import type { HeadRecord, NotesRecord, RetainedBase } from './records.ts'
import {
  baseRecord,
  entryRecord,
  joined,
  personalRecord,
  readSegment,
  type Segment,
  segmentOf,
  type TwinBase,
  withoutPersonal,
} from './twin-record.ts'
import { JournalRefusal, type Written } from './types.ts'

/** How long a copy may stay silent before the till asks what became of it (JRN-1). */
const patienceMs = 5_000
/** A segment that is longer is followed by the next one, so that start reads only the newest. */
const segmentBytesMax = 1024 * 1024

/** One change of the journal; entries and personal data go to both copies, the rest to the first. */
export type JournalChange = {
  head: HeadRecord
  notes?: NotesRecord
  entries: readonly EntryRecord[]
  personal: readonly PersonalItem[]
  forget?: { epoch: string; throughSeq: number; identities: readonly string[] }
}

export type WriteOutcome =
  | { kind: 'written'; copies: Written['copies'] }
  | { kind: 'fence-lost' | 'head-moved' | 'cart-ended' }

type PrimaryWrite = boolean | 'fence-lost' | 'head-moved' | 'cart-ended'

/** What the first copy says about a change after it failed or fell silent. */
type Inquiry = 'committed' | 'not-committed' | 'fence-lost' | 'head-moved' | 'unknown'

type CopyState = 'good' | 'failed' | 'silent'

const silent: unique symbol = Symbol('silent')

/**
 * The journal's two copies on the device (JRN-2). A change is complete when the first copy has committed
 * and the second is flushed; when one of them fails it is complete on the other (JRN-1).
 */
export class TwoCopies {
  readonly #primary: PrimaryCopy
  readonly #twin: TwinCopy
  readonly #clock: Clock
  #primaryState: CopyState = 'good'
  #twinState: CopyState = 'good'
  /** The head that the first copy holds; what the next change is compared with. */
  #stored: HeadRecord | undefined
  /** Entries and personal data that the first copy lacks, by `epoch/seq` and identity. */
  readonly #primaryLacks = new Map<string, EntryRecord>()
  readonly #personalLacks = new Map<string, PersonalItem>()
  #latestHead: HeadRecord | undefined
  #latestNotes: NotesRecord | undefined
  /** What the second copy held when the first one failed. */
  #twinHeld: { entries: EntryRecord[]; personal: PersonalItem[] } | undefined
  /** Records that the second copy lacks. */
  readonly #twinLacks: Uint8Array[] = []
  #segment: { name: SegmentName; bytes: number } | undefined
  /** Places of the entries in each closed segment that was read in this run, by its name. */
  readonly #heldIn = new Map<string, { epoch: string; seq: number }[]>()
  /** Segments of this run say where every epoch begins: older ones need not any more. */
  #basesNoted = false

  constructor(primary: PrimaryCopy, twin: TwinCopy, clock: Clock) {
    this.#primary = primary
    this.#twin = twin
    this.#clock = clock
  }

  get failed(): 'primary' | 'twin' | null {
    if (this.#primaryState !== 'good') return 'primary'
    return this.#twinState === 'good' ? null : 'twin'
  }

  /** Head and notes of the first copy; undefined when it cannot be read, which counts as failed. */
  async readState(): Promise<{ head: HeadRecord | undefined; notes: NotesRecord | undefined } | undefined> {
    const state = await this.#ask(this.#primary.readState())
    if (state === silent || state === undefined) {
      this.#primaryState = state === silent ? 'silent' : 'failed'
      return undefined
    }
    this.#stored = state.head
    return state
  }

  /** Entries of an epoch in order of seq, from the first copy; from the second where the first one failed. */
  async readEntries(epoch: string, fromSeq: number, limit: number): Promise<EntryRecord[]> {
    const stored = await this.readStored(epoch, fromSeq, limit)
    const found = new Map(stored.map((record) => [record.seq, record]))
    for (const record of [...(await this.#ofTwin()).entries, ...this.#primaryLacks.values()]) {
      if (record.epoch === epoch && record.seq >= fromSeq) found.set(record.seq, record)
    }
    return [...found.values()].sort((a, b) => a.seq - b.seq).slice(0, limit)
  }

  /** True where an entry that no read finds is truly lost: both copies can be read, and start united them. */
  get isWhole(): boolean {
    return this.#primaryState === 'good'
  }

  /** A full disk takes no writes from either copy; what was written can be read all the same. */
  get #readsPrimary(): boolean {
    return this.#primaryState === 'good' || (this.#primaryState === 'failed' && this.#twinState !== 'good')
  }

  /** All that the second copy holds, while the first cannot be read. */
  async #ofTwin(): Promise<{ entries: readonly EntryRecord[]; personal: readonly PersonalItem[] }> {
    if (this.#readsPrimary) {
      this.#twinHeld = undefined
      return { entries: [], personal: [] }
    }
    if (this.#twinHeld === undefined) {
      this.#twinHeld = { entries: [], personal: [] }
      for (const { name } of (await this.listSegments()) ?? []) {
        const segment = await this.readSegment(name)
        this.#twinHeld.entries.push(...(segment?.entries ?? []).map(recordOf))
        this.#twinHeld.personal.push(...(segment?.personal ?? []))
      }
    }
    return this.#twinHeld
  }

  /** Entries of the first copy alone, as start compares them; none where it failed. */
  async readStored(epoch: string, fromSeq: number, limit: number): Promise<EntryRecord[]> {
    return (await this.#fromPrimary(() => this.#primary.readEntries(epoch, fromSeq, limit)))?.answer ?? []
  }

  async findEnding(cart: string): Promise<EntryRecord | undefined> {
    const stored = await this.#fromPrimary(() => this.#primary.findEnding(cart))
    const others = [...this.#primaryLacks.values(), ...(await this.#ofTwin()).entries]
    return others.find((record) => record.ending === cart && this.#isInJournal(record)) ?? stored?.answer
  }

  /** undefined where the first copy cannot be read. One that does not answer counts as failed: no answer is no "none" (JRN-2f). */
  async #fromPrimary<T>(read: () => Promise<T>): Promise<{ answer: T } | undefined> {
    if (!this.#readsPrimary) return undefined
    const outcome = await this.#ask(read().then((answer) => ({ answer })))
    if (outcome !== silent && outcome !== undefined) return outcome
    this.#primaryState = outcome === silent ? 'silent' : 'failed'
    return undefined
  }

  /** False for an entry that a failing second copy wrote although it was refused. */
  #isInJournal({ epoch, seq, hash }: EntryRecord): boolean {
    const held = this.#primaryLacks.get(`${epoch}/${seq}`)
    if (held !== undefined) return held.hash === hash
    return this.#latestHead?.epoch !== epoch || seq <= this.#latestHead.seq
  }

  async readPersonal(identities: readonly string[]): Promise<PersonalItem[]> {
    if (identities.length === 0) return []
    const found = new Map<string, PersonalItem>()
    const stored = await this.#fromPrimary(() => this.#primary.readPersonal(identities))
    for (const item of stored?.answer ?? []) found.set(item.identity, item)
    const wanted = new Set(identities)
    for (const item of (await this.#ofTwin()).personal) {
      if (wanted.has(item.identity)) found.set(item.identity, item)
    }
    for (const identity of identities) {
      const item = this.#personalLacks.get(identity)
      if (item !== undefined) found.set(identity, item)
    }
    return [...found.values()]
  }

  /**
   * Writes a change to both copies. Throws JournalRefusal `storage-failed` when neither took it: then
   * nothing was completed.
   */
  async write(change: JournalChange): Promise<WriteOutcome> {
    const first = await this.#writePrimary(change)
    if (first === 'fence-lost' || first === 'head-moved' || first === 'cart-ended') return { kind: first }
    // The first copy cannot compare the fence: a newer owner shows by its segment.
    if (!first && (await this.#hasNewerSegment(change.head.fence))) return { kind: 'fence-lost' }
    const second = await this.#writeTwin(change)
    if (!first && !second && change.entries.length > 0) {
      // It was refused: no repair may bring it to life later.
      this.#twinLacks.pop()
      throw new JournalRefusal('storage-failed', 'Neither copy of the journal took the entry')
    }
    if (!first) this.lendToPrimary(change.entries, change.personal)
    this.#latestHead = change.head
    this.#latestNotes = change.notes ?? this.#latestNotes
    if (first && second) return { kind: 'written', copies: 'both' }
    return { kind: 'written', copies: first ? 'primary-only' : 'twin-only' }
  }

  async #hasNewerSegment(fence: number): Promise<boolean> {
    const segments = await this.listSegments()
    return segments?.some(({ name }) => name.fence > fence) ?? false
  }

  /** Writes to the first copy only: what start found it to lack, and the new owner's fence. */
  async restorePrimary(change: JournalChange): Promise<'written' | 'failed' | 'lost'> {
    this.#latestHead = change.head
    this.#latestNotes = change.notes
    const outcome = await this.#writeFound(change)
    if (outcome === true) return 'written'
    if (outcome !== false) return 'lost'
    this.lendToPrimary(change.entries, change.personal)
    return 'failed'
  }

  /**
   * Writes entries that the second copy holds to the first, also those of a cart that ended there
   * already: two endings are two acts (JRN-7c), and the first one keeps its place in the index.
   */
  async #writeFound(change: JournalChange): Promise<PrimaryWrite> {
    const outcome = await this.#writePrimary(change)
    if (outcome !== 'cart-ended') return outcome
    const ended = new Set<string>()
    const entries: EntryRecord[] = []
    for (const entry of change.entries) {
      const { ending, ...record } = entry
      if (ending === undefined) {
        entries.push(record)
        continue
      }
      const holder = (await this.#fromPrimary(() => this.#primary.findEnding(ending)))?.answer
      const isOther = holder !== undefined && (holder.epoch !== entry.epoch || holder.seq !== entry.seq)
      entries.push(isOther || ended.has(ending) ? record : entry)
      ended.add(ending)
    }
    return await this.#writePrimary({ ...change, entries })
  }

  /** true: committed. false: failed, or failed before. */
  async #writePrimary(change: JournalChange): Promise<PrimaryWrite> {
    if (this.#primaryState !== 'good') return false
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#ask(this.#primary.change({ expect: this.#expected(), ...change }))
      if (outcome === 'committed') return this.#committed(change)
      if (outcome === 'fence-lost') return outcome
      const inquiry = await this.#inquire(change)
      if (inquiry === 'committed') return this.#committed(change)
      if (inquiry === 'fence-lost') return inquiry
      if (outcome === 'head-moved' || outcome === 'cart-ended') return outcome
      if (inquiry === 'head-moved') return inquiry
      // The head is as it was and the cart is open: the very same bytes may be tried once more.
      if (inquiry === 'unknown' || attempt === 2) {
        this.#primaryState = outcome === silent ? 'silent' : 'failed'
        return false
      }
    }
  }

  #committed({ head }: JournalChange): true {
    this.#stored = head
    return true
  }

  #expected(): { fence: number; epoch: string; seq: number; hash: string } | undefined {
    if (this.#stored === undefined) return undefined
    const { fence, epoch, seq, hash } = this.#stored
    return { fence, epoch, seq, hash }
  }

  /** Reads the head again and looks the entry's place up, before any retry (JRN-1). */
  async #inquire({ head, entries }: JournalChange): Promise<Inquiry> {
    const state = await this.#ask(this.#primary.readState())
    if (state === silent || state === undefined) return 'unknown'
    const found = state.head
    if (isSame(found, head) && !isSame(this.#stored, head)) return 'committed'
    // Older entries of a repair may stand there damaged: only the one at the head says what became of this change.
    if (entries.some(({ epoch, seq }) => epoch === head.epoch && seq === head.seq)) {
      const held = await this.#ask(this.#primary.readEntries(head.epoch, head.seq, 1))
      if (held === silent || held === undefined) return 'unknown'
      if (held[0]?.seq === head.seq && held[0].hash === head.hash) return 'committed'
    }
    if (found !== undefined && found.fence > head.fence) return 'fence-lost'
    return isSame(found, this.#stored) ? 'not-committed' : 'head-moved'
  }

  async #writeTwin({ entries, personal }: Pick<JournalChange, 'entries' | 'personal'>): Promise<boolean> {
    if (entries.length === 0 && personal.length === 0) return this.#twinState === 'good'
    // Personal data first: an entry that a torn write left whole has its own (JRN-19i).
    const record = joined([...personal.map(personalRecord), ...entries.map(entryRecord)])
    if (this.#twinState === 'good' && (await this.#append(record))) return true
    this.#twinLacks.push(record)
    return false
  }

  async #append(record: Uint8Array): Promise<boolean> {
    try {
      const segment = await this.#roomFor(record.length)
      if (segment === undefined) return false
      if ((await this.#withPatience(this.#twin.append(record))) === silent) {
        this.#twinState = 'silent'
        return false
      }
      segment.bytes += record.length
      return true
    } catch {
      // The other copy completes the entry; the journal writes an incident (JRN-1).
      this.#twinState = 'failed'
      return false
    }
  }

  async #roomFor(bytes: number): Promise<{ name: SegmentName; bytes: number } | undefined> {
    const segment = this.#segment
    if (segment === undefined || segment.bytes === 0 || segment.bytes + bytes <= segmentBytesMax)
      return segment
    return await this.#nextSegment(segment.name)
  }

  async #nextSegment(name: SegmentName): Promise<{ name: SegmentName; bytes: number } | undefined> {
    const next = { fence: name.fence, n: name.n + 1 }
    if ((await this.#withPatience(this.#twin.openSegment(next))) === silent) {
      this.#twinState = 'silent'
      return undefined
    }
    this.#segment = { name: next, bytes: 0 }
    return this.#segment
  }

  /** Names of the second copy's segments, oldest first; undefined when it cannot be read. */
  async listSegments(): Promise<{ name: SegmentName; bytes: number }[] | undefined> {
    if (this.#twinState !== 'good') return undefined
    const segments = await this.#ask(this.#twin.listSegments())
    if (segments !== silent && segments !== undefined) return segments
    this.#twinState = segments === silent ? 'silent' : 'failed'
    return undefined
  }

  async readSegment(name: SegmentName): Promise<Segment | undefined> {
    const bytes = await this.#ask(this.#twin.readSegment(name))
    return bytes === silent || bytes === undefined ? undefined : readSegment(bytes)
  }

  /** Begins this owner's own segment: an older owner keeps its own locked (JRN-2). */
  async openOwnSegment(fence: number): Promise<void> {
    this.#basesNoted = false
    this.#segment = { name: { fence, n: 0 }, bytes: 0 }
    if (this.#twinState !== 'good') return
    try {
      await this.#nextSegment(this.#segment.name)
    } catch {
      // Sells on the first copy; the journal writes an incident.
      this.#twinState = 'failed'
    }
  }

  /**
   * Appends to the second copy only, what start found it to lack: entries, each with its personal data
   * (JRN-19i), and the personal data of others that it has.
   */
  async appendToTwin(entries: readonly EntryRecord[], personalOf: readonly string[]): Promise<void> {
    const identities = new Set([...entries.map(({ hash }) => hash), ...personalOf])
    const personal = new Map(
      (await this.readPersonal([...identities])).map((item) => [item.identity, item] as const),
    )
    for (const entry of entries) {
      const own = personal.get(entry.hash)
      personal.delete(entry.hash)
      await this.#writeTwin({ entries: [entry], personal: own ? [own] : [] })
    }
    await this.#writeTwin({ entries: [], personal: [...personal.values()] })
  }

  /** Notes what the first copy lacks, so that reads find it and a repair writes it. */
  lendToPrimary(entries: readonly EntryRecord[], personal: readonly PersonalItem[]): void {
    for (const record of entries) this.#primaryLacks.set(`${record.epoch}/${record.seq}`, record)
    for (const item of personal) this.#personalLacks.set(item.identity, item)
  }

  /** Writes to a failed copy what it lacks. A copy that only fell silent is left alone until the next start. */
  async repair(): Promise<'good' | 'fence-lost' | 'failing'> {
    if (this.#primaryState === 'failed' && this.#latestHead !== undefined) {
      this.#primaryState = 'good'
      const lacking = [...this.#primaryLacks.values()].sort((a, b) => a.seq - b.seq)
      const outcome = await this.#writeFound({
        head: this.#latestHead,
        ...(this.#latestNotes && { notes: this.#latestNotes }),
        entries: lacking,
        personal: [...this.#personalLacks.values()],
      })
      if (outcome === 'fence-lost') return outcome
      if (outcome === true) {
        this.#primaryLacks.clear()
        this.#personalLacks.clear()
      } else {
        this.#primaryState = 'failed'
      }
    }
    if (this.#twinState === 'failed' && this.#segment !== undefined) {
      this.#twinState = 'good'
      const lacking = this.#twinLacks.splice(0)
      try {
        // A new segment: the end of the old one may be torn.
        const opened = await this.#nextSegment(this.#segment.name)
        while (opened !== undefined && lacking[0] !== undefined && (await this.#append(lacking[0])))
          lacking.shift()
      } catch {
        // Still failing: the records wait here for the next repair, and the status says so.
        this.#twinState = 'failed'
      }
      this.#twinLacks.unshift(...lacking)
    }
    return this.failed === null ? 'good' : 'failing'
  }

  /** Writes to the second copy where epochs begin on this device; false where it did not take them. */
  async noteBases(bases: readonly TwinBase[]): Promise<boolean> {
    if (bases.length === 0 || this.#twinState !== 'good') return bases.length === 0
    return await this.#append(joined(bases.map(baseRecord)))
  }

  /**
   * Takes entries at or below their epoch's base off one closed segment of the second copy, once they
   * are half of it. Answers whether there was work; the rest waits for the next call.
   */
  async trimTwin(bases: ReadonlyMap<string, RetainedBase>): Promise<boolean> {
    const open = this.#segment?.name
    if (open === undefined) return false
    const isKept = ({ epoch, seq }: { epoch: string; seq: number }) =>
      seq === 1 || seq > (bases.get(epoch)?.seq ?? 0)
    for (const { name } of (await this.listSegments()) ?? []) {
      if (name.fence === open.fence && name.n === open.n) continue
      const key = `${name.fence}.${name.n}`
      const known = this.#heldIn.get(key)
      const segment = known === undefined ? await this.readSegment(name) : undefined
      const held = known ?? segment?.entries.map(({ epoch, seq }) => ({ epoch, seq })) ?? []
      this.#heldIn.set(key, held)
      const keptCount = held.filter(isKept).length
      if (keptCount < held.length && keptCount <= held.length / 2) {
        const all = [...bases].map(([epoch, base]) => ({ epoch, base }))
        this.#basesNoted ||= await this.noteBases(all)
        if (!this.#basesNoted) return false
        return await this.#trimSegment(name, isKept, name.fence === open.fence ? bases : new Map())
      }
      if (segment !== undefined) return true
    }
    return false
  }

  async #trimSegment(
    name: SegmentName,
    isKept: (place: { epoch: string; seq: number }) => boolean,
    bases: ReadonlyMap<string, RetainedBase>,
  ): Promise<boolean> {
    const segment = await this.readSegment(name)
    if (segment === undefined) return false
    const entries = segment.entries.filter(isKept)
    const dropped = new Set(segment.entries.filter((entry) => !isKept(entry)).map(({ hash }) => hash))
    const kept = {
      entries,
      personal: segment.personal.filter(({ identity }) => !dropped.has(identity)),
      bases: segment.bases.filter(({ epoch, base }) => bases.get(epoch)?.seq === base.seq),
    }
    const isEmpty = entries.length + kept.personal.length + kept.bases.length === 0
    const done = isEmpty ? this.#twin.removeSegment(name) : this.#twin.rewriteSegment(name, segmentOf(kept))
    const outcome = await this.#ask(done.then(() => true))
    // One that cannot be changed, a frozen window's say, only takes room: left alone in this run.
    const held = outcome === true ? entries.map(({ epoch, seq }) => ({ epoch, seq })) : []
    this.#heldIn.set(`${name.fence}.${name.n}`, held)
    return true
  }

  /** Takes the personal data of these entries off both copies for good (JRN-19). */
  async erasePersonal(identities: readonly string[]): Promise<void> {
    for (const identity of identities) this.#personalLacks.delete(identity)
    this.#twinHeld = undefined
    await this.#primary.erasePersonal(identities)
    const erased = new Set(identities)
    for (const { name } of await this.#twin.listSegments()) {
      const kept = withoutPersonal(await this.#twin.readSegment(name), erased)
      if (kept === undefined) continue
      await this.#twin.rewriteSegment(name, kept)
      const open = this.#segment
      if (open !== undefined && open.name.fence === name.fence && open.name.n === name.n)
        open.bytes = kept.length
    }
  }

  async #withPatience<T>(promise: Promise<T>): Promise<T | typeof silent> {
    return await Promise.race([promise, this.#clock.after(patienceMs).then((): typeof silent => silent)])
  }

  /** The answer; `silent` after 5 s; undefined when the copy failed. */
  async #ask<T>(promise: Promise<T>): Promise<T | typeof silent | undefined> {
    try {
      return await this.#withPatience(promise)
    } catch {
      // A failed copy is a state of the till, not an exception: the other one carries on.
      return undefined
    }
  }
}

function isSame(a: HeadRecord | undefined, b: HeadRecord | undefined): boolean {
  return a?.fence === b?.fence && a?.epoch === b?.epoch && a?.seq === b?.seq && a?.hash === b?.hash
}
