import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatQuantity, isMeasured, parseQuantity } from './quantity.ts'

test('[PRC-1a] thousandths are shown without idle zeros', () => {
  expect(formatQuantity(2000)).toBe('2')
  expect(formatQuantity(250)).toBe('0.25')
  expect(formatQuantity(1)).toBe('0.001')
  expect(formatQuantity(-1500)).toBe('-1.5')
})

test('what is shown can be typed back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (quantityMilli) => {
      expect(parseQuantity(formatQuantity(quantityMilli))).toEqual({ quantityMilli })
    }),
  )
})

test.each([
  ['', 'empty'],
  ['0', 'zero'],
  ['0.000', 'zero'],
  ['1.0005', 'too-many-decimals'],
  ['-1', 'not-a-number'],
  ['1,5', 'not-a-number'],
  ['1000001', 'too-large'],
])('"%s" is refused: %s', (text, fault) => {
  expect(parseQuantity(text)).toEqual({ fault })
})

test('[PRC-1g] grams and millilitres are measured, bottles and pieces are counted', () => {
  expect(['GMS', 'KGS', 'MLT', 'LTR', 'MTR'].every(isMeasured)).toBe(true)
  expect(['NOS', 'PCS', 'BTL', 'TUB', 'SET', 'PAC', 'BOX', 'DOZ', 'UNT', 'OTH', ''].some(isMeasured)).toBe(
    false,
  )
})
