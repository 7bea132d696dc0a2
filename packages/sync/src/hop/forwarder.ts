import type { Marks, PushAnswer } from '../messages.ts'
import { backOffMs } from '../till/hop.ts'
import { maxAsked, type Parcel, type StandingAnswer } from './messages.ts'
import { type ForwarderPorts, type ForwardOutcome, HqRefused, type OwnHead } from './types.ts'

/** How often HQ is asked where it stands when nothing happens: marks rise, and its restore must be seen. */
const askEveryMs = 30_000
/** After the last entry of an epoch arrived at HQ its marks are asked for soon: tills wait for them. */
const askSoonMs = 1_000

/** One epoch on its way to HQ. */
type Track = OwnHead & {
  /** HQ has the own entries up to here; null: it must be asked first. */
  agreed: number | null
  /** HQ's head, as last heard. */
  hqSeq: number
  /** First place at which HQ has another entry, once a push showed it. */
  otherFrom: number | null
  /** HQ has another branch: what is sent from the beginning on shows where it parts from this one. */
  isParted: boolean
  /** Slots that HQ lacks below its head. */
  gaps: { fromSeq: number; toSeq: number }[]
  /** A request of this epoch is under way (JRN-8c). */
  busy: boolean
  /** Rises with every answer, so that an answer to an older question is not believed. */
  heard: number
  failures: number
  notBeforeMs: number
}

/**
 * Brings every journal of a store server to headquarters, byte for byte and once each (JRN-20a): asks where
 * HQ stands, sends each epoch from HQ's head + 1, oldest first, and begins again whenever HQ's generation
 * is another one. What HQ has and this server lacks it fetches; where HQ chose another branch it takes
 * that over. Holds nothing that must survive: after a restart it asks again (JRN-20g).
 *
 * `step` does one piece of work and may be called again while another step runs: they take different epochs.
 */
export class Forwarder {
  readonly #ports: ForwarderPorts
  #tracks: Map<string, Track> | undefined
  /** HQ's generation, as last heard. */
  #generation: string | null = null
  #asking = false
  #askAtMs = 0
  #lacking: string[] = []
  /** Forks up to this one were asked for; null: from the first. */
  #askedFork: string | null = null
  #sendingFork = false
  #failures = 0
  #notBeforeMs = 0
  #contactAt: number | null = null

  constructor(ports: ForwarderPorts) {
    this.#ports = ports
  }

  /** When HQ last answered (ms UTC) in this run; null: not yet. */
  get contactAt(): number | null {
    return this.#contactAt
  }

  /** HQ answered the last request. */
  get isConnected(): boolean {
    return this.#contactAt !== null && this.#failures === 0
  }

  /** HQ's generation, as last heard in this run. */
  get generation(): string | null {
    return this.#generation
  }

