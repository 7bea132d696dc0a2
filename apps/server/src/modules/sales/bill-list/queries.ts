import { type BillRow, type billQuery, type PageOf, Problem, type StaticOf } from '@nexus/contract'
import { isDate } from '@nexus/domain'
import { toBase64Url } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type { StaffCaller } from '../../../http/serve.ts'
import { staffNames } from '../../staff/index.ts'
import { selectRegisterKeys, selectStoreKeys } from '../../stores/index.ts'
import type { BillTable } from '../tables.ts'
import { tenderBit, tenderList } from '../tender-kinds.ts'
import {
  type BillFilter,
  type BillOrder,
  billKeys,
  billsByKeys,
  countBills,
  daysWithBills,
  planBills,
} from './sql.ts'

export type BillQuery = Partial<StaticOf<typeof billQuery>>
type Caller = Pick<StaffCaller, 'storeIds'>

/** Small keys of stores and registers, with what lists show of them. */
export type Places = {
  stores: ReadonlyMap<number, { id: string; name: string }>
  registers: ReadonlyMap<number, { id: string; number: number; storeId: string }>
}

/** A page of bills in the stores that the caller sees. Throws `session/not-allowed`, `request/invalid`. */
export async function billPage(db: Db, caller: Caller, query: BillQuery): Promise<PageOf<BillRow>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const places = await readPlaces(db)
  const filter = filterOf(places, caller, query)
  if (filter === 'nothing') return { rows: [], page, pageSize, total: 0, totalIsExact: true }
  const order = orderOf(query.sort)
  const plan = await planBills(db, filter, order)
  const [counted, keys] = await Promise.all([
    countBills(db, plan, filter),
    billKeys(db, plan, order, { offset: (page - 1) * pageSize, limit: pageSize }),
  ])
  return { rows: await rowsOf(db, places, await billsByKeys(db, keys)), page, pageSize, ...counted }
}

/** Rows of one statement; SQLite nests conditions no deeper than 1,000. */
const exportPage = 500
const keysMax = 10_000_000

/** The same bills as the list's, all of them, in portions: few of them in the list's order, many by day. */
export async function* allBills(db: Db, caller: Caller, query: BillQuery): AsyncGenerator<BillRow[]> {
  const places = await readPlaces(db)
  const filter = filterOf(places, caller, query)
  if (filter === 'nothing') return
  const order = orderOf(query.sort)
  const plan = await planBills(db, filter, order)
  const { totalIsExact } = await countBills(db, plan, filter)
  // A million keys at once would fill the memory; a day's are few.
  const spans = totalIsExact ? [filter] : await daysOf(db, filter, order)
  for (const span of spans) {
    const keys = await billKeys(db, await planBills(db, span, order), order, { offset: 0, limit: keysMax })
    for (let start = 0; start < keys.length; start += exportPage) {
      yield await rowsOf(db, places, await billsByKeys(db, keys.slice(start, start + exportPage)))
    }
  }
}

/** The filter, a day at a time. */
async function daysOf(db: Db, filter: BillFilter, { descending }: BillOrder): Promise<BillFilter[]> {
  const days = (await daysWithBills(db, filter)).map((day) => ({ ...filter, from: day, until: day }))
  return descending ? days.reverse() : days
}

export async function readPlaces(db: Db): Promise<Places> {
  const [stores, registers] = await Promise.all([selectStoreKeys(db), selectRegisterKeys(db)])
  return {
    stores: new Map(stores.map(({ no, id, name }) => [no, { id, name }])),
    registers: new Map(registers.map(({ no, ...register }) => [no, register])),
  }
}

