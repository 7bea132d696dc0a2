import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BadRow, ImportChange, ImportMapping, PriceListRow, ProductBody } from '@nexus/contract'
import { internalCode, startOfDate } from '@nexus/domain'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { forEachDialect, testClock } from '../../../testing/index.ts'
import { addPriceList } from '../add-price-list.ts'
import { addProducts } from '../add-products.ts'
import { putTaxClass } from '../put-tax-class.ts'
import { productsById, type StoredProduct } from '../sql.ts'
import { applyPrice, type Masters } from './apply-price.ts'
import { openChangesFile } from './changes-file.ts'
import { importFigures } from './import-figures.ts'

const folder = mkdtempSync(join(tmpdir(), 'nexus-figures-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const author = { by: null, how: 'test' }
const columns = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { column: name }]))
const prices: ImportMapping = {
  kind: 'prices',
  fields: columns('sku', 'barcode', 'list', 'price', 'from', 'until'),
}
const mrps: ImportMapping = { kind: 'mrp', fields: columns('sku', 'batchNo', 'mrp', 'revisedMrp') }
const priceHeader = 'sku,barcode,list,price,from,until\n'
const mrpHeader = 'sku,batchNo,mrp,revisedMrp\n'
const now = testClock().now()
const dayMs = 86_400_000
/** A day from today on, as merchandisers write it. */
const dateIn = (days: number) => new Date(now + days * dayMs).toISOString().slice(0, 10)

const batch = (batchNo: string, mrpMinor: number | null) => ({
  id: 0,
  batchNo,
  mrpMinor,
  revisedMrpMinor: null,
  expiryKind: null,
  expiryMonth: null,
})
const product = (sku: string, change: Partial<ProductBody> = {}): ProductBody => ({
  sku,
  names: { en: `Soap ${sku}` },
  brand: '',
  category: '',
  hsn: '34011190',
  uqc: 'NOS',
  taxClassId: 'GST18',
  active: true,
  barcodes: [],
  batches: [batch('B1', 10_000)],
  prices: [{ listId: 1, unitMinor: 9000, from: 0, until: null }],
  ...change,
})

/** List 1 is the chain's, 2 for members; A-1 has MRP ₹100 and costs ₹90, A-2 has two batches, A-3 no MRP. */
async function shopOf(database: Database) {
  const context = { database, clock: testClock() }
  const rates = [{ from: 0, kind: 'taxable' as const, rateBp: 1800 }]
  await putTaxClass(context, { id: 'GST18', name: 'GST 18%', rates }, author)
  const list = { name: 'Selling price', scope: 'chain', scopeId: '', tier: null, inclusive: true } as const
  await addPriceList(context, list, author)
  await addPriceList(context, { ...list, name: 'Members', tier: 'member' }, author)
  await addProducts(
    context,
    [
      product('A-1', { barcodes: ['9520000000011'] }),
      product('A-2', { batches: [batch('B1', 10_000), batch('B2', 12_000)] }),
      product('A-3', { batches: [], prices: [] }),
    ],
    author,
  )
  const path = join(folder, 'file.csv')
  const run = async (content: string, mapping: ImportMapping, dryRun = false) => {
    writeFileSync(path, content)
    const bad: BadRow[] = []
    const changes: ImportChange[] = []
    const counts = await importFigures(context, path, mapping, {
      dryRun,
      author,
      at: now,
      onBadRow: (row) => void bad.push(row),
      onChange: (change) => void changes.push(change),
    })
    return { ...counts, bad, changes }
  }
  const stored = async (id: number): Promise<StoredProduct> => {
    const found = (await productsById(database.read, [id])).get(id)
    if (!found) throw new Error(`no product ${id}`)
    return found
  }
  const pricesOf = async (id: number) =>
    (await stored(id)).prices.map(({ listId, unitMinor, from, until }) => [listId, unitMinor, from, until])
  return { ...context, run, stored, pricesOf, path }
}