  /** Entries of which HQ is not known to have them; in epochs that it was not asked about yet all of them. */
  get waiting(): number {
    let entries = 0
    for (const { seq, agreed } of this.#tracks?.values() ?? []) entries += Math.max(0, seq - (agreed ?? 0))
    return entries
  }

  /** The own journal grew. */
  moved({ register, epoch, seq, hash }: OwnHead): void {
    const track = this.#tracks?.get(epoch)
    if (track === undefined) this.#tracks?.set(epoch, newTrack({ register, epoch, seq, hash }))
    else if (seq > track.seq) Object.assign(track, { seq, hash })
  }

  /** Asks HQ with the next step, e.g. because the line came back. */
  hurry(): void {
    this.#notBeforeMs = 0
    this.#askAtMs = 0
  }

  /** Wait before the next step: 0 while there is work. */
  nextDelayMs(): number {
    const now = this.#ports.now()
    if (this.#notBeforeMs > now) return this.#notBeforeMs - now
    if (this.#tracks === undefined) return 0
    if (this.#lacking.length > 0 && !this.#sendingFork) return 0
    const tracks = [...this.#tracks.values()].filter((track) => !track.busy)
    const due = tracks.filter(hasWork).map(({ notBeforeMs }) => notBeforeMs - now)
    if (!this.#asking) due.push(tracks.some(isUnasked) ? 0 : this.#askAtMs - now)
    return Math.max(0, Math.min(askEveryMs, ...due))
  }

  async step(): Promise<ForwardOutcome> {
    if (this.#ports.now() < this.#notBeforeMs) return { kind: 'idle' }
    let epoch: string | null = null
    try {
      const tracks = await this.#known()
      const isDue = this.#ports.now() >= this.#askAtMs || [...tracks.values()].some(isUnasked)
      if (!this.#asking && isDue) return await this.#ask(tracks)
      const track = this.#next(tracks)
      if (track === undefined) return await this.#sendFork()
      epoch = track.epoch
      return await this.#alone(track, () => this.#work(track))
    } catch (cause) {
      this.#failed(cause, epoch)
      return { kind: 'failed', epoch, cause }
    }
  }

  async #known(): Promise<Map<string, Track>> {
    if (this.#tracks === undefined) {
      const heads = await this.#ports.journal.heads()
      this.#tracks ??= new Map(heads.map((head) => [head.epoch, newTrack(head)]))
    }
    return this.#tracks
  }

  /** Oldest epoch first (JRN-8a). UUIDv7: their order is that of their birth. */
  #next(tracks: ReadonlyMap<string, Track>): Track | undefined {
    const now = this.#ports.now()
    return [...tracks.values()]
      .filter((track) => !track.busy && track.notBeforeMs <= now && hasWork(track))
      .sort((one, other) => (one.epoch < other.epoch ? -1 : 1))[0]
  }

  async #alone<T>(track: Track, work: () => Promise<T>): Promise<T> {
    track.busy = true
    try {
      const done = await work()
      track.failures = 0
      return done
    } finally {
      track.busy = false
    }
  }

  /** No answer: everything waits, with jitter. A refusal holds up its own epoch only. */
  #failed(cause: unknown, epoch: string | null): void {
    const now = this.#ports.now()
    const track = epoch === null ? undefined : this.#tracks?.get(epoch)
    if (track !== undefined && (cause instanceof HqRefused || cause instanceof NoProgress)) {
      track.failures++
      track.notBeforeMs = now + backOffMs(track.failures, this.#fraction())
      this.#failures = 0
      return
    }
    this.#failures++
    this.#notBeforeMs = now + backOffMs(this.#failures, this.#fraction())
    // Whoever answers next may be a restored server: it is asked first.
    this.#askAtMs = 0
  }

  // Asking

  async #ask(tracks: ReadonlyMap<string, Track>): Promise<ForwardOutcome> {
    const { journal, hq } = this.#ports
    this.#asking = true
    try {
      const all = [...tracks.values()]
      const asked = all
        .filter((track) => !track.busy)
        .sort((one, other) => Number(one.agreed !== null) - Number(other.agreed !== null))
        .slice(0, maxAsked)
        .map((track) => ({ track, heard: track.heard, head: headOf(track) }))
      const forks = await journal.forks(this.#askedFork)
      this.#askedFork = forks.length < maxAsked ? null : (forks.at(-1) ?? null)
      const answer = await hq.standing({
        requestId: this.#requestId(),
        heads: asked.map(({ head }) => head),
        forks,
      })
      this.#enter(answer.generation)
      this.#askAtMs = this.#ports.now() + askEveryMs
      await journal.keep(answer)
      for (const [index, { track, heard, head }] of asked.entries()) {
        const theirs = answer.heads[index]
        if (theirs === undefined || track.heard !== heard) continue
        await this.#believe(track, head.seq, theirs, answer)
      }
      this.#lacking = answer.lacking
      return { kind: 'asked' }
    } finally {
      this.#asking = false
    }
  }

  /** HQ's head is believed, however low (JRN-9g); another hash at its place is another branch. */
  async #believe(
    track: Track,
    toldSeq: number,
    { seq, hash }: { seq: number; hash: string },
    { forked, holes }: Pick<StandingAnswer, 'forked' | 'holes'>,
  ): Promise<void> {
    track.heard++
    track.hqSeq = seq
    track.gaps = holes.filter(({ epoch }) => epoch === track.epoch)
    if (track.isParted) return
    const own = seq === 0 || seq > toldSeq ? hash : await this.#ports.journal.hashAt(track.epoch, seq)
    // What HQ has of it costs nothing again.
    track.isParted = forked.includes(track.epoch) || (own !== undefined && own !== hash)
    track.agreed = track.isParted ? 0 : Math.min(seq, toldSeq)
  }

  /** HQ answered. Another generation is another life of its data: every epoch is asked for again (JRN-9j). */
  #enter(generation: string): void {
    this.#contactAt = this.#ports.now()
    this.#failures = 0
    if (this.#generation === generation) return
    const isFirst = this.#generation === null
    this.#generation = generation
    if (isFirst) return
    for (const track of this.#tracks?.values() ?? []) {
      Object.assign(track, {
        agreed: null,
        otherFrom: null,
        isParted: false,
        gaps: [],
        failures: 0,
        notBeforeMs: 0,
      })
    }
    this.#lacking = []
  }

  // Sending

  async #work(track: Track): Promise<ForwardOutcome> {
    if (track.otherFrom !== null) return await this.#takeOver(track, track.otherFrom)
    const agreed = track.agreed ?? 0
    if (agreed < track.seq) return await this.#send(track, agreed + 1)
    const gap = track.gaps.shift()
    if (gap !== undefined) return await this.#fill(track, gap)
    return await this.#fetch(track)
  }

  async #send(track: Track, fromSeq: number): Promise<ForwardOutcome> {
    const parcel = await this.#ports.journal.read(track.epoch, fromSeq)
    if (parcel === undefined) return await this.#lookAgain(track)
    const answer = await this.#push(parcel)
    await this.#afterPush(track, parcel, answer)
    return { kind: 'forwarded', epoch: track.epoch, entries: parcel.entries.length }
  }

  /** Nothing to send where the epoch was believed to be longer: a take-over came between. */
  async #lookAgain(track: Track): Promise<ForwardOutcome> {
    const own = (await this.#ports.journal.heads()).find(({ epoch }) => epoch === track.epoch)
    if (own === undefined || own.seq >= track.seq) throw new NoProgress('No signed head covers the entries')
    Object.assign(track, { seq: own.seq, hash: own.hash, agreed: null })
    return { kind: 'idle' }
  }

  async #push(parcel: Parcel): Promise<PushAnswer> {
    const { journal, hq } = this.#ports
    const answer = await hq.push({ requestId: this.#requestId(), ...parcel })
    this.#enter(answer.generation)
    const marks: Marks[] = [answer.marks]
    if (answer.marks.received !== null || answer.marks.durable !== null) {
      await journal.keep({ generation: answer.generation, marks, closed: [] })
    }
    return answer
  }

  async #afterPush(track: Track, parcel: Parcel, answer: PushAnswer): Promise<void> {
    track.heard++
    // In another generation everything is asked for first.
    if (track.agreed === null) return
    const before = track.agreed
    const lastSeq = parcel.firstSeq + parcel.entries.length - 1
    track.hqSeq = answer.head.seq
    if (answer.forked.length > 0) {
      const first = Math.min(...answer.forked)
      // HQ ends before it, and has what is a hole here: the branches part inside the hole.
      const { hole } = parcel
      const isInHole = hole !== null && first === parcel.firstSeq && answer.head.seq < first
      const otherFrom = isInHole ? hole.fromSeq : first
      // HQ parted from this journal earlier than was agreed: a push from the beginning shows where.
      const isEarlier = answer.head.seq < otherFrom
      track.otherFrom = isEarlier ? null : otherFrom
      track.isParted = isEarlier
      track.agreed = isEarlier ? 0 : Math.max(before, otherFrom - 1)
      return
    }
    const isTaken = answer.head.seq >= lastSeq
    track.agreed = isTaken ? lastSeq : Math.min(answer.head.seq, track.seq)
    // All of it was shown, or HQ has lost what it had.
    if (!isTaken || track.agreed >= track.seq) track.isParted = false
    if (track.agreed >= track.seq) this.#askAtMs = Math.min(this.#askAtMs, this.#ports.now() + askSoonMs)
    // Believed, but asking the same again at once would be a loop.
    if (track.agreed === before) throw new NoProgress('Headquarters did not take the push')
  }

  /** Slots that HQ knows as a hole and whose bytes are here (JRN-8h). */
  async #fill(track: Track, { fromSeq, toSeq }: { fromSeq: number; toSeq: number }): Promise<ForwardOutcome> {
    const parcel = await this.#ports.journal.read(track.epoch, fromSeq, toSeq)
    if (parcel === undefined || parcel.firstSeq > toSeq) return { kind: 'idle' }
    const answer = await this.#push({ ...parcel, hole: null })
    track.heard++
    track.hqSeq = answer.head.seq
    return { kind: 'forwarded', epoch: track.epoch, entries: parcel.entries.length }
  }

  /** Entries kept aside go to HQ as well (JRN-20a): a dead till cannot re-home them. */
  async #sendFork(): Promise<ForwardOutcome> {
    const identity = this.#sendingFork ? undefined : this.#lacking.shift()
    if (identity === undefined) return { kind: 'idle' }
    this.#sendingFork = true
    try {
      const parcel = await this.#ports.journal.readFork(identity)
      if (parcel === undefined) return { kind: 'idle' }
      await this.#push({ ...parcel, aside: true })
      return { kind: 'forwarded', epoch: parcel.epoch, entries: parcel.entries.length }
    } catch (cause) {
      // The next question names it again.
      if (cause instanceof HqRefused) return { kind: 'failed', epoch: null, cause }
      throw cause
    } finally {
      this.#sendingFork = false
    }
  }

