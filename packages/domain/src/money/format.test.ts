import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAmount, formatPlain, formatRupees } from './format.ts'
import { parseAmount } from './parse.ts'

test('amounts are grouped in the Indian manner and always show paise', () => {
  expect(formatRupees(12_345_650)).toBe('₹1,23,456.50')
  expect(formatRupees(0)).toBe('₹0.00')
  expect(formatRupees(-9900)).toBe('-₹99.00')
  expect(formatAmount(7)).toBe('0.07')
  expect(formatAmount(-12_345_678)).toBe('-1,23,456.78')
})

test('UPI and files get two decimals and no grouping', () => {
  expect(formatPlain(10_000)).toBe('100.00')
  expect(formatPlain(107_820_005)).toBe('1078200.05')
})

test('what is shown can be typed back', () => {
  fc.assert(
    fc.property(fc.nat(100_000_000_000), (amountMinor) => {
      expect(parseAmount(formatRupees(amountMinor))).toEqual({ amountMinor })
      expect(parseAmount(formatPlain(amountMinor))).toEqual({ amountMinor })
    }),
  )
})
