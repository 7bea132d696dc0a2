import { parseBillNumber } from '@nexus/domain'
import { firstPrevHashSync } from '../entry/hash.ts'
import type { Entry, Totals } from '../entry/schema.ts'
import { sameTotals, statesTotals, totalsAfter, zeroTotals } from '../entry/totals.ts'
import type { Hole, SignedCheckpoint } from '../messages.ts'
import { type PrepareTools, prepareEntry, verifyCertificate, verifyCheckpoint } from './prepare-push.ts'
import type { PreparedEntry } from './types.ts'

/** One epoch of an exported journal. */
export type ChainInput = {
  epoch: string
  /** In order of seq. */
  entries: readonly { seq: number; bytes: Uint8Array }[]
  /** Slots that were declared lost. */
  holes: readonly Hole[]
  checkpoints: readonly SignedCheckpoint[]
  /** A head or countersigned checkpoint that the verifier trusts for another reason (JRN-17). */
  trusted: { seq: number; hash: string } | null
}

export type ChainFault = {
  seq: number
  cause: 'missing' | 'broken-link' | 'first-entry' | 'wrong-place' | 'checkpoint' | 'trusted-head'
}

export type ChainReport = {
  epoch: string
  register: string | null
  code: string | null
  firstSeq: number
  lastSeq: number
  /** The first entry that cannot be what was written, and why; null: none. */
  firstBad: ChainFault | null
  /** Up to here a signature or the trusted head vouches for every byte; 0: for none. */
  provenSeq: number
  /** Slots without bytes, declared: no fault. */
  holes: readonly Hole[]
  /** Slots whose bytes this release cannot read: they wait, no fault. */
  unread: number[]
  /** Entries whose totals are not the sum of those before them (JRN-18). */
  wrongTotals: number[]
  /** Numbers that do not follow the one before in their series (JRN-14a). */
  wrongNumbers: { seq: number; number: string }[]
  /** Totals after the last entry, recomputed where nothing is missing; null otherwise. */
  totals: Totals | null
  /** Sales of other epochs that were written again here: with the totals they make the revenue. */
  rehomedSales: { seq: number; identity: string; soldMinor: number; returnedMinor: number }[]
}

type Linked = PreparedEntry & { seq: number }

/** Checks one epoch of a journal without any server (JRN-17) and names the first bad entry. */
export function verifyChain(input: ChainInput, tools: Omit<PrepareTools, 'findKey'>): ChainReport {
  const entries = input.entries.map(({ seq, bytes }) => ({ seq, ...prepareEntry(bytes, tools.sha256) }))
  const first = entries[0]
  const opened = first?.seq === 1 ? entryOf(first, 'epoch-opened') : undefined
  const certificate =
    opened &&
    verifyCertificate(
      { certificate: opened.body.certificate, signature: opened.body.certificateSignature },
      tools,
    )
  const genuine = certificate?.epoch === input.epoch ? certificate : undefined
  const faults: ChainFault[] = []
  if (first !== undefined && genuine === undefined) faults.push({ seq: first.seq, cause: 'first-entry' })
  const bySeq = new Map(entries.map((entry) => [entry.seq, entry]))
  const vouched = new Map<number, string>()
  for (const signed of genuine ? input.checkpoints : []) {
    const { epoch, seq, hash } = signed.checkpoint
    if (epoch !== input.epoch || !bySeq.has(seq)) continue
    if (!verifyCheckpoint(signed, genuine, tools)) faults.push({ seq, cause: 'checkpoint' })
    else vouched.set(seq, hash)
  }
  for (const [seq, hash] of vouched) {
    if (bySeq.get(seq)?.hash !== hash) faults.push({ seq, cause: 'checkpoint' })
  }
  if (input.trusted !== null) {
    const { seq, hash } = input.trusted
    if (bySeq.get(seq)?.hash !== hash) faults.push({ seq, cause: 'trusted-head' })
    vouched.set(seq, hash)
  }
  const breach = firstBreach(input, entries, vouched, firstPrevHashSync(input.epoch, tools.sha256))
  if (breach !== undefined) faults.push(breach)
  const firstBad = faults.toSorted((a, b) => a.seq - b.seq)[0] ?? null
  const proven = [...vouched.keys()].filter((seq) => seq < (firstBad?.seq ?? Number.POSITIVE_INFINITY))
  return {
    epoch: input.epoch,
    register: genuine?.register ?? null,
    code: genuine?.code ?? null,
    firstSeq: first?.seq ?? 0,
    lastSeq: entries.at(-1)?.seq ?? 0,
    firstBad,
    provenSeq: Math.max(0, ...proven),
    holes: input.holes,
    unread: entries.filter(({ decoded }) => decoded.kind !== 'ok').map(({ seq }) => seq),
    ...recount(entries),
  }
}

