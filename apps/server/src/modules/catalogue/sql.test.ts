import type { ProductBody } from '@nexus/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { forEachDialect } from '../../testing/index.ts'
import { changing, saveProducts } from './save-products.ts'
import { splitWords } from './search/split-words.ts'
import {
  countProducts,
  findProductIds,
  type ProductFilter,
  planSearch,
  productColumns,
} from './search/sql.ts'
import {
  allTaxClasses,
  countChangedSince,
  lastChangeNo,
  namesInUse,
  productsById,
  productsChangedSince,
  productsOfCodes,
  productsOfSkus,
  replaceTaxClass,
} from './sql.ts'

const author = { at: 1000, by: null, how: 'test' }
const plain: ProductBody = {
  sku: '',
  names: { en: 'Soap' },
  brand: 'Pears',
  category: 'Bath',
  hsn: '3401',
  uqc: 'NOS',
  taxClassId: 'GST18',
  active: true,
  barcodes: [],
  batches: [],
  prices: [],
}

async function add(database: Database, bodies: readonly Partial<ProductBody>[]) {
  return await database.write(
    async (tx) =>
      await changing(
        tx,
        async (numbers) =>
          await saveProducts(
            tx,
            numbers,
            author,
            bodies.map((body) => ({ before: undefined, body: { ...plain, ...body } })),
          ),
      ),
  )
}

async function find(database: Database, filter: Partial<ProductFilter>, many?: number) {
  const plan = await planSearch(database.read, { words: [], ...filter }, many)
  const order = { column: 'name', descending: false } as const
  return {
    ids: await findProductIds(database.read, plan, order, { limit: 100, offset: 0 }),
    ...(await countProducts(database.read, plan, 100)),
  }
}

