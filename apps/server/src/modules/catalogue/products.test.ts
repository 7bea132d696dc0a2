import {
  createProduct,
  exportProducts,
  getLabels,
  getProduct,
  listAudit,
  listFacets,
  listPriceLists,
  listProducts,
  listTaxClasses,
  type ProductBody,
  putProduct,
  putTaxClass,
  urlOf,
} from '@nexus/contract'
import { internalCode } from '@nexus/domain'
import { expect, test } from 'vitest'
import { administrator, openShop, type Shop } from '../../testing/index.ts'
import { addPriceList } from './add-price-list.ts'
import { labelsOf } from './queries.ts'

const author = { by: null, how: 'test' }
const kajal: ProductBody = {
  sku: 'KJ-1',
  names: { en: 'Intense Kajal', hi: 'काजल' },
  brand: 'Nayana',
  category: 'Eyes',
  hsn: '33042000',
  uqc: 'NOS',
  taxClassId: 'GST18',
  active: true,
  barcodes: ['9520000000011'],
  batches: [
    {
      id: 0,
      batchNo: 'B1',
      mrpMinor: 12_000,
      revisedMrpMinor: null,
      expiryKind: 'expiry',
      expiryMonth: '2028-01',
    },
  ],
  prices: [{ listId: 1, unitMinor: 9900, from: 0, until: null }],
}
const soap: ProductBody = {
  ...kajal,
  sku: 'SP-1',
  names: { en: 'Rose Soap' },
  brand: 'Mridula',
  category: 'Bath',
  barcodes: [],
  batches: [],
}

async function openCorner(): Promise<Shop> {
  const shop = await openShop()
  await shop.call(putTaxClass, {
    params: { taxClassId: 'GST18' },
    body: { name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] },
  })
  await addPriceList(
    shop.context,
    { name: 'Selling price', scope: 'chain', scopeId: '', tier: null, inclusive: true },
    author,
  )
  return shop
}

test('a product is created once, however often it is sent', async () => {
  await using shop = await openCorner()
  const created = await shop.call(createProduct, { body: kajal })
  expect(created).toMatchObject({ id: 1, revision: 1, internalCode: internalCode(1), sku: 'KJ-1' })
  expect(created.batches[0]?.id).toBe(1)
  expect(await shop.call(createProduct, { body: { ...kajal, brand: 'NAYANA' } })).toEqual(created)
  await expect(shop.call(createProduct, { body: { ...kajal, hsn: '3304' } })).rejects.toMatchObject({
    code: 'product/sku-taken',
  })
  expect(await shop.call(getProduct, { params: { productId: 1 } })).toEqual(created)
  expect((await shop.call(listProducts, { query: {} })).total).toBe(1)
})

test('a product is changed by who saw it last, and every change is in the audit', async () => {
  await using shop = await openCorner()
  const created = await shop.call(createProduct, { body: kajal })
  const params = { productId: created.id }
  const body = { ...kajal, batches: created.batches, revision: 1, names: { en: 'Deep Kajal' } }
  const changed = await shop.call(putProduct, { params, body })
  expect(changed).toMatchObject({ revision: 2, names: { en: 'Deep Kajal' }, batches: created.batches })
  // The same again: the answer got lost, and nothing is written.
  expect(await shop.call(putProduct, { params, body })).toEqual(changed)
  await expect(shop.call(putProduct, { params, body: { ...body, hsn: '' } })).rejects.toMatchObject({
    code: 'product/changed-meanwhile',
  })
  await expect(
    shop.call(putProduct, { params: { productId: 99 }, body: { ...body, revision: 2 } }),
  ).rejects.toMatchObject({ code: 'product/not-found' })
  const { rows } = await shop.call(listAudit, { query: { subject: 'product' } })
  expect(rows).toMatchObject([
    {
      subjectId: '1',
      label: 'Deep Kajal',
      how: 'back-office',
      before: { names: { en: 'Intense Kajal', hi: 'काजल' } },
      after: { names: { en: 'Deep Kajal' } },
    },
    { subjectId: '1', label: 'Intense Kajal', before: null, after: { sku: 'KJ-1' } },
  ])
})

test('a barcode belongs to one product on sale, and goes to the next when that is sold no more', async () => {
  await using shop = await openCorner()
  const first = await shop.call(createProduct, { body: kajal })
  const second = { ...kajal, sku: 'KJ-2', names: { en: 'Kajal Two' } }
  await expect(shop.call(createProduct, { body: second })).rejects.toMatchObject({
    code: 'product/barcode-taken',
    errors: [{ field: 'barcodes.0' }],
    message: expect.stringContaining('Intense Kajal'),
  })
  await shop.call(putProduct, {
    params: { productId: first.id },
    body: { ...kajal, batches: first.batches, active: false, revision: 1 },
  })
  const created = await shop.call(createProduct, { body: second })
  expect(created.barcodes).toEqual(['9520000000011'])
  const back = { ...kajal, batches: first.batches, revision: 2 }
  await expect(shop.call(putProduct, { params: { productId: first.id }, body: back })).rejects.toMatchObject({
    code: 'product/barcode-taken',
  })
})

