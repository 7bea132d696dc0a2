import type { Db, Tx } from '../../../db/database.ts'
import { addToRows } from '../../../db/rows.ts'
import type { OfferTakeUpTable } from './tables.ts'

/** Adds to what offers gave; each key stands once, in the order of (store, offer, day). */
export async function addTakeUp(tx: Tx, rows: readonly OfferTakeUpTable[]): Promise<void> {
  await addToRows(tx, 'offer_take_up', ['store_no', 'offer_id', 'day'], rows)
}

/** Empties the table: all of it is derived. */
export async function clearTakeUp(tx: Tx): Promise<void> {
  await tx.deleteFrom('offer_take_up').execute()
}

type Figures = { bills: number; applications: number; givenMinor: number }

/** What an offer gave by trading day in stores (undefined: in all), newest first. */
export async function takeUpByDay(
  db: Db,
  offerId: number,
  storeNos: readonly number[] | undefined,
  limit: number,
): Promise<(Figures & { day: string })[]> {
  if (storeNos?.length === 0) return []
  let query = sums(db).select('day').where('offer_id', '=', offerId)
  if (storeNos !== undefined) query = query.where('store_no', 'in', [...storeNos])
  const rows = await query.groupBy('day').orderBy('day', 'desc').limit(limit).execute()
  return rows.map((row) => ({ day: row.day, ...figuresOf(row) }))
}

/** What an offer gave by store. */
export async function takeUpByStore(db: Db, offerId: number): Promise<(Figures & { storeNo: number })[]> {
  const rows = await sums(db)
    .select('store_no')
    .where('offer_id', '=', offerId)
    .groupBy('store_no')
    .orderBy('store_no')
    .execute()
  return rows.map((row) => ({ storeNo: row.store_no, ...figuresOf(row) }))
}

/** What offers gave in all, by offer; those that nobody used are absent. */
export async function takeUpOf(db: Db, offerIds: readonly number[]): Promise<Map<number, Figures>> {
  if (offerIds.length === 0) return new Map()
  const rows = await sums(db)
    .select('offer_id')
    .where('offer_id', 'in', [...offerIds])
    .groupBy('offer_id')
    .execute()
  return new Map(rows.map((row) => [row.offer_id, figuresOf(row)]))
}

function sums(db: Db) {
  return db
    .selectFrom('offer_take_up')
    .select(({ fn }) => [
      fn.sum<number | string>('bills').as('bills'),
      fn.sum<number | string>('applications').as('applications'),
      fn.sum<number | string>('given_minor').as('given_minor'),
    ])
}

/** MySQL answers sums as text. */
function figuresOf(row: {
  bills: number | string
  applications: number | string
  given_minor: number | string
}): Figures {
  return {
    bills: Number(row.bills),
    applications: Number(row.applications),
    givenMinor: Number(row.given_minor),
  }
}