forEachDialect((dialect) => {
  test('what is saved is read back, in every part', async () => {
    const database = await dialect.open()
    const body: Partial<ProductBody> = {
      sku: 'A-1',
      names: { en: 'Crème 😀', hi: 'क्रीम' },
      barcodes: ['9520000000028', '9520000000011'],
      batches: [
        {
          id: 0,
          batchNo: 'B/1',
          mrpMinor: 9_007_199_254_740,
          revisedMrpMinor: null,
          expiryKind: null,
          expiryMonth: null,
        },
        {
          id: 0,
          batchNo: '',
          mrpMinor: null,
          revisedMrpMinor: 5,
          expiryKind: 'use-before',
          expiryMonth: '2027-01',
        },
      ],
      prices: [{ listId: 1, unitMinor: 0, from: 0, until: 1_800_000_000_000 }],
    }
    const [saved] = await add(database, [body])
    expect(saved).toMatchObject({ id: 1, brandId: 1, categoryId: 1, revision: 1, changeNo: 1 })
    expect((await productsById(database.read, [1, 2])).get(1)).toEqual(saved)
    expect(saved?.batches.map(({ id }) => id)).toEqual([1, 2])
  })

  test('SKUs are found in any case, codes only while their product is on sale', async () => {
    const database = await dialect.open()
    await add(database, [
      { sku: 'Ab-1', barcodes: ['9520000000011'] },
      { sku: 'Ab-2', barcodes: ['9520000000028'], active: false },
    ])
    expect(await productsOfSkus(database.read, ['AB-1', 'nope'])).toEqual(new Map([['ab-1', 1]]))
    expect(await productsOfCodes(database.read, ['9520000000011', '9520000000028'])).toEqual(
      new Map([['9520000000011', 1]]),
    )
  })

  test('the database itself refuses one SKU or active barcode on two products', async () => {
    const database = await dialect.open()
    await add(database, [{ sku: 'A', barcodes: ['9520000000011'] }])
    await expect(add(database, [{ sku: 'a' }])).rejects.toThrow()
    await expect(add(database, [{ sku: 'B', barcodes: ['9520000000011'] }])).rejects.toThrow()
    await add(database, [{ sku: 'C', barcodes: ['9520000000011'], active: false }])
    expect(await productsChangedSince(database.read, 0)).toEqual([1, 2])
  })

  test('changes at once queue: ids and change numbers are given once', async () => {
    const database = await dialect.open()
    const saved = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        add(database, [{ sku: `A-${at}` }, { sku: `B-${at}`, brand: `B ${at}` }]),
      ),
    )
    const all = saved.flat()
    expect(new Set(all.map(({ id }) => id)).size).toBe(16)
    expect(new Set(all.map(({ changeNo }) => changeNo)).size).toBe(8)
    expect(new Set(all.map(({ brandId }) => brandId)).size).toBe(9)
    expect(await lastChangeNo(database.read)).toBe(8)
    expect(await countChangedSince(database.read, 6)).toBe(4)
  })

  test('brands and categories are one however they are typed, and listed while products have them', async () => {
    const database = await dialect.open()
    const saved = await add(database, [{ brand: "L'Oréal" }, { brand: 'LOREAL' }, { brand: '' }])
    expect(saved.map(({ brandId, brand }) => [brandId, brand])).toEqual([
      [1, "L'Oréal"],
      [1, "L'Oréal"],
      [0, ''],
    ])
    expect(await namesInUse(database.read, 'brand')).toEqual(["L'Oréal"])
  })

  test('a tax class is written as a whole', async () => {
    const database = await dialect.open()
    const rate = { from: 5, kind: 'taxable' as const, rateBp: 500 }
    const write = async (rates: (typeof rate)[]) =>
      await database.write(async (tx) => await replaceTaxClass(tx, { id: 'T', name: 'T', rates }))
    await write([rate, { ...rate, from: 9 }])
    await write([{ ...rate, from: 7 }])
    expect(await allTaxClasses(database.read)).toEqual([
      { id: 'T', name: 'T', rates: [{ ...rate, from: 7 }] },
    ])
  })

  test('a search finds what has every word by its beginning, and nothing else', async () => {
    const database = await dialect.open()
    const word = fc.constantFrom('rose', 'rosemary', 'ros', 'soap', 'so', 'रोज़', 'crème', '10')
    const bodies = fc.array(
      fc.record({
        names: fc.record({
          en: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')),
        }),
        active: fc.boolean(),
        brand: fc.constantFrom('Pears', 'Rosa'),
      }),
      { minLength: 3, maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(
        bodies,
        fc.array(word, { maxLength: 2 }),
        fc.option(fc.boolean()),
        async (given, words, active) => {
          const saved = await add(database, given)
          const filter = { words: splitWords(words), ...(active === null ? {} : { active }) }
          const expected = saved
            .filter((one) => active === null || one.active === active)
            .filter((one) => {
              const has = splitWords([one.names.en, one.brand, one.sku])
              return filter.words.every((wanted) => has.some((known) => known.startsWith(wanted)))
            })
          // Both ways of looking: from the rarest criterion, and along the list.
          for (const many of [10_000, 0]) {
            const { ids, total, isExact } = await find(database, filter, many)
            expect(ids.toSorted((a, b) => a - b)).toEqual(expected.map(({ id }) => id))
            expect(total).toBe(isExact ? expected.length : Math.min(total, expected.length))
          }
          await database.write(async (tx) => {
            for (const table of ['product', 'product_word'] as const) await tx.deleteFrom(table).execute()
          })
        },
      ),
      { numRuns: dialect.name === 'sqlite' ? 40 : 10 },
    )
  })

  test('every order of the list is an order, both ways, page by page', async () => {
    const database = await dialect.open()
    await add(
      database,
      Array.from({ length: 7 }, (_, at) => ({
        names: { en: `Soap ${at % 3}` },
        brand: `B${at % 2}`,
        hsn: `330${at % 2}`,
        active: at % 2 === 0,
      })),
    )
    const plan = await planSearch(database.read, { words: [] })
    for (const column of productColumns) {
      const read = async (descending: boolean, page: { limit: number; offset: number }) =>
        await findProductIds(database.read, plan, { column, descending }, page)
      const all = await read(false, { limit: 10, offset: 0 })
      expect(new Set(all).size).toBe(7)
      expect(await read(true, { limit: 10, offset: 0 })).toEqual(all.toReversed())
      expect(await read(false, { limit: 3, offset: 3 })).toEqual(all.slice(3, 6))
    }
  })

  test('a count stops at its bound and says so', async () => {
    const database = await dialect.open()
    await add(
      database,
      Array.from({ length: 5 }, () => ({})),
    )
    const plan = await planSearch(database.read, { words: ['soap'] })
    expect(await countProducts(database.read, plan, 5)).toEqual({ total: 5, isExact: true })
    expect(await countProducts(database.read, plan, 4)).toEqual({ total: 4, isExact: false })
  })
})
