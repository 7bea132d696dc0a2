import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cart, context, cornerShop, percentOff, product } from '../testing/corner-shop.ts'
import { compileOffers, couponOf, type TouchingOffer, touchingOffers } from './compile-offers.ts'
import { price2 } from './engine-2.ts'
import { indexRulebook } from './rulebook.ts'
import { daysLeftOf, isSelected, type SelectedLine } from './selector.ts'
import type { CouponOffer, Offer, Selector, UnitOffer } from './types.ts'

const common = { name: 'Offer', priority: 1, from: 0 }
const off = (id: number, selector: Selector): UnitOffer => ({
  ...common,
  id,
  effect: 'unit-off',
  selector,
  off: { percentBp: 1000 },
})
const coupon = (id: number, code: CouponOffer['code']): CouponOffer => ({
  ...common,
  id,
  effect: 'coupon',
  code,
  selector: { everything: true },
  off: { amountMinor: 5000 },
})
const lipstick: SelectedLine = {
  product: {
    ...product(1, 'Lipstick', 'gst-18', 49_900),
    brandId: 5,
    categoryId: 6,
    departmentId: 7,
    tags: ['matte', 'festive'],
  },
  unitMinor: 49_900,
  daysToExpiry: 30,
}
const bare: SelectedLine = {
  product: product(2, 'Comb', 'gst-18', 4900),
  unitMinor: 4900,
  daysToExpiry: undefined,
}
const partsById = (touching: readonly TouchingOffer[]) =>
  touching.map(({ offer, parts }) => [offer.id, parts])

test('a selector holds when all its members hold, and a member when one of its values does', () => {
  const cases: [Selector, boolean][] = [
    [{ everything: true }, true],
    [{ products: [2, 1] }, true],
    [{ products: [2] }, false],
    [{ brands: [5], categories: [6], departments: [7], tags: ['matte'] }, true],
    [{ brands: [5], categories: [1] }, false],
    [{ brands: [1], categories: [6] }, false],
    [{ departments: [1] }, false],
    [{ tags: ['glossy'] }, false],
    [{ unitFromMinor: 49_900, unitUntilMinor: 49_901 }, true],
    [{ unitFromMinor: 49_901 }, false],
    [{ unitUntilMinor: 49_900 }, false],
    [{ expiresWithinDays: 30 }, true],
    [{ expiresWithinDays: 29 }, false],
  ]
  for (const [selector, selected] of cases)
    expect([selector, isSelected(selector, lipstick)]).toEqual([selector, selected])
})

test('an exclusion takes goods out again, whatever the rest of the selector says', () => {
  for (const except of [
    { products: [1] },
    { brands: [5] },
    { categories: [6] },
    { departments: [7] },
    { tags: ['festive'] },
  ]) {
    expect(isSelected({ products: [1], except }, lipstick)).toBe(false)
  }
  expect(
    isSelected({ everything: true, except: { products: [1], departments: [7], tags: ['matte'] } }, bare),
  ).toBe(true)
})

test('goods without a batch date, or past it, are in no selector by expiry', () => {
  expect(isSelected({ expiresWithinDays: 60 }, bare)).toBe(false)
  expect(isSelected({ expiresWithinDays: 60 }, { ...bare, daysToExpiry: -1 })).toBe(false)
  expect(isSelected({ expiresWithinDays: 60 }, { ...bare, daysToExpiry: 0 })).toBe(true)
})

test('days are counted to the last sale day of the chosen batch, and of no other', () => {
  const dated = {
    ...lipstick.product,
    batches: [
      { id: 10, batchNo: 'A', expiry: { kind: 'expiry', month: '2026-11' } as const },
      { id: 11, batchNo: 'B' },
    ],
  }
  const days = (batch: { batchId?: number }, date: string) =>
    daysLeftOf({ uid: 'a', productId: 1, quantityMilli: 1000, ...batch }, dated, date)
  expect([days({ batchId: 10 }, '2026-11-22'), days({ batchId: 10 }, '2026-12-01')]).toEqual([8, -1])
  expect([
    days({ batchId: 11 }, '2026-11-22'),
    days({ batchId: 12 }, '2026-11-22'),
    days({}, '2026-11-22'),
  ]).toEqual([undefined, undefined, undefined])
})

