import { shareOf } from '@nexus/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openCounter } from '../testing/counter.ts'
import { takenBy } from './by-hand.ts'
import type { ByHandWish } from './by-hand-commands.ts'

const anyReduction = fc.oneof(
  fc.integer({ min: 1, max: 3000 }).map((percentBp) => ({ percentBp })),
  fc.integer({ min: 1, max: 5000 }).map((amountMinor) => ({ amountMinor })),
  fc.integer({ min: 0, max: 12_000 }).map((unitMinor) => ({ unitMinor })),
)
const anyWish = fc.record({ uid: fc.constantFrom('1', '2', undefined), reduction: anyReduction }).map(
  ({ uid, reduction }): ByHandWish => ({
    target: uid === undefined ? { on: 'bill' } : { on: 'line', uid },
    reduction,
    reason: 'goodwill',
  }),
)
const anyStep = fc.oneof(
  { weight: 3, arbitrary: anyWish },
  fc.record({ uid: fc.constantFrom('1', '2'), by: fc.constantFrom(1, -1) as fc.Arbitrary<1 | -1> }),
)

test('[PRC-14b] whatever a cashier tries, alone she never gives more than a tenth of the bill', async () => {
  let given = 0
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 10 }), async (steps) => {
      const counter = await openCounter()
      for (const code of ['3*code-1', '2*code-7']) counter.till.cart.scan(code)
      await new Promise((resolve) => setTimeout(resolve, 0))
      for (const step of steps) {
        if ('by' in step) counter.till.cart.step(step.uid, step.by)
        else await counter.till.cart.give(step)
      }
      const { priced } = counter.till.store.getState()
      const lines = priced?.lines ?? []
      const grossMinor = lines.reduce((sum, line) => sum + line.grossMinor, 0)
      const givenMinor = priced?.discountMinor ?? 0
      if (givenMinor > 0) given += 1
      // A percentage on a line is rounded there: half a paisa each.
      expect(givenMinor).toBeLessThanOrEqual(shareOf(grossMinor, 1000) + lines.length)
      for (const { uid, grossMinor: ofMinor } of lines) {
        const target = { on: 'line', uid } as const
        const { amountMinor } = priced ? takenBy(priced, target) : { amountMinor: 0 }
        expect(amountMinor).toBeLessThanOrEqual(shareOf(ofMinor, 1000))
      }
    }),
    { numRuns: 150 },
  )
  // Many of the wishes are within the limit, so that the law says something.
  expect(given).toBeGreaterThan(20)
})
