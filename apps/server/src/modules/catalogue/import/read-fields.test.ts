import type { ImportField, ImportMapping } from '@nexus/contract'
import { expect, test } from 'vitest'
import { checkMapping } from './check-mapping.ts'
import { isBad, readFields } from './read-fields.ts'

const columns = ['name', 'value']

/** What becomes of a cell that feeds a field. */
function read(field: ImportField, cell: string, mapping: Partial<ImportMapping> = {}) {
  const plan = checkMapping(
    { key: ['name'], fields: { name: { column: 'name' }, [field]: { column: 'value' } }, ...mapping },
    columns,
  )
  const row = readFields(plan, columns, { line: 7, values: ['Kajal', cell] })
  return isBad(row) ? row : row.fields
}

test.each([
  ['99', 9900],
  ['99.5', 9950],
  ['₹ 1,299.00', 129900],
  ['Rs. 1,23,456.50', 12345650],
  [' 1 299.00 ', 129900],
  ['1\u00a0299', 129900],
  ['99.500', 9950],
  ['250/-', 25000],
])('the price %j is %d paise', (cell, priceMinor) => {
  expect(read('price', cell)).toMatchObject({ priceMinor })
})

test.each([
  ['', 'no price'],
  ['0', 'zero'],
  ['-5', 'negative'],
  ['1,5', 'commas'],
  ['99.999', 'fraction'],
  ['call us', 'not an amount'],
  ['1e5', 'not an amount'],
  ['99999999999', 'hundred crore'],
])('the price %j is refused with reason and remedy', (cell, reason) => {
  const bad = read('price', cell)
  expect(bad).toMatchObject({ line: 7, field: 'price', value: cell, reason: expect.stringContaining(reason) })
  expect(bad).toMatchObject({ remedy: expect.stringMatching(/\.$/) })
})

test('amounts in paise are whole numbers', () => {
  expect(read('price', '9950', { amounts: 'paise' })).toMatchObject({ priceMinor: 9950 })
  expect(read('price', '99.50', { amounts: 'paise' })).toMatchObject({ field: 'price' })
})

test('goods may have no MRP, but none of zero', () => {
  expect(read('mrp', '')).toMatchObject({ mrpMinor: null })
  expect(read('mrp', '0')).toMatchObject({ field: 'mrp' })
  expect(read('mrp', '₹99')).toMatchObject({ mrpMinor: 9900 })
})

test.each([
  ['9520000000011', '9520000000011'],
  ["'012345678905", '0012345678905'],
  ['952-0000-000011', '9520000000011'],
  ['', ''],
])('the barcode %j is read as %j', (cell, barcode) => {
  expect(read('barcode', cell)).toMatchObject({ barcode })
})

test.each([
  ['8.90123E+12', 'spreadsheet'],
  ['9520000000012', 'last digit should be 1'],
  ['ABC', 'not a GTIN'],
])('the barcode %j is refused', (cell, reason) => {
  expect(read('barcode', cell)).toMatchObject({ field: 'barcode', reason: expect.stringContaining(reason) })
})

test.each([
  ['2027-03', '2027-03'],
  ['03/2027', '2027-03'],
  ['3-2027', '2027-03'],
  ['', null],
])('the month %j is read as %j', (cell, expiryMonth) => {
  expect(read('expiryMonth', cell)).toMatchObject({ expiryMonth })
})

test('a month that is none, a bad HSN, a bad SKU and a long name are refused', () => {
  expect(read('expiryMonth', 'Mar 27')).toMatchObject({ field: 'expiryMonth' })
  expect(read('hsn', '330')).toMatchObject({ field: 'hsn' })
  expect(read('sku', 'A B')).toMatchObject({ field: 'sku' })
  expect(read('brand', 'x'.repeat(121))).toMatchObject({ field: 'brand' })
})

test('opening stock is a quantity; none and nothing open nothing', () => {
  const openingStockStore = '01890000-0000-7000-8000-000000000001'
  expect(read('openingStock', '12', { openingStockStore })).toMatchObject({ openingMilli: 12_000 })
  expect(read('openingStock', '0', { openingStockStore })).toMatchObject({ openingMilli: null })
  expect(read('openingStock', '', { openingStockStore })).toMatchObject({ openingMilli: null })
  expect(read('openingStock', '1.2345', { openingStockStore })).toMatchObject({ field: 'openingStock' })
})

test('a field that the mapping does not feed is absent, an empty cell is not', () => {
  expect(read('brand', '')).toEqual({ name: 'Kajal', brand: '' })
})

test("the export's guard against formulas is taken off again", () => {
  expect(read('brand', "'=Beauty")).toMatchObject({ brand: '=Beauty' })
})

test('a row without name, with an empty key or of another shape is refused', () => {
  const plan = checkMapping({ key: ['value'], fields: { name: { column: 'name' } } }, columns)
  expect(readFields(plan, columns, { line: 2, values: ['', 'k'] })).toMatchObject({ field: 'name' })
  expect(readFields(plan, columns, { line: 2, values: ['Kajal', ' '] })).toMatchObject({ field: 'value' })
  expect(readFields(plan, columns, { line: 2, values: ['Kajal'] })).toMatchObject({ field: 'row' })
  expect(readFields(plan, columns, { line: 2, values: ['Kajal', 'k', 'more'] })).toMatchObject({
    field: 'row',
  })
  expect(isBad(readFields(plan, columns, { line: 2, values: ['Kajal', 'k', ' '] }))).toBe(false)
})

test('a key is the same in any case, with any blanks, in any order of its columns', () => {
  const keyOf = (key: string[], values: string[]) => {
    const plan = checkMapping({ key, fields: { name: { column: 'NAME ' } } }, columns)
    const row = readFields(plan, columns, { line: 2, values })
    return isBad(row) ? row : row.key
  }
  const key = keyOf(['name', 'value'], ['Soft  Soap', 'Pears'])
  expect(keyOf(['value', 'name'], ['soft soap ', 'PEARS'])).toBe(key)
  expect(keyOf(['name', 'value'], ['Soft Soap', 'Pear'])).not.toBe(key)
})

test('a mapping that does not fit names every fault', () => {
  const check = () =>
    checkMapping(
      {
        key: ['sku'],
        fields: { brand: { column: 'maker' }, price: { column: 'value' }, openingStock: { column: 'value' } },
      },
      ['name', 'value', 'Value'],
    )
  expect(check).toThrow(
    expect.objectContaining({
      code: 'import/mapping-invalid',
      errors: [
        expect.objectContaining({ field: 'fields.brand', message: expect.stringContaining('"maker"') }),
        expect.objectContaining({ field: 'fields.price', message: expect.stringContaining('more than one') }),
        expect.objectContaining({ field: 'fields.openingStock' }),
        expect.objectContaining({ field: 'fields.name' }),
        expect.objectContaining({ field: 'openingStockStore' }),
        expect.objectContaining({ field: 'key.0' }),
      ],
    }),
  )
})
