import { expect, test } from 'vitest'
import { parseAmount } from './parse.ts'

test.each([
  ['1,234.5', 123_450],
  ['₹99', 9900],
  ['₹ 1,23,456.50', 12_345_650],
  ['Rs. 40', 4000],
  ['INR 12', 1200],
  [' 499/- ', 49_900],
  ['.5', 50],
  ['12.', 1200],
  ['007', 700],
  ['1,234,567', 123_456_700],
  ['89.100', 8910],
])('%s is read', (text, amountMinor) => {
  expect(parseAmount(text)).toEqual({ amountMinor })
})

test.each([
  ['', 'empty'],
  ['₹', 'empty'],
  ['-5', 'negative'],
  ['−5', 'negative'],
  ['12,5', 'grouping'],
  ['1,2,345', 'grouping'],
  ['12,3456', 'grouping'],
  ['12,34,567,890', 'grouping'],
  ['10.005', 'too-many-decimals'],
  ['1.2.3', 'not-a-number'],
  ['.', 'not-a-number'],
  ['ten', 'not-a-number'],
  ['1e5', 'not-a-number'],
  ['NaN', 'not-a-number'],
  ['१२', 'not-a-number'],
  ['1000000001', 'too-large'],
  ['9'.repeat(400), 'too-large'],
])('"%s" is refused: %s', (text, fault) => {
  expect(parseAmount(text)).toEqual({ fault })
})
