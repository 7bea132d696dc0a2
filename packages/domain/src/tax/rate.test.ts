import fc from 'fast-check'
import { expect, test } from 'vitest'
import { headOf, largestTaxable, taxableWithin, taxOf, taxRateAt } from './rate.ts'

const rate = fc.oneof(fc.constantFrom(0, 25, 150, 300, 500, 1800, 4000), fc.integer({ min: 0, max: 9999 }))
const amount = fc.oneof(fc.nat(2000), fc.nat(10_000_000_000))

test('[TAX-2c, TAX-2d, TAX-2e] whatever is paid, value and tax leave at most a paisa of round-off', () => {
  fc.assert(
    fc.property(amount, rate, fc.boolean(), (paidMinor, rateBp, intraState) => {
      const taxableMinor = taxableWithin(paidMinor, rateBp)
      expect(
        Math.abs(paidMinor - taxableMinor - taxOf(taxableMinor, rateBp, intraState)),
      ).toBeLessThanOrEqual(1)
    }),
    { numRuns: 3000 },
  )
})

test('[TAX-2d] the portal finds tax = value × rate to the paisa', () => {
  expect(headOf(2463, 1800, true)).toBe(222)
  expect(headOf(2463, 1800, false)).toBe(443)
  expect(headOf(101, 500, true)).toBe(3)
})

test('[TAX-3a] both heads within a State are one figure, so their sum is even', () => {
  fc.assert(
    fc.property(amount, rate, (taxableMinor, rateBp) => {
      expect(taxOf(taxableMinor, rateBp, true)).toBe(2 * headOf(taxableMinor, rateBp, true))
    }),
  )
})

test('[PRC-3d] the ceiling of a price without tax is the largest value that fits with its tax', () => {
  fc.assert(
    fc.property(amount, rate, fc.boolean(), (ceilingMinor, rateBp, intraState) => {
      const largest = largestTaxable(ceilingMinor, rateBp, intraState)
      expect(largest + taxOf(largest, rateBp, intraState)).toBeLessThanOrEqual(ceilingMinor)
      expect(largest + 1 + taxOf(largest + 1, rateBp, intraState)).toBeGreaterThan(ceilingMinor)
    }),
    { numRuns: 3000 },
  )
})

test('[TAX-1a] a rate holds from its first instant to the next row', () => {
  const taxClass = {
    id: 'shampoo',
    name: 'Shampoo',
    rates: [
      { from: 100, kind: 'taxable' as const, rateBp: 1800 },
      { from: 200, kind: 'taxable' as const, rateBp: 500 },
    ],
  }
  expect(taxRateAt(taxClass, 99)).toBeUndefined()
  expect(taxRateAt(taxClass, 100)?.rateBp).toBe(1800)
  expect(taxRateAt(taxClass, 199)?.rateBp).toBe(1800)
  expect(taxRateAt(taxClass, 200)?.rateBp).toBe(500)
})
