import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copiesMax, readItems, sheetsOf, writeItems } from './label-items.ts'

test('labels in an address are read back as they were', () => {
  const items = fc.uniqueArray(
    fc.record({
      productId: fc.integer({ min: 1, max: 2_000_000 }),
      copies: fc.integer({ min: 0, max: copiesMax }),
    }),
    { selector: (item) => item.productId, maxLength: 20 },
  )
  fc.assert(
    fc.property(items, (given) => {
      expect(readItems(writeItems(given) ?? '')).toEqual(given)
    }),
  )
})

test('odd addresses give the labels that can be read', () => {
  expect(readItems('12x3,15,12x9,abc,0,7x,-3,9x1000, 4 ')).toEqual([
    { productId: 12, copies: 3 },
    { productId: 15, copies: 1 },
    { productId: 4, copies: 1 },
  ])
  expect(readItems('')).toEqual([])
  expect(writeItems([])).toBeUndefined()
})

test('every label is on one sheet, and only the last sheet has room', () => {
  const sheets = sheetsOf(
    Array.from({ length: 111 }, (_, at) => at),
    55,
  )
  expect(sheets.map((sheet) => sheet.length)).toEqual([55, 55, 1])
  expect(sheets.flat()).toEqual(Array.from({ length: 111 }, (_, at) => at))
  expect(sheetsOf([], 55)).toEqual([])
})