test('what is wrong with a product is told field by field', async () => {
  await using shop = await openCorner()
  const body = {
    ...kajal,
    taxClassId: 'GST12',
    prices: [{ listId: 1, unitMinor: 12_001, from: 0, until: null }],
  }
  await expect(shop.call(createProduct, { body })).rejects.toMatchObject({
    code: 'product/tax-class-unknown',
    errors: [
      { field: 'taxClassId', message: 'There is no tax class GST12. Use one of: GST18.' },
      { field: 'prices.0.unitMinor', message: expect.stringContaining('above the MRP') },
    ],
  })
})

test('products are found by words of their names, brand, SKU and barcodes, and by filters', async () => {
  await using shop = await openCorner()
  await shop.call(createProduct, { body: kajal })
  await shop.call(createProduct, { body: { ...soap, taxClassId: '' } })
  const found = async (query: Record<string, string | boolean>) =>
    (await shop.call(listProducts, { query })).rows.map(({ sku }) => sku)
  expect(await found({ q: 'kaj' })).toEqual(['KJ-1'])
  expect(await found({ q: 'काज' })).toEqual(['KJ-1'])
  expect(await found({ q: 'naya intense' })).toEqual(['KJ-1'])
  expect(await found({ q: 'kj-1' })).toEqual(['KJ-1'])
  expect(await found({ q: '952000' })).toEqual(['KJ-1'])
  expect(await found({ q: 'kajal rose' })).toEqual([])
  expect(await found({ q: 'ajal' })).toEqual([])
  expect(await found({ q: '%' })).toEqual(['KJ-1', 'SP-1'])
  expect(await found({ brand: 'MRIDULA' })).toEqual(['SP-1'])
  expect(await found({ brand: 'nobody' })).toEqual([])
  expect(await found({ category: 'Eyes', q: 'k' })).toEqual(['KJ-1'])
  expect(await found({ unclassified: true })).toEqual(['SP-1'])
  expect(await found({ taxClass: 'GST18' })).toEqual(['KJ-1'])
  expect(await found({ active: false })).toEqual([])
  expect(await found({ sort: '-name' })).toEqual(['SP-1', 'KJ-1'])
  expect(await found({ sort: 'brand' })).toEqual(['SP-1', 'KJ-1'])
  await expect(found({ sort: 'colour' })).rejects.toMatchObject({ code: 'request/invalid' })
})

test('a changed name is found by its new words and no more by its old ones', async () => {
  await using shop = await openCorner()
  const { batches } = await shop.call(createProduct, { body: kajal })
  const body = { ...kajal, batches, names: { en: 'Smoky Kajal' }, barcodes: [], revision: 1 }
  await shop.call(putProduct, { params: { productId: 1 }, body })
  const total = async (q: string) => (await shop.call(listProducts, { query: { q } })).total
  expect([await total('smoky'), await total('kajal')]).toEqual([1, 1])
  expect([await total('intense'), await total('9520000000011'), await total('काजल')]).toEqual([0, 0, 0])
})

test('a row of the list shows the price in force and the newest MRP', async () => {
  await using shop = await openCorner()
  const now = shop.clock.now()
  await shop.call(createProduct, {
    body: {
      ...kajal,
      barcodes: [],
      batches: kajal.batches.flatMap((batch) => [
        batch,
        { ...batch, batchNo: 'B2', mrpMinor: 13_000, revisedMrpMinor: 12_500 },
      ]),
      prices: [
        { listId: 1, unitMinor: 9900, from: 0, until: null },
        { listId: 1, unitMinor: 7900, from: now - 5, until: now + 5 },
        { listId: 1, unitMinor: 8900, from: now + 10, until: null },
      ],
    },
  })
  const row = async () => (await shop.call(listProducts, { query: {} })).rows[0]
  expect(await row()).toMatchObject({
    priceMinor: 7900,
    mrpMinor: 12_500,
    batches: 2,
    barcode: internalCode(1),
  })
  shop.clock.advance(5)
  expect(await row()).toMatchObject({ priceMinor: 9900 })
  shop.clock.advance(5)
  expect(await row()).toMatchObject({ priceMinor: 8900 })
})

