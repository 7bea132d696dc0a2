import { CompiledQuery, MysqlAdapter } from 'kysely'
import type { Db } from '../../../db/database.ts'
import type { BillTable } from '../tables.ts'
import { allTenderKinds } from '../tender-kinds.ts'

/** What bills are asked for; members that are undefined do not restrict. */
export type BillFilter = {
  /** At least one; undefined: every store. */
  storeNos?: readonly [number, ...number[]] | undefined
  registerNo?: number | undefined
  /** Days, both included. */
  from?: string | undefined
  until?: string | undefined
  kind?: string | undefined
  /** Bit of a way of paying. */
  tenderBit?: number | undefined
  staff?: Uint8Array | undefined
  minMinor?: number | undefined
  maxMinor?: number | undefined
  /** true: flagged ones, false: the others. */
  discrepancies?: boolean | undefined
  /** Beginning of a number, upper case. */
  numberFrom?: string | undefined
  /** Digits behind the hyphen of a number. */
  serial?: number | undefined
}
export type BillOrder = { by: 'at' | 'number' | 'totalMinor'; descending: boolean }

/** Key of a bill: the slot of its entry, and which document of it. */
export type BillKey = Pick<BillTable, 'store_no' | 'epoch_no' | 'seq' | 'document'>

type Condition = { text: string; parameters: readonly unknown[] }
/** An index, the conditions that it answers by a range, and the order in which it gives the rows of that range. */
type Way = { index: string; conditions: readonly Condition[]; gives?: BillOrder['by'] }

/** How a filter's bills are found; chosen once for a page and its total. */
export type BillPlan = { conditions: readonly Condition[]; way: Way }

/** So many bills are sorted at most; beyond, an index must give the order. */
const sortedMax = 10_000
/** Counting ends at so many bills. */
const countedMax = 10_000
/** And at so many looked at, where they are told apart by the index alone, or not. */
const lookedAtMax = { covered: 20_000, uncovered: 10_000 }

/**
 * Chooses the index. Databases guess badly between "few rows, to be sorted" and "in order, until the page
 * is full", so the rows of each index are counted here, no further than a small bound.
 */
export async function planBills(db: Db, filter: BillFilter, order: BillOrder): Promise<BillPlan> {
  const conditions = conditionsOf(filter)
  const ways = waysOf(filter)
  const counts = await Promise.all(ways.map((way) => countWay(db, way, sortedMax + 1)))
  const ranked = ways
    .map((way, index) => ({ way, count: counts[index] ?? 0 }))
    .sort((a, b) => a.count - b.count)
  // The smallest way serves if it gives the order or is small enough to be sorted.
  const fit = ranked.find(({ way, count }) => way.gives === order.by || count <= sortedMax)
  return { conditions, way: fit?.way ?? orderWays[order.by] }
}

/** Keys of a page of the plan's bills. */
export async function billKeys(
  db: Db,
  { way, conditions }: BillPlan,
  order: BillOrder,
  { offset, limit }: { offset: number; limit: number },
): Promise<BillKey[]> {
  const where = whereOf(conditions)
  const direction = order.descending ? 'DESC' : 'ASC'
  const columns = [...orderColumns[order.by], ...(way.gives === order.by ? [] : keyColumns)]
  const sorting = columns.map((column) => `${column} ${direction}`).join(', ')
  const { rows } = await db.executeQuery<BillKey>(
    CompiledQuery.raw(
      `SELECT ${keyColumns.join(', ')} FROM bill ${hint(db, way)} ${where.text} ORDER BY ${sorting} LIMIT ? OFFSET ?`,
      [...where.parameters, limit, offset],
    ),
  )
  return rows
}

/** How many bills the plan matches, and whether that is all of them. */
export async function countBills(
  db: Db,
  { way, conditions }: BillPlan,
  filter: BillFilter,
): Promise<{ total: number; totalIsExact: boolean }> {
  const rest = conditions.filter((condition) => !way.conditions.some(({ text }) => text === condition.text))
  if (rest.length === 0) return exactUpTo(await countWay(db, way, countedMax + 1))
  const covered = filter.numberFrom === undefined && filter.serial === undefined
  // Where many are told apart by other columns, the index that holds those columns is read, not the rows.
  const seen = covered && (await countWay(db, way, sortedMax + 1)) > sortedMax ? dayWay(filter) : way
  const max = seen.index === 'bill_day' ? lookedAtMax.covered : lookedAtMax.uncovered
  const looked = await countWay(db, seen, max + 1)
  const counted = exactUpTo(await countWithin(db, seen, conditions, { covered, max }))
  return { ...counted, totalIsExact: counted.totalIsExact && looked <= max }
}

