import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BadRow, ImportMapping } from '@nexus/contract'
import { internalCode } from '@nexus/domain'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { forEachDialect, testClock } from '../../../testing/index.ts'
import { contextOn, setUpStore, storeId } from '../../stores/testing/world.ts'
import { putTaxClass } from '../put-tax-class.ts'
import { productPage } from '../queries.ts'
import { productsById, productsOfSkus, type StoredProduct } from '../sql.ts'
import { importProducts } from './import-products.ts'
import { portionRows } from './read-rows.ts'

const root = join(import.meta.dirname, '../../../../../..')
const samplePath = join(root, 'tests/fixtures/catalogue-sample.csv')
const sampleMapping: ImportMapping = JSON.parse(
  readFileSync(join(root, 'docs/examples/catalogue-sample.map.json'), 'utf8'),
)
const folder = mkdtempSync(join(tmpdir(), 'nexus-import-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const byColumn = (column: string) => ({ column })
const mapping: ImportMapping = {
  key: ['sku'],
  fields: {
    sku: byColumn('sku'),
    name: byColumn('name'),
    barcode: byColumn('barcode'),
    price: byColumn('price'),
    mrp: byColumn('mrp'),
    taxClass: { value: 'GST18' },
  },
}
const header = 'sku,name,barcode,price,mrp\n'
const author = { by: null, how: 'import' }

async function shopOf(database: Database) {
  const context = { database, clock: testClock() }
  const rates = [{ from: 0, kind: 'taxable' as const, rateBp: 1800 }]
  await putTaxClass(context, { id: 'GST18', name: 'GST 18%', rates }, author)
  const run = async (content: string, map = mapping, dryRun = false) => {
    const path = join(folder, 'file.csv')
    writeFileSync(path, content)
    const bad: BadRow[] = []
    const counts = await importProducts(context, path, map, {
      dryRun,
      author,
      onBadRow: (row) => {
        bad.push(row)
      },
    })
    return { ...counts, bad }
  }
  const bySku = async (sku: string): Promise<StoredProduct> => {
    const id = (await productsOfSkus(database.read, [sku])).get(sku.toLowerCase()) ?? 0
    const product = (await productsById(database.read, [id])).get(id)
    if (!product) throw new Error(`no product has the SKU ${sku}`)
    return product
  }
  const everything = async () => ({
    products: await database.read.selectFrom('product').selectAll().orderBy('id').execute(),
    words: await database.read
      .selectFrom('product_word')
      .selectAll()
      .orderBy('word')
      .orderBy('product_id')
      .execute(),
    prices: await database.read.selectFrom('product_price').selectAll().orderBy('product_id').execute(),
    audit: await database.read.selectFrom('audit').select('id').execute(),
  })
  return { ...context, run, bySku, everything }
}

forEachDialect((dialect) => {
  test('the real catalogue sample imports with exact counts, twice to the same end', async () => {
    const { database, clock } = await shopOf(await dialect.open())
    const run = async (dryRun: boolean) => {
      const bad: BadRow[] = []
      const onBadRow = (row: BadRow) => {
        bad.push(row)
      }
      const counts = await importProducts({ database, clock }, samplePath, sampleMapping, {
        dryRun,
        author,
        onBadRow,
      })
      return { ...counts, bad }
    }
    // 85 keys occur more than once, one of them only in another case. 16 of them say the same each time,
    // in 34 rows; 69 contradict themselves, in 142 rows.
    const outcome = {
      rowsTotal: 2500,
      rowsRead: 2500,
      rowsCreated: 2340,
      rowsChanged: 0,
      rowsSame: 18,
      rowsBad: 142,
    }
    const checked = await run(true)
    expect(checked).toMatchObject(outcome)
    expect(await database.read.selectFrom('product').select('id').execute()).toEqual([])
    expect(await run(false)).toEqual(checked)
    expect(new Set(checked.bad.map(({ field }) => field))).toEqual(new Set(['key']))
    clock.advance(60_000)
    expect(await run(false)).toMatchObject({ ...outcome, rowsCreated: 0, rowsSame: 2358 })

    const { rows } = await productPage(database.read, { q: 'palmolive black orchid' }, clock.now())
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatchObject({
      name: 'Hand Wash - Naturals, Black Orchid & Milk',
      brand: 'Palmolive',
      taxClassId: 'GST18',
      priceMinor: 8910,
      mrpMinor: 9900,
      barcode: internalCode(1),
      sku: 'P000001',
    })
  })

  test('a row that changed changes its product, with its history in the audit', async () => {
    const { database, clock, run, bySku } = await shopOf(await dialect.open())
    await run(`${header}A-1,Kajal,9520000000011,99,120\nA-2,Soap,,35,35\n`)
    const before = await bySku('A-1')
    clock.advance(1000)
    const counts = await run(`${header}a-1,Kajal Black,9520000000011,89,120\nA-2,Soap,,35,35\n`)
    expect(counts).toMatchObject({ rowsCreated: 0, rowsChanged: 1, rowsSame: 1, rowsBad: 0 })
    const after = await bySku('A-1')
    expect(after).toMatchObject({ id: before.id, revision: 2, names: { en: 'Kajal Black' } })
    expect(after.batches).toEqual(before.batches)
    expect(after.prices).toEqual([
      { listId: 1, unitMinor: 9900, from: 0, until: clock.now() },
      { listId: 1, unitMinor: 8900, from: clock.now(), until: null },
    ])
    const audit = await database.read
      .selectFrom('audit')
      .selectAll()
      .where('subject_id', '=', String(after.id))
      .where('subject', '=', 'product')
      .orderBy('id')
      .execute()
    expect(audit.map((row) => [row.how, row.before_json !== null, row.label])).toEqual([
      ['import', false, 'Kajal'],
      ['import', true, 'Kajal Black'],
    ])
  })

  test('rows that contradict each other are all refused, rows that repeat each other are one', async () => {
    const { run, bySku } = await shopOf(await dialect.open())
    const { bad, ...counts } = await run(
      `${header}A-1,Kajal,,99,120\nA-2,Soap,,35,35\nA-1,Kajal,,98,120\na-2,Soap,,35.00,35\nA-3,Oil,9520000000011,10,\nA-4,Balm,9520000000011,10,\n`,
    )
    expect(counts).toMatchObject({ rowsRead: 6, rowsCreated: 1, rowsSame: 1, rowsBad: 4 })
    expect(bad.map(({ line, field }) => [line, field])).toEqual([
      [2, 'key'],
      [4, 'key'],
      [6, 'barcode'],
      [7, 'barcode'],
    ])
    expect(bad[0]?.reason).toContain('Line 4')
    expect(bad[1]?.reason).toContain('Line 2')
    expect((await bySku('A-2')).names.en).toBe('Soap')
  })

  test('each bad row has one line with field, reason, remedy and value, in the order of the file', async () => {
    const { run } = await shopOf(await dialect.open())
    await run(`${header}X-1,Taken,9520000000011,10,\n`)
    const { bad, ...counts } = await run(
      `${header}A-1,,,99,\nA-2,Soap,8.90E+12,35,\nA-3,Oil,,"1,5",\nA-4,Balm,,121,120\nA-5,Wax,9520000000011,10,\nA-6\nA-7,Good,,10,\n`,
    )
    expect(counts).toMatchObject({ rowsRead: 7, rowsCreated: 1, rowsBad: 6 })
    expect(bad.map(({ line, field, value }) => [line, field, value])).toEqual([
      [2, 'name', ''],
      [3, 'barcode', '8.90E+12'],
      [4, 'price', '1,5'],
      [5, 'price', '121'],
      [6, 'barcode', '9520000000011'],
      [7, 'row', 'A-6'],
    ])
    const sentence = expect.stringMatching(/^[A-Z].*\.$/)
    for (const row of bad) expect(row).toMatchObject({ reason: sentence, remedy: sentence })
  })

  test('an unknown tax class is refused and the known ones are named', async () => {
    const { run } = await shopOf(await dialect.open())
    const map = { ...mapping, fields: { ...mapping.fields, taxClass: { value: 'gst12' } } }
    const { bad } = await run(`${header}A-1,Kajal,,99,120\n`, map)
    expect(bad).toMatchObject([{ field: 'taxClass', value: 'gst12', remedy: 'Use one of: GST18.' }])
  })

  test('a dry run counts what a run would do and writes nothing', async () => {
    const { run, everything } = await shopOf(await dialect.open())
    await run(`${header}A-1,Kajal,,99,120\n`)
    const before = await everything()
    const file = `${header}A-1,Kajal,,89,120\nA-2,Soap,,35,35\nA-2,Soap,,35,35\nA-3,Bad,x,1,\n`
    const checked = await run(file, mapping, true)
    expect(checked).toMatchObject({ rowsCreated: 1, rowsChanged: 1, rowsSame: 1, rowsBad: 1 })
    expect(await everything()).toEqual(before)
    expect(await run(file)).toEqual(checked)
  })

  test('an import that was stopped leaves whole products, and running it again completes it', async () => {
    const { database, clock, run } = await shopOf(await dialect.open())
    const rows = Array.from({ length: portionRows * 2 + 5 }, (_, at) => `S-${at},Soap ${at},,35,35`)
    const path = join(folder, 'stopped.csv')
    writeFileSync(path, header + rows.join('\n'))
    const stop = new AbortController()
    await expect(
      importProducts({ database, clock }, path, mapping, {
        dryRun: false,
        author,
        signal: stop.signal,
        onProgress: ({ rowsCreated }) => {
          if (rowsCreated > 0) stop.abort()
        },
      }),
    ).rejects.toThrow('abort')
    const ids = (await database.read.selectFrom('product').select('id').execute()).map(({ id }) => id)
    expect(ids.length).toBeGreaterThanOrEqual(portionRows)
    expect(ids.length).toBeLessThan(rows.length)
    const stored = [...(await productsById(database.read, ids)).values()]
    expect(stored.every((one) => one.prices.length === 1 && one.batches.length === 1)).toBe(true)
    const again = await run(header + rows.join('\n'))
    expect(again).toMatchObject({ rowsCreated: rows.length - ids.length, rowsSame: ids.length, rowsBad: 0 })
  })

  test('a key of name and brand finds its product again, whatever its SKU is', async () => {
    const { run, bySku } = await shopOf(await dialect.open())
    const map: ImportMapping = {
      key: ['name', 'brand'],
      fields: { name: byColumn('name'), brand: byColumn('brand'), price: byColumn('price') },
    }
    await run('name,brand,price\nKajal,Nayana,99\n', map)
    expect(await run('brand,price,name\nNAYANA,89,kajal\n', map)).toMatchObject({ rowsChanged: 1 })
    const product = await bySku('P000001')
    expect(product).toMatchObject({ brand: 'Nayana', taxClassId: '', uqc: 'NOS', active: true })
  })

  test('what the mapping does not feed stays as people made it', async () => {
    const { database, run, bySku } = await shopOf(await dialect.open())
    await run(`${header}A-1,Kajal,9520000000011,99,120\n`)
    const { id } = await bySku('A-1')
    await database.write((tx) =>
      tx.updateTable('product').set({ hsn: '33042000' }).where('id', '=', id).execute(),
    )
    await run(`${header}A-1,Kajal,9520000000028,99,120\n`)
    expect(await bySku('A-1')).toMatchObject({
      hsn: '33042000',
      barcodes: ['9520000000028', '9520000000011'],
    })
  })

  test('a price that runs for some days is left to run; the new one follows it', async () => {
    const { database, clock, run, bySku } = await shopOf(await dialect.open())
    await run(`${header}A-1,Kajal,,99,120\n`)
    const { id } = await bySku('A-1')
    const until = clock.now() + 5000
    const promotion = {
      product_id: id,
      list_id: 1,
      from_at: clock.now() - 10,
      until_at: until,
      unit_minor: 7900,
    }
    await database.write((tx) => tx.insertInto('product_price').values(promotion).execute())
    await run(`${header}A-1,Kajal,,95,120\n`)
    const expected = [
      { listId: 1, unitMinor: 9900, from: 0, until },
      { listId: 1, unitMinor: 7900, from: clock.now() - 10, until },
      { listId: 1, unitMinor: 9500, from: until, until: null },
    ]
    expect((await bySku('A-1')).prices).toEqual(expected)
    expect(await run(`${header}A-1,Kajal,,95,120\n`)).toMatchObject({ rowsSame: 1 })
  })

  test('opening stock goes into the ledger of its store, once', async () => {
    const database = await dialect.open()
    await setUpStore(contextOn(database))
    const { run } = await shopOf(database)
    const map: ImportMapping = {
      ...mapping,
      fields: { ...mapping.fields, openingStock: byColumn('stock') },
      openingStockStore: storeId,
    }
    const moves = async () =>
      (await database.read.selectFrom('stock_move').selectAll().orderBy('product').execute()).map(
        ({ product, batch, quantity_milli }) => [product, batch, quantity_milli],
      )
    const file = 'sku,name,barcode,price,mrp,stock\nA-1,Kajal,,99,120,12\nA-2,Soap,,35,,0.5\nA-3,Oil,,10,,\n'
    await run(file, map, true)
    expect(await moves()).toEqual([])
    await run(file, map)
    expect(await run(file, map)).toMatchObject({ rowsSame: 3, rowsBad: 0 })
    expect(await moves()).toEqual([
      [1, 1, 12_000],
      [2, null, 500],
    ])
    const { bad, ...counts } = await run(
      file.replace('120,12', '120,13').replace('Kajal', 'Kajal Black'),
      map,
    )
    expect(counts).toMatchObject({ rowsRead: 3, rowsChanged: 0, rowsSame: 2, rowsBad: 1 })
    expect(bad).toMatchObject([{ line: 2, field: 'openingStock', value: '13' }])
    expect(await moves()).toHaveLength(2)
    const nowhere = { ...map, openingStockStore: '01890000-0000-7000-8000-0000000000ff' }
    await expect(run(file, nowhere)).rejects.toMatchObject({ code: 'import/mapping-invalid' })
  })

  test('importing any file twice changes nothing the second time', async () => {
    const { run, everything } = await shopOf(await dialect.open())
    const cell = fc.constantFrom('A-1', 'A-2', 'A-3', '')
    const row = fc.tuple(
      cell,
      fc.constantFrom('Kajal', 'kajal ', 'Soap', ''),
      fc.constantFrom('', '9520000000011', '9520000000028', '1'),
      fc.constantFrom('99', '₹ 99.00', '0', '120'),
      fc.constantFrom('', '110', '99'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
        const file = header + rows.map((values) => values.join(',')).join('\n')
        const first = await run(file)
        const before = await everything()
        const second = await run(file)
        expect(second).toMatchObject({ rowsCreated: 0, rowsChanged: 0, rowsBad: first.rowsBad })
        expect(second.rowsSame).toBe(first.rowsRead - first.rowsBad)
        expect(await everything()).toEqual(before)
      }),
      { numRuns: dialect.name === 'sqlite' ? 40 : 8 },
    )
  })
})
