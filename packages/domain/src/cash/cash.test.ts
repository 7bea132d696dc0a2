import { expect, test } from 'vitest'
import { cashDifference, countTotal, DENOMINATIONS_MINOR, expectedCash } from './cash.ts'

test('a count is the sum of its pieces', () => {
  expect(
    countTotal([
      { denominationMinor: 50_000, count: 3 },
      { denominationMinor: 1000, count: 7 },
      { denominationMinor: 50, count: 1 },
    ]),
  ).toBe(157_050)
  expect(countTotal([])).toBe(0)
  expect(() => countTotal([{ denominationMinor: 100, count: -1 }])).toThrow('whole numbers')
  expect(() => countTotal([{ denominationMinor: 100, count: 1.5 }])).toThrow('whole numbers')
})

test('notes and coins are listed from the largest to the half rupee', () => {
  expect([...DENOMINATIONS_MINOR]).toEqual(DENOMINATIONS_MINOR.toSorted((one, other) => other - one))
  expect(DENOMINATIONS_MINOR.at(-1)).toBe(50)
})

test('a drawer should hold its float and what came in, less what went out', () => {
  const movements = {
    floatMinor: 200_000,
    salesMinor: 1_234_500,
    refundsMinor: 49_900,
    cashInMinor: 10_000,
    cashOutMinor: 5000,
    safeDropsMinor: 1_000_000,
  }
  expect(expectedCash(movements)).toBe(389_600)
  expect(cashDifference(389_100, movements)).toBe(-500)
})
