import type { ProductBody } from '@nexus/contract'
import { internalCode } from '@nexus/domain'
import { expect, test } from 'vitest'
import { faultsOf, givenSku, highestCeiling, readBarcode, tidyProduct } from './check-product.ts'

const known = { taxClassIds: new Set(['GST18', 'NIL']), priceListIds: new Set([1]) }
const batch = {
  id: 0,
  batchNo: '',
  mrpMinor: 10_000,
  revisedMrpMinor: null,
  expiryKind: null,
  expiryMonth: null,
}
const kajal: ProductBody = {
  sku: 'KJ-1',
  names: { en: 'Kajal' },
  brand: 'Nayana',
  category: 'Eyes',
  hsn: '33042000',
  uqc: 'NOS',
  taxClassId: 'GST18',
  active: true,
  barcodes: ['9520000000011'],
  batches: [batch],
  prices: [{ listId: 1, unitMinor: 9900, from: 0, until: null }],
}
const faults = (change: Partial<ProductBody>, before?: Parameters<typeof faultsOf>[1]) =>
  faultsOf(tidyProduct({ ...kajal, ...change }), before, known, 1000).map(({ field, code }) => [field, code])

test('a product with everything in order has no faults', () => {
  expect(faults({})).toEqual([])
})

test('[TAX-1b] an unclassified product, and one without price, may be kept', () => {
  expect(faults({ taxClassId: '', prices: [] })).toEqual([])
})

test('[PRC-3c] a price above the highest MRP is refused, one above a lower batch is not', () => {
  const prices = [{ listId: 1, unitMinor: 10_001, from: 0, until: null }]
  expect(faults({ prices })).toEqual([['prices.0.unitMinor', 'product/price-above-mrp']])
  expect(faults({ prices, batches: [batch, { ...batch, mrpMinor: 10_100 }] })).toEqual([])
  expect(faults({ prices, batches: [batch, { ...batch, mrpMinor: null }] })).toEqual([])
  expect(faults({ prices: [{ listId: 1, unitMinor: 10_001, from: 0, until: 1000 }] })).toEqual([])
})

test('[PRC-3b] the ceiling of a batch is the lower of printed and revised MRP', () => {
  expect(highestCeiling([{ ...batch, revisedMrpMinor: 9000 }])).toBe(9000)
  expect(highestCeiling([{ ...batch, mrpMinor: null, revisedMrpMinor: 9000 }])).toBe(9000)
  expect(highestCeiling([])).toBeUndefined()
})

test('each field that is wrong is named', () => {
  expect(faults({ hsn: '3304200' })).toEqual([['hsn', 'request/invalid']])
  expect(faults({ uqc: 'PIE' })).toEqual([['uqc', 'request/invalid']])
  expect(faults({ taxClassId: 'GST12' })).toEqual([['taxClassId', 'product/tax-class-unknown']])
  expect(faults({ names: { en: ' ' } })).toEqual([['names.en', 'request/invalid']])
  expect(faults({ barcodes: ['9520000000012'] })).toEqual([['barcodes.0', 'product/barcode-invalid']])
  expect(faults({ barcodes: [internalCode(7)] })).toEqual([['barcodes.0', 'product/barcode-invalid']])
  expect(faults({ batches: [{ ...batch, expiryMonth: '2027-03' }] })).toEqual([
    ['batches.0.expiryMonth', 'request/invalid'],
  ])
  expect(faults({ batches: [{ ...batch, mrpMinor: 0 }], prices: [] })).toEqual([
    ['batches.0.mrpMinor', 'request/invalid'],
  ])
  const row = { listId: 1, unitMinor: 100, from: 5, until: null }
  expect(faults({ prices: [{ ...row, until: 5 }] })).toEqual([['prices.0.until', 'request/invalid']])
  expect(faults({ prices: [row, row] })).toEqual([['prices.1.from', 'request/invalid']])
  expect(faults({ prices: [{ ...row, listId: 2 }] })).toEqual([['prices.0.listId', 'request/invalid']])
  expect(faults({ prices: [{ ...row, unitMinor: -1 }] })).toEqual([['prices.0.unitMinor', 'request/invalid']])
})

test('a batch is changed by its own number only', () => {
  const before = { ...kajal, id: 4, batches: [{ ...batch, id: 9 }] }
  expect(faults({ batches: [{ ...batch, id: 9 }, batch] }, before)).toEqual([])
  expect(faults({ batches: [{ ...batch, id: 8 }] }, before)).toEqual([['batches.0.id', 'request/invalid']])
  const twice = [
    { ...batch, id: 9 },
    { ...batch, id: 9 },
  ]
  expect(faults({ batches: twice }, before)).toEqual([['batches.1.id', 'request/invalid']])
})

test('SKUs that Nexus gives cannot be taken by hand, and stay with their product', () => {
  expect(givenSku(42)).toBe('P000042')
  expect(faults({ sku: 'p000042' })).toEqual([['sku', 'request/invalid']])
  expect(faults({ sku: 'P000042' }, { id: 42, sku: 'P000042', batches: [] })).toEqual([])
})

test('a product is kept in one form: blanks, order and codes differ no more', () => {
  const tidy = tidyProduct({
    ...kajal,
    names: { hi: ' काजल ', en: ' Kajal\u00a0 Black ', ta: '' },
    brand: ' Nayana  Beauty',
    barcodes: ['012345678905', '0012345678905', ' 9520000000011'],
    prices: [
      { listId: 1, unitMinor: 5, from: 9, until: null },
      { listId: 1, unitMinor: 4, from: 3, until: null },
    ],
    batches: [batch, { ...batch, id: 3 }, { ...batch, id: 2 }],
  })
  expect(tidy.names).toEqual({ en: 'Kajal Black', hi: 'काजल' })
  expect(tidy.brand).toBe('Nayana Beauty')
  expect(tidy.barcodes).toEqual(['0012345678905', '9520000000011'])
  expect(tidy.prices.map((row) => row.from)).toEqual([3, 9])
  expect(tidy.batches.map(({ id }) => id)).toEqual([2, 3, 0])
  expect(tidyProduct(tidy)).toEqual(tidy)
})

test('a barcode that cannot be read says why and what to do', () => {
  expect(readBarcode('9520000000011')).toEqual({ code: '9520000000011' })
  expect(readBarcode('8.90123E+12')).toMatchObject({ reason: expect.stringContaining('spreadsheet') })
  expect(readBarcode('9520000000012')).toMatchObject({ reason: expect.stringContaining('should be 1') })
  expect(readBarcode('12345')).toMatchObject({ remedy: expect.stringContaining('leading zeros') })
})
