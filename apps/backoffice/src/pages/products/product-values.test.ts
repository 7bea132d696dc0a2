import type { Product } from '@nexus/contract'
import { startOfDate } from '@nexus/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountMinor, amountText, bodyOf, emptyProduct, formField, valuesOf } from './product-values.ts'

const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) })
const minor = fc.integer({ min: 0, max: 99_999_999_999 })
const month = fc
  .tuple(fc.integer({ min: 2024, max: 2035 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, number]) => `${year}-${String(number).padStart(2, '0')}`)
const batch = fc.record({
  batchNo: fc.stringMatching(/^[A-Z0-9]{0,6}$/),
  mrpMinor: fc.option(minor),
  revisedMrpMinor: fc.option(minor),
  expiryKind: fc.option(fc.constantFrom('use-before' as const, 'expiry' as const)),
  expiryMonth: fc.option(month),
})
const price = fc.record({
  listId: fc.integer({ min: 1, max: 3 }),
  unitMinor: minor,
  from: fc.oneof(instant, fc.constant(0)),
  until: fc.option(instant),
})
const product: fc.Arbitrary<Product> = fc.record({
  id: fc.integer({ min: 1, max: 2_000_000 }),
  sku: fc.stringMatching(/^[A-Z][A-Z0-9]{0,8}$/),
  names: fc.record({
    en: fc.stringMatching(/^[a-z]{1,9}$/),
    hi: fc.constant('लिप'),
    ta: fc.constant('உதடு'),
  }),
  brand: fc.stringMatching(/^[a-z]{0,9}$/),
  category: fc.stringMatching(/^[a-z]{0,9}$/),
  hsn: fc.constantFrom('', '3304'),
  uqc: fc.constantFrom('NOS', 'BTL'),
  taxClassId: fc.constantFrom('', 'GST18'),
  active: fc.boolean(),
  barcodes: fc.uniqueArray(fc.stringMatching(/^[0-9]{13}$/), { maxLength: 3 }),
  batches: fc.array(batch, { maxLength: 3 }).map((list) => list.map((row, at) => ({ id: at + 1, ...row }))),
  prices: fc
    .array(price, { maxLength: 4 })
    .map((list) => list.toSorted((one, other) => one.listId - other.listId || one.from - other.from)),
  internalCode: fc.constant('2900000000421'),
  revision: fc.constant(1),
  changedAt: instant,
})

test('a product that is opened and saved unchanged is the same, to the millisecond and in every language', () => {
  fc.assert(
    fc.property(product, (stored) => {
      const { id: _, internalCode: __, revision: ___, changedAt: ____, ...body } = stored
      expect(bodyOf(valuesOf(stored), stored)).toEqual(body)
    }),
  )
})

test('[PRC-4] a price lasts from midnight of its first day through its last day, in India', () => {
  const prices = [
    { key: 'a', listId: '1', price: '399', firstDay: '2026-12-01', lastDay: '2026-12-31', stored: null },
  ]
  expect(bodyOf({ ...emptyProduct, prices }, undefined).prices).toEqual([
    { listId: 1, unitMinor: 39_900, from: startOfDate('2026-12-01'), until: startOfDate('2027-01-01') },
  ])
})

test('a stored price keeps its hour until somebody changes its day', () => {
  const from = startOfDate('2026-11-22') + 12 * 3_600_000
  const row = {
    key: 'a',
    listId: '1',
    price: '1',
    firstDay: '2026-11-22',
    lastDay: '',
    stored: { from, until: null },
  }
  const fromOf = (firstDay: string) =>
    bodyOf({ ...emptyProduct, prices: [{ ...row, firstDay }] }, undefined).prices[0]?.from
  expect(fromOf('2026-11-22')).toBe(from)
  expect(fromOf('2026-11-23')).toBe(startOfDate('2026-11-23'))
})

test('a fault of the server finds its row although prices were sent in another order', () => {
  const row = (listId: string, firstDay: string) => ({
    key: listId,
    listId,
    price: '1',
    firstDay,
    lastDay: '',
    stored: null,
  })
  const values = {
    ...emptyProduct,
    prices: [row('2', '2026-01-01'), row('1', '2026-02-01'), row('1', '2026-01-01')],
  }
  expect(formField('prices.0.unitMinor', values)).toBe('prices.2.price')
  expect(formField('prices.2.until', values)).toBe('prices.0.lastDay')
  expect(formField('batches.1.expiryMonth', values)).toBe('batches.1.expiryMonth')
  expect(formField('barcodes.0', values)).toBe('barcodes.0.text')
  expect(formField('names.en', values)).toBe('nameEn')
  expect(formField('sku', values)).toBe('sku')
})

test('amounts are rupees on the screen and paise behind it', () => {
  expect(amountText(12_345_650)).toBe('123456.50')
  expect(amountText(null)).toBe('')
  expect(amountMinor('₹ 1,23,456.5')).toBe(12_345_650)
  expect(amountMinor('')).toBeNull()
  expect(amountMinor('abc')).toBeNull()
})