test('an offer touches lines by part, and a product with two of its tags once', () => {
  const bundle: Offer = {
    ...common,
    id: 3,
    effect: 'bundle',
    parts: [{ products: [1] }, { unitUntilMinor: 10_000 }, { brands: [99] }],
    priceMinor: 100,
  }
  const { index } = compileOffers([off(9, { tags: ['matte', 'festive'] }), bundle, off(1, { brands: [99] })])
  expect(partsById(touchingOffers(index, [lipstick, bare, lipstick]))).toEqual([
    [3, [[0, 2], [1], []]],
    [9, [[0, 2]]],
  ])
})

const ids = fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 })
const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 2 })
const members = {
  products: ids,
  brands: ids,
  categories: ids,
  departments: ids,
  tags,
}
const selectors: fc.Arbitrary<Selector> = fc
  .record(
    {
      ...members,
      everything: fc.constant(true as const),
      unitFromMinor: fc.nat(300),
      unitUntilMinor: fc.nat(300),
      expiresWithinDays: fc.nat(5),
      except: fc.record(members, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  )
  .filter((selector) => Object.keys(selector).some((key) => key !== 'except'))
const selectedLines: fc.Arbitrary<SelectedLine> = fc
  .record({
    id: fc.nat(3),
    brandId: fc.nat(3),
    categoryId: fc.nat(3),
    departmentId: fc.option(fc.nat(3), { nil: undefined }),
    tags: fc.option(tags, { nil: undefined }),
    unitMinor: fc.nat(300),
    daysToExpiry: fc.option(fc.integer({ min: -2, max: 6 }), { nil: undefined }),
  })
  .map(({ id, brandId, categoryId, departmentId, tags, unitMinor, daysToExpiry }) => ({
    product: {
      ...product(id, 'Thing', 'gst-18', unitMinor),
      brandId,
      categoryId,
      ...(departmentId !== undefined && { departmentId }),
      ...(tags !== undefined && { tags }),
    },
    unitMinor,
    daysToExpiry,
  }))

test('[PRC-12a] the index finds what asking every offer about every line finds, in any order of offers', () => {
  const cases = fc.tuple(
    fc.array(selectors, { maxLength: 12 }),
    fc.array(selectedLines, { maxLength: 6 }),
    fc.infiniteStream(fc.nat()),
  )
  fc.assert(
    fc.property(cases, ([list, lines, order]) => {
      const offers = list.map((selector, at) => off(at + 1, selector))
      const expected = offers.flatMap(({ id, selector }) => {
        const touched = lines.flatMap((line, at) => (isSelected(selector, line) ? [at] : []))
        return touched.length === 0 ? [] : [[id, [touched]]]
      })
      const shuffled = offers
        .map((offer) => ({ offer, rank: order.next().value }))
        .sort((one, other) => one.rank - other.rank)
        .map(({ offer }) => offer)
      const made = compileOffers(shuffled)
      expect(made.setAside).toEqual([])
      expect(partsById(touchingOffers(made.index, lines))).toEqual(expected)
    }),
    { numRuns: 2000 },
  )
})

test('[PRC-12a] a lookup never reads an offer that names other goods', () => {
  const guarded = off(2, { products: [77] })
  const { index } = compileOffers([off(1, { products: [1] }), guarded])
  Object.defineProperty(guarded.selector, 'except', {
    get: () => {
      throw new Error('read')
    },
  })
  expect(partsById(touchingOffers(index, [lipstick, bare]))).toEqual([[1, [[0]]]])
})

test('[PRC-12a] offers are compiled once for a rulebook', () => {
  const offers = [off(1, { products: [1] })]
  expect(compileOffers(offers)).toBe(compileOffers(offers))
})

test('a code is found without regard to case and blanks around it, a series code by prefix and length', () => {
  const made = compileOffers([
    coupon(1, { kind: 'public', text: 'Diwali50' }),
    coupon(2, { kind: 'series', prefix: 'NX', length: 6 }),
  ])
  const found = (code: string) => couponOf(made, code)?.id
  expect([' diwali50 ', 'DIWALI5', 'nx12ab', 'NX12AB7', 'NX', 'AB12NX', '__proto__'].map(found)).toEqual([
    1,
    undefined,
    2,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test('of two offers with one public code the lower id has it', () => {
  const offers = [7, 3].map((id) => coupon(id, { kind: 'public', text: 'ONE' }))
  expect(couponOf(compileOffers(offers), 'one')?.id).toBe(3)
})

const unit = off(1, { products: [1] })
const threshold = { ...common, id: 1, effect: 'threshold', selector: { everything: true }, on: 'bill' }
const odd: Record<string, unknown> = {
  'unknown effect': { ...unit, effect: 'not-invented-yet' },
  'no selector': { ...unit, selector: undefined },
  'empty selector': { ...unit, selector: {} },
  'selector with nothing but an exclusion': { ...unit, selector: { except: { products: [1] } } },
  'selector with an empty list': { ...unit, selector: { products: [] } },
  'list that is none': { ...unit, selector: { products: 'all' } },
  'tags that are numbers': { ...unit, selector: { tags: [1] } },
  'odd exclusion': { ...unit, selector: { everything: true, except: { brands: 'none' } } },
  'fraction of a paisa': { ...unit, off: { amountMinor: 0.5 } },
  'nothing off': { ...unit, off: { amountMinor: 0 } },
  'more than all off': { ...unit, off: { percentBp: 10_001 } },
  'both reductions': { ...unit, off: { percentBp: 100, amountMinor: 100 } },
  'no reduction': { ...unit, off: null },
  'minimum of nothing': { ...unit, minimumUnits: 0 },
  'weekday 8': { ...unit, weekdays: [8] },
  'no weekday': { ...unit, weekdays: [] },
  'minute 1441': { ...unit, hours: { fromMinute: 0, untilMinute: 1441 } },
  'hours that are none': { ...unit, hours: null },
  'stores that are none': { ...unit, storeIds: 'all' },
  'unknown audience': { ...unit, audience: { kind: 'left-handed' } },
  'audience without tiers': { ...unit, audience: { kind: 'tier' } },
  'limit 0': { ...unit, limits: { perBill: 0 } },
  'limits that are none': { ...unit, limits: null },
  'negative id': { ...unit, id: -1 },
  'priority that is none': { ...unit, priority: Number.NaN },
  'get nothing': { ...unit, effect: 'buy-get', buy: 1, get: 0, percentBp: 10_000 },
  'buy without a selector': { ...unit, effect: 'buy-other', percentBp: 100 },
  'bundle of one': { ...unit, effect: 'bundle', parts: [{ products: [1] }], priceMinor: 100 },
  'bundle below nothing': {
    ...unit,
    effect: 'bundle',
    parts: [{ products: [1] }, { products: [2] }],
    priceMinor: -1,
  },
  'steps that descend': {
    ...unit,
    effect: 'markdown',
    steps: [
      { withinDays: 9, percentBp: 100 },
      { withinDays: 3, percentBp: 100 },
    ],
  },
  'no steps': { ...unit, effect: 'markdown', steps: [] },
  'tiers that overlap': {
    ...threshold,
    tiers: [
      { fromMinor: 100, off: { amountMinor: 1 } },
      { fromMinor: 100, off: { amountMinor: 2 } },
    ],
  },
  'threshold on nothing': { ...threshold, on: 'moon', tiers: [{ fromMinor: 1, off: { amountMinor: 1 } }] },
  'cap of nothing': { ...threshold, tiers: [{ fromMinor: 1, off: { percentBp: 100, capMinor: 0 } }] },
  'gift of nothing': { ...unit, effect: 'gift', fromMinor: 1, gifts: [], unitMinor: 0 },
  'coupon without a code': { ...coupon(1, { kind: 'public', text: '' }) },
  'series no longer than its prefix': { ...coupon(1, { kind: 'series', prefix: 'NX', length: 2 }) },
  'coupon with an odd minimum': { ...coupon(1, { kind: 'public', text: 'A' }), minimumMinor: -1 },
  'nothing off the bill': percentOff(0),
}

test.each(Object.entries(odd))('[PRC-6j] %s: set aside, never thrown', (_, offer) => {
  // Hostile data: the type is what the test is about.
  const made = compileOffers([offer as Offer])
  expect(made.setAside).toEqual([offer])
  expect([made.wholeBill, made.bySeries, touchingOffers(made.index, [lipstick, bare])]).toEqual([[], [], []])
})

test('[PRC-6j] an offer of every known effect is taken up', () => {
  const selector = { everything: true } as const
  const effects: Offer[] = [
    { ...common, id: 1, effect: 'unit-off', selector, off: { amountMinor: 1 }, minimumUnits: 2 },
    { ...common, id: 2, effect: 'buy-get', selector, buy: 2, get: 1, percentBp: 10_000 },
    {
      ...common,
      id: 3,
      effect: 'buy-other',
      buy: { selector, units: 1 },
      get: { selector, units: 1 },
      percentBp: 5000,
    },
    { ...common, id: 4, effect: 'bundle', parts: [selector, selector], priceMinor: 0 },
    { ...common, id: 5, effect: 'markdown', selector, steps: [{ withinDays: 0, percentBp: 1 }] },
    { ...common, id: 6, effect: 'complimentary', selector, limits: { perBill: 1 } },
    {
      ...common,
      id: 7,
      effect: 'threshold',
      selector,
      on: 'bill',
      tiers: [{ fromMinor: 0, off: { percentBp: 1, capMinor: 9 } }],
    },
    {
      ...common,
      id: 8,
      effect: 'gift',
      selector,
      fromMinor: 0,
      gifts: [1],
      unitMinor: 0,
      audience: { kind: 'staff' },
    },
    {
      ...coupon(9, { kind: 'public', text: 'A' }),
      weekdays: [1, 7],
      hours: { fromMinute: 1320, untilMinute: 120 },
    },
    percentOff(10_000, { id: 10, audience: { kind: 'tier', tiers: ['member'] }, storeIds: ['koramangala'] }),
  ]
  const made = compileOffers(effects)
  expect(made.setAside).toEqual([])
  expect(made.wholeBill.map(({ id }) => id)).toEqual([10])
  expect(touchingOffers(made.index, [bare]).map(({ offer }) => offer.id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('[PRC-6j] whatever stands among the offers is set aside or counts for nothing, and the till sells on', () => {
  const good = off(1_000_001, { everything: true })
  const whole: Offer[] = [
    good,
    coupon(2, { kind: 'public', text: 'SAVE' }),
    { ...common, id: 3, effect: 'bundle', parts: [{ everything: true }, { products: [1] }], priceMinor: 100 },
    {
      ...common,
      id: 4,
      effect: 'markdown',
      selector: { everything: true },
      steps: [{ withinDays: 5, percentBp: 1 }],
    },
  ]
  const members = [
    'id',
    'selector',
    'off',
    'effect',
    'parts',
    'steps',
    'code',
    'limits',
    'hours',
    'storeIds',
    'from',
  ]
  const spoilt = fc
    .tuple(fc.constantFrom(...whole), fc.constantFrom(...members, 'audience', 'weekdays'), fc.anything())
    .map(([offer, member, value]) => ({ ...offer, id: 7, [member]: value }))
  const rubbish = fc.array(fc.oneof(fc.anything(), spoilt, fc.constant(null)), { maxLength: 6 })
  fc.assert(
    fc.property(rubbish, (some) => {
      const cheap = cart([1, 2], [4, 1])
      // as: what a broken rulebook holds is not what its type says.
      const offers = [...some, good] as Offer[]
      const priced = price2(cheap, indexRulebook(cornerShop({ offers })), context())
      expect(priced.discountMinor).toBeGreaterThan(0)
      for (const line of priced.lines) expect(line.paidMinor).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 1000 },
  )
})

test('[PRC-12a] an offer is found by the one thing that it names, by id, whatever the order of offers', () => {
  const named: Selector[] = [
    { tags: ['festive'] },
    { departments: [7] },
    { categories: [6] },
    { brands: [5] },
    { products: [1] },
    { unitFromMinor: 40_000 },
  ]
  const offers = named.map((selector, at) => off(at + 1, selector))
  const elsewhere: Selector[] = [
    { tags: ['matt'] },
    { departments: [1] },
    { categories: [7] },
    { brands: [6] },
    { products: [3] },
    { unitUntilMinor: 4900 },
  ]
  const others = elsewhere.map((selector, at) => off(at + 11, selector))
  const { index } = compileOffers([...others, ...offers].toReversed())
  expect(partsById(touchingOffers(index, [bare, lipstick]))).toEqual(offers.map(({ id }) => [id, [[1]]]))
  // Of each kind only what the lines are is looked at.
  expect(
    [index.byTag, index.byDepartment, index.byCategory, index.byBrand, index.byProduct].map(
      (map) => map.size,
    ),
  ).toEqual([2, 2, 2, 2, 2])
  expect(index.general).toHaveLength(2)
})

test('a code of a series has its prefix and its length, no more and no less', () => {
  const series = coupon(1, { kind: 'series', prefix: 'nx', length: 6 })
  const known = ['NX1234', ' nx1234 ', 'NX123', 'NX12345', 'NY1234'].map(
    (code) => couponOf(compileOffers([series]), code)?.id,
  )
  expect(known).toEqual([1, 1, undefined, undefined, undefined])
})
