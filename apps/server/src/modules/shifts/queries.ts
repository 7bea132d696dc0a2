import type { PageOf, ShiftRow } from '@nexus/contract'
import { expectedCash } from '@nexus/domain'
import type { Db } from '../../db/database.ts'
import { uuidText } from '../../db/uuid.ts'
import type { StaffCaller } from '../../http/serve.ts'
import { staffNames } from '../staff/index.ts'
import { selectRegisterKeys, selectStoreKeys } from '../stores/index.ts'
import { countShifts, type ShiftWithSum, shiftsPage } from './sql.ts'

export type ShiftQuery = {
  page?: number
  pageSize?: number
  /** `-tradingDay` (the default), `tradingDay`, `difference` (missing cash first) or `-difference`. */
  sort?: string
  store?: string
  /** Trading days, both included. */
  from?: string
  until?: string
  open?: boolean
}

/** Counting stops here; screens then say "more than". */
const totalMax = 10_000

/** A page of shifts in the stores that the caller sees. */
export async function shiftPage(
  db: Db,
  caller: Pick<StaffCaller, 'storeIds'>,
  query: ShiftQuery,
): Promise<PageOf<ShiftRow>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const stores = (await selectStoreKeys(db)).filter(
    (store) =>
      (query.store === undefined || store.id === query.store) &&
      (caller.storeIds === undefined || caller.storeIds.includes(store.id)),
  )
  if (stores.length === 0) return { rows: [], page, pageSize, total: 0, totalIsExact: true }
  const seesAll = query.store === undefined && caller.storeIds === undefined
  const by =
    query.sort?.replace(/^-/, '') === 'difference' && query.open !== true ? 'difference' : 'tradingDay'
  const filter = {
    storeNos: seesAll ? undefined : stores.map((store) => store.no),
    from: query.from,
    until: query.until,
    // Only a closed shift has a difference.
    open: by === 'difference' ? false : query.open,
  }
  const descending = query.sort === undefined || query.sort.startsWith('-')
  const [total, shifts] = await Promise.all([
    countShifts(db, filter, totalMax + 1),
    shiftsPage(db, filter, { by, descending }, { offset: (page - 1) * pageSize, limit: pageSize }),
  ])
  const cashiers = shifts.flatMap((shift) => (shift.cashier ? [uuidText(shift.cashier)] : []))
  const names = await staffNames(db, [...new Set(cashiers)])
  const registers = new Map((await selectRegisterKeys(db)).map((row) => [row.no, row.number]))
  const storesByNo = new Map(stores.map((store) => [store.no, store]))
  return {
    rows: shifts.map((shift) => ({
      id: uuidText(shift.id),
      storeId: storesByNo.get(shift.store_no)?.id ?? '',
      storeName: storesByNo.get(shift.store_no)?.name ?? '',
      registerNumber: registers.get(shift.register_no) ?? 0,
      cashier: shift.cashier && (names.get(uuidText(shift.cashier)) ?? null),
      tradingDay: shift.trading_day,
      openedAt: shift.opened_at,
      closedAt: shift.closed_at,
      floatMinor: shift.float_minor,
      bills: shift.bills,
      soldMinor: shift.sold_minor,
      countedMinor: shift.counted_minor,
      expectedMinor: shift.expected_minor ?? expectedNow(shift),
      differenceMinor: shift.difference_minor,
    })),
    page,
    pageSize,
    total: Math.min(total, totalMax),
    totalIsExact: total <= totalMax,
  }
}

/** What the drawer of an open shift should hold by the entries that have arrived. */
function expectedNow(shift: ShiftWithSum): number {
  return expectedCash({
    floatMinor: shift.float_minor,
    salesMinor: shift.cash_sales_minor,
    refundsMinor: shift.cash_refunds_minor,
    cashInMinor: shift.cash_in_minor,
    cashOutMinor: shift.cash_out_minor,
    safeDropsMinor: shift.safe_drops_minor,
  })
}
