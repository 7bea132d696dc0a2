import fc from 'fast-check'
import { expect, test } from 'vitest'
import { context, NOW, percentOff } from '../testing/corner-shop.ts'
import { applyBillOffers as applyTo, type BillLine, type LiveBillOffer } from './bill-layer.ts'
import { chooseBillOffer } from './bill-offer.ts'
import type { Left } from './take-off.ts'
import type { BillOffer, GiftOffer, Reduction, ThresholdOffer } from './types.ts'

const common = { name: 'Offer', priority: 1, from: 0, selector: { everything: true } } as const
const threshold = (
  id: number,
  tiers: [fromMinor: number, off: Reduction][],
  changes: Partial<ThresholdOffer> = {},
): ThresholdOffer => ({
  ...common,
  id,
  effect: 'threshold',
  on: 'bill',
  tiers: tiers.map(([fromMinor, off]) => ({ fromMinor, off })),
  ...changes,
})
const gift = (id: number, changes: Partial<GiftOffer> = {}): GiftOffer => ({
  ...common,
  id,
  effect: 'gift',
  fromMinor: 50_000,
  gifts: [9],
  unitMinor: 100,
  ...changes,
})
const applyBillOffers = (offers: readonly LiveBillOffer[], lines: readonly BillLine[], left: Left) =>
  applyTo(
    offers,
    lines,
    [...lines.keys()].filter((at) => lines[at]?.giftOf === undefined),
    left,
  )
/** Lines of one unit at these prices; a pair is a gift line of an offer, with its number of units. */
const billOf = (...prices: (number | { price: number; giftOf: number; units: number })[]) => {
  const lines: BillLine[] = prices.map((each) =>
    typeof each === 'number'
      ? { productId: 1, quantityMilli: 1000, unitMinor: each, giftOf: undefined }
      : { productId: 9, quantityMilli: each.units * 1000, unitMinor: each.price, giftOf: each.giftOf },
  )
  const left: Left = {
    minor: lines.map(({ unitMinor, quantityMilli }) => (unitMinor * quantityMilli) / 1000),
    steps: lines.map(() => []),
  }
  return { lines, left }
}
const live = (offer: BillOffer, lines: readonly number[] = [], applicationsMax = 1): LiveBillOffer => ({
  offer,
  lines,
  applicationsMax,
})

test('[PRC-6c, PRC-2a] the highest tier that the selector reached takes its share, spread by value', () => {
  const tiers: [number, Reduction][] = [
    [100_000, { percentBp: 500 }],
    [200_000, { amountMinor: 30_000 }],
  ]
  const run = (price: number) => {
    const { lines, left } = billOf(price, 50_000)
    const layer = applyBillOffers([live(threshold(1, tiers), [0])], lines, left)
    return { ...layer, left: left.minor, steps: left.steps }
  }
  expect(run(99_999).notApplied).toEqual([{ offerId: 1, condition: { kind: 'minimum', missingMinor: 1 } }])
  // 5% of 1,500.00.
  expect(run(100_000)).toMatchObject({ left: [95_000, 47_500], notApplied: [] })
  // 300.00 over 2,000.00 and 500.00.
  expect(run(200_000)).toMatchObject({
    left: [176_000, 44_000],
    applied: [{ offerId: 1, applications: 1, amountMinor: 30_000 }],
    steps: [
      [{ kind: 'offer', offerId: 1, amountMinor: 24_000 }],
      [{ kind: 'offer', offerId: 1, amountMinor: 6000 }],
    ],
  })
})

test('a threshold on its selector leaves other lines alone, and a cap limits its percentage', () => {
  const { lines, left } = billOf(100_000, 50_000, 20_000)
  const offer = threshold(1, [[0, { percentBp: 5000, capMinor: 3000 }]], { on: 'selector' })
  applyBillOffers([live(offer, [1, 2])], lines, left)
  expect(left.minor).toEqual([100_000, 47_857, 19_143])
})

test('[PRC-6g] an amount above what is left takes what is left', () => {
  const { lines, left } = billOf(3000, 50_000)
  const offer = threshold(1, [[1, { amountMinor: 9000 }]], { on: 'selector' })
  expect(applyBillOffers([live(offer, [0])], lines, left).applied[0]?.amountMinor).toBe(3000)
  expect(left.minor).toEqual([0, 50_000])
})

