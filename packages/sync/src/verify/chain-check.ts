import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import type { Certificate } from '../entry/certificate.ts'
import { firstPrevHashSync, personalBytes } from '../entry/hash.ts'
import type { Entry, HeadRef, Totals } from '../entry/schema.ts'
import type { Hole, PersonalItem, SignedCheckpoint } from '../messages.ts'
import {
  type PrepareTools,
  personalHashOf,
  prepareEntry,
  verifyCertificate,
  verifyCheckpoint,
} from '../server/prepare-push.ts'
import type { PreparedEntry } from '../server/types.ts'
import { noHash, type ReceivedRecord, runOn } from './hq-records.ts'
import { Intervals } from './intervals.ts'
import { LISTED_MAX, numbersOf, Recount, type RehomedSale } from './recount.ts'

export type ChainCause =
  | 'missing'
  | 'order'
  | 'broken-link'
  | 'first-entry'
  | 'wrong-place'
  | 'hole'
  | 'checkpoint'
  | 'received'
  | 'statement'
  | 'trusted-head'
  | 'personal'

/** A slot as a person finds it again; null where its bytes do not say. */
export type SlotInfo = {
  seq: number
  /** Line of the file; null where the entries did not come from one. */
  line: number | null
  type: string | null
  /** The till's time, ms UTC. */
  at: number | null
  /** Of the bills in it. */
  numbers: string[]
}

export type ChainFault = {
  seq: number
  cause: ChainCause
  /** Links hold and a signature does not: what was changed lies between this seq and `seq`. */
  since?: number
}

/** A fault with the slot and its neighbours; absent where the journal has none. */
export type NamedFault = ChainFault & { before?: SlotInfo; slot?: SlotInfo; after?: SlotInfo }

export type ChainReport = {
  epoch: string
  register: string | null
  code: string | null
  firstSeq: number
  lastSeq: number
  entries: number
  /** The first entry that cannot be what was written, and why; null: none. */
  firstBad: ChainFault | null
  /** All of them in order of seq, at most as many as can be listed. */
  faults: NamedFault[]
  /** Up to here a signature or a trusted head vouches for every byte; 0: for none. */
  provenSeq: number
  /** The same by signatures of the till alone. */
  signedSeq: number
  /** Slots without bytes, declared: no fault. */
  holes: readonly Hole[]
  /** Slots that HQ keeps in quarantine: no fault. */
  quarantined: number[]
  /** Slots whose bytes this release cannot read: they wait, no fault. */
  unread: number[]
  /** Entries whose totals are not the sum of those before them (JRN-18). */
  wrongTotals: number[]
  /** Numbers that do not follow the one before in their series (JRN-14a). */
  wrongNumbers: { seq: number; number: string }[]
  /** Totals after the last entry, recomputed where nothing is missing; null otherwise. */
  totals: Totals | null
  /** Sales of other epochs that were written again here: with the totals they make the revenue. */
  rehomedSales: RehomedSale[]
  /** Entries with personal data: how many there are, and of how many the data is here and fits. */
  personal: { entries: number; kept: number }
}

export type ChainTools = Pick<PrepareTools, 'sha256' | 'verify' | 'enrolmentKeys'> & {
  epoch: string
  /** Whose journal it is; undefined: whoever the certificate names. */
  register?: string
}

/** Shortest hash that says which head is meant: what receipts print (JRN-18). */
export const SHORT_HASH = 8
const FAULTS_MAX = 100

type Range = { record: ReceivedRecord; isAuthentic: boolean; running: string }

/**
 * Checks one epoch of a journal, slot by slot, in constant memory (JRN-17). What speaks of slots (holes,
 * checkpoints, countersignatures) is told before the first entry behind them.
 */
