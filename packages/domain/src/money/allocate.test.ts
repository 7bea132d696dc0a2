import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocate } from './allocate.ts'

const amount = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -100_000, max: 100_000 }))
/** Few and many lines, small and huge weights, all safe in sum. */
const weights = fc
  .oneof(
    fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }),
    fc.array(fc.nat(500_000), { minLength: 1, maxLength: 12 }),
    fc.array(fc.nat(3000), { minLength: 25, maxLength: 80 }),
    fc.array(fc.nat(2 ** 46), { minLength: 1, maxLength: 40 }),
  )
  .filter((list) => list.some((weight) => weight > 0))

const sum = (list: readonly number[]) => list.reduce((total, part) => total + part, 0)

test('[PRC-2b] the parts add up to the whole, whatever the weights', () => {
  fc.assert(
    fc.property(amount, weights, (total, list) => {
      expect(sum(allocate(total, list))).toBe(total)
    }),
    { numRuns: 1000 },
  )
})

test('[PRC-2a] each part is its exact share rounded up or down', () => {
  fc.assert(
    fc.property(amount, weights, (total, list) => {
      const whole = BigInt(sum(list))
      allocate(total, list).forEach((part, at) => {
        const missed = BigInt(part) * whole - BigInt(total) * BigInt(list[at] ?? 0)
        expect(missed < whole && missed > -whole).toBe(true)
      })
    }),
    { numRuns: 1000 },
  )
})

test('[PRC-2a] the leftover goes to the largest remainders, the earlier line on a tie', () => {
  fc.assert(
    fc.property(amount, weights, (total, list) => {
      const units = BigInt(Math.abs(total))
      const whole = BigInt(sum(list))
      const parts = allocate(Math.abs(total), list)
      const lines = list.map((weight, at) => ({
        rest: (units * BigInt(weight)) % whole,
        up: BigInt(parts[at] ?? 0) > (units * BigInt(weight)) / whole,
      }))
      const order = lines.toSorted((one, other) => Number(other.rest - one.rest))
      // A stable sort keeps the earlier line first, so all that went up must stand in front.
      expect(order.map((line) => line.up)).toEqual(
        order.map((line) => line.up).toSorted((a, b) => Number(b) - Number(a)),
      )
    }),
    { numRuns: 1000 },
  )
})

test('[PRC-2a] no part passes its line while the whole does not pass their sum', () => {
  fc.assert(
    fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
      const parts = allocate(Math.floor(sum(list) * share), list)
      parts.forEach((part, at) => {
        expect(part).toBeLessThanOrEqual(list[at] ?? 0)
        expect(part).toBeGreaterThanOrEqual(0)
      })
    }),
  )
})

test('what goes back mirrors what came in, without minus zero', () => {
  fc.assert(
    fc.property(amount, weights, (total, list) => {
      const back = allocate(-total, list)
      expect(back.map((part) => 0 - part)).toEqual(allocate(total, list))
      expect(back.some((part) => Object.is(part, -0))).toBe(false)
    }),
  )
})

test('three equal lines share a rupee as 34, 33, 33 paise', () => {
  expect(allocate(100, [5, 5, 5])).toEqual([34, 33, 33])
})

test('nothing is spread over lines that are worth nothing', () => {
  expect(allocate(0, [0, 0])).toEqual([0, 0])
  expect(() => allocate(1, [0, 0])).toThrow('some line carries the amount')
})

test('a fraction of a paisa or a negative weight is refused', () => {
  expect(() => allocate(0.5, [1])).toThrow('whole number')
  expect(() => allocate(1, [1, -1])).toThrow('not negative')
})

test('minus zero is nothing to spread', () => {
  expect(Object.is(allocate(-0, [1])[0], 0)).toBe(true)
})
