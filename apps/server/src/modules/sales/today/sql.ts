import type { Db } from '../../../db/database.ts'
import type {} from '../tables.ts'

/** Stores to add up: at least one; undefined: every store. */
type StoreNos = readonly [number, ...number[]] | undefined

export type HourTakings = {
  day: string
  hour: number
  bills: number
  soldMinor: number
  unitsMilli: number
  discountMinor: number
  taxMinor: number
}

/** Takings of two days by hour; hours without any are left out. */
export async function takingsByHour(
  db: Db,
  stores: StoreNos,
  days: readonly [string, string],
): Promise<HourTakings[]> {
  let query = db.selectFrom('takings_hour').where('day', 'in', days)
  if (stores) query = query.where('store_no', 'in', stores)
  const rows = await query
    .select(({ fn }) => [
      'day',
      'hour',
      fn.sum('bills').as('bills'),
      fn.sum('sold_minor').as('sold'),
      fn.sum('units_milli').as('units'),
      fn.sum('discount_minor').as('discount'),
      fn.sum('tax_minor').as('tax'),
    ])
    .groupBy(['day', 'hour'])
    .orderBy('day')
    .orderBy('hour')
    .execute()
  return rows.map((row) => ({
    day: row.day,
    hour: row.hour,
    bills: Number(row.bills),
    soldMinor: Number(row.sold),
    unitsMilli: Number(row.units),
    discountMinor: Number(row.discount),
    taxMinor: Number(row.tax),
  }))
}

/** Takings of two days by store; stores without any are left out. */
export async function takingsByStore(
  db: Db,
  stores: StoreNos,
  days: readonly [string, string],
): Promise<{ day: string; storeNo: number; bills: number; soldMinor: number }[]> {
  let query = db.selectFrom('takings_hour').where('day', 'in', days)
  if (stores) query = query.where('store_no', 'in', stores)
  const rows = await query
    .select(({ fn }) => ['day', 'store_no', fn.sum('bills').as('bills'), fn.sum('sold_minor').as('sold')])
    .groupBy(['day', 'store_no'])
    .orderBy('store_no')
    .execute()
  return rows.map((row) => ({
    day: row.day,
    storeNo: row.store_no,
    bills: Number(row.bills),
    soldMinor: Number(row.sold),
  }))
}

/** What was taken on a day by each way of paying, most first. */
export async function takingsByTender(
  db: Db,
  stores: StoreNos,
  day: string,
): Promise<{ kind: string; amountMinor: number; count: number }[]> {
  let query = db.selectFrom('takings_tender').where('day', '=', day)
  if (stores) query = query.where('store_no', 'in', stores)
  const rows = await query
    .select(({ fn }) => ['kind', fn.sum('amount_minor').as('amount'), fn.sum('tenders').as('count')])
    .groupBy('kind')
    .execute()
  return rows
    .map((row) => ({ kind: row.kind, amountMinor: Number(row.amount), count: Number(row.count) }))
    .sort((a, b) => b.amountMinor - a.amountMinor)
}
