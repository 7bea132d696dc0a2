import fc from 'fast-check'
import { expect, test } from 'vitest'
import { competingCart, crowdedCart } from '../../testing/competing-carts.ts'
import { assignItemOffers, type ItemLine, type LiveItemOffer } from './assign-item-offers.ts'

/** As engine 2 has it. */
const NODES = 80_000

test('[PRC-7c] many offers on few lines, or on many, cost no more nodes than there are', () => {
  const shape = fc.constantFrom([5, 30], [5, 30], [20, 30], [60, 30], [200, 40])
  fc.assert(
    fc.property(shape, fc.nat(1000), fc.constantFrom(1, 3, 400), ([lines = 5, count = 30], seed, units) => {
      const hard = crowdedCart(seed, lines, count, units)
      const found = assignItemOffers(hard.lines, hard.offers, NODES)
      expect(found.nodes).toBeLessThan(1.6 * NODES)
      expect(found.discountMinor).toBeLessThanOrEqual(found.boundMinor)
      expect(found.discountMinor).toBe(found.steps.reduce((sum, { amountMinor }) => sum + amountMinor, 0))
    }),
    { numRuns: 25 },
  )
})

test('[PRC-7c] a search that is cut is within its bound, and the proved best is too', () => {
  let cut = 0
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), (seed) => {
      const { lines, offers } = competingCart(seed, 16, true)
      const short = assignItemOffers(lines, offers, 3000)
      const long = assignItemOffers(lines, offers, NODES)
      if (!short.optimal) cut++
      expect(short.discountMinor).toBeLessThanOrEqual(short.boundMinor)
      expect(long.discountMinor).toBeLessThanOrEqual(short.boundMinor)
      expect(short.discountMinor).toBeLessThanOrEqual(long.boundMinor)
    }),
    { numRuns: 40, seed: 7 },
  )
  expect(cut).toBeGreaterThan(10)
})

test('[PRC-7c] where everything competes with everything the result is never below the greedy one', () => {
  let cut = 0
  for (let seed = 0; seed < 20; seed++) {
    const { lines, offers } = competingCart(seed, 60, true)
    const found = assignItemOffers(lines, offers, NODES)
    if (!found.optimal) cut++
    expect(found.discountMinor).toBeGreaterThanOrEqual(offerAfterOffer(lines, offers))
    expect(found.discountMinor).toBeLessThanOrEqual(found.boundMinor)
  }
  expect(cut).toBeGreaterThan(10)
})

test('[PRC-7d] every cart of 60 lines of the published corpus is proved optimal', () => {
  for (let seed = 0; seed < 50; seed++) {
    const { lines, offers } = competingCart(seed, 60)
    const found = assignItemOffers(lines, offers, NODES)
    expect({ seed, optimal: found.optimal }).toEqual({ seed, optimal: true })
    expect(found.nodes).toBeLessThanOrEqual(NODES)
    expect(found.discountMinor).toBeGreaterThanOrEqual(offerAfterOffer(lines, offers))
  }
})

/** The greedy result, by highest priority and lowest id: each offer alone with the units that are left. */
function offerAfterOffer(lines: readonly ItemLine[], offers: readonly LiveItemOffer[]): number {
  let left = lines.map((line, place) => ({ line, place }))
  let discountMinor = 0
  const order = offers.toSorted(
    (one, other) => other.offer.priority - one.offer.priority || one.offer.id - other.offer.id,
  )
  for (const live of order) {
    const parts = live.parts.map((part) =>
      left.flatMap(({ place }, at) => (part.includes(place) ? [at] : [])),
    )
    const alone = assignItemOffers(
      left.map(({ line }) => line),
      [{ ...live, parts }],
      NODES,
    )
    discountMinor += alone.discountMinor
    const taken = new Map(alone.steps.map(({ line, units }) => [line, units]))
    left = left.flatMap(({ line, place }, at) => {
      const units = line.units - (taken.get(at) ?? 0)
      return units === 0 ? [] : [{ line: { ...line, units, valueMinor: line.unitMinor * units }, place }]
    })
  }
  return discountMinor
}