/** Days of a filter's span that have bills, ascending. */
export async function daysWithBills(db: Db, { from, until }: BillFilter): Promise<string[]> {
  let query = db.selectFrom('bill').select('day').distinct().orderBy('day')
  if (from !== undefined) query = query.where('day', '>=', from)
  if (until !== undefined) query = query.where('day', '<=', until)
  return (await query.execute()).map((row) => row.day)
}

/** Whole rows of bills by their keys, in the order of the keys. */
export async function billsByKeys(db: Db, keys: readonly BillKey[]): Promise<BillTable[]> {
  if (keys.length === 0) return []
  const rows = await db
    .selectFrom('bill')
    .selectAll()
    .where(({ or, and }) =>
      or(keys.map(({ store_no, epoch_no, seq, document }) => and({ store_no, epoch_no, seq, document }))),
    )
    .execute()
  const nameOf = (key: BillKey) => `${key.store_no}/${key.epoch_no}/${key.seq}/${key.document}`
  const byName = new Map(rows.map((row) => [nameOf(row), row]))
  return keys.flatMap((key) => byName.get(nameOf(key)) ?? [])
}

const keyColumns = ['store_no', 'epoch_no', 'seq', 'document'] as const
const orderColumns = { at: ['day', 'at'], number: ['number'], totalMinor: ['total_minor'] } as const
/** What `bill_day` holds beside the order: the list filters by nothing else but the number. */
const coveredColumns = 'store_no, day, register_no, kind, staff, total_minor, tender_kinds, discrepancies'
const orderWays: Record<BillOrder['by'], Way> = {
  at: { index: 'bill_day', conditions: [], gives: 'at' },
  number: { index: 'bill_number', conditions: [], gives: 'number' },
  totalMinor: { index: 'bill_total', conditions: [], gives: 'totalMinor' },
}

/** Indexes whose range a filter narrows. */
function waysOf(filter: BillFilter): Way[] {
  const days = daysOf(filter)
  const ways: Way[] = []
  const [storeNo, ...otherStores] = filter.storeNos ?? []
  if (storeNo !== undefined && otherStores.length === 0) {
    const store = { text: 'store_no = ?', parameters: [storeNo] }
    ways.push({ index: 'bill_store_day', conditions: [store, ...days], gives: 'at' })
  }
  for (const [index, condition] of [
    ['bill_kind_day', equals('kind', filter.kind)],
    ['bill_staff_day', equals('staff', filter.staff)],
  ] as const) {
    if (condition) ways.push({ index, conditions: [condition, ...days], gives: 'at' })
  }
  if (days.length > 0) ways.push({ index: 'bill_day', conditions: days, gives: 'at' })
  if (filter.discrepancies === true) {
    ways.push({ index: 'bill_discrepancies', conditions: flagConditions(filter) })
  }
  if (filter.tenderBit !== undefined) {
    ways.push({ index: 'bill_tender', conditions: [tendersWith(filter.tenderBit)] })
  }
  const amounts = amountsOf(filter)
  if (amounts.length > 0) ways.push({ index: 'bill_total', conditions: amounts, gives: 'totalMinor' })
  const numbers = numberConditions(filter)
  if (numbers.length > 0) ways.push({ index: 'bill_number', conditions: numbers, gives: 'number' })
  const serial = equals('serial', filter.serial)
  if (serial) ways.push({ index: 'bill_serial', conditions: [serial] })
  return ways
}

function dayWay(filter: BillFilter): Way {
  return { index: 'bill_day', conditions: daysOf(filter) }
}

function conditionsOf(filter: BillFilter): Condition[] {
  const { storeNos, tenderBit } = filter
  return [
    ...(storeNos === undefined ? [] : [storesOf(storeNos)]),
    ...daysOf(filter),
    ...[
      equals('register_no', filter.registerNo),
      equals('kind', filter.kind),
      equals('staff', filter.staff),
      equals('serial', filter.serial),
    ].filter((condition) => condition !== undefined),
    ...(tenderBit === undefined ? [] : [tendersWith(tenderBit)]),
    ...amountsOf(filter),
    ...flagConditions(filter),
    ...numberConditions(filter),
  ]
}

