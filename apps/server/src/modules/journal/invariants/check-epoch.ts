import type { Breach } from '@nexus/contract'
import type { Entry } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import type { Fact } from '../projector.ts'
import { findSlotHash } from '../sql.ts'
import { checkPeriod, rowsFit } from './check-period.ts'
import {
  type Figures,
  type Fold,
  findDifference,
  firstDifference,
  foldOf,
  joined,
  type Ledger,
} from './ledger.ts'
import { fallenTotal, readSpan, standingAtStart } from './read-span.ts'
import type { Period, Watch, WatchedEpoch } from './sql.ts'

/** What a closing states of its own shift, by ledger; empty where there is nothing to compare. */
export type StatedBy = (entry: Entry<'shift-closed'>) => Readonly<Record<string, Figures>>

export type EpochRound = {
  entries: number
  facts: readonly Fact[]
  breaches: Breach[]
  /** Odd things that were never right and cannot be mended: told once, no breach. */
  notes: Breach[]
  /** Where the next portion goes on. Kept only where nothing is broken: the rest is looked at until it is mended. */
  next: { watch: Watch; periods: Period[] }
}

/** What the last portion of an epoch left. */
export type EpochKnown = { watch: Watch | undefined; open: Period | undefined }

/** So many slots are read at once, and so long a period may get without a closing: both fit into memory. */
const slotsAtOnce = 5000

/**
 * Checks the next portion of an epoch behind what is known: its slots from their bytes, and the rows of what
 * is open against the fold. Costs in proportion to what is new.
 */
export async function checkEpoch(
  db: Db,
  { ledgers, statedBy }: { ledgers: readonly Ledger[]; statedBy: StatedBy },
  epoch: WatchedEpoch,
  known: EpochKnown,
  now: number,
): Promise<EpochRound> {
  const at = (invariant: string, kind: string, seq: number, params: Breach['params'] = {}): Breach => ({
    invariant,
    kind,
    params,
    epoch: epoch.epoch,
    seq,
  })
  const { watch, open } = known
  const breaches: Breach[] = []
  let entries = 0
  if (watch) {
    if (epoch.head.seq < watch.seq) breaches.push(at('I5', 'head-fell', watch.seq, { is: epoch.head.seq }))
    const held = await findSlotHash(db, epoch, watch.seq)
    const isHole = epoch.holes.some(({ fromSeq, toSeq }) => fromSeq <= watch.seq && watch.seq <= toSeq)
    if (held === undefined && !isHole && watch.seq > 0) breaches.push(at('I5', 'slot-missing', watch.seq))
    if (held !== undefined && held !== watch.hash) breaches.push(at('I3', 'slot-replaced', watch.seq))
  }
  const start = watch ?? standingAtStart(epoch.epoch)
  const toSeq = Math.min(epoch.head.seq, start.seq + slotsAtOnce)
  const read = await readSpan(db, epoch, start, toSeq)
  entries += read.entries
  breaches.push(...read.breaches)
  const isAtHead = toSeq === epoch.head.seq
  if (isAtHead && breaches.length === 0) {
    const { seq, hash, totals } = epoch.head
    if (read.standing.hash !== hash) breaches.push(at('I3', 'head-wrong', seq))
    const fallen = fallenTotal(read.standing.totals, totals)
    if (fallen) breaches.push(at('I8', 'totals-fell', seq, fallen))
  }
  if (breaches.length === 0) {
    const span = { ...epoch, fromSeq: start.seq + 1, toSeq }
    for (const ledger of span.fromSeq <= span.toSeq ? ledgers : []) {
      const found = await findDifference(db, ledger, span, read.facts)
      if (found) breaches.push({ ...found, epoch: epoch.epoch })
    }
  }
  let fold = open?.fold ?? {}
  // The bytes of what is open are read again only where a closing cuts it, or where its rows do not fit.
  const ends = closingsIn(read.facts, epoch.epoch, open?.fromSeq ?? 1)
  let openFacts: readonly Fact[] | undefined
  if (open && (ends.some(({ lastSeq }) => lastSeq < open.toSeq) || !(await rowsFit(db, ledgers, open)))) {
    const again = await checkPeriod(db, ledgers, epoch, open)
    entries += again.entries
    breaches.push(...again.breaches)
    openFacts = again.facts
    fold = again.fold
  }
  const parts = { open, fold, openFacts, newFacts: read.facts, ends, toSeq }
  const periods = cutPeriods(ledgers, epoch, parts, now)
  const facts = [...(openFacts ?? []), ...read.facts]
  const notes = ends.flatMap((end) => {
    const period = periods.find((one) => one.isClosed && one.toSeq === end.lastSeq)
    return period && breaches.length === 0 ? differences(end.fact, period, facts, statedBy, at) : []
  })
  const totals = isAtHead ? (epoch.head.totals ?? read.standing.totals) : read.standing.totals
  const next = { watch: { seq: toSeq, hash: read.standing.hash, totals }, periods }
  return { entries, facts: read.facts, breaches, notes, next }
}