  // Taking

  /** HQ has more of this epoch, by another path or from before this server's restore (JRN-20e). */
  async #fetch(track: Track): Promise<ForwardOutcome> {
    const { journal, hq } = this.#ports
    const { register, epoch, seq } = track
    const { parcel } = await hq.parcel({ register, epoch, fromSeq: seq + 1 })
    this.#contactAt = this.#ports.now()
    if (parcel === null) {
      track.hqSeq = seq
      return { kind: 'idle' }
    }
    const answer = await journal.accept({ requestId: this.#requestId(), ...parcel })
    this.#took(track, answer)
    // The own end lies in a hole of HQ, which goes on from another entry there.
    if (answer.forked.length > 0) Object.assign(track, { agreed: 0, isParted: true })
    if (track.seq === seq) throw new NoProgress('The entries of headquarters do not fit')
    return { kind: 'fetched', epoch, entries: parcel.entries.length }
  }

  async #takeOver(track: Track, fromSeq: number): Promise<ForwardOutcome> {
    const { journal, hq } = this.#ports
    const { register, epoch } = track
    const { parcel } = await hq.parcel({ register, epoch, fromSeq })
    // Where HQ has a hole, its branch begins with it.
    if (parcel === null || (parcel.hole?.fromSeq ?? parcel.firstSeq) !== fromSeq) {
      // HQ was restored meanwhile, or its branch begins elsewhere: it is asked again.
      Object.assign(track, { agreed: null, otherFrom: null })
      throw new NoProgress('Headquarters has no other branch here')
    }
    const answer = await journal.takeOver({ requestId: this.#requestId(), ...parcel })
    track.otherFrom = null
    track.seq = 0
    this.#took(track, answer)
    this.#askAtMs = 0
    return { kind: 'taken-over', epoch, fromSeq }
  }

  #took(track: Track, { head }: PushAnswer): void {
    track.heard++
    if (head.seq > track.seq) Object.assign(track, { seq: head.seq, hash: head.hash })
    track.agreed = Math.min(track.seq, track.hqSeq)
  }

  #requestId(): string {
    return this.#ports.random.uuid(this.#ports.now())
  }

  /** Random in [0, 1). */
  #fraction(): number {
    const [a = 0, b = 0] = this.#ports.random.bytes(2)
    return ((a << 8) | b) / 2 ** 16
  }
}

/** An answer that leaves everything as it was: tried again later. */
export class NoProgress extends Error {}

function newTrack({ register, epoch, seq, hash }: OwnHead): Track {
  return {
    register,
    epoch,
    seq,
    hash,
    agreed: null,
    hqSeq: 0,
    otherFrom: null,
    isParted: false,
    gaps: [],
    busy: false,
    heard: 0,
    failures: 0,
    notBeforeMs: 0,
  }
}

function headOf({ epoch, seq, hash }: Track) {
  return { epoch, seq, hash }
}

function isUnasked({ agreed, busy }: Track): boolean {
  return agreed === null && !busy
}

/** Something to send, to fetch, or to take over. */
function hasWork({ agreed, seq, hqSeq, otherFrom, gaps }: Track): boolean {
  if (otherFrom !== null) return true
  return agreed !== null && (agreed < seq || hqSeq > seq || gaps.length > 0)
}
