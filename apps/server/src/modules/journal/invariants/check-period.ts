import type { Breach } from '@nexus/contract'
import type { Db } from '../../../db/database.ts'
import type { Fact } from '../projector.ts'
import { findSlotHash } from '../sql.ts'
import { type Fold, findDifference, firstDifference, foldOf, type Ledger, sameFold } from './ledger.ts'
import { readSpan, type Standing, standingAtStart } from './read-span.ts'
import type { Period, WatchedEpoch } from './sql.ts'

export type PeriodRound = { entries: number; facts: readonly Fact[]; fold: Fold; breaches: Breach[] }

/** An effect is stamped when it arrives and seen when it is committed: so much may lie between. */
const commitMsMax = 60_000

/** Whether the rows of a period are what its fold says; costs no reading of bytes. */
export async function rowsFit(db: Db, ledgers: readonly Ledger[], period: Period): Promise<boolean> {
  for (const ledger of ledgers) {
    const stored = await ledger.stored(db, period)
    if (firstDifference(period.fold[ledger.name] ?? {}, stored)) return false
  }
  return true
}

/**
 * Checks a period from its bytes. What gained effect since it was folded joins it (JRN-22c); apart from
 * that the fold must be the one that was kept (I8), and the derived rows must equal it (I4).
 */
export async function checkPeriod(
  db: Db,
  ledgers: readonly Ledger[],
  epoch: WatchedEpoch,
  period: Period,
): Promise<PeriodRound> {
  const read = await readSpan(db, epoch, await standingBefore(db, epoch, period.fromSeq), period.toSeq)
  const { facts, entries } = read
  const fold = foldOf(ledgers, facts)
  if (read.breaches.length > 0) return { entries, facts, fold, breaches: read.breaches }
  const breaches: Breach[] = []
  const seenBy = (at: number) =>
    foldOf(
      ledgers,
      facts.filter(({ receivedAt }) => receivedAt <= at),
    )
  const { foldedAt } = period
  const isKept = [fold, seenBy(foldedAt), seenBy(foldedAt - commitMsMax)].some((one) =>
    sameFold(one, period.fold),
  )
  if (!isKept) {
    const kind = period.isClosed ? 'period-changed' : 'fold-changed'
    const params = {
      fromSeq: period.fromSeq,
      toSeq: period.toSeq,
      ...changeOf(period.fold, seenBy(foldedAt)),
    }
    const invariant = period.isClosed ? 'I8' : 'I4'
    breaches.push({ invariant, kind, params, epoch: epoch.epoch, seq: period.toSeq })
  }
  for (const ledger of ledgers) {
    const found = await findDifference(db, ledger, period, facts)
    if (found) breaches.push({ ...found, epoch: epoch.epoch })
  }
  return { entries, facts, fold, breaches }
}

function changeOf(before: Fold, after: Fold): Breach['params'] {
  for (const ledger of Object.keys({ ...before, ...after }).sort()) {
    const found = firstDifference(before[ledger] ?? {}, after[ledger] ?? {})
    if (found) return { ledger, figure: found.figure, was: found.one, is: found.other }
  }
  return {}
}

/** What the slot before says, or the hole that it lies in. */
async function standingBefore(db: Db, epoch: WatchedEpoch, seq: number): Promise<Standing> {
  const before = seq - 1
  if (before === 0) return standingAtStart(epoch.epoch)
  const hole = epoch.holes.find((one) => one.toSeq === before)
  const hash = (await findSlotHash(db, epoch, before)) ?? hole?.lastHash ?? ''
  return { seq: before, hash, totals: null }
}
