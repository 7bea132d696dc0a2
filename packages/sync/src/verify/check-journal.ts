import { addDays } from '@nexus/domain'
import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import { canonicalBytes } from '../canonical/json.ts'
import { JournalFileError, type JournalFileHeader, type JournalFileLine } from '../entry/journal-file.ts'
import { ChainCheck, type ChainReport, type ChainTools, type NamedFault } from './chain-check.ts'
import { noHash, recordHash, runOnLine } from './hq-records.ts'
import { leafHash, rootOfPath } from './merkle.ts'

type LineOf<Kind extends JournalFileLine['kind']> = Extract<JournalFileLine, { kind: Kind }>

/** What the one who checks knows from elsewhere; nothing of it is taken from the file (JRN-17d). */
export type JournalCheckTools = Pick<ChainTools, 'sha256' | 'verify' | 'enrolmentKeys'> & {
  /** HQ's public key, SubjectPublicKeyInfo as base64url; undefined: its signatures are not checked. */
  hqKey?: string
  /** Whether a file without HQ's statement is bad: it is one of HQ's. */
  isHqAsked?: boolean
  /** A head, by its epoch's id or series code; the hash may be the short one of a receipt. */
  trusted?: { epoch: string; seq: number; hash: string }
  /** The hash of a day's root, as HQ published it. */
  trustedRoot?: { day: string; hash: string }
}

/** Something bad that belongs to no entry. */
export type FileFault = {
  cause: 'root' | 'trusted-root' | 'statement' | 'no-statement' | 'trusted-head' | 'empty'
  /** Of the root, where it is about one. */
  day: string | null
  line: number | null
}

/** Not bad, and not certain either. */
export type Doubt =
  /** The next epoch says that this one went on: kept apart as a fork, or cut off. */
  | { cause: 'predecessor'; epoch: string; seq: number }
  /** The file has no root of the trusted day. */
  | { cause: 'root-absent'; day: string }

/** A re-homed entry that stands in its own place too, or was written again twice: it acted once. */
export type Doubled = { identity: string; epoch: string; seq: number; again: { epoch: string; seq: number } }

export type JournalReport = {
  /** `unproven`: nothing is bad, but not every entry is vouched for. */
  verdict: 'good' | 'unproven' | 'bad'
  header: JournalFileHeader
  lines: number
  entries: number
  epochs: ChainReport[]
  /** The first bad entry, in the order of the file. */
  firstBad: (NamedFault & { epoch: string }) | null
  faults: FileFault[]
  doubts: Doubt[]
  doubled: Doubled[]
  /** Day roots of the file; `provenTo`: the last day for which a signature or the trusted root vouches. */
  days: { first: string; last: string; provenTo: string | null } | null
  /** HQ's statement at the end; `isProven`: HQ's key signed it and the file is what it says. */
  statement: { exportedAt: number; isProven: boolean } | null
  /** Of all epochs: chain totals and, apart from them, re-homed sales that stand nowhere else in the file. */
  revenue: {
    soldMinor: number
    returnedMinor: number
    rehomedSoldMinor: number
    rehomedReturnedMinor: number
  }
}

type Root = { leaves: number; root: string; isAuthentic: boolean }
type Epoch = { check: ChainCheck; lines: string }

/** The lines of a file with their numbers, as `readJournalLines` reads them. */
export type JournalLines = AsyncIterable<{ no: number; line: JournalFileLine }>

/**
 * Checks an exported journal in constant memory. `read` begins at the first line; it is called a second
 * time where entries were re-homed, to find those that stand in both places.
 *
 * Throws `JournalFileError` where the file is none.
 */
export async function checkJournal(
  read: () => JournalLines,
  tools: JournalCheckTools,
): Promise<JournalReport> {
  const check = new JournalCheck(tools)
  for await (const { no, line } of read()) check.take(no, line)
  const report = check.end()
  await addDoubled(report, read, tools)
  return report
}

class JournalCheck {
  readonly #tools: JournalCheckTools
  readonly #roots = new Map<string, Root>()
  readonly #epochs = new Map<string, Epoch>()
  readonly #faults: FileFault[] = []
  readonly #doubts: Doubt[] = []
  #header: JournalFileHeader | undefined
  #current: Epoch | undefined
  #lastRoot: { day: string; hash: string } | undefined
  #firstDay: string | undefined
  /** Roots that follow each other up to the last one. */
  #row: Root[] = []
  #provenTo: string | null = null
  #statement: { line: LineOf<'statement'>; no: number } | undefined
  #lines = 0

