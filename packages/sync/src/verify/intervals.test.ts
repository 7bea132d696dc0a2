import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Intervals } from './intervals.ts'

test('[JRN-17e] what is proven ends where the first slot is not, in whatever order proofs come', () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 6 }))
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), (ranges) => {
      const intervals = new Intervals()
      const slots = new Set<number>()
      for (const [from, length] of ranges) {
        intervals.add(from, from + length - 1)
        for (let slot = from; slot < from + length; slot++) slots.add(slot)
      }
      let last = 0
      while (slots.has(last + 1)) last++
      expect(intervals.unbrokenTo).toBe(last)
    }),
  )
})