/** Bills as lists show them. */
export async function rowsOf(db: Db, places: Places, bills: readonly BillTable[]): Promise<BillRow[]> {
  const people = new Set(bills.flatMap(({ staff }) => (staff ? [uuidText(staff)] : [])))
  const names = people.size === 0 ? new Map<string, string>() : await staffNames(db, [...people])
  return bills.map((bill) => {
    const store = places.stores.get(bill.store_no)
    const register = places.registers.get(bill.register_no)
    return {
      identity: toBase64Url(bill.identity),
      document: bill.document,
      number: bill.number,
      kind: bill.kind,
      storeId: store?.id ?? '',
      storeName: store?.name ?? '',
      registerId: register?.id ?? '',
      registerNumber: register?.number ?? 0,
      issueDate: bill.issue_date,
      tradingDay: bill.trading_day,
      at: bill.at,
      receivedAt: bill.received_at,
      cashier: bill.staff && (names.get(uuidText(bill.staff)) ?? null),
      lines: bill.line_count,
      totalMinor: bill.total_minor,
      taxMinor: bill.tax_minor,
      discountMinor: bill.discount_minor,
      tenders: tenderList(bill.tender_kinds),
      discrepancies: bill.discrepancies,
    }
  })
}

/** Small keys of the stores that are asked for and that the caller sees; undefined: every store. */
export function storeNosFor(
  { stores }: Places,
  caller: Caller,
  storeId: string | undefined,
): readonly [number, ...number[]] | undefined | 'nothing' {
  if (storeId !== undefined && caller.storeIds && !caller.storeIds.includes(storeId)) {
    throw new Problem('session/not-allowed', 'You do not work for this store.', { storeId })
  }
  if (storeId === undefined && caller.storeIds === undefined) return undefined
  const wanted = storeId === undefined ? new Set(caller.storeIds) : new Set([storeId])
  const [first, ...rest] = [...stores].filter(([, { id }]) => wanted.has(id)).map(([no]) => no)
  return first === undefined ? 'nothing' : [first, ...rest]
}

function filterOf(places: Places, caller: Caller, query: BillQuery): BillFilter | 'nothing' {
  const register = [...places.registers].find(([, { id }]) => id === query.register)
  if (query.register !== undefined && register === undefined) return 'nothing'
  // A register lies in one store, which an index begins with.
  const storeNos = storeNosFor(places, caller, query.store ?? register?.[1].storeId)
  const tender = query.tender === undefined ? undefined : tenderBit(query.tender)
  if (storeNos === 'nothing' || tender === 0) return 'nothing'
  return {
    storeNos,
    registerNo: register?.[0],
    from: dateOf(query.from),
    until: dateOf(query.until),
    kind: query.kind,
    tenderBit: tender,
    staff: query.staff === undefined ? undefined : uuidBytes(query.staff),
    minMinor: query.minMinor,
    maxMinor: query.maxMinor,
    discrepancies: query.discrepancies,
    ...numberFilter(query.q),
  }
}

/** What people type: the last digits, or the number from its beginning. */
export function numberFilter(q: string | undefined): Pick<BillFilter, 'numberFrom' | 'serial'> {
  const text = q?.trim().toUpperCase() ?? ''
  if (text === '') return {}
  return /^[0-9]{1,9}$/.test(text) ? { serial: Number(text) } : { numberFrom: text }
}

const sorts: Record<string, BillOrder['by']> = { at: 'at', number: 'number', totalMinor: 'totalMinor' }

function orderOf(sort: string | undefined): BillOrder {
  if (sort === undefined) return { by: 'at', descending: true }
  const name = sort.replace(/^-/, '')
  const by = Object.hasOwn(sorts, name) ? sorts[name] : undefined
  if (by === undefined) {
    throw new Problem(
      'request/invalid',
      `Bills cannot be sorted by ${name}. Choose at, number or totalMinor.`,
      {},
      [{ field: 'sort', message: 'unknown' }],
    )
  }
  return { by, descending: sort.startsWith('-') }
}

function dateOf(text: string | undefined): string | undefined {
  if (text === undefined || isDate(text)) return text
  throw new Problem('request/invalid', `${text} is no day of the calendar. Write it as YYYY-MM-DD.`)
}
