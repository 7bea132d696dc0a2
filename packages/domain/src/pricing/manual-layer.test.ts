import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyManual as applyToGoods } from './manual-layer.ts'
import type { Left } from './take-off.ts'
import type { Cart, CartLine } from './types.ts'

const leftWith = (...minor: number[]): Left => ({ minor, steps: minor.map(() => []) })
const sum = (list: readonly number[]) => list.reduce((total, part) => total + part, 0)

const line = (uid: string, manual?: CartLine['manual'], quantityMilli = 1000): CartLine => ({
  uid,
  productId: 1,
  quantityMilli,
  ...(manual !== undefined && { manual }),
})

function applyManual(lines: readonly CartLine[], cart: Omit<Cart, 'lines'>, left: Left): void {
  applyToGoods(lines, cart, [...lines.keys()], left)
}

test('[PRC-6a] by hand comes off the line, then off the bill, then points, each on what is left', () => {
  const left = leftWith(20_000, 10_000)
  const cart = { manual: { amountMinor: 3000 }, pointsMinor: 1200 }
  applyManual([line('a', { percentBp: 5000 }), line('b')], cart, left)
  expect(left.minor).toEqual([7900, 7900])
  expect(left.steps).toEqual([
    [
      { kind: 'manual', on: 'line', amountMinor: 10_000 },
      { kind: 'manual', on: 'bill', amountMinor: 1500 },
      { kind: 'points', amountMinor: 600 },
    ],
    [
      { kind: 'manual', on: 'bill', amountMinor: 1500 },
      { kind: 'points', amountMinor: 600 },
    ],
  ])
})

test('[PRC-6l] a unit price lowers what is left of a line, and never raises it', () => {
  const left = leftWith(30_000, 30_000, 30_000)
  const lines = [
    line('a', { unitMinor: 8000 }, 3000),
    line('b', { unitMinor: 10_001 }, 3000),
    line('c', { unitMinor: 333 }, 1500),
  ]
  applyManual(lines, {}, left)
  expect(left.minor).toEqual([24_000, 30_000, 500])
})

test('[PRC-6l] a unit price of nothing gives the line away, and figures that are none take nothing', () => {
  const left = leftWith(30_000, 20_000)
  const lines = [line('a', { unitMinor: 0 }, 3000), line('b', { unitMinor: -1 }), line('c')]
  applyManual(lines.slice(0, 2), { pointsMinor: -100, manual: { amountMinor: 0 } }, left)
  expect(left.minor).toEqual([0, 20_000])
  expect(left.steps).toEqual([[{ kind: 'manual', on: 'line', amountMinor: 30_000 }], []])
  const even = leftWith(10_000)
  applyManual([line('a', { unitMinor: 10_000 })], {}, even)
  expect(even.steps).toEqual([[]])
})

test('[PRC-2a] a line that gets no part of what is taken has no step', () => {
  const left = leftWith(10_000, 10_000, 0)
  applyManual([line('a'), line('b'), line('c')], { pointsMinor: 1 }, left)
  expect(left.steps).toEqual([[{ kind: 'points', amountMinor: 1 }], [], []])
})

test('[PRC-6g] whatever is asked for, no line falls below zero, and steps add up to what was taken', () => {
  const figure = fc.oneof(fc.integer({ min: -5, max: 20_000 }), fc.double(), fc.maxSafeInteger())
  const reduction = fc.oneof(fc.record({ percentBp: figure }), fc.record({ amountMinor: figure }))
  const manual = fc.option(fc.oneof(reduction, fc.record({ unitMinor: figure })), { nil: undefined })
  const lines = fc.array(fc.tuple(fc.nat(50_000), manual, fc.integer({ min: 1, max: 5000 })), {
    maxLength: 5,
  })
  fc.assert(
    fc.property(lines, fc.option(reduction, { nil: undefined }), figure, (list, onBill, pointsMinor) => {
      const left = leftWith(...list.map(([minor]) => minor))
      const before = [...left.minor]
      const cart: Omit<Cart, 'lines'> = { pointsMinor, ...(onBill !== undefined && { manual: onBill }) }
      applyManual(
        list.map(([, each, quantityMilli], at) => line(`l${at}`, each, quantityMilli)),
        cart,
        left,
      )
      for (const [at, minor] of left.minor.entries()) {
        expect(minor).toBeGreaterThanOrEqual(0)
        const steps = left.steps[at] ?? []
        expect((before[at] ?? 0) - sum(steps.map(({ amountMinor }) => amountMinor))).toBe(minor)
        expect(steps.every(({ amountMinor }) => amountMinor > 0)).toBe(true)
      }
    }),
    { numRuns: 2000 },
  )
})
