import type { Db, Tx } from '../../db/database.ts'
import { addToRows, keepRows, replaceRows } from '../../db/rows.ts'
import { uuidText } from '../../db/uuid.ts'
import type { ShiftSumTable, ShiftTable } from './tables.ts'

/** Shifts that are known of those of one store, by id as text. */
export async function findShifts(
  tx: Tx,
  storeNo: number,
  ids: readonly Uint8Array[],
): Promise<Map<string, ShiftTable>> {
  const rows = await tx
    .selectFrom('shift')
    .selectAll()
    .where('store_no', '=', storeNo)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [uuidText(row.id), row]))
}

export async function replaceShifts(tx: Tx, rows: readonly ShiftTable[]): Promise<void> {
  await replaceRows(tx, 'shift', rows)
}

/** Notes shifts of which only another entry is known; those that are known stay as they are. */
export async function keepShifts(tx: Tx, rows: readonly ShiftTable[]): Promise<void> {
  await keepRows(tx, 'shift', ['store_no', 'id'], rows)
}

/** Adds to what shifts add up to; each shift stands once in `rows`, in the order of the key. */
export async function addToSums(tx: Tx, rows: readonly ShiftSumTable[]): Promise<void> {
  await addToRows(tx, 'shift_sum', ['store_no', 'shift'], rows)
}

export async function clearShifts(tx: Tx): Promise<void> {
  await tx.deleteFrom('shift').execute()
  await tx.deleteFrom('shift_sum').execute()
}

export type ShiftFilter = {
  /** undefined: all */
  storeNos: readonly number[] | undefined
  /** Trading days, both included. */
  from?: string | undefined
  until?: string | undefined
  open?: boolean | undefined
}
export type ShiftOrder = { by: 'tradingDay' | 'difference'; descending: boolean }

function matching(db: Db, filter: ShiftFilter) {
  let query = db.selectFrom('shift')
  if (filter.storeNos) query = query.where('shift.store_no', 'in', [...filter.storeNos])
  if (filter.from !== undefined) query = query.where('trading_day', '>=', filter.from)
  if (filter.until !== undefined) query = query.where('trading_day', '<=', filter.until)
  if (filter.open !== undefined) query = query.where('closed_at', filter.open ? 'is' : 'is not', null)
  return query
}

/** How many shifts match, counting no further than `max`. */
export async function countShifts(db: Db, filter: ShiftFilter, max: number): Promise<number> {
  const row = await db
    .selectFrom(matching(db, filter).select('shift.id').limit(max).as('found'))
    .select(({ fn }) => fn.countAll<number | string>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(row.total)
}

export type ShiftWithSum = ShiftTable & Omit<ShiftSumTable, 'store_no' | 'shift'>

/** Shifts with what they add up to. */
export async function shiftsPage(
  db: Db,
  filter: ShiftFilter,
  order: ShiftOrder,
  page: { offset: number; limit: number },
): Promise<ShiftWithSum[]> {
  const direction = order.descending ? 'desc' : 'asc'
  let query = matching(db, filter).selectAll()
  query =
    order.by === 'difference'
      ? query.orderBy('difference_minor', direction)
      : query.orderBy('trading_day', direction).orderBy('id', direction)
  const shifts = await query.limit(page.limit).offset(page.offset).execute()
  if (shifts.length === 0) return []
  const sums = await db
    .selectFrom('shift_sum')
    .selectAll()
    .where('store_no', 'in', [...new Set(shifts.map((shift) => shift.store_no))])
    .where(
      'shift',
      'in',
      shifts.map((shift) => shift.id),
    )
    .execute()
  const byKey = new Map(sums.map((sum) => [`${sum.store_no}/${uuidText(sum.shift)}`, sum]))
  return shifts.map((shift) => ({
    ...emptySum,
    ...byKey.get(`${shift.store_no}/${uuidText(shift.id)}`),
    ...shift,
  }))
}

export const emptySum = {
  bills: 0,
  sold_minor: 0,
  returned_minor: 0,
  cash_sales_minor: 0,
  cash_refunds_minor: 0,
  cash_in_minor: 0,
  cash_out_minor: 0,
  safe_drops_minor: 0,
} as const satisfies Omit<ShiftSumTable, 'store_no' | 'shift'>