/** The first place at which the chain does not hold; undefined where it holds to its end. */
function firstBreach(
  { epoch, holes }: ChainInput,
  entries: readonly Linked[],
  vouched: ReadonlyMap<number, string>,
  firstPrevHash: string,
): ChainFault | undefined {
  let expectedSeq = 1
  let expectedPrev = firstPrevHash
  for (const [index, entry] of entries.entries()) {
    const { outline } = entry.decoded
    if (entry.seq !== expectedSeq) {
      const hole = holes.find(({ fromSeq, toSeq }) => fromSeq <= expectedSeq && toSeq === entry.seq - 1)
      if (hole === undefined) return { seq: expectedSeq, cause: 'missing' }
      expectedPrev = hole.lastHash
    }
    // Bytes that nobody can read name neither place nor predecessor; their successor vouches for them.
    if (outline.prevHash !== null && outline.prevHash !== expectedPrev) {
      const before = entries[index - 1]
      // What its successor or a signature vouches for is what was written: then the entry before was changed.
      const isSound =
        entries[index + 1]?.decoded.outline.prevHash === entry.hash || vouched.get(entry.seq) === entry.hash
      return { seq: isSound && before !== undefined ? before.seq : entry.seq, cause: 'broken-link' }
    }
    const misplaced = outline.epoch !== null && (outline.epoch !== epoch || outline.seq !== entry.seq)
    if (misplaced) return { seq: entry.seq, cause: 'wrong-place' }
    expectedSeq = entry.seq + 1
    expectedPrev = entry.hash
  }
  return undefined
}

function recount(
  entries: readonly Linked[],
): Pick<ChainReport, 'wrongTotals' | 'wrongNumbers' | 'totals' | 'rehomedSales'> {
  const wrongTotals: number[] = []
  const wrongNumbers: ChainReport['wrongNumbers'] = []
  const rehomedSales: ChainReport['rehomedSales'] = []
  const lastNumbers = new Map<string, number>()
  let totals: Totals | null = zeroTotals
  let lastSeq = 0
  for (const linked of entries) {
    const { seq, decoded } = linked
    const gap = seq !== lastSeq + 1
    lastSeq = seq
    if (decoded.kind !== 'ok') {
      totals = null
      lastNumbers.clear()
      continue
    }
    if (gap) {
      totals = null
      lastNumbers.clear()
    }
    const { entry } = decoded
    const expected: Totals | null = totals === null ? null : totalsAfter(totals, entry)
    const stated = statesTotals(entry.type) ? entry.totals : null
    if (stated !== null && expected !== null && !sameTotals(stated, expected)) wrongTotals.push(seq)
    if (stated === null && statesTotals(entry.type)) wrongTotals.push(seq)
    totals = stated ?? expected
    if (entry.type === 'sale') wrongNumbers.push(...outOfOrder(entry, seq, lastNumbers))
    const inner = linked.inner === null ? undefined : entryOf(linked.inner, 'sale')
    if (inner !== undefined && linked.inner !== null) {
      const { soldMinor, returnedMinor } = totalsAfter(zeroTotals, inner)
      rehomedSales.push({ seq, identity: linked.inner.hash, soldMinor, returnedMinor })
    }
  }
  return { wrongTotals, wrongNumbers, totals, rehomedSales }
}

function outOfOrder(
  entry: Entry<'sale'>,
  seq: number,
  lastNumbers: Map<string, number>,
): ChainReport['wrongNumbers'] {
  return entry.body.documents.flatMap(({ number }) => {
    const parsed = parseBillNumber(number)
    const series = number.split('-')[0] ?? ''
    const last = lastNumbers.get(series)
    if (parsed !== undefined) lastNumbers.set(series, parsed.n)
    const follows = parsed !== undefined && (last === undefined || parsed.n === last + 1)
    return follows ? [] : [{ seq, number }]
  })
}

function entryOf<T extends Entry['type']>(prepared: PreparedEntry, type: T): Entry<T> | undefined {
  if (prepared.decoded.kind !== 'ok' || prepared.decoded.entry.type !== type) return undefined
  return prepared.decoded.entry as Entry<T> // as: the type was just compared
}
