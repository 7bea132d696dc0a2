import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type { Insertable } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { insertRows } from '../../../db/rows.ts'
import { forEachDialect } from '../../../testing/index.ts'
import type { BillTable } from '../tables.ts'
import { type BillFilter, type BillOrder, billKeys, billsByKeys, countBills, planBills } from './sql.ts'

type Bill = Insertable<BillTable>
const staff = [1, 2, 3].map((n) => Buffer.alloc(16, n))

function billOf(n: number, change: Partial<Bill> = {}): Bill {
  return {
    store_no: 1 + (n % 3),
    epoch_no: 1 + (n % 3),
    seq: n + 2,
    document: 0,
    identity: createHash('sha256').update(String(n)).digest(),
    register_no: 1 + (n % 3),
    number: `K${n % 3}AI26-${String(n).padStart(6, '0')}`,
    serial: n,
    kind: n % 10 === 0 ? 'B' : 'I',
    day: `2026-11-${String(1 + (n % 28)).padStart(2, '0')}`,
    trading_day: null,
    issue_date: '2026-11-01',
    at: 1_790_000_000_000 + n * 61_000,
    received_at: 1_790_000_000_000 + n * 61_000,
    staff: staff[n % 4] ?? null,
    shift: null,
    line_count: 1,
    units_milli: 1000,
    gross_minor: 100,
    discount_minor: 0,
    taxable_minor: 100,
    tax_minor: 0,
    total_minor: (n * 7919) % 100_003,
    tender_kinds: [1, 2, 3, 64][n % 4] ?? 1,
    discrepancies: n % 50 === 0 ? 1 : 0,
    ...change,
  }
}

async function fill(database: Database, bills: readonly Bill[]): Promise<void> {
  await database.write((tx) => insertRows(tx, 'bill', bills))
}

/** What the list says, without any index. */
function naive(bills: readonly Bill[], filter: BillFilter, order: BillOrder): string[] {
  const matching = bills.filter(
    (bill) =>
      (filter.storeNos === undefined || filter.storeNos.includes(bill.store_no)) &&
      (filter.registerNo === undefined || bill.register_no === filter.registerNo) &&
      (filter.from === undefined || bill.day >= filter.from) &&
      (filter.until === undefined || bill.day <= filter.until) &&
      (filter.kind === undefined || bill.kind === filter.kind) &&
      (filter.tenderBit === undefined || (bill.tender_kinds & filter.tenderBit) !== 0) &&
      (filter.staff === undefined || (bill.staff && Buffer.compare(bill.staff, filter.staff) === 0)) &&
      (filter.minMinor === undefined || bill.total_minor >= filter.minMinor) &&
      (filter.maxMinor === undefined || bill.total_minor <= filter.maxMinor) &&
      (filter.discrepancies === undefined || bill.discrepancies > 0 === filter.discrepancies) &&
      (filter.numberFrom === undefined || bill.number.startsWith(filter.numberFrom)) &&
      (filter.serial === undefined || bill.serial === filter.serial),
  )
  const key = (bill: Bill) =>
    ({
      at: `${bill.day} ${bill.at}`,
      number: bill.number,
      totalMinor: String(bill.total_minor).padStart(12, '0'),
    })[order.by]
  const sorted = matching.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
  return (order.descending ? sorted.toReversed() : sorted).map((bill) => bill.number)
}

async function listed(database: Database, filter: BillFilter, order: BillOrder, limit: number, offset = 0) {
  const plan = await planBills(database.read, filter, order)
  const keys = await billKeys(database.read, plan, order, { offset, limit })
  const bills = await billsByKeys(database.read, keys)
  return { numbers: bills.map((bill) => bill.number), counted: await countBills(database.read, plan, filter) }
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
const day = fc.integer({ min: 1, max: 28 }).map((n) => `2026-11-${String(n).padStart(2, '0')}`)
const filters: fc.Arbitrary<BillFilter> = fc.record({
  storeNos: maybe(fc.constantFrom([1], [2], [1, 3], [9]) as fc.Arbitrary<[number]>),
  registerNo: maybe(fc.integer({ min: 1, max: 3 })),
  from: maybe(day),
  until: maybe(day),
  kind: maybe(fc.constantFrom('I', 'B', 'C')),
  tenderBit: maybe(fc.constantFrom(1, 2, 64, 8)),
  staff: maybe(fc.constantFrom(...staff)),
  minMinor: maybe(fc.integer({ min: 0, max: 100_000 })),
  maxMinor: maybe(fc.integer({ min: 0, max: 100_000 })),
  discrepancies: maybe(fc.boolean()),
  numberFrom: maybe(fc.constantFrom('K', 'K1', 'K0AI26-0000', 'X')),
  serial: maybe(fc.integer({ min: 0, max: 400 })),
})
const orders: fc.Arbitrary<BillOrder> = fc.record({
  by: fc.constantFrom('at', 'number', 'totalMinor'),
  descending: fc.boolean(),
})

forEachDialect((dialect) => {
  test('every filter and order gives the bills that a look at each bill gives, and their number', async () => {
    const database = await dialect.open()
    const bills = Array.from({ length: 400 }, (_, n) => billOf(n))
    await fill(database, bills)
    await fc.assert(
      fc.asyncProperty(filters, orders, async (filter, order) => {
        const expected = naive(bills, filter, order)
        const { numbers, counted } = await listed(database, filter, order, 1000)
        expect(numbers).toEqual(expected)
        expect(counted).toEqual({ total: expected.length, totalIsExact: true })
      }),
      { numRuns: 60 },
    )
  })

  test('where an index must give the order, pages follow each other and counting stops', async () => {
    const database = await dialect.open()
    const bills = Array.from({ length: 10_200 }, (_, n) => billOf(n, { store_no: 1, epoch_no: 1, kind: 'I' }))
    await fill(database, bills)
    for (const by of ['at', 'number', 'totalMinor'] as const) {
      for (const filter of [
        {},
        { kind: 'I' },
        { minMinor: 1, tenderBit: 1 },
        { storeNos: [1] as [number] },
      ]) {
        const order = { by, descending: true }
        const expected = naive(bills, filter, order)
        const first = await listed(database, filter, order, 20)
        const second = await listed(database, filter, order, 20, 20)
        expect([...first.numbers, ...second.numbers]).toEqual(expected.slice(0, 40))
        const { total, totalIsExact } = first.counted
        expect(total).toBe(Math.min(expected.length, 10_000))
        expect(totalIsExact).toBe(expected.length <= 10_000)
      }
    }
  })
})
