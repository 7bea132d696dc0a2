import type { Breach } from '@nexus/contract'
import { parseBillNumber } from '@nexus/domain'
import type { Db, Tx } from '../../../db/database.ts'
import {
  type CheckResult,
  type EpochOfStore,
  epochsOfStores,
  epochsWaiting,
  type Fact,
  type Mode,
  type ModuleCheck,
  type Save,
} from '../../journal/index.ts'
import type { NumberGapTable, NumberSeriesTable } from '../tables.ts'
import {
  billsBearing,
  explanationsOf,
  lastExplained,
  numbersBehind,
  openGaps,
  putGaps,
  putSeries,
  seriesByPrefix,
} from './sql.ts'

const numbersAtOnce = 5000
/** A number that jumps further is a fault of its own; nobody looks through so many rows. */
const jumpMax = 1000

/**
 * One round over bill numbers (I7, JRN-14b): looks through every series that got numbers for ones that no bill
 * bears and ones that two bear, and asks of every open gap whether it is explained by now. In mode `all` every
 * series that the facts name is looked through from its first number.
 */
export function numberCheck(mode: Mode): ModuleCheck {
  /** The lowest number that the round saw of each series. */
  const lowest = new Map<string, number>()
  return {
    see(facts) {
      for (const number of facts.flatMap(numbersOf)) {
        const parts = parseBillNumber(number)
        if (parts === undefined) continue
        const prefix = prefixOf(number)
        lowest.set(prefix, Math.min(lowest.get(prefix) ?? parts.n, parts.n))
      }
    },
    finish: (db, now, save) =>
      lookThrough(db, mode === 'all' ? startOf(lowest) : lowest, { now, save, mode }),
  }
}

function numbersOf({ entry }: Fact): string[] {
  switch (entry.type) {
    case 'sale':
      return entry.body.documents.map(({ number }) => number)
    case 'number-cancelled':
      return [entry.body.number]
    default:
      return []
  }
}

const startOf = (lowest: ReadonlyMap<string, number>) =>
  new Map([...lowest.keys()].map((prefix) => [prefix, 1]))
const prefixOf = (number: string) => number.slice(0, -6)
const numberAt = (prefix: string, n: number) => `${prefix}${String(n).padStart(6, '0')}`

async function lookThrough(
  db: Db,
  lowest: ReadonlyMap<string, number>,
  { now, save, mode }: { now: number; save: Save | undefined; mode: Mode },
): Promise<CheckResult> {
  const epochs = new Map((await epochsOfStores(db, undefined)).map((epoch) => [epoch.code, epoch]))
  const known =
    mode === 'all' ? new Map<string, NumberSeriesTable>() : await seriesByPrefix(db, [...lowest.keys()])
  const gaps = new Map<string, NumberGapTable>((await openGaps(db)).map((gap) => [gap.number, gap]))
  const series: NumberSeriesTable[] = []
  let checked = 0
  for (const [prefix, seen] of lowest) {
    const epoch = epochs.get(parseBillNumber(numberAt(prefix, seen))?.code ?? '')
    // A number of a series that nobody was given is flagged where its entry is (number-foreign).
    if (epoch === undefined) continue
    const from = Math.min(seen - 1, known.get(prefix)?.last_serial ?? 0)
    const found = await scan(db, prefix, from)
    checked += found.checked
    const row = { prefix, store_no: epoch.storeNo, epoch_no: epoch.epochNo }
    for (const [number, kind] of found.odd) {
      gaps.set(number, { number, ...row, kind, state: 'unexplained', found_at: now, settled_at: null })
    }
    const last_serial = Math.max(found.last, known.get(prefix)?.last_serial ?? 0)
    series.push({ ...row, last_serial, checked_at: now })
  }
  const judged = await judge(db, [...gaps.values()], [...epochs.values()], now)
  await save?.(async (tx) => await keep(tx, series, judged))
  return { invariant: 'I7', checked, breaches: breachesOf(judged, [...epochs.values()]) }
}

async function keep(
  tx: Tx,
  series: readonly NumberSeriesTable[],
  gaps: readonly NumberGapTable[],
): Promise<void> {
  await putSeries(tx, series)
  await putGaps(tx, gaps)
}

type Found = { checked: number; last: number; odd: Map<string, NumberGapTable['kind']> }

/** Goes along the numbers of a series behind `from`, up to the last one that a bill bears or an entry explains. */
async function scan(db: Db, prefix: string, from: number): Promise<Found> {
  const odd = new Map<string, NumberGapTable['kind']>()
  let last = from
  let checked = 0
  const missingUpTo = (n: number) => {
    for (let missing = last + 1; missing < Math.min(n, last + jumpMax); missing++)
      odd.set(numberAt(prefix, missing), 'missing')
  }
  for (;;) {
    const rows = await numbersBehind(db, prefix, numberAt(prefix, last), numbersAtOnce)
    for (const { number, bills } of rows) {
      const n = Number(number.slice(-6))
      missingUpTo(n)
      if (bills > 1) odd.set(number, 'doubled')
      last = n
    }
    checked += rows.length
    if (rows.length < numbersAtOnce) break
  }
  const explained = Number((await lastExplained(db, prefix))?.slice(-6) ?? 0)
  if (explained > last) {
    missingUpTo(explained + 1)
    last = explained
  }
  return { checked, last, odd }
}

/** What is known of gaps by now. Those that an entry explains are settled. */
async function judge(
  db: Db,
  gaps: readonly NumberGapTable[],
  epochs: readonly EpochOfStore[],
  now: number,
): Promise<NumberGapTable[]> {
  const waiting = await epochsWaiting(db)
  const judged: NumberGapTable[] = []
  for (let from = 0; from < gaps.length; from += numbersAtOnce) {
    const some = gaps.slice(from, from + numbersAtOnce)
    const numbers = some.map(({ number }) => number)
    const bearing = await billsBearing(db, numbers)
    const explained = Map.groupBy(await explanationsOf(db, numbers), ({ number }) => number)
    for (const gap of some) {
      const bills = bearing.get(gap.number) ?? 0
      const said = explained.get(gap.number) ?? []
      const epoch = epochs.find(({ epochNo }) => epochNo === gap.epoch_no)?.epoch ?? ''
      const state = stateOf(bills, said, waiting.has(epoch))
      const isOpen = state === 'unexplained' || state === 'waiting'
      judged.push({ ...gap, kind: bills > 1 ? 'doubled' : gap.kind, state, settled_at: isOpen ? null : now })
    }
  }
  return judged
}

function stateOf(
  bills: number,
  said: readonly { how: NumberGapTable['state'] }[],
  isWaiting: boolean,
): NumberGapTable['state'] {
  if (bills > 1) {
    // Every further bill that bears it has a `renumbered` document (JRN-14c).
    const renumbered = said.filter(({ how }) => how === 'renumbered').length
    return renumbered >= bills - 1 ? 'renumbered' : 'unexplained'
  }
  if (bills === 1) return 'issued'
  const [explanation] = said.filter(({ how }) => how !== 'renumbered')
  return explanation?.how ?? (isWaiting ? 'waiting' : 'unexplained')
}

function breachesOf(gaps: readonly NumberGapTable[], epochs: readonly EpochOfStore[]): Breach[] {
  return gaps
    .filter(({ state }) => state === 'unexplained')
    .map(({ number, kind, epoch_no }) => ({
      invariant: 'I7',
      kind: kind === 'doubled' ? 'number-doubled' : 'number-missing',
      params: { number },
      epoch: epochs.find(({ epochNo }) => epochNo === epoch_no)?.epoch ?? null,
      seq: null,
    }))
}
