import { setupI18n } from '@lingui/core'
import { expect, test } from 'vitest'
import { barcodeFault, productFaults } from './product-faults.ts'
import { emptyProduct, type ProductValues } from './product-values.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: {} } })
const good: ProductValues = { ...emptyProduct, sku: 'LIP-04', nameEn: 'Matte Lip Colour' }
const batch = {
  key: 'a',
  id: 0,
  batchNo: '',
  mrp: '399',
  revisedMrp: '',
  expiryKind: '',
  expiryMonth: '',
} as const
const price = { key: 'a', listId: '1', price: '399', firstDay: '2026-11-22', lastDay: '', stored: null }
const faultsOf = (change: Partial<ProductValues>) => Object.keys(productFaults(i18n, { ...good, ...change }))

test('a name and a SKU are enough', () => {
  expect(faultsOf({})).toEqual([])
  expect(faultsOf({ sku: ' ', nameEn: '' })).toEqual(['nameEn', 'sku'])
  expect(faultsOf({ sku: '-x', hsn: '330' })).toEqual(['sku', 'hsn'])
})

test('a wrong check digit is told with the right one while it is typed', () => {
  expect(barcodeFault(i18n, '4006381333931', [])).toBeUndefined()
  expect(barcodeFault(i18n, '4006381333930', [])).toContain('should be 1')
  expect(barcodeFault(i18n, '40063813', [])).toContain('should be')
  expect(barcodeFault(i18n, '400638133393', [])).toContain('last digit')
  expect(barcodeFault(i18n, '40063', [])).toContain('8, 12, 13 or 14')
  expect(barcodeFault(i18n, '8.90123E+12', [])).toContain('spreadsheet')
  expect(barcodeFault(i18n, '2900000000421', [])).toContain('internal')
  expect(barcodeFault(i18n, '00614141000036', ['614141000036'])).toContain('already')
})

test('[PRC-3] a price above the highest MRP is refused, at it is taken', () => {
  expect(faultsOf({ batches: [batch], prices: [price] })).toEqual([])
  expect(faultsOf({ batches: [batch], prices: [{ ...price, price: '399.01' }] })).toEqual(['prices.0.price'])
  expect(faultsOf({ batches: [{ ...batch, revisedMrp: '349' }], prices: [price] })).toEqual([
    'prices.0.price',
  ])
  expect(faultsOf({ batches: [batch, { ...batch, mrp: '' }], prices: [{ ...price, price: '999' }] })).toEqual(
    [],
  )
})

test('an expiry label is a kind and a month, or nothing', () => {
  expect(faultsOf({ batches: [{ ...batch, expiryKind: 'expiry' }] })).toEqual(['batches.0.expiryMonth'])
  expect(faultsOf({ batches: [{ ...batch, expiryMonth: '2027-03' }] })).toEqual(['batches.0.expiryKind'])
  expect(
    faultsOf({ batches: [{ ...batch, expiryKind: 'expiry', expiryMonth: '2027-03', mrp: '0' }] }),
  ).toEqual(['batches.0.mrp'])
})

test('prices have a list, an amount and days in order, and one beginning each', () => {
  expect(faultsOf({ prices: [{ ...price, price: '', listId: '', firstDay: '' }] })).toEqual([
    'prices.0.price',
    'prices.0.listId',
  ])
  expect(faultsOf({ prices: [{ ...price, lastDay: '2026-11-21' }] })).toEqual(['prices.0.lastDay'])
  expect(faultsOf({ prices: [price, { ...price, price: '1' }] })).toEqual(['prices.1.firstDay'])
})
