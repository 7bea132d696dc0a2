import type { Db, Tx } from '../../../db/database.ts'
import { containing } from '../../../db/like.ts'
import { insertRows, replaceRows } from '../../../db/rows.ts'
import type { NumberExplainedTable, NumberGapTable, NumberSeriesTable } from '../tables.ts'

export async function insertExplained(tx: Tx, rows: readonly NumberExplainedTable[]): Promise<void> {
  await insertRows(tx, 'number_explained', rows)
}

export async function removeExplained(tx: Tx): Promise<void> {
  await tx.deleteFrom('number_explained').execute()
}

/** How far each series was looked through, by prefix. */
export async function seriesByPrefix(
  db: Db,
  prefixes: readonly string[],
): Promise<Map<string, NumberSeriesTable>> {
  if (prefixes.length === 0) return new Map()
  const rows = await db
    .selectFrom('number_series')
    .selectAll()
    .where('prefix', 'in', [...prefixes])
    .execute()
  return new Map(rows.map((row) => [row.prefix, row]))
}

export async function putSeries(tx: Tx, rows: readonly NumberSeriesTable[]): Promise<void> {
  await replaceRows(tx, 'number_series', rows)
}

/** Numbers of a series behind one of them that bills bear, ascending, with how many bills bear each. */
export async function numbersBehind(
  db: Db,
  prefix: string,
  after: string,
  limit: number,
): Promise<{ number: string; bills: number }[]> {
  const rows = await db
    .selectFrom('bill')
    .select(({ fn }) => ['number', fn.countAll<number | string>().as('bills')])
    .where('number', '>', after)
    .where('number', '<=', `${prefix}999999`)
    .groupBy('number')
    .orderBy('number')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ number: row.number, bills: Number(row.bills) }))
}

/** How many bills bear each of these numbers; those without any are absent. */
export async function billsBearing(db: Db, numbers: readonly string[]): Promise<Map<string, number>> {
  if (numbers.length === 0) return new Map()
  const rows = await db
    .selectFrom('bill')
    .select(({ fn }) => ['number', fn.countAll<number | string>().as('bills')])
    .where('number', 'in', [...numbers])
    .groupBy('number')
    .execute()
  return new Map(rows.map((row) => [row.number, Number(row.bills)]))
}

/** What entries say of these numbers. */
export async function explanationsOf(db: Db, numbers: readonly string[]): Promise<NumberExplainedTable[]> {
  if (numbers.length === 0) return []
  return await db
    .selectFrom('number_explained')
    .selectAll()
    .where('number', 'in', [...numbers])
    .execute()
}

/** The highest number of a series that an entry explains; undefined: none. */
export async function lastExplained(db: Db, prefix: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('number_explained')
    .select('number')
    .where('number', '>', prefix)
    .where('number', '<=', `${prefix}999999`)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.number
}

/** Gaps that nothing explains yet, oldest first. */
export async function openGaps(db: Db): Promise<NumberGapTable[]> {
  return await db
    .selectFrom('number_gap')
    .selectAll()
    .where('settled_at', 'is', null)
    .orderBy('found_at')
    .orderBy('number')
    .execute()
}

/** Keeps gaps as they stand now. */
export async function putGaps(tx: Tx, rows: readonly NumberGapTable[]): Promise<void> {
  await replaceRows(tx, 'number_gap', rows)
}

export type GapFilter = {
  /** undefined: all */
  storeNos: readonly number[] | undefined
  open?: boolean | undefined
  /** Part of a number. */
  q?: string | undefined
}

function matching(db: Db, filter: GapFilter) {
  let query = db.selectFrom('number_gap')
  if (filter.storeNos) query = query.where('store_no', 'in', [...filter.storeNos])
  if (filter.open !== undefined) query = query.where('settled_at', filter.open ? 'is' : 'is not', null)
  if (filter.q !== undefined) query = query.where('number', 'like', containing(filter.q))
  return query
}

/** How many match, counting no further than `max`. */
export async function countGaps(db: Db, filter: GapFilter, max: number): Promise<number> {
  return (await matching(db, filter).select('number').limit(max).execute()).length
}

/** By number. */
export async function gapsPage(
  db: Db,
  filter: GapFilter,
  { offset, limit }: { offset: number; limit: number },
): Promise<NumberGapTable[]> {
  return await matching(db, filter).selectAll().orderBy('number').limit(limit).offset(offset).execute()
}