test('the export has every row of the list, safe to open in a spreadsheet', async () => {
  await using shop = await openCorner()
  await shop.call(createProduct, { body: kajal })
  await shop.call(createProduct, { body: { ...soap, names: { en: '=1+1, "soap"' } } })
  const answer = await shop.fetch(urlOf(exportProducts, { query: { sort: 'sku' } }))
  expect(answer.headers.get('content-type')).toContain('text/csv')
  const lines = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer()).split('\r\n')
  const at = new Date(shop.clock.now()).toISOString()
  expect(lines).toEqual([
    '\ufeffid,sku,name,brand,category,hsn,tax class,barcode,mrp,price,active,batches,changed at',
    `1,KJ-1,Intense Kajal,Nayana,Eyes,33042000,GST18,9520000000011,120.00,99.00,true,1,${at}`,
    `2,SP-1,"'=1+1, ""soap""",Mridula,Bath,33042000,GST18,${internalCode(2)},,99.00,true,0,${at}`,
    '',
  ])
})

test('labels have an internal code where goods carry none, and the newest batch', async () => {
  await using shop = await openCorner()
  await shop.call(createProduct, { body: kajal })
  await shop.call(createProduct, { body: soap })
  const { labels } = await shop.call(getLabels, { body: { productIds: [2, 1, 2, 99] } })
  expect(
    labels.map(({ productId, barcode, priceMinor, mrpMinor, batchNo }) => [
      productId,
      barcode,
      priceMinor,
      mrpMinor,
      batchNo,
    ]),
  ).toEqual([
    [2, internalCode(2), 9900, null, null],
    [1, '9520000000011', 9900, 12_000, 'B1'],
    [2, internalCode(2), 9900, null, null],
  ])
})

test("[PRC-4a] the shelf price of a store is its own, then its region's, then the chain's", async () => {
  await using shop = await openCorner()
  const { context } = shop
  const list = { tier: null, inclusive: true }
  await addPriceList(context, { name: 'Airport', scope: 'store', scopeId: 'airport', ...list }, author)
  await addPriceList(context, { name: 'South', scope: 'region', scopeId: 'south', ...list }, author)
  await addPriceList(
    context,
    { name: 'Members', scope: 'chain', scopeId: '', tier: 'member', inclusive: true },
    author,
  )
  const price = (listId: number, unitMinor: number) => ({ listId, unitMinor, from: 0, until: null })
  const prices = [price(1, 9900), price(2, 10_900), price(3, 9500), price(4, 5000)]
  await shop.call(createProduct, { body: { ...kajal, prices } })
  const shelf = async (id: string, regionId: string) =>
    (await labelsOf(context.database.read, [1], { id, regionId }, shop.clock.now()))[0]?.priceMinor
  expect(await shelf('airport', 'south')).toBe(10_900)
  expect(await shelf('village', 'south')).toBe(9500)
  expect(await shelf('village', 'north')).toBe(9900)
})

test('facets and tax classes say what is in use', async () => {
  await using shop = await openCorner()
  await shop.call(createProduct, { body: kajal })
  await shop.call(createProduct, { body: { ...soap, brand: '' } })
  expect(await shop.call(listFacets, {})).toEqual({ brands: ['Nayana'], categories: ['Bath', 'Eyes'] })
  expect((await shop.call(listTaxClasses, {})).taxClasses).toEqual([
    { id: 'GST18', name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }], products: 2 },
  ])
  expect((await shop.call(listPriceLists, {})).priceLists).toMatchObject([
    { id: 1, scope: 'chain', inclusive: true },
  ])
})

test('[TAX-1a] rates of a tax class are in order of time and fit their kind', async () => {
  await using shop = await openCorner()
  const put = async (rates: { from: number; kind: 'taxable' | 'nil'; rateBp: number }[]) =>
    await shop.call(putTaxClass, { params: { taxClassId: 'SOAP' }, body: { name: 'Soap', rates } })
  const stored = await put([
    { from: 100, kind: 'taxable', rateBp: 500 },
    { from: 0, kind: 'taxable', rateBp: 1800 },
  ])
  expect(stored.rates.map(({ from }) => from)).toEqual([0, 100])
  const invalid = { code: 'request/invalid' }
  await expect(put([{ from: 0, kind: 'nil', rateBp: 500 }])).rejects.toMatchObject(invalid)
  await expect(put([{ from: 0, kind: 'taxable', rateBp: 0 }])).rejects.toMatchObject(invalid)
  await expect(
    put([
      { from: 0, kind: 'nil', rateBp: 0 },
      { from: 0, kind: 'taxable', rateBp: 500 },
    ]),
  ).rejects.toMatchObject(invalid)
  const { rows } = await shop.call(listAudit, { query: { subject: 'tax-class', subjectId: 'SOAP' } })
  expect(rows).toHaveLength(1)
})

test('who may only read products changes none', async () => {
  await using shop = await openCorner()
  const reader = shop.as({ ...administrator, permissions: new Set(['products.read'] as const) })
  await expect(reader.call(createProduct, { body: kajal })).rejects.toMatchObject({
    code: 'session/not-allowed',
  })
  expect((await reader.call(listProducts, { query: {} })).rows).toEqual([])
})
