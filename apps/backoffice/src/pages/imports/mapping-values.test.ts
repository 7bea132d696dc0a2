import { setupI18n } from '@lingui/core'
import { type ImportField, type ImportMapping, importFieldsOf } from '@nexus/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { guessedMapping, mappingFaults, mappingOf, valuesOf } from './mapping-values.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: {} } })
const text = fc.stringMatching(/^[A-Za-z][A-Za-z ]{0,8}[a-z]$/)
const source = fc.oneof(fc.record({ column: text }), fc.record({ value: text }))
const common = (names: readonly ImportField[]) => ({
  fields: fc.record(Object.fromEntries(names.map((field) => [field, source])), { requiredKeys: [] }),
  amounts: fc.constantFrom('rupees' as const, 'paise' as const),
})
const mapping: fc.Arbitrary<ImportMapping> = fc.oneof(
  fc.record({
    key: fc.array(text, { minLength: 1, maxLength: 5 }),
    ...common(importFieldsOf.products),
  }),
  fc.record({ kind: fc.constant('prices' as const), ...common(importFieldsOf.prices) }),
  fc.record({ kind: fc.constant('mrp' as const), ...common(importFieldsOf.mrp) }),
)

test('a mapping that is shown and sent unchanged is the same', () => {
  fc.assert(
    fc.property(mapping, (given) => {
      expect(mappingOf(valuesOf(given))).toEqual(given)
    }),
  )
})

test('the store of the opening stock goes along only where stock is read', () => {
  const store = '0192f0c1-0000-7000-8000-000000000001'
  const values = { ...guessedMapping(['Name', 'Stock']), openingStockStore: store }
  expect(mappingOf(values)).not.toHaveProperty('openingStockStore')
  const fields = { ...values.fields, openingStock: { from: 'column' as const, column: 'Stock', value: '' } }
  expect(mappingOf({ ...values, fields }).openingStockStore).toBe(store)
  expect(mappingFaults(i18n, { ...values, fields, openingStockStore: '' })).toHaveProperty(
    'openingStockStore',
  )
})

test('headings as people write them are recognised', () => {
  const values = guessedMapping([
    'Item Code',
    'Product Name',
    'BRAND',
    'M.R.P.',
    'Selling Price',
    'EAN-13',
    'HSN Code',
  ])
  expect(mappingOf(values)).toEqual({
    key: ['Item Code'],
    fields: {
      sku: { column: 'Item Code' },
      name: { column: 'Product Name' },
      brand: { column: 'BRAND' },
      mrp: { column: 'M.R.P.' },
      price: { column: 'Selling Price' },
      barcode: { column: 'EAN-13' },
      hsn: { column: 'HSN Code' },
    },
    amounts: 'rupees',
  })
})

test('without any code, name and brand tell products apart', () => {
  expect(guessedMapping(['brand', 'title', 'price']).key).toEqual(['title', 'brand'])
})

test('opening stock is never guessed: a heading must not book goods', () => {
  expect(guessedMapping(['name', 'stock']).fields.openingStock.from).toBe('none')
})

test('a mapping needs a key, a name and no empty values', () => {
  expect(Object.keys(mappingFaults(i18n, guessedMapping(['x'])))).toEqual(['key', 'fields.name'])
  const values = guessedMapping(['name'])
  expect(mappingFaults(i18n, values)).toEqual({})
  const fields = { ...values.fields, taxClass: { from: 'value' as const, column: '', value: ' ' } }
  expect(Object.keys(mappingFaults(i18n, { ...values, fields }))).toEqual(['fields.taxClass'])
  expect(mappingOf({ ...values, fields }).fields).not.toHaveProperty('taxClass')
})

test('a file that names products only by code holds their prices or their MRPs', () => {
  const guessed = (...columns: string[]) => mappingOf(guessedMapping(columns))
  expect(guessed('SKU', 'Name', 'Price List', 'Selling Price', 'Valid From', 'To')).toEqual({
    kind: 'prices',
    fields: {
      sku: { column: 'SKU' },
      list: { column: 'Price List' },
      price: { column: 'Selling Price' },
      from: { column: 'Valid From' },
      until: { column: 'To' },
    },
    amounts: 'rupees',
  })
  expect(guessed('Barcode', 'Batch', 'New MRP')).toMatchObject({ kind: 'mrp' })
  expect(guessed('SKU', 'Name', 'MRP', 'Price')).not.toHaveProperty('kind')
  const faultsOf = (kind: 'prices' | 'mrp') =>
    Object.keys(mappingFaults(i18n, { ...guessedMapping(['Name']), kind }))
  expect(faultsOf('prices')).toEqual(['fields.sku', 'fields.price'])
  expect(faultsOf('mrp')).toEqual(['fields.sku', 'fields.mrp'])
})