export class ChainCheck {
  readonly epoch: string
  readonly #tools: ChainTools
  readonly #recount = new Recount()
  readonly #holes: Hole[] = []
  readonly #quarantined = new Set<number>()
  readonly #checkpoints = new Map<number, SignedCheckpoint[]>()
  readonly #ranges: Range[] = []
  readonly #faults: NamedFault[] = []
  readonly #unread: number[] = []
  readonly #proven = new Intervals()
  readonly #signed = new Intervals()
  readonly #personal = { entries: 0, kept: 0 }
  #certificate: Certificate | undefined
  #predecessor: HeadRef | null = null
  #entries = 0
  #firstSeq = 0
  #last: { seq: number; prepared: PreparedEntry; isVouched: boolean } | undefined
  /** Place and hash that the next slot links to; null: not known. */
  #expected: { seq: number; prevHash: string | null }
  /** First slot of the row that links up to the last one: what a signed head covers (JRN-17b). */
  #rowFrom = 1
  /** A link that does not hold; the next entry tells which side was changed. */
  #breach: { seq: number; hash: string; before: number | null; behindHole: number | null } | undefined
  #running = noHash
  #trusted: { seq: number; hash: string } | null = null
  /** The last slots, for the neighbours of a fault. */
  #near: SlotInfo[] = []

  constructor(tools: ChainTools) {
    this.#tools = tools
    this.epoch = tools.epoch
    this.#expected = { seq: 1, prevHash: firstPrevHashSync(tools.epoch, tools.sha256) }
  }

  get lastSeq(): number {
    return this.#last?.seq ?? 0
  }

  /** Series code of the epoch's numbers, once its entry 1 told it. */
  get code(): string | null {
    return this.#certificate?.code ?? null
  }

  /** Head that entry 1 names as its predecessor (JRN-4r). */
  get predecessor(): HeadRef | null {
    return this.#predecessor
  }

  /** Last slot, a declared hole at the end included; null while empty. */
  get head(): { seq: number; hash: string } | null {
    const { seq, prevHash } = this.#expected
    return seq > 1 && prevHash !== null ? { seq: seq - 1, hash: prevHash } : null
  }

  /** Running hash over the entries so far. */
  get running(): string {
    return this.#running
  }

