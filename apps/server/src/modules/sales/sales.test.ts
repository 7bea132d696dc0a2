import { randomUUIDv7 } from 'node:crypto'
import type { BillRow } from '@nexus/contract'
import { addDays, startOfDate } from '@nexus/domain'
import { invoiceOf, soldLine } from '@nexus/sync/testing'
import { expect, test } from 'vitest'
import { administrator, forEachDialect } from '../../testing/index.ts'
import { registerId, storeId } from '../stores/testing/world.ts'
import { allBills, billPage } from './bill-list/queries.ts'
import { getBill } from './bill-page/queries.ts'
import { billNumbers } from './index.ts'
import { searchEverything } from './search.ts'
import { cashierId, openShopWithTills, otherStoreId } from './testing/shop-with-tills.ts'
import { todayOf } from './today/queries.ts'

const everywhere = { storeIds: undefined }
const atHome = { ...administrator, storeIds: [storeId] }

forEachDialect((dialect) => {
  test('[JRN-5a, F39] a sale becomes a bill with its lines, taxes and tenders as the entry has them', async () => {
    const database = await dialect.open()
    const shop = await openShopWithTills(database)
    const { till } = shop
    till.shift = randomUUIDv7()
    const lines = [soldLine('a', 7, 2000, 11_800), soldLine('b', 9, 1500, 4000)]
    const paid = (kind: 'cash' | 'upi', amountMinor: number) =>
      ({
        kind,
        direction: 'in',
        amountMinor,
        reference: kind === 'upi' ? 'UTR1' : null,
        attempt: null,
      }) as const
    till.sale({ lines, tenders: [paid('cash', 10_000), paid('upi', 19_600)] })
    await shop.push(till)
    const db = database.read
    const [bill] = await db.selectFrom('bill').selectAll().execute()
    expect(bill).toMatchObject({
      number: 'KOR2AI26-000001',
      serial: 1,
      kind: 'I',
      day: '2026-11-22',
      line_count: 2,
      units_milli: 3500,
      gross_minor: 29_600,
      total_minor: 29_600,
      tender_kinds: 3,
      discrepancies: 0,
    })
    const stored = await db.selectFrom('bill_line').selectAll().orderBy('line').execute()
    expect(
      stored.map((line) => [line.line, line.product, line.batch, line.quantity_milli, line.paid_minor]),
    ).toEqual([
      [0, 7, 70, 2000, 23_600],
      [1, 9, 90, 1500, 6000],
    ])
    const taxes = await db.selectFrom('bill_tax').selectAll().execute()
    expect(taxes).toMatchObject([{ tax_kind: 'taxable', rate_bp: 1800, cgst_minor: 2258 }])
    expect(bill?.tax_minor).toBe(2 * 2258)
    const tenders = await db.selectFrom('tender').selectAll().orderBy('n').execute()
    expect(tenders).toMatchObject([
      { kind: 'cash', direction: 'in', amount_minor: 10_000, reference: null },
      { kind: 'upi', direction: 'in', amount_minor: 19_600, reference: 'UTR1' },
    ])
    expect(
      await billNumbers(db, 1, [
        { epochNo: 1, seq: 2 },
        { epochNo: 1, seq: 1 },
      ]),
    ).toEqual(new Map([['1/2', 'KOR2AI26-000001']]))
    const [event] = await db.selectFrom('outbox').selectAll().execute()
    expect(event).toMatchObject({ topic: 'sales.sale-recorded.v1', stream: 'journal/1/1', stream_seq: 2 })
    expect(JSON.parse(event?.payload ?? '')).toMatchObject({ store: storeId, register: registerId, seq: 2 })
  })

  test('[JRN-10b, F37] odd figures make an odd bill, never a lost one', async () => {
    const database = await dialect.open()
    const shop = await openShopWithTills(database)
    const { till } = shop
    till.tradingDay = null
    till.staff = null
    till.sale({ number: 'NO-HYPHEN-DIGITX', tenders: [] })
    till.sale({ lines: [soldLine('a', 2 ** 40, 1, 3)], number: 'X' })
    await shop.push(till)
    const { rows } = await billPage(database.read, everywhere, {})
    expect(
      rows.map((row) => [row.number, row.tradingDay, row.cashier, row.tenders, row.discrepancies]),
    ).toEqual([
      ['X', null, null, 'cash', 1],
      ['NO-HYPHEN-DIGITX', null, null, '', 1],
    ])
    expect((await database.read.selectFrom('journal_quarantine').select('seq').execute()).length).toBe(0)
  })

  test('an exchange is two bills; what goes back is taken off the takings', async () => {
    const database = await dialect.open()
    const shop = await openShopWithTills(database)
    const { till } = shop
    const cart = randomUUIDv7()
    const document = (kind: 'I' | 'C', number: string, minor: number) => ({
      ...invoiceOf([soldLine('a', 1, 1000, minor)], till.at),
      kind,
      number,
      issueDate: '2026-11-22',
    })
    const out = { kind: 'cash', direction: 'out', amountMinor: 1000, reference: null, attempt: null } as const
    till.append(
      'sale',
      {
        documents: [document('I', 'KOR2AI26-000001', 5000), document('C', 'KOR2AC26-000001', 6000)],
        tenders: [out],
        changeMinor: 0,
        recalledFrom: null,
        root: cart,
        language: 'en',
        personalHash: null,
      },
      { cart },
    )
    await shop.push(till)
    const today = await todayOf(database.read, everywhere, { day: '2026-11-22' }, shop.bench.clock.now())
    expect(today.figures).toMatchObject({ bills: 1, soldMinor: -1000, units: 0 })
    expect(today.tenders).toEqual([{ kind: 'cash', amountMinor: -1000, count: 1 }])
    expect((await billPage(database.read, everywhere, { kind: 'C' })).total).toBe(1)
  })

  test('the list shows names, keeps to the stores that the caller sees, and refuses what it cannot do', async () => {
    const database = await dialect.open()
    const shop = await openShopWithTills(database)
    shop.till.sale()
    shop.other.sale()
    await shop.push(shop.till)
    await shop.push(shop.other)
    const db = database.read
    const all = await billPage(db, everywhere, { sort: 'number' })
    expect(all.rows.map((row) => [row.number, row.storeName, row.registerNumber, row.cashier])).toEqual([
      ['KOR2AI26-000001', 'Koramangala', 2, 'Meena Cashier'],
      ['MYL1AI26-000001', 'Mylapore', 1, 'Meena Cashier'],
    ])
    const numbers = async (...args: Parameters<typeof billPage> extends [unknown, ...infer R] ? R : never) =>
      (await billPage(db, ...args)).rows.map((row) => row.number)
    expect(await numbers(atHome, {})).toEqual(['KOR2AI26-000001'])
    expect(await numbers(everywhere, { store: otherStoreId })).toEqual(['MYL1AI26-000001'])
    expect(await numbers(everywhere, { register: registerId })).toEqual(['KOR2AI26-000001'])
    expect(await numbers(everywhere, { staff: cashierId, q: 'myl' })).toEqual(['MYL1AI26-000001'])
    expect(await numbers(everywhere, { q: '1', sort: 'number' })).toEqual([
      'KOR2AI26-000001',
      'MYL1AI26-000001',
    ])
    expect(await numbers(everywhere, { tender: 'upi' })).toEqual([])
    expect(await numbers(everywhere, { tender: 'shells' })).toEqual([])
    expect(await numbers({ storeIds: [randomUUIDv7()] }, {})).toEqual([])
    await expect(billPage(db, atHome, { store: otherStoreId })).rejects.toMatchObject({
      code: 'session/not-allowed',
    })
    await expect(billPage(db, everywhere, { sort: 'colour' })).rejects.toMatchObject({
      code: 'request/invalid',
    })
    await expect(billPage(db, everywhere, { from: '2026-02-30' })).rejects.toMatchObject({
      code: 'request/invalid',
    })
  })

  test('the export has every bill of the list once, a day at a time where they are many', async () => {
    const database = await dialect.open()
    const shop = await openShopWithTills(database)
    for (let sale = 0; sale < 30; sale++) {
      shop.till.tradingDay = addDays('2026-11-20', sale % 3)
      shop.till.sale()
    }
    await shop.push(shop.till)
    const collect = async (query: Parameters<typeof allBills>[2]) => {
      const rows: BillRow[] = []
      for await (const portion of allBills(database.read, everywhere, query)) rows.push(...portion)
      return rows
    }
    const list = await billPage(database.read, everywhere, { pageSize: 200 })
    expect(await collect({})).toEqual(list.rows)
    expect((await collect({ until: '2026-11-20' })).length).toBe(10)
  })

  test('[JRN-5a] a bill shows its entry byte for byte, its neighbours, reprints and what was flagged', async () => {
    const database = await dialect.open()
    const shop = await openShopWithTills(database, {
      checkSale: async () => [
        { kind: 'price', params: { uid: 'a', paidMinor: 11_800, expectedMinor: 11_900 } },
      ],
    })
    const { till } = shop
    const before = till.entries.at(-1)
    const sale = till.sale()
    const reprint = till.append('reprint', {
      identity: sale.hash,
      number: 'KOR2AI26-000001',
      job: randomUUIDv7(),
      copy: 1,
      reason: 'customer',
      personalHash: null,
    })
    await shop.push(till)
    const bill = await getBill(database.read, administrator, { identity: sale.hash, document: 0 })
    expect(bill).toMatchObject({
      row: { number: 'KOR2AI26-000001', discrepancies: 1 },
      seller: { legalName: 'Corner Shop Private Limited', gstin: '29AABCC1234D1Z7', state: 'Karnataka' },
      entry: {
        identity: sale.hash,
        epoch: till.epoch,
        seq: 2,
        prevHash: before?.hash,
        next: reprint.hash,
        bytes: Buffer.from(sale.bytes).toString(),
        rulebookVersion: 1,
      },
      changeMinor: 0,
      reprints: [{ copy: 1, by: 'Meena Cashier' }],
      discrepancies: [{ kind: 'price', params: { uid: 'a', paidMinor: 11_800, expectedMinor: 11_900 } }],
    })
    expect(bill.content).toMatchObject({ number: 'KOR2AI26-000001', lines: [{ uid: 'a', product: 1 }] })
    expect(bill.tenders).toMatchObject([{ kind: 'cash', amountMinor: 11_800 }])
    const elsewhere = { ...administrator, storeIds: [otherStoreId] }
    const wanted = { identity: sale.hash, document: 0 }
    await expect(getBill(database.read, elsewhere, wanted)).rejects.toMatchObject({
      code: 'session/not-allowed',
    })
    for (const missing of [
      { ...wanted, document: 1 },
      { ...wanted, identity: reprint.hash },
    ]) {
      await expect(getBill(database.read, administrator, missing)).rejects.toMatchObject({
        code: 'bill/not-found',
      })
    }
  })

  test('Today adds up a trading day by hour, store and tender, beside the same weekday a week before', async () => {
    const database = await dialect.open()
    const shop = await openShopWithTills(database)
    const { till, other } = shop
    const sell = (one: typeof till, day: string, hour: number, minor: number) => {
      one.tradingDay = day
      one.at = startOfDate(day) + hour * 3_600_000
      one.sale({ lines: [soldLine('a', 1, 2000, minor / 2)] })
    }
    sell(till, '2026-11-15', 11, 50_000)
    sell(till, '2026-11-22', 10, 10_000)
    sell(till, '2026-11-22', 10, 20_000)
    sell(till, '2026-11-22', 23, 4000)
    sell(other, '2026-11-22', 10, 40_000)
    till.appendBytes(Buffer.from('not an entry'))
    await shop.push(till)
    await shop.push(other)
    const now = startOfDate('2026-11-22') + 20 * 3_600_000
    const today = await todayOf(database.read, everywhere, {}, now)
    expect(today).toMatchObject({
      day: '2026-11-22',
      asOf: now,
      figures: { bills: 4, soldMinor: 74_000, units: 8, averageMinor: 18_500, discountMinor: 0 },
      lastWeek: { bills: 1, soldMinor: 50_000 },
      hours: [
        { hour: 10, bills: 3, soldMinor: 70_000, lastWeekMinor: 0 },
        { hour: 11, bills: 0, soldMinor: 0, lastWeekMinor: 50_000 },
        { hour: 23, bills: 1, soldMinor: 4000, lastWeekMinor: 0 },
      ],
      stores: [
        { name: 'Mylapore', bills: 1, soldMinor: 40_000, lastWeekMinor: 0 },
        { name: 'Koramangala', bills: 3, soldMinor: 34_000, lastWeekMinor: 50_000 },
      ],
      tenders: [{ kind: 'cash', amountMinor: 74_000, count: 4 }],
      attention: { quarantined: 1, forked: 0, quietRegisters: 0 },
    })
    const home = await todayOf(database.read, atHome, {}, now)
    expect(home.figures.soldMinor).toBe(34_000)
    expect(home.stores.length).toBe(1)
    const empty = await todayOf(database.read, everywhere, { day: '2020-01-01' }, now)
    expect(empty.figures).toEqual({
      bills: 0,
      soldMinor: 0,
      units: 0,
      averageMinor: 0,
      discountMinor: 0,
      taxMinor: 0,
    })
  })

  test('search finds bills, people and stores, and nothing that the caller may not see', async () => {
    const database = await dialect.open()
    const shop = await openShopWithTills(database)
    const sale = shop.till.sale()
    shop.other.sale()
    await shop.push(shop.till)
    await shop.push(shop.other)
    const titles = async (caller: typeof administrator, q: string) =>
      (await searchEverything(database.read, caller, q)).map(({ kind, title }) => [kind, title])
    expect(await searchEverything(database.read, administrator, 'kor2ai')).toEqual([
      {
        kind: 'bill',
        id: `${sale.hash}/0`,
        title: 'KOR2AI26-000001',
        detail: 'Koramangala · 2026-11-22 · ₹118.00',
      },
    ])
    expect(await titles(administrator, 'meena')).toEqual([['staff', 'Meena Cashier']])
    expect(await titles(administrator, 'chennai')).toEqual([['store', 'Mylapore']])
    expect(await titles(atHome, 'chennai')).toEqual([])
    expect(await titles(atHome, 'myl1')).toEqual([])
    const powerless = { ...administrator, permissions: new Set<never>() }
    expect(await titles(powerless, 'meena')).toEqual([])
    expect(await titles(powerless, 'kor2')).toEqual([])
    expect(await titles(administrator, '  ')).toEqual([])
  })
})