test('[PRC-6d, PRC-6f] one bill offer, unless all are combinable: then by priority, each on what is left', () => {
  const run = (...combinable: boolean[]) => {
    const { lines, left } = billOf(100_000)
    const offers = [
      percentOff(1000, { id: 3, priority: 5 }),
      threshold(2, [[100_000, { amountMinor: 10_000 }]]),
      percentOff(5000, { id: 4, priority: 0 }),
    ].map((offer, at) => live({ ...offer, combinable: combinable[at] === true }, [0]))
    const { applied, notApplied } = applyBillOffers(offers.toReversed(), lines, left)
    return [
      applied.map((each) => [each.offerId, each.amountMinor]),
      notApplied.map(({ condition }) => condition),
    ]
  }
  const conflict = { kind: 'conflict', withOfferId: 3 }
  expect(run(false, true, true)).toEqual([[[3, 10_000]], [conflict, conflict]])
  expect(run(true, false, true)).toEqual([
    [
      [3, 10_000],
      [4, 45_000],
    ],
    [conflict],
  ])
  // The threshold tests 1,000.00, the net before any offer of the bill.
  expect(run(true, true, true)).toEqual([
    [
      [3, 10_000],
      [2, 10_000],
      [4, 40_000],
    ],
    [],
  ])
})

test('[PRC-6i] an offer that finds nothing left to take off has not reached its minimum', () => {
  const { lines, left } = billOf(100)
  const all = percentOff(10_000, { id: 1, priority: 2, combinable: true })
  const little = percentOff(100, { id: 2, combinable: true })
  expect(applyBillOffers([live(all), live(little)], lines, left).notApplied).toEqual([
    { offerId: 2, condition: { kind: 'minimum', missingMinor: 50 } },
  ])
})

test('a gift costs its price while the threshold holds, as many units as its limit leaves', () => {
  const { lines, left } = billOf(50_000, { price: 19_900, giftOf: 1, units: 3 })
  const layer = applyBillOffers([live(gift(1), [0], 2)], lines, left)
  expect(left.minor).toEqual([50_000, 100 + 100 + 19_900])
  expect(layer).toMatchObject({
    applied: [{ offerId: 1, applications: 2, amountMinor: 39_600 }],
    gifted: [{ line: 1, units: 2 }],
    gifts: [],
    notApplied: [],
  })
})

test('[PRC-6c, PRC-6k] a gift line counts for no threshold, and no offer of the bill takes anything off it', () => {
  const { lines, left } = billOf(49_999, { price: 19_900, giftOf: 1, units: 1 })
  const layer = applyBillOffers([live(gift(1), [0]), live(percentOff(1000, { id: 2 }), [])], lines, left)
  expect(layer.notApplied).toEqual([{ offerId: 1, condition: { kind: 'minimum', missingMinor: 1 } }])
  expect(left.minor).toEqual([44_999, 19_900])
})

test('a line marked as a gift of an offer that does not give it stays at its price', () => {
  const { lines, left } = billOf(50_000, { price: 19_900, giftOf: 2, units: 1 })
  const other = gift(2, { gifts: [8] })
  const layer = applyBillOffers(
    [live(gift(1, { combinable: true }), [0]), live({ ...other, combinable: true }, [0])],
    lines,
    left,
  )
  expect([left.minor, layer.gifted]).toEqual([[50_000, 19_900], []])
  expect(layer.gifts).toEqual([
    { offerId: 1, products: [9], unitsLeft: 1 },
    { offerId: 2, products: [8], unitsLeft: 1 },
  ])
})

test('[PRC-6k] a gift takes the place on the bill only when one of its units is in the cart', () => {
  const offers = [live(gift(1, { priority: 9 }), [0]), live(percentOff(1000, { id: 2 }))]
  const without = billOf(60_000)
  const open = applyBillOffers(offers, without.lines, without.left)
  expect(open.applied.map(({ offerId }) => offerId)).toEqual([2])
  expect(open.gifts).toEqual([{ offerId: 1, products: [9], unitsLeft: 1 }])
  const withGift = billOf(60_000, { price: 19_900, giftOf: 1, units: 1 })
  const taken = applyBillOffers(offers, withGift.lines, withGift.left)
  expect(taken.applied.map(({ offerId }) => offerId)).toEqual([1])
  expect(taken.notApplied).toEqual([{ offerId: 2, condition: { kind: 'conflict', withOfferId: 1 } }])
})