  /** A head that the verifier trusts for another reason; its hash may be the short one of a receipt. */
  trust({ seq, hash }: { seq: number; hash: string }): void {
    this.#trusted = { seq, hash }
    if (this.#last?.seq === seq) this.#vouchByTrust(seq, this.#last.prepared.hash)
  }

  declareHole(hole: Hole): void {
    this.#holes.push(hole)
  }

  quarantine(seq: number): void {
    this.#quarantined.add(seq)
  }

  /** False where the entry that it signs has passed already. */
  checkpoint(signed: SignedCheckpoint): boolean {
    const { seq } = signed.checkpoint
    if (seq <= this.lastSeq) return false
    this.#checkpoints.set(seq, [...(this.#checkpoints.get(seq) ?? []), signed])
    return true
  }

  /** HQ's record of a row of slots, in order of fromSeq. `isAuthentic`: its signature or a root vouches for it. */
  received(record: ReceivedRecord, isAuthentic: boolean): boolean {
    const before = this.#ranges.at(-1)?.record.toSeq ?? this.lastSeq
    if (record.fromSeq <= before || record.toSeq < record.fromSeq) return false
    this.#ranges.push({ record, isAuthentic, running: noHash })
    return true
  }

  add(seq: number, bytes: Uint8Array, line: number | null = null): void {
    const prepared = prepareEntry(bytes, this.#tools.sha256)
    const { outline } = prepared.decoded
    const info: SlotInfo = { seq, line, type: outline.type, at: outline.at, numbers: numbersOf(prepared) }
    this.#seen(info)
    this.#entries++
    this.#running = runOn(this.#running, prepared.hash, this.#tools.sha256)
    if (seq < this.#expected.seq) {
      this.#fault({ seq, cause: 'order' })
      return
    }
    this.#resolveBreach(seq === this.#expected.seq ? outline.prevHash : null)
    const holeBefore = this.#passHoles(seq)
    if (seq !== this.#expected.seq) {
      this.#fault({ seq: this.#expected.seq, cause: 'missing' })
      this.#expected = { seq, prevHash: null }
    }
    if (this.#firstSeq === 0) this.#takeFirst(seq, prepared)
    this.#link(seq, prepared, holeBefore)
    const isVouched = this.#vouch(seq, prepared.hash)
    this.#recount.add(seq, prepared, this.#certificate?.code ?? null)
    if (prepared.decoded.kind !== 'ok' && this.#unread.length < LISTED_MAX) this.#unread.push(seq)
    for (const one of [prepared, prepared.inner]) {
      if (one !== null && personalHashOf(one) !== null) this.#personal.entries++
    }
    this.#last = { seq, prepared, isVouched }
    this.#expected = { seq: seq + 1, prevHash: prepared.hash }
  }

  /** Data of people of the entry added last (JRN-19). */
  personal({ identity, salt, data }: PersonalItem): void {
    const last = this.#last
    const own = last?.prepared.hash === identity ? last.prepared : undefined
    const inner = last?.prepared.inner?.hash === identity ? last.prepared.inner : undefined
    const entry = own ?? inner
    // Nobody can say whether data fits an entry that cannot be read yet.
    if (entry !== undefined && entry.decoded.kind !== 'ok') return
    if (entry === undefined) {
      // Its entry was taken out here, or is the last one and no longer what it was.
      const { seq } = this.#expected
      this.#fault(last ? { seq, cause: 'personal', since: last.seq } : { seq, cause: 'personal' })
      return
    }
    const found = toBase64Url(this.#tools.sha256(personalBytes(fromBase64Url(salt), data)))
    if (personalHashOf(entry) === found) this.#personal.kept++
    else this.#fault({ seq: this.lastSeq, cause: 'personal' })
  }

  /** To be called once, behind the last entry. */
  end(): void {
    this.#resolveBreach(null)
    this.#passHoles(Number.POSITIVE_INFINITY)
    const { seq: next } = this.#expected
    let isCut = this.#ranges.some(({ record }) => record.toSeq >= next)
    for (const signed of this.#certificate === undefined ? [] : [...this.#checkpoints.values()].flat()) {
      const { seq } = signed.checkpoint
      if (!this.#isGenuine(signed)) this.#fault({ seq, cause: 'checkpoint' })
      else if (seq >= next) isCut = true
    }
    if (isCut) this.#fault({ seq: next, cause: 'missing' })
    if (this.#trusted !== null) this.#fault({ seq: this.#trusted.seq, cause: 'trusted-head' })
  }

  /** What a later epoch, signed itself, says of this one's end: its entry 1 names it as predecessor. */
  vouchForEnd(by: 'till' | 'other'): void {
    if (this.#last === undefined) return
    this.#proven.add(this.#rowFrom, this.#last.seq)
    if (by === 'till') this.#signed.add(this.#rowFrom, this.#last.seq)
  }

  /** HQ's statement covers every slot and every line of the epoch. */
  vouchForAll(): void {
    this.#proven.add(1, this.#expected.seq - 1)
  }

  /** The statement does not: what is missing or was changed. */
  faultByStatement(head: { seq: number } | undefined): void {
    const next = this.#expected.seq
    if (head !== undefined && head.seq >= next) this.#fault({ seq: next, cause: 'missing' })
    else if (this.#faults.length === 0) {
      // The running hash says that something differs, and not what.
      const seq = Math.max(1, next - 1)
      this.#fault(seq > 1 ? { seq, cause: 'statement', since: 1 } : { seq, cause: 'statement' })
    }
  }

  /** A record of HQ's about slots that does not hold, or stands in the wrong place. */
  faultByReceived(fromSeq: number): void {
    this.#fault({ seq: fromSeq, cause: 'received' })
  }

  report(): ChainReport {
    const { wrongTotals, wrongNumbers, totals, rehomedSales } = this.#recount
    const certain = ({ since }: ChainFault) => (since === undefined ? 0 : 1)
    const faults = this.#faults.toSorted((a, b) => a.seq - b.seq || certain(a) - certain(b))
    const first = faults[0]
    const below = first === undefined ? Number.POSITIVE_INFINITY : (first.since ?? first.seq) - 1
    return {
      epoch: this.epoch,
      register: this.#certificate?.register ?? null,
      code: this.#certificate?.code ?? null,
      firstSeq: this.#firstSeq,
      lastSeq: this.#expected.seq - 1,
      entries: this.#entries,
      firstBad: first ? bare(first) : null,
      faults,
      provenSeq: Math.min(below, this.#proven.unbrokenTo),
      signedSeq: Math.min(below, this.#signed.unbrokenTo),
      holes: this.#holes,
      quarantined: [...this.#quarantined],
      unread: this.#unread,
      wrongTotals,
      wrongNumbers,
      totals,
      rehomedSales,
      personal: this.#personal,
    }
  }

  #takeFirst(seq: number, prepared: PreparedEntry): void {
    this.#firstSeq = seq
    const opened = seq === 1 ? entryOf(prepared, 'epoch-opened') : undefined
    const certificate =
      opened &&
      verifyCertificate(
        { certificate: opened.body.certificate, signature: opened.body.certificateSignature },
        this.#tools,
      )
    const { register } = this.#tools
    const isOwn =
      certificate?.epoch === this.epoch && (register === undefined || certificate.register === register)
    if (certificate === undefined || !isOwn) {
      this.#fault({ seq, cause: 'first-entry' })
      return
    }
    this.#certificate = certificate
    this.#predecessor = opened?.body.predecessor ?? null
  }

  /** Goes over the holes that end below `seq`; answers where the last one of them ended. */
  #passHoles(seq: number): number | null {
    let endedAt: number | null = null
    for (;;) {
      const next = this.#expected.seq
      const hole = this.#holes.find(({ fromSeq, toSeq }) => fromSeq <= next && next <= toSeq && toSeq < seq)
      if (hole === undefined) return endedAt
      // What lies below a hole is not covered by what is signed above it; entry 1 is, by its certificate.
      if (next === 2 && this.#certificate !== undefined) {
        this.#proven.add(1, 1)
        this.#signed.add(1, 1)
      }
      this.#proven.add(next, hole.toSeq)
      this.#signed.add(next, hole.toSeq)
      this.#checkPassed(hole.toSeq)
      const record = this.#ranges[0]?.record
      if (record !== undefined && record.fromSeq <= hole.toSeq) {
        this.#ranges.shift()
        this.#fault({ seq: Math.max(record.fromSeq, next), cause: 'missing' })
      }
      this.#expected = { seq: hole.toSeq + 1, prevHash: hole.lastHash }
      this.#rowFrom = hole.toSeq + 1
      endedAt = hole.toSeq
    }
  }

  #link(seq: number, prepared: PreparedEntry, behindHole: number | null): void {
    const { outline } = prepared.decoded
    const { prevHash: expected } = this.#expected
    const misplaced = outline.epoch !== null && (outline.epoch !== this.epoch || outline.seq !== seq)
    // Bytes that nobody can read name neither place nor predecessor; their successor vouches for them.
    if (misplaced || outline.prevHash === null || expected === null) this.#rowFrom = seq
    else if (outline.prevHash !== expected) {
      // What was signed is not what was changed.
      const before = behindHole === null && !this.#last?.isVouched ? (this.#last?.seq ?? null) : null
      this.#breach = { seq, hash: prepared.hash, before, behindHole }
      this.#rowFrom = seq
    }
    if (misplaced && !this.#quarantined.has(seq)) this.#fault({ seq, cause: 'wrong-place' })
  }

  /**
   * What its successor or a signature vouches for is what was written: then the entry before was changed,
   * or the hole's hash; else this one was.
   */
  #resolveBreach(prevHash: string | null): void {
    const breach = this.#breach
    if (breach === undefined) return
    this.#breach = undefined
    const { seq, before, behindHole } = breach
    const isSound = prevHash === breach.hash || this.#last?.isVouched === true
    if (isSound && behindHole !== null) this.#fault({ seq: behindHole, cause: 'hole' })
    else if (isSound && before !== null) this.#fault({ seq: before, cause: 'broken-link' })
    // Nobody says which of the two it was where no successor names this one.
    else if (prevHash === null && before !== null) this.#fault({ seq, cause: 'broken-link', since: before })
    else this.#fault({ seq, cause: 'broken-link' })
  }

  /** Whether something that was signed or is trusted names this slot's hash. */
  #vouch(seq: number, hash: string): boolean {
    let isVouched = false
    for (const signed of this.#checkpoints.get(seq) ?? []) {
      if (this.#certificate === undefined) break
      if (!this.#isGenuine(signed) || signed.checkpoint.hash !== hash) {
        this.#faultSince(seq, 'checkpoint')
        continue
      }
      isVouched = true
      this.#signed.add(this.#rowFrom, seq)
      this.#proven.add(this.#rowFrom, seq)
    }
    this.#checkpoints.delete(seq)
    isVouched = this.#vouchByTrust(seq, hash) || isVouched
    return this.#vouchByRange(seq, hash) || isVouched
  }

  /** A short hash shows that a head is another one; it proves nothing. */
  #vouchByTrust(seq: number, hash: string): boolean {
    const trusted = this.#trusted
    if (trusted?.seq !== seq) return false
    this.#trusted = null
    if (!namesHash(trusted.hash, hash)) this.#faultSince(seq, 'trusted-head')
    if (trusted.hash !== hash) return false
    this.#proven.add(this.#rowFrom, seq)
    return true
  }

  #vouchByRange(seq: number, hash: string): boolean {
    this.#checkPassed(seq - 1)
    const [range] = this.#ranges
    if (range === undefined || seq < range.record.fromSeq) return false
    range.running = runOn(range.running, hash, this.#tools.sha256)
    const { fromSeq, toSeq, entries } = range.record
    if (seq < toSeq) return false
    this.#ranges.shift()
    if (range.running !== entries || range.record.hash !== hash) {
      this.#faultSince(seq, 'received', fromSeq)
      return false
    }
    if (range.isAuthentic) this.#proven.add(fromSeq, toSeq)
    return range.isAuthentic
  }

  /** Slots that HQ received and that do not stand here, up to a place. */
  #checkPassed(seq: number): void {
    for (let range = this.#ranges[0]; range !== undefined && range.record.toSeq <= seq; ) {
      this.#ranges.shift()
      this.#fault({
        seq: Math.max(range.record.fromSeq, Math.min(this.#expected.seq, seq)),
        cause: 'missing',
      })
      range = this.#ranges[0]
    }
  }

  #isGenuine(signed: SignedCheckpoint): boolean {
    return this.#certificate !== undefined && verifyCheckpoint(signed, this.#certificate, this.#tools)
  }

  /** Where links hold up to a slot that is not what was signed, the change lies behind what is proven. */
  #faultSince(seq: number, cause: ChainCause, least = 1): void {
    const since = Math.max(least, this.#proven.unbrokenTo + 1)
    this.#fault(since < seq ? { seq, cause, since } : { seq, cause })
  }

  #fault(fault: ChainFault): void {
    if (this.#faults.length >= FAULTS_MAX) return
    const before = this.#near.findLast((slot) => slot.seq < fault.seq)
    const slot = this.#near.find((one) => one.seq === fault.seq)
    const after = this.#near.find((one) => one.seq > fault.seq)
    this.#faults.push({ ...fault, ...(before && { before }), ...(slot && { slot }), ...(after && { after }) })
  }

  #seen(info: SlotInfo): void {
    this.#near = [...this.#near.slice(-3), info]
    for (const fault of this.#faults.slice(-3)) {
      if (fault.after === undefined && info.seq > fault.seq) fault.after = info
    }
  }
}

function bare({ seq, cause, since }: ChainFault): ChainFault {
  return since === undefined ? { seq, cause } : { seq, cause, since }
}

function namesHash(given: string, hash: string): boolean {
  return given.length >= SHORT_HASH && hash.startsWith(given)
}

function entryOf<T extends Entry['type']>(prepared: PreparedEntry, type: T): Entry<T> | undefined {
  if (prepared.decoded.kind !== 'ok' || prepared.decoded.entry.type !== type) return undefined
  return prepared.decoded.entry as Entry<T> // as: the type was just compared
}
