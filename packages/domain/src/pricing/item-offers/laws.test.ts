import fc from 'fast-check'
import { expect, test } from 'vitest'
import { itemCase } from '../../testing/arbitrary-item-offers.ts'
import { assignmentsOf, bestByBruteForce } from '../../testing/brute-force-assignment.ts'
import { assignItemOffers } from './assign-item-offers.ts'

/** As engine 2 has it. */
const NODES = 80_000

test('[PRC-7a, PRC-7d] up to 8 units and 6 offers: the assignment is the one of brute force, to the unit', () => {
  let looked = 0
  let runs = 0
  fc.assert(
    fc.property(itemCase(8, 6), ({ lines, offers }) => {
      runs++
      if (assignmentsOf(lines, offers) > 20_000) return
      looked++
      const best = bestByBruteForce(lines, offers)
      const found = assignItemOffers(lines, offers, NODES)
      expect(found.optimal).toBe(true)
      expect(found.discountMinor).toBe(best.discountMinor)
      expect(found.steps).toEqual(best.steps)
      expect(new Map([...found.applications].sort())).toEqual(new Map([...best.applications].sort()))
    }),
    { numRuns: 4000 },
  )
  expect(looked).toBeGreaterThan(runs / 2)
})

test('[PRC-7c] however few the nodes: never above brute force, whose best is never above the bound', () => {
  let unproved = 0
  let runs = 0
  fc.assert(
    fc.property(itemCase(8, 6), fc.integer({ min: 0, max: 800 }), ({ lines, offers }, nodesMax) => {
      runs++
      if (assignmentsOf(lines, offers) > 3000) return
      const best = bestByBruteForce(lines, offers).discountMinor
      const found = assignItemOffers(lines, offers, nodesMax)
      if (!found.optimal) unproved++
      expect(found.discountMinor).toBeLessThanOrEqual(best)
      expect(found.boundMinor).toBeGreaterThanOrEqual(best)
      if (found.optimal) expect(found.discountMinor).toBe(best)
    }),
    { numRuns: 2500 },
  )
  expect(unproved).toBeGreaterThan(runs / 100)
})

test('[PRC-2b, PRC-6g] steps add up to the discount, and no line is reduced below zero', () => {
  fc.assert(
    fc.property(itemCase(14, 8), ({ lines, offers }) => {
      const found = assignItemOffers(lines, offers, NODES)
      const byLine = lines.map(() => 0)
      for (const { line, amountMinor } of found.steps) {
        expect(amountMinor).toBeGreaterThanOrEqual(0)
        byLine[line] = (byLine[line] ?? 0) + amountMinor
      }
      expect(byLine.reduce((sum, amount) => sum + amount, 0)).toBe(found.discountMinor)
      lines.forEach(({ valueMinor }, at) => {
        expect(byLine[at]).toBeLessThanOrEqual(valueMinor)
      })
      for (const { offer, applicationsMax } of offers) {
        expect(found.applications.get(offer.id) ?? 0).toBeLessThanOrEqual(applicationsMax)
      }
    }),
    { numRuns: 500 },
  )
})

test('[PRC-2c] the order in which offers are given changes nothing', () => {
  const shuffled = itemCase(12, 6).chain((one) =>
    fc
      .shuffledSubarray(one.offers, { minLength: one.offers.length })
      .map((offers) => ({ ...one, again: offers })),
  )
  fc.assert(
    fc.property(shuffled, ({ lines, offers, again }) => {
      expect(assignItemOffers(lines, again, 2000)).toEqual(assignItemOffers(lines, offers, 2000))
    }),
    { numRuns: 500 },
  )
})

test('[PRC-7a] a proved total does not depend on which of equal lines comes first', () => {
  // A combinable offer below a group offer makes units of one price unequal, and then their order counts (PRC-13i).
  const turned = itemCase(12, 6).map((one) => ({
    ...one,
    offers: one.offers.map((live) => ({ ...live, offer: { ...live.offer, combinable: false } })),
  }))
  fc.assert(
    fc.property(turned, ({ lines, offers }) => {
      const there = lines.length - 1
      const back = offers.map((live) => ({
        ...live,
        parts: live.parts.map((part) => part.map((line) => there - line).reverse()),
      }))
      const found = assignItemOffers(lines.toReversed(), back, NODES)
      const other = assignItemOffers(lines, offers, NODES)
      if (found.optimal && other.optimal) expect(found.discountMinor).toBe(other.discountMinor)
    }),
    { numRuns: 500 },
  )
})

test('[PRC-7a] one more offer never makes the discount smaller', () => {
  fc.assert(
    fc.property(itemCase(12, 7), ({ lines, offers }) => {
      const all = assignItemOffers(lines, offers, NODES)
      const fewer = assignItemOffers(lines, offers.slice(1), NODES)
      if (all.optimal && fewer.optimal) expect(all.discountMinor).toBeGreaterThanOrEqual(fewer.discountMinor)
    }),
    { numRuns: 500 },
  )
})

test('[PRC-12a] offers that touch nothing, or cannot apply, change nothing', () => {
  const more = fc.tuple(itemCase(10, 6), itemCase(10, 3))
  fc.assert(
    fc.property(more, ([{ lines, offers }, others]) => {
      const elsewhere = others.offers.map((live, at) => ({
        offer: { ...live.offer, id: 50 + at },
        parts:
          at % 2 === 0
            ? live.parts.map(() => [])
            : live.parts.map((part) => part.filter((line) => lines[line])),
        applicationsMax: at % 2 === 0 ? live.applicationsMax : 0,
      }))
      // Few nodes, so that a search which is cut is looked at too.
      const alone = assignItemOffers(lines, offers, 3000)
      expect(assignItemOffers(lines, [...elsewhere, ...offers], 3000)).toEqual(alone)
    }),
    { numRuns: 500 },
  )
})