forEachDialect((dialect) => {
  test('a dry run shows what a run then does, from what to what, and writes nothing', async () => {
    const { run, pricesOf, stored } = await shopOf(await dialect.open())
    const from = startOfDate(dateIn(5))
    const until = startOfDate(dateIn(8))
    const file = `${priceHeader}A-1,,,80,,\n,9520000000011,Members,75.5,${dateIn(5)},${dateIn(7)}\na-3,,2,₹ 1\n`
    const checked = await run(file, prices, true)
    expect(checked).toMatchObject({ rowsTotal: 3, rowsRead: 3, rowsChanged: 1, rowsCreated: 1, rowsBad: 1 })
    expect(checked.bad).toMatchObject([{ line: 4, field: 'row' }])
    expect(checked.changes).toEqual([
      {
        kind: 'price',
        line: 2,
        sku: 'A-1',
        name: 'Soap A-1',
        list: 'Selling price',
        from: now,
        until: null,
        beforeMinor: 9000,
        afterMinor: 8000,
        withTaxMinor: 8000,
        mrpMinor: 10_000,
      },
      expect.objectContaining({ line: 3, list: 'Members', from, until, beforeMinor: null, afterMinor: 7550 }),
    ])
    expect((await stored(1)).revision).toBe(1)

    expect(await run(file, prices)).toEqual(checked)
    expect(await pricesOf(1)).toEqual([
      [1, 9000, 0, now],
      [1, 8000, now, null],
      [2, 7550, from, until],
    ])
    const again = await run(file, prices)
    expect(again).toMatchObject({ rowsSame: 2, rowsChanged: 0, rowsCreated: 0, changes: [] })
    expect((await stored(1)).revision).toBe(2)
  })

  test('an MRP changes in its batch, a new batch is made, and no price is left above', async () => {
    const { run, stored } = await shopOf(await dialect.open())
    const file = `${mrpHeader}A-1,,95,\nA-2,b2,,110\nA-3,,,\nA-3,N1,50,\nA-1,B1,95,\n`
    expect(await run(file, mrps, true)).toMatchObject({
      rowsChanged: 2,
      rowsCreated: 1,
      rowsBad: 1,
      rowsSame: 1,
    })
    const done = await run(file, mrps)
    expect(done.bad).toMatchObject([{ line: 4, field: 'mrp', reason: 'The row has no MRP.' }])
    expect(done.changes[1]).toEqual({
      kind: 'mrp',
      line: 3,
      sku: 'A-2',
      name: 'Soap A-2',
      batchNo: 'B2',
      isNewBatch: false,
      beforeMinor: 12_000,
      afterMinor: 12_000,
      revisedBeforeMinor: null,
      revisedAfterMinor: 11_000,
    })
    expect((await stored(2)).batches).toMatchObject([{ mrpMinor: 10_000 }, { revisedMrpMinor: 11_000 }])
    expect((await stored(3)).batches).toMatchObject([{ batchNo: 'N1', mrpMinor: 5000 }])

    const refused = await run(`${mrpHeader}A-1,,89.99,\nA-2,,80,\nA-1,B1,0,\n`, mrps)
    expect(refused.bad.map(({ line, field, reason }) => [line, field, reason])).toEqual([
      [2, 'mrp', 'The price ₹90.00 on Selling price would be above the MRP, which the law forbids.'],
      [3, 'batchNo', 'The product has more than one batch.'],
      [4, 'mrp', 'The MRP is zero.'],
    ])
  })

  test('what was changed is taken back by importing the file of changes with the former figures', async () => {
    const { run, pricesOf, path, stored } = await shopOf(await dialect.open())
    const undo = async (kind: 'prices' | 'mrp', changes: readonly ImportChange[], mapping: ImportMapping) => {
      const file = openChangesFile(path, kind, now)
      for (const change of changes) await file.add(change)
      await file.close()
      return await run(readFileSync(path, 'utf8'), mapping)
    }
    const rows = `A-1,,,80,,\nA-2,,,70,${dateIn(2)} 10:30,\nA-2,,,60,,${dateIn(1)}\nA-3,,,5,,\n`
    const done = await run(priceHeader + rows, prices)
    expect(done.rowsChanged + done.rowsCreated).toBe(4)
    const back = await undo('prices', done.changes, {
      kind: 'prices',
      fields: { ...columns('sku', 'list', 'from', 'until'), price: { column: 'price before' } },
    })
    // A first price cannot be taken back: a product without price could not be sold.
    expect(back.bad.map(({ line, reason }) => [line, reason])).toEqual([[5, 'The row has no price.']])
    const later = now + 10 * dayMs
    const current = (rowsOf: Awaited<ReturnType<typeof pricesOf>>, at: number) =>
      rowsOf.findLast(
        ([, , from, until]) => Number(from) <= at && (until === null || Number(until) > at),
      )?.[1]
    for (const id of [1, 2]) {
      const after = (await pricesOf(id)).toSorted((one, other) => Number(one[2]) - Number(other[2]))
      expect([current(after, now), current(after, later)]).toEqual([9000, 9000])
    }
    const raised = await run(`${mrpHeader}A-1,B1,150,140\n`, mrps)
    await undo('mrp', raised.changes, {
      kind: 'mrp',
      fields: { ...columns('sku'), batchNo: { column: 'batch' }, mrp: { column: 'mrp before' } },
    })
    expect((await stored(1)).batches).toMatchObject([{ mrpMinor: 10_000, revisedMrpMinor: 14_000 }])
  })

  test('rows that cannot be taken are named by line, with what is wrong and what to do', async () => {
    const { run, pricesOf } = await shopOf(await dialect.open())
    const rows: [row: string, field: string, reason: RegExp][] = [
      ['B-1,,,80,,', 'sku', /no product with the SKU B-1/],
      [',9520000000028,,80,,', 'barcode', /No product on sale/],
      [',9520000000012,,80,,', 'barcode', /last digit should be 1/],
      ['A-2,9520000000011,,80,,', 'barcode', /one product and the barcode of another/],
      [',,,80,,', 'sku', /which product/],
      ['A-1,,Airport,80,,', 'list', /no price list Airport/],
      ['A-1,,,100.01,,', 'price', /is ₹100.01 and the MRP ₹100.00/],
      ['A-1,,,-5,,', 'price', /negative/],
      ['A-1,,,1e20,,', 'price', /not an amount/],
      ['A-1,,,99999999999999999999,,', 'price', /hundred crore/],
      ['A-1,,,1.005,,', 'price', /fraction of a paisa/],
      ['A-1,,,0,,', 'price', /zero/],
      ['A-1,,,,,', 'price', /no price/],
      ['A-1,,,80,31-02-2027,', 'from', /not a date/],
      ['A-1,,,80,2027-13-01,', 'from', /not a date/],
      ['A-1,,,80,tomorrow,', 'from', /not a date/],
      ['A-1,,,80,2127-01-01,', 'from', /our century/],
      ['A-1,,,80,2027-01-01 25:00,', 'from', /time of the day/],
      ['A-1,,,80,2027-01-05,2027-01-04', 'until', /ends before it begins/],
      ['A-1,,,80,2020-01-05,', 'from', /in the past/],
      ['A-2,,,80,,2020-01-05', 'until', /over already/],
      ["'=A-1,,,80,,", 'sku', /no product/],
    ]
    const { bad, ...counts } = await run(`${priceHeader}${rows.map(([row]) => row).join('\n')}\n`, prices)
    expect(counts).toMatchObject({ rowsBad: rows.length, rowsChanged: 0 })
    for (const [index, { line, field, reason, remedy }] of bad.entries()) {
      const [row, wrong, expected] = rows[index] ?? ['', '', /x/]
      expect([row, line, field, reason]).toEqual([row, index + 2, wrong, expect.stringMatching(expected)])
      expect(remedy).toMatch(/\.$/)
    }
    expect(await pricesOf(1)).toEqual([[1, 9000, 0, null]])
  })

  test('rows that contradict each other are all refused, those that repeat each other count once', async () => {
    const { run } = await shopOf(await dialect.open())
    const file = `${priceHeader}A-1,,,80,,\n,9520000000011,,81,,\nA-2,,,80,,\na-2,,Selling price,80,,\n`
    for (const dryRun of [true, false]) {
      const { bad, rowsChanged, rowsSame } = await run(file, prices, dryRun)
      expect(bad.map(({ line, reason }) => [line, reason.slice(0, 24)])).toEqual([
        [2, 'Line 3 says something el'],
        [3, 'Line 2 says something el'],
      ])
      expect([rowsChanged, rowsSame]).toEqual([1, 1])
    }
  })

  test('[PRC-4e] a price for some days lies whole in a longer one, and cuts no other', async () => {
    const { run } = await shopOf(await dialect.open())
    const row = (price: number, from: number, until: number | '') =>
      `A-1,,,${price},${dateIn(from)},${until === '' ? '' : dateIn(until)}\n`
    expect(await run(priceHeader + row(80, 5, 14), prices)).toMatchObject({ rowsChanged: 1 })
    const reasonOf = async (one: string) => (await run(priceHeader + one, prices, true)).bad[0]?.reason
    expect(await reasonOf(row(70, 7, 9))).toBeUndefined()
    expect(await reasonOf(row(70, 7, 20))).toMatch(/^The price ₹80.00 from .* until .* holds at that time/)
    expect(await reasonOf(row(70, 7, ''))).toMatch(/holds at that time/)
    expect(await reasonOf(row(70, 2, 7))).toMatch(/begins within this time/)
    expect(await reasonOf(row(70, 15, ''))).toBeUndefined()
    expect(await reasonOf(row(70, 5, 14))).toBeUndefined()
    expect(await reasonOf('A-1,,,70,,\n')).toBeUndefined()
  })

  test('an internal code names its product, and a dry run of many rows of one product knows those before', async () => {
    const { run } = await shopOf(await dialect.open())
    const many = Array.from(
      { length: 1500 },
      (_, index) => `,${internalCode(2)},,${50 + (index % 2)},${dateIn(index + 1)},`,
    )
    const checked = await run(`${priceHeader}${many.join('\n')}\n`, prices, true)
    expect([checked.rowsChanged, checked.rowsBad]).toEqual([199, 1301])
    expect(checked.bad[0]?.reason).toBe('The product has 200 prices already.')
    expect(await run(`${priceHeader}${many.join('\n')}\n`, prices)).toEqual(checked)
  })

  test('a mapping that does not fit its kind of file is refused before anything is read', async () => {
    const { run } = await shopOf(await dialect.open())
    const faultsOf = async (mapping: ImportMapping) =>
      await run(priceHeader, mapping).catch(({ errors }) =>
        errors.map(({ field }: { field: string }) => field),
      )
    expect(await faultsOf({ kind: 'prices', fields: columns('mrp', 'list') })).toEqual([
      'fields.mrp',
      'fields.sku',
      'fields.price',
    ])
    expect(await faultsOf({ kind: 'mrp', fields: columns('sku') })).toEqual(['fields.mrp'])
    expect(await faultsOf({ fields: columns('sku') })).toEqual(['fields.name', 'key'])
    expect(await run(priceHeader, prices)).toMatchObject({ rowsTotal: 0, rowsRead: 0 })
    await expect(run('', prices)).rejects.toMatchObject({ code: 'import/unreadable' })
  })
})

