import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocate } from '../money/allocate.ts'
import { pricingCase } from '../testing/arbitrary-shop.ts'
import { cart, context, cornerShop, NOW, percentOff, product } from '../testing/corner-shop.ts'
import { price1 as price } from './engine-1.ts'
import { indexRulebook } from './rulebook.ts'
import type { Cart, Offer, PercentOffBill, PricedCart, PricingContext } from './types.ts'

const sell = (offers: Offer[], sold: Cart, changes: Partial<PricingContext> = {}): PricedCart =>
  price(sold, indexRulebook(cornerShop({ offers })), context(changes))

/** Ids of the offers that took something off. */
const applied = (priced: PricedCart) => [
  ...new Set(
    priced.lines.flatMap((line) =>
      line.steps.flatMap((step) => (step.kind === 'offer' ? [step.offerId] : [])),
    ),
  ),
]

test('[PRC-1e] a percentage off the bill is rounded once and spread by what is left of the lines', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 10_000 }),
      (prices, percentBp) => {
        const products = prices.map((minor, at) => product(at + 1, 'Thing', 'gst-18', minor))
        const rulebook = indexRulebook(cornerShop({ products, offers: [percentOff(percentBp)] }))
        const priced = price(
          cart(...prices.map((_, at): [number, number] => [at + 1, 1])),
          rulebook,
          context(),
        )
        const net = prices.reduce((sum, minor) => sum + minor, 0)
        const expected = Number((BigInt(net) * BigInt(percentBp) * 2n + 10_000n) / 20_000n)
        expect(priced.discountMinor).toBe(expected)
        expect(priced.lines.map((line) => line.discountMinor)).toEqual(allocate(expected, prices))
      },
    ),
  )
})

test('[PRC-8a] each line says what the offer took off it', () => {
  const priced = sell([percentOff(1000, { id: 7 })], cart([1, 1], [4, 2]))
  expect(priced.lines.map((line) => line.steps)).toEqual([
    [{ kind: 'offer', offerId: 7, amountMinor: 4990 }],
    [{ kind: 'offer', offerId: 7, amountMinor: 2980 }],
  ])
  expect(priced.lines.map((line) => line.listId)).toEqual([1, 1])
  expect(priced).toMatchObject({
    grossMinor: 79_700,
    discountMinor: 7970,
    toPayMinor: 71_730,
    notApplied: [],
  })
})

test('[PRC-8d] every offer either applies or names exactly one condition', () => {
  fc.assert(
    fc.property(pricingCase, ({ data, cart, context }) => {
      fc.pre(cart.lines.length > 0)
      const priced = price(cart, indexRulebook(data), context)
      const named = priced.notApplied.map((each) => each.offerId)
      expect([...applied(priced), ...named].toSorted((a, b) => a - b)).toEqual(
        data.offers.map((offer) => offer.id).toSorted((a, b) => a - b),
      )
    }),
    { numRuns: 2000 },
  )
})

test('[PRC-6d, PRC-6f] at most one bill offer applies: the highest priority, then the lowest id', () => {
  const offers = [
    percentOff(3000, { id: 1, priority: 1 }),
    percentOff(500, { id: 2, priority: 9 }),
    percentOff(700, { id: 3, priority: 9 }),
  ]
  const priced = sell(offers, cart([1, 1]))
  expect(applied(priced)).toEqual([2])
  expect(priced.notApplied).toEqual([
    { offerId: 1, condition: { kind: 'conflict', withOfferId: 2 } },
    { offerId: 3, condition: { kind: 'conflict', withOfferId: 2 } },
  ])
})

test('[PRC-8d] the first failing condition is named, in the order store, calendar, minimum, conflict', () => {
  const winner = percentOff(500, { id: 1, priority: 9 })
  const failing = { id: 2, storeIds: ['indiranagar'], from: NOW + 1, minimumMinor: 9_999_999 }
  const named = (changes: Partial<PercentOffBill>) =>
    sell([winner, percentOff(1000, { ...failing, ...changes })], cart([1, 1])).notApplied[0]?.condition
  expect(named({})).toEqual({ kind: 'store' })
  expect(named({ storeIds: ['koramangala'] })).toEqual({ kind: 'calendar' })
  expect(named({ storeIds: ['koramangala'], from: 0 })).toEqual({
    kind: 'minimum',
    missingMinor: 9_999_999 - 49_900,
  })
  expect(named({ storeIds: ['koramangala'], from: 0, minimumMinor: 1 })).toEqual({
    kind: 'conflict',
    withOfferId: 1,
  })
})

test('[PRC-5a] an offer begins at its first instant and is over at its last', () => {
  const discount = (pricedAt: number) =>
    sell([percentOff(1000, { from: NOW, until: NOW + 10 })], cart([1, 1]), { pricedAt }).discountMinor
  expect([discount(NOW - 1), discount(NOW), discount(NOW + 9), discount(NOW + 10)]).toEqual([
    0, 4990, 4990, 0,
  ])
})

test('[PRC-6c] the minimum is tested against the net, to the paisa', () => {
  const at = (minimumMinor: number) => sell([percentOff(1000, { minimumMinor })], cart([1, 1]))
  expect(at(49_900).discountMinor).toBe(4990)
  expect(at(49_901)).toMatchObject({
    discountMinor: 0,
    notApplied: [{ offerId: 1, condition: { kind: 'minimum', missingMinor: 1 } }],
  })
})

test('[PRC-6j] an effect of a later engine is skipped and named', () => {
  // As a newer rulebook would bring it.
  const unknown = { ...percentOff(1000), effect: 'buy-get' } as unknown as Offer
  const priced = sell([unknown, percentOff(500, { id: 2 })], cart([1, 1]))
  expect(applied(priced)).toEqual([2])
  expect(priced.notApplied).toEqual([{ offerId: 1, condition: { kind: 'unknown-effect' } }])
})

test('[PRC-6j] so is a percentage that is none', () => {
  for (const percentBp of [0, -100, 10_001, 12.5]) {
    expect(sell([percentOff(percentBp)], cart([1, 1]))).toMatchObject({
      discountMinor: 0,
      notApplied: [{ offerId: 1, condition: { kind: 'unknown-effect' } }],
    })
  }
})

test('[PRC-6i] an offer that would take off less than half a paisa lacks its minimum and blocks no other', () => {
  const offers = [percentOff(1, { id: 1, priority: 9 }), percentOff(5000, { id: 2 })]
  const priced = sell(offers, cart([6, 1]))
  expect(applied(priced)).toEqual([2])
  expect(priced.notApplied).toEqual([{ offerId: 1, condition: { kind: 'minimum', missingMinor: 4900 } }])
})

test('[PRC-6g] all of the bill off leaves nothing to pay', () => {
  const priced = sell([percentOff(10_000)], cart([1, 3], [5, 1]))
  expect(priced).toMatchObject({ toPayMinor: 0, taxableMinor: 0, cgstMinor: 0, roundOffMinor: 0 })
})