test('[PRC-6d, PRC-6k] a gift that is taken joins others only where both combine; an open one keeps nobody out', () => {
  const run = (giftCombines: boolean, taken: boolean) => {
    const offers = [
      live(gift(1, { priority: 9, combinable: giftCombines }), [0]),
      live(percentOff(1000, { id: 2, combinable: true })),
      live(percentOff(500, { id: 3, combinable: true })),
    ]
    const { lines, left } = taken ? billOf(60_000, { price: 19_900, giftOf: 1, units: 1 }) : billOf(60_000)
    return applyBillOffers(offers, lines, left).applied.map(({ offerId }) => offerId)
  }
  expect(run(true, true)).toEqual([1, 2, 3])
  expect(run(false, true)).toEqual([1])
  expect(run(true, false)).toEqual([2, 3])
  expect(run(false, false)).toEqual([2, 3])
})

test('[PRC-6k] whole gift units above the gift’s price are given line by line, up to the limit', () => {
  const of = (units: number, price = 19_900) => ({ price, giftOf: 1, units })
  const run = (limit: number, ...gifts: ReturnType<typeof of>[]) => {
    const { lines, left } = billOf(50_000, ...gifts)
    const layer = applyBillOffers([live(gift(1), [0], limit)], lines, left)
    const [open] = layer.gifts
    return { gifted: layer.gifted, left: left.minor.slice(1), steps: left.steps[1], open: open?.unitsLeft }
  }
  expect(run(4, of(1), of(2))).toEqual({
    gifted: [
      { line: 1, units: 1 },
      { line: 2, units: 2 },
    ],
    left: [100, 200],
    steps: [{ kind: 'offer', offerId: 1, amountMinor: 19_800 }],
    open: 1,
  })
  expect(run(3, of(2), of(2))).toMatchObject({
    gifted: [
      { line: 1, units: 2 },
      { line: 2, units: 1 },
    ],
    open: undefined,
  })
  expect(run(2, of(2), of(2))).toMatchObject({ gifted: [{ line: 1, units: 2 }], left: [200, 39_800] })
  // Half a unit is none, and what costs no more than the gift's price stays at its own.
  expect(run(2, of(0.5), of(1, 100))).toMatchObject({ gifted: [], open: 2 })
})

test('a threshold on the whole bill takes from every line that is sold, on its own goods from these', () => {
  const run = (on: 'bill' | 'selector') => {
    const { lines, left } = billOf(60_000, 40_000)
    const offer = threshold(1, [[50_000, { amountMinor: 10_000 }]], { on })
    applyBillOffers([live(offer, [0])], lines, left)
    return left.minor
  }
  expect(run('bill')).toEqual([54_000, 36_000])
  expect(run('selector')).toEqual([50_000, 40_000])
})

test('[PRC-9b] percentages off the bill come out as in engine 1', () => {
  const offers = fc
    .array(
      fc.record({
        percentBp: fc.integer({ min: 1, max: 10_000 }),
        priority: fc.nat(2),
        minimumMinor: fc.nat(2000),
      }),
      { maxLength: 5 },
    )
    .map((list) => list.map((each, at) => percentOff(each.percentBp, { id: at + 1, ...each })))
  const prices = fc.array(fc.nat(1000), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(offers, prices, (list, amounts) => {
      const { lines, left } = billOf(...amounts)
      const sum = amounts.reduce((total, each) => total + each, 0)
      const expected = chooseBillOffer(list, sum, context({ pricedAt: NOW }))
      const layer = applyBillOffers(
        list.map((offer) => live(offer)),
        lines,
        left,
      )
      expect(layer.applied.map(({ offerId, amountMinor }) => [offerId, amountMinor])).toEqual(
        expected.applied === undefined ? [] : [[expected.applied.id, expected.discountMinor]],
      )
      expect(layer.notApplied.toSorted((one, other) => one.offerId - other.offerId)).toEqual(
        expected.notApplied,
      )
      expect(left.minor.reduce((total, each) => total + each, 0)).toBe(sum - expected.discountMinor)
    }),
    { numRuns: 2000 },
  )
})
