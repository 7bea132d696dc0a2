import fc from 'fast-check'
import { expect, test } from 'vitest'
import { multiplyDivide, multiplyDivideDown, shareOf } from './round.ts'

const whole = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -1_000_000, max: 1_000_000 }))
const natural = fc.oneof(fc.maxSafeNat(), fc.nat(1_000_000))
const divisor = fc.oneof(
  fc.constantFrom(1, 2, 3, 1000, 10_000, 11_800, 20_000),
  fc.integer({ min: 1, max: 1e9 }),
)
const safe = (value: bigint) => value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER

test('[PRC-1b] a product divided is the nearest whole number, beyond 2^53 too', () => {
  fc.assert(
    fc.property(whole, natural, divisor, (a, b, c) => {
      const exact = BigInt(a) * BigInt(b)
      fc.pre(safe(exact / BigInt(c) + 1n) && safe(exact / BigInt(c) - 1n))
      const missed = BigInt(multiplyDivide(a, b, c)) * BigInt(c) - exact
      const distance = missed < 0n ? -missed : missed
      expect(distance * 2n <= BigInt(c)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

test('[PRC-1b] a half goes away from zero, on both sides', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e15 }), (n) => {
      expect(multiplyDivide(2 * n + 1, 1, 2)).toBe(n + 1)
      expect(multiplyDivide(-(2 * n + 1), 1, 2)).toBe(-(n + 1))
    }),
  )
})

test('[PRC-1b, PRC-3c] a paisa below or above a multiple is seen up to 2^53', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 1_000_000 }), fc.nat(1000), (c, below) => {
      const quotient = Math.floor(Number.MAX_SAFE_INTEGER / c) - below
      expect(multiplyDivideDown(quotient * c - 1, 1, c)).toBe(quotient - 1)
      expect(multiplyDivideDown(quotient * c, 1, c)).toBe(quotient)
      expect(multiplyDivide(quotient * c - 1, 1, c)).toBe(quotient)
    }),
  )
})

test('nothing rounds to minus zero', () => {
  expect(Object.is(multiplyDivide(-1, 1, 3), 0)).toBe(true)
  expect(Object.is(multiplyDivide(0, 5, 3), 0)).toBe(true)
})

test('[PRC-3c] a ceiling is rounded down, beyond 2^53 too', () => {
  fc.assert(
    fc.property(natural, natural, divisor, (a, b, c) => {
      const exact = (BigInt(a) * BigInt(b)) / BigInt(c)
      fc.pre(safe(exact))
      expect(BigInt(multiplyDivideDown(a, b, c))).toBe(exact)
    }),
    { numRuns: 2000 },
  )
})

test('[PRC-1a] a share is taken in basis points', () => {
  expect(shareOf(49_900, 1800)).toBe(8982)
  expect(shareOf(199, 25)).toBe(0)
  expect(shareOf(200, 25)).toBe(1)
})

test('a result that a double cannot hold is refused, not rounded', () => {
  expect(() => multiplyDivide(Number.MAX_SAFE_INTEGER, 2, 1)).toThrow('below 2^53')
  expect(() => multiplyDivide(0.5, 2 ** 60, 1)).toThrow('whole numbers')
})
