import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareOfInterval, shareUpTo } from './share.ts'

const whole = fc.integer({ min: 1, max: 10_000_000 })
const amount = fc.integer({ min: -5_000_000_000, max: 5_000_000_000 })

test('[RET-2a, RET-3a] parts of neighbouring intervals add up, and parts of a whole give all of it', () => {
  fc.assert(
    fc.property(amount, whole, fc.array(fc.nat()), (amount, whole, seeds) => {
      const ends = [...seeds.map((seed) => seed % whole), whole].sort((one, other) => one - other)
      let from = 0
      let sum = 0
      for (const to of ends) {
        sum += shareOfInterval(amount, whole, from, to)
        expect(sum).toBe(shareUpTo(amount, whole, to))
        from = to
      }
      expect(sum).toBe(amount)
    }),
    { numRuns: 3000 },
  )
})

test('[RET-2d] a part of an amount is never below zero, nor more than a unit away from its exact share', () => {
  fc.assert(
    fc.property(amount.map(Math.abs), whole, fc.nat(), fc.nat(), (amount, whole, one, other) => {
      const [from, to] = [one % (whole + 1), other % (whole + 1)].sort((a, b) => a - b)
      if (from === undefined || to === undefined) return
      const part = shareOfInterval(amount, whole, from, to)
      expect(part).toBeGreaterThanOrEqual(0)
      const exactTimesWhole = BigInt(amount) * BigInt(to - from)
      const away = BigInt(part) * BigInt(whole) - exactTimesWhole
      expect(away <= BigInt(whole) && -away <= BigInt(whole)).toBe(true)
    }),
    { numRuns: 3000 },
  )
})

test('[RET-3a] points earned on a bill go back with the money: a third, a third, a third of ten', () => {
  const paidMinor = 30_000
  const back = [0, 10_000, 20_000].map((from) => shareOfInterval(10, paidMinor, from, from + 10_000))
  expect(back).toEqual([3, 4, 3])
})