function storesOf(storeNos: readonly number[]): Condition {
  if (storeNos.length === 1) return { text: 'store_no = ?', parameters: storeNos }
  return { text: `store_no IN (${storeNos.map(() => '?').join(',')})`, parameters: storeNos }
}

/** Every set of ways of paying that has the bit, so that an index serves it; there are few ways of paying. */
function tendersWith(bit: number): Condition {
  const sets = Array.from({ length: allTenderKinds + 1 }, (_, set) => set).filter((set) => (set & bit) !== 0)
  return { text: `tender_kinds IN (${sets.map(() => '?').join(',')})`, parameters: sets }
}

function equals(column: string, value: unknown): Condition | undefined {
  return value === undefined ? undefined : { text: `${column} = ?`, parameters: [value] }
}

function daysOf({ from, until }: BillFilter): Condition[] {
  return [
    ...(from === undefined ? [] : [{ text: 'day >= ?', parameters: [from] }]),
    ...(until === undefined ? [] : [{ text: 'day <= ?', parameters: [until] }]),
  ]
}

function amountsOf({ minMinor, maxMinor }: BillFilter): Condition[] {
  return [
    ...(minMinor === undefined ? [] : [{ text: 'total_minor >= ?', parameters: [minMinor] }]),
    ...(maxMinor === undefined ? [] : [{ text: 'total_minor <= ?', parameters: [maxMinor] }]),
  ]
}

function flagConditions({ discrepancies }: BillFilter): Condition[] {
  if (discrepancies === undefined) return []
  return [{ text: discrepancies ? 'discrepancies > 0' : 'discrepancies = 0', parameters: [] }]
}

/** A range instead of LIKE: the databases differ in when LIKE uses an index. */
function numberConditions({ numberFrom }: BillFilter): Condition[] {
  if (numberFrom === undefined) return []
  return [{ text: 'number >= ? AND number < ?', parameters: [numberFrom, `${numberFrom}\u{10FFFF}`] }]
}

function whereOf(conditions: readonly Condition[]): Condition {
  return {
    text: conditions.length === 0 ? '' : `WHERE ${conditions.map(({ text }) => text).join(' AND ')}`,
    parameters: conditions.flatMap(({ parameters }) => parameters),
  }
}

function hint(db: Db, { index }: Way): string {
  return db.getExecutor().adapter instanceof MysqlAdapter ? `FORCE INDEX (${index})` : `INDEXED BY ${index}`
}

/** Rows of an index's range, counted no further than `max`. */
async function countWay(db: Db, way: Way, max: number): Promise<number> {
  const where = whereOf(way.conditions)
  const { rows } = await db.executeQuery<{ n: number | string }>(
    CompiledQuery.raw(
      `SELECT COUNT(*) AS n FROM (SELECT 1 FROM bill ${hint(db, way)} ${where.text} LIMIT ?) AS seen`,
      [...where.parameters, max],
    ),
  )
  return Number(rows[0]?.n ?? 0)
}

/** Rows that match all conditions among the first `max` of a range, counted to one above `countedMax`. */
async function countWithin(
  db: Db,
  way: Way,
  conditions: readonly Condition[],
  { covered, max }: { covered: boolean; max: number },
): Promise<number> {
  const range = whereOf(way.conditions)
  const where = whereOf(conditions)
  const { rows } = await db.executeQuery<{ n: number | string }>(
    CompiledQuery.raw(
      `SELECT COUNT(*) AS n FROM (
         SELECT 1 FROM (
           SELECT ${covered ? coveredColumns : `${coveredColumns}, number, serial`}
           FROM bill ${hint(db, way)} ${range.text} LIMIT ?
         ) AS seen ${where.text} LIMIT ?
       ) AS matching`,
      [...range.parameters, max, ...where.parameters, countedMax + 1],
    ),
  )
  return Number(rows[0]?.n ?? 0)
}

function exactUpTo(total: number): { total: number; totalIsExact: boolean } {
  return { total: Math.min(total, countedMax), totalIsExact: total <= countedMax }
}