type End = { lastSeq: number; fact: Fact }

/** Closings of shifts among facts that end what is open of this epoch, in order. */
function closingsIn(facts: readonly Fact[], epoch: string, openFrom: number): End[] {
  const ends: End[] = []
  for (const fact of facts) {
    const { entry } = fact
    if (entry.type !== 'shift-closed' || entry.epoch !== epoch) continue
    const lastSeq = entry.body.covers.find((cover) => cover.epoch === epoch)?.lastSeq ?? 0
    if (lastSeq >= (ends.at(-1)?.lastSeq ?? openFrom - 1) + 1 && lastSeq < fact.seq)
      ends.push({ lastSeq, fact })
  }
  return ends
}

/** Cuts what was open, and what is new, where closings ended it; what is open comes last, be it empty. */
function cutPeriods(
  ledgers: readonly Ledger[],
  { storeNo, epochNo }: WatchedEpoch,
  parts: {
    open: Period | undefined
    fold: Fold
    openFacts: readonly Fact[] | undefined
    newFacts: readonly Fact[]
    ends: readonly End[]
    toSeq: number
  },
  now: number,
): Period[] {
  const { open, openFacts, newFacts } = parts
  // Without its facts all that was open lies before the first end, so its fold goes there whole.
  const facts = [...(openFacts ?? []), ...newFacts]
  let rest: Fold = openFacts ? {} : parts.fold
  let fromSeq = open?.fromSeq ?? 1
  const ends = parts.ends.map(({ lastSeq }) => lastSeq)
  if (parts.toSeq - (ends.at(-1) ?? fromSeq - 1) >= slotsAtOnce) ends.push(parts.toSeq)
  const periods: Period[] = []
  for (const toSeq of [...ends, parts.toSeq]) {
    const within = facts.filter(({ seq }) => seq >= fromSeq && seq <= toSeq)
    const fold = joined(rest, foldOf(ledgers, within))
    const isClosed = periods.length < ends.length
    periods.push({ storeNo, epochNo, fromSeq, toSeq, isClosed, fold, foldedAt: now })
    rest = {}
    fromSeq = toSeq + 1
  }
  return periods
}

/** Where the totals that a closing states are not what its entries add up to, as far as all of them are its own. */
function differences(
  { entry, seq }: Fact,
  period: Period,
  facts: readonly Fact[],
  statedBy: StatedBy,
  at: (invariant: string, kind: string, seq: number, params: Breach['params']) => Breach,
): Breach[] {
  if (entry.type !== 'shift-closed') return []
  const isRehomed = (fact: Fact) => fact.entry.epoch !== entry.epoch
  if (facts.some((fact) => fact.seq >= period.fromSeq && fact.seq <= period.toSeq && isRehomed(fact)))
    return []
  return Object.entries(statedBy(entry)).flatMap(([ledger, figures]) => {
    const found = firstDifference(figures, period.fold[ledger] ?? {})
    if (!found) return []
    const { figure, one, other } = found
    return [at('I8', 'closing-differs', seq, { figure, stated: one, counted: other })]
  })
}