test('[PRC-3c] whatever the rows, no price that an import places is above the MRP, and the rest stays', () => {
  const list: PriceListRow = {
    id: 1,
    name: 'Chain',
    scope: 'chain',
    scopeId: '',
    tier: null,
    inclusive: true,
  }
  const masters: Masters = { lists: [list], taxClasses: new Map(), at: now }
  const stored: StoredProduct = {
    ...product('A-1'),
    id: 1,
    brandId: 0,
    categoryId: 0,
    revision: 1,
    changeNo: 1,
    changedAt: 0,
    search: '',
  }
  const when = fc.option(
    fc.integer({ min: -3, max: 12 }).map((days) => startOfDate(dateIn(days))),
    { nil: undefined },
  )
  const row = fc
    .record({ priceMinor: fc.integer({ min: 1, max: 12_000 }), from: when, until: when })
    .filter(({ from, until }) => from === undefined || until === undefined || from < until)
  const at = (rows: StoredProduct['prices'], instant: number) =>
    rows
      .filter(({ from, until }) => from <= instant && (until === null || until > instant))
      .toSorted((one, other) => other.from - one.from)[0]?.unitMinor
  // A price for good that begins while two for some days follow one another.
  const dayAt = (days: number) => startOfDate(dateIn(days))
  const passing = [
    { priceMinor: 1, from: undefined, until: dayAt(3) },
    { priceMinor: 1, from: dayAt(3), until: dayAt(4) },
    { priceMinor: 2, from: undefined, until: undefined },
  ]
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
      let current = stored
      for (const [index, given] of rows.entries()) {
        const one = { kind: 'price', line: index, sku: 'A-1', barcode: '', list: '', ...given } as const
        const applied = applyPrice(current, one, list, masters)
        if (applied.kind !== 'save' || applied.change.kind !== 'price') continue
        const { from, until, beforeMinor, afterMinor } = applied.change
        const starts = Math.max(from, now)
        expect(at(current.prices, starts)).toBe(beforeMinor ?? undefined)
        const after = applied.body.prices.toSorted((a, b) => a.from - b.from)
        // It counts from its beginning to its end, but for what it was placed in front of.
        expect(at(after, starts)).toBe(afterMinor)
        if (until !== null) expect(at(after, until - 1)).toBe(afterMinor)
        expect(afterMinor).toBeLessThanOrEqual(10_000)
        // Before it begins and after it ends, nothing is different.
        expect(at(after, starts - 1)).toBe(
          starts > now ? at(current.prices, starts - 1) : at(after, starts - 1),
        )
        if (until !== null) expect(at(after, until)).toBe(at(current.prices, until))
        current = { ...current, prices: after }
      }
    }),
    { numRuns: 1000, examples: [[passing]] },
  )
})