  constructor(tools: JournalCheckTools) {
    this.#tools = tools
  }

  take(no: number, line: JournalFileLine): void {
    this.#lines = no
    if ((this.#header === undefined) !== (line.kind === 'nexus-journal')) {
      throw new JournalFileError(no, 'a journal file begins with its one header')
    }
    if (this.#statement !== undefined) {
      throw new JournalFileError(no, 'nothing follows the statement of headquarters')
    }
    switch (line.kind) {
      case 'nexus-journal':
        this.#header = line
        break
      case 'root':
        if (this.#current !== undefined)
          throw new JournalFileError(no, 'day roots stand above the first epoch')
        this.#takeRoot(no, line)
        break
      case 'epoch':
        this.#openEpoch(no, line.epoch)
        break
      case 'statement':
        this.#endEpoch()
        this.#statement = { line, no }
        break
      default:
        this.#takeInEpoch(no, line)
    }
  }

  end(): JournalReport {
    this.#endEpoch()
    const header = this.#header
    if (header === undefined) throw new JournalFileError(1, 'the file is empty')
    if (this.#epochs.size === 0) this.#faults.push({ cause: 'empty', day: null, line: null })
    const isProven = this.#checkStatement(header)
    this.#checkTrusted()
    this.#checkPredecessors(isProven)
    const epochs = [...this.#epochs.values()].map(({ check }) => check.report())
    const firstBad = epochs.flatMap(({ epoch, faults }) =>
      faults.slice(0, 1).map((one) => ({ ...one, epoch })),
    )[0]
    const statement = this.#statement?.line.record
    const last = this.#lastRoot?.day
    return {
      verdict: this.#verdict(epochs),
      header,
      lines: this.#lines,
      entries: epochs.reduce((sum, { entries }) => sum + entries, 0),
      epochs,
      firstBad: firstBad ?? null,
      faults: this.#faults,
      doubts: this.#doubts,
      doubled: [],
      days: last && this.#firstDay ? { first: this.#firstDay, last, provenTo: this.#provenTo } : null,
      statement: statement ? { exportedAt: statement.exportedAt, isProven } : null,
      revenue: revenueOf(epochs, new Set()),
    }
  }

  #verdict(epochs: readonly ChainReport[]): JournalReport['verdict'] {
    const isBad = (epoch: ChainReport) =>
      epoch.faults.length + epoch.wrongTotals.length + epoch.wrongNumbers.length > 0
    if (this.#faults.length > 0 || epochs.some(isBad)) return 'bad'
    const isProven = epochs.every(({ provenSeq, lastSeq }) => provenSeq === lastSeq)
    return isProven && this.#doubts.length === 0 ? 'good' : 'unproven'
  }

  // Days

  #takeRoot(no: number, { record, signature }: LineOf<'root'>): void {
    const { sha256, verify, hqKey, trustedRoot } = this.#tools
    const hash = recordHash(record, sha256)
    const before = this.#lastRoot
    const follows =
      before === undefined || (record.day === addDays(before.day, 1) && record.previous === before.hash)
    const isSigned = hqKey !== undefined && verify(hqKey, canonicalBytes(record), signature)
    if (!follows || (hqKey !== undefined && !isSigned)) {
      this.#faults.push({ cause: 'root', day: record.day, line: no })
    }
    const root = { leaves: record.leaves, root: record.root, isAuthentic: isSigned }
    this.#roots.set(record.day, root)
    this.#row = follows ? [...this.#row, root] : [root]
    if (record.day === trustedRoot?.day) {
      // A root that is trusted vouches for those before it, as far back as they follow each other.
      if (hash === trustedRoot.hash) for (const one of this.#row) one.isAuthentic = true
      else this.#faults.push({ cause: 'trusted-root', day: record.day, line: no })
    }
    if (root.isAuthentic) this.#provenTo = record.day
    this.#firstDay ??= record.day
    this.#lastRoot = { day: record.day, hash }
  }

  // Epochs

  #openEpoch(no: number, epoch: string): void {
    if (this.#epochs.has(epoch)) throw new JournalFileError(no, `epoch ${epoch} stands in the file twice`)
    this.#endEpoch()
    const { trusted } = this.#tools
    const register = this.#header?.register
    const check = new ChainCheck({ ...this.#tools, epoch, ...(register === undefined ? {} : { register }) })
    if (trusted?.epoch === epoch) check.trust(trusted)
    this.#current = { check, lines: noHash }
    this.#epochs.set(epoch, this.#current)
  }

  #endEpoch(): void {
    this.#current?.check.end()
    this.#current = undefined
  }

  #takeInEpoch(
    no: number,
    line: LineOf<'hole' | 'quarantined' | 'checkpoint' | 'received' | 'entry' | 'personal'>,
  ): void {
    const current = this.#current
    if (current === undefined) throw new JournalFileError(no, 'it stands above the first epoch')
    const { check } = current
    const epoch = epochOf(line)
    if (epoch !== null && epoch !== check.epoch) {
      throw new JournalFileError(no, `it is of epoch ${epoch} and stands among the lines of ${check.epoch}`)
    }
    if (line.kind === 'entry') {
      const wasEmpty = check.lastSeq === 0
      check.add(line.seq, bytesOf(no, line.bytes), no)
      // A receipt names the epoch by the code of its numbers, which entry 1 tells.
      const { trusted } = this.#tools
      if (wasEmpty && trusted !== undefined && trusted.epoch === check.code) check.trust(trusted)
      return
    }
    if (line.kind === 'personal') {
      check.personal(line.item)
      return
    }
    current.lines = runOnLine(current.lines, line, this.#tools.sha256)
    if (line.kind === 'received') this.#takeReceived(check, line)
    if (line.kind === 'quarantined') check.quarantine(line.seq)
    if (line.kind === 'hole') {
      if (line.hole.fromSeq <= check.lastSeq || line.hole.toSeq < line.hole.fromSeq) {
        throw new JournalFileError(no, 'a hole stands above the entry that follows it')
      }
      check.declareHole(line.hole)
    }
    if (line.kind === 'checkpoint' && !check.checkpoint(line.signed)) {
      throw new JournalFileError(no, 'a checkpoint stands above the entry that it signs')
    }
  }

  #takeReceived(check: ChainCheck, { record, signature, leaf, path }: LineOf<'received'>): void {
    const { sha256, verify, hqKey } = this.#tools
    const bytes = canonicalBytes(record)
    const root = this.#roots.get(record.day)
    const hash = leafHash(bytes, sha256)
    const reached = root && rootOfPath({ hash, index: leaf, count: root.leaves, path }, sha256)
    const isSigned = hqKey !== undefined && verify(hqKey, bytes, signature)
    const isGood =
      record.register === this.#header?.register &&
      reached === root?.root &&
      reached !== undefined &&
      (hqKey === undefined || isSigned)
    const isTaken = isGood && check.received(record, isSigned || root?.isAuthentic === true)
    if (!isTaken) check.faultByReceived(record.fromSeq)
  }

  // Behind the last line

  /** True where HQ's key signed the statement and the file is what it says. */
  #checkStatement(header: JournalFileHeader): boolean {
    const { hqKey, verify, isHqAsked } = this.#tools
    if (this.#statement === undefined) {
      if (isHqAsked) this.#faults.push({ cause: 'no-statement', day: null, line: null })
      return false
    }
    const { line, no } = this.#statement
    const { record, signature } = line
    const isSigned = hqKey !== undefined && verify(hqKey, canonicalBytes(record), signature)
    const isOfFile =
      (['tenant', 'store', 'register', 'exportedAt'] as const).every(
        (member) => record[member] === header[member],
      ) &&
      record.lastDay === (this.#lastRoot?.hash ?? null) &&
      isInOrder(
        record.epochs.map(({ epoch }) => epoch),
        [...this.#epochs.keys()],
      )
    const isGood = isOfFile && (hqKey === undefined || isSigned)
    if (!isGood) this.#faults.push({ cause: 'statement', day: null, line: no })
    const stated = new Map(record.epochs.map((epoch) => [epoch.epoch, epoch]))
    let isWhole = true
    for (const { check, lines } of this.#epochs.values()) {
      const said = stated.get(check.epoch)
      stated.delete(check.epoch)
      const head = check.head
      const isSame =
        said !== undefined &&
        said.entries === check.running &&
        said.lines === lines &&
        said.seq === (head?.seq ?? 0) &&
        (head === null || said.hash === head.hash)
      if (!isSame) check.faultByStatement(said)
      else if (isGood && isSigned) check.vouchForAll()
      isWhole &&= isSame
    }
    for (const { epoch } of stated.values()) {
      // An epoch that was taken out wholly: named by an empty chain.
      const { check } = this.#addEmpty(epoch)
      check.faultByStatement({ seq: 1 })
      isWhole = false
    }
    return isGood && isSigned && isWhole
  }

  #addEmpty(epoch: string): Epoch {
    const empty = { check: new ChainCheck({ ...this.#tools, epoch }), lines: noHash }
    this.#epochs.set(epoch, empty)
    return empty
  }

  #checkTrusted(): void {
    const { trusted, trustedRoot } = this.#tools
    const isHere = ({ check }: Epoch) => check.epoch === trusted?.epoch || check.code === trusted?.epoch
    if (trusted !== undefined && ![...this.#epochs.values()].some(isHere)) {
      this.#faults.push({ cause: 'trusted-head', day: null, line: null })
    }
    if (trustedRoot !== undefined && !this.#roots.has(trustedRoot.day)) {
      this.#doubts.push({ cause: 'root-absent', day: trustedRoot.day })
    }
  }

  /** What entry 1 of an epoch says of the one before it; newest first, as the proof hands itself down (JRN-4r). */
  #checkPredecessors(isStated: boolean): void {
    for (const { check } of [...this.#epochs.values()].toReversed()) {
      const { predecessor } = check
      const before = predecessor && this.#epochs.get(predecessor.epoch)?.check
      if (!predecessor || !before || predecessor.seq < before.lastSeq) continue
      const { seq, hash } = predecessor
      if (seq === before.head?.seq && hash === before.head.hash) {
        if (check.report().provenSeq > 0) {
          before.vouchForEnd(check.report().signedSeq > 0 ? 'till' : 'other')
        }
      } else if (!isStated) {
        this.#doubts.push({ cause: 'predecessor', epoch: predecessor.epoch, seq })
      }
    }
  }
}

/** Whether epochs that both lists have stand in the same order. */
function isInOrder(stated: readonly string[], found: readonly string[]): boolean {
  const places = found.map((epoch) => stated.indexOf(epoch)).filter((place) => place >= 0)
  return places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0))
}

function epochOf(line: JournalFileLine): string | null {
  switch (line.kind) {
    case 'checkpoint':
      return line.signed.checkpoint.epoch
    case 'received':
      return line.record.epoch
    case 'hole':
    case 'quarantined':
    case 'entry':
      return line.epoch
    default:
      return null
  }
}

function bytesOf(no: number, text: string): Uint8Array {
  try {
    return fromBase64Url(text)
  } catch (cause) {
    throw new JournalFileError(no, 'the bytes of its entry are no base64url', { cause })
  }
}

/** @param standing identities that stand in their own place in the file, and so are in its totals already */
function revenueOf(epochs: readonly ChainReport[], standing: ReadonlySet<string>): JournalReport['revenue'] {
  const revenue = { soldMinor: 0, returnedMinor: 0, rehomedSoldMinor: 0, rehomedReturnedMinor: 0 }
  const counted = new Set(standing)
  for (const { totals, rehomedSales } of epochs) {
    revenue.soldMinor += totals?.soldMinor ?? 0
    revenue.returnedMinor += totals?.returnedMinor ?? 0
    for (const { identity, soldMinor, returnedMinor } of rehomedSales) {
      if (counted.has(identity)) continue
      counted.add(identity)
      revenue.rehomedSoldMinor += soldMinor
      revenue.rehomedReturnedMinor += returnedMinor
    }
  }
  return revenue
}

/** Finds re-homed sales that stand in their own place too: the file is read once more, only their places are hashed. */
async function addDoubled(
  report: JournalReport,
  read: () => JournalLines,
  { sha256 }: JournalCheckTools,
): Promise<void> {
  const rehomed = new Map<string, { epoch: string; seq: number }>()
  const places = new Set<string>()
  for (const { epoch, rehomedSales } of report.epochs) {
    for (const { identity, place, seq } of rehomedSales) {
      const first = rehomed.get(identity)
      if (first === undefined) rehomed.set(identity, { epoch, seq })
      else report.doubled.push({ identity, ...first, again: { epoch, seq } })
      places.add(`${place.epoch}/${place.seq}`)
    }
  }
  if (places.size === 0) return
  const standing = new Set<string>()
  for await (const { no, line } of read()) {
    if (line.kind !== 'entry' || !places.has(`${line.epoch}/${line.seq}`)) continue
    const identity = toBase64Url(sha256(bytesOf(no, line.bytes)))
    const again = rehomed.get(identity)
    if (again === undefined) continue
    standing.add(identity)
    report.doubled.push({ identity, epoch: line.epoch, seq: line.seq, again })
  }
  report.revenue = revenueOf(report.epochs, standing)
}
