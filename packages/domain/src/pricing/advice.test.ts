import fc from 'fast-check'
import { expect, test } from 'vitest'
import { everyEffectCase } from '../testing/arbitrary-offers.ts'
import type { Case } from '../testing/arbitrary-shop.ts'
import { cart, context, cornerShop } from '../testing/corner-shop.ts'
import { type Advice, adviceOn, type Nudge, withMore } from './advice.ts'
import { price } from './engines.ts'
import type { Offer } from './offers.ts'
import { indexRulebook } from './rulebook.ts'
import type { Cart, PricedCart } from './types.ts'

const common = { name: 'Offer', priority: 0, from: 0 }

/** Serum ₹499, perfume ₹999, hair oil ₹149. */
function atCornerShop(offers: Offer[], given: Cart): Advice {
  const rulebook = indexRulebook(cornerShop({ offers }))
  return adviceOn(given, rulebook, context(), price(given, rulebook, context()))
}

/** The carts that follow a nudge, each with the shop that sells it. */
function followed({ data, cart }: Case, nudge: Nudge): Pick<Case, 'data' | 'cart'>[] {
  const offer = data.offers.find(({ id }) => id === nudge.offerId)
  const gift =
    offer?.effect === 'gift' && !cart.lines.some(({ giftOf }) => giftOf === offer.id)
      ? offer.gifts.find((id) => data.products.some((product) => product.id === id))
      : undefined
  const taken =
    gift === undefined
      ? []
      : [{ uid: 'zz-taken', productId: gift, quantityMilli: 1000, giftOf: nudge.offerId }]
  if ('missingUnits' in nudge) {
    const { productId, missingUnits } = nudge
    const lines = [...withMore(cart, productId, missingUnits).lines]
    return [{ data, cart: { ...cart, lines: [...lines, ...taken] } }]
  }
  return data.products
    .filter(({ id }) => cart.lines.some((line) => line.productId === id && line.giftOf === undefined))
    .map((product) => ({
      data: {
        ...data,
        products: [
          ...data.products,
          {
            ...product,
            id: 99,
            batches: [],
            prices: product.prices.map((row) => ({ list: row.list, unitMinor: nudge.missingMinor, from: 0 })),
          },
        ],
      },
      cart: {
        ...cart,
        lines: [...cart.lines, { uid: 'zz', productId: 99, quantityMilli: 1000 }, ...taken],
      },
    }))
}

function savedBy(nudge: Nudge, { data, cart, context }: Case, before: PricedCart): number | undefined {
  const after = price(cart, indexRulebook(data), context)
  if (!after.applied?.some(({ offerId }) => offerId === nudge.offerId)) return undefined
  const offers = data.offers.filter(({ id }) => id !== nudge.offerId)
  const without = price(cart, indexRulebook({ ...data, offers }), context)
  return after.discountMinor - Math.max(before.discountMinor, without.discountMinor)
}

test('[PRC-8e] a nudge comes true when it is followed, whatever the offer', () => {
  const seen = new Map<string, number>()
  let runs = 0
  fc.assert(
    fc.property(everyEffectCase, (one) => {
      runs += 1
      const rulebook = indexRulebook(one.data)
      const before = price(one.cart, rulebook, one.context)
      for (const nudge of adviceOn(one.cart, rulebook, one.context, before).nudges) {
        const effect = one.data.offers.find(({ id }) => id === nudge.offerId)?.effect ?? ''
        seen.set(effect, (seen.get(effect) ?? 0) + 1)
        const saved = followed(one, nudge).map((then) => savedBy(nudge, { ...one, ...then }, before))
        expect(saved).toContain(nudge.savesMinor)
        expect(nudge.savesMinor).toBeGreaterThan(0)
      }
    }),
    { numRuns: 2000 },
  )
  // A generator that never nudges would prove nothing; a hundred runs need not meet every effect.
  expect(seen.size).toBeGreaterThan(runs / 500)
  for (const effect of ['unit-off', 'buy-get', 'buy-other', 'bundle', 'threshold', 'gift'])
    expect([effect, (seen.get(effect) ?? 0) >= Math.floor(runs / 1000)]).toEqual([effect, true])
})

test('[PRC-2c, PRC-8f] the order of scanning and of offers changes no advice', () => {
  const shuffled = everyEffectCase.chain((one) =>
    fc
      .tuple(
        fc.shuffledSubarray([...one.data.offers], { minLength: one.data.offers.length }),
        fc.shuffledSubarray([...one.cart.lines], { minLength: one.cart.lines.length }),
      )
      .map(([offers, lines]) => ({ one, offers, lines })),
  )
  const advise = ({ data, cart, context }: Case) => {
    const rulebook = indexRulebook(data)
    return adviceOn(cart, rulebook, context, price(cart, rulebook, context))
  }
  fc.assert(
    fc.property(shuffled, ({ one, offers, lines }) => {
      const other = { ...one, data: { ...one.data, offers }, cart: { ...one.cart, lines } }
      expect(advise(other)).toEqual(advise(one))
    }),
    { numRuns: 1000 },
  )
})

test('[PRC-2c, PRC-8f] more goes to the same of two lines of one product in whatever order they stand', () => {
  const line = (uid: string, units: number) => ({ uid, productId: 1, quantityMilli: units * 1000 })
  const lines = [line('a', 1), line('b', 2)]
  const unitsOf = (cart: Case['cart']) =>
    Object.fromEntries(cart.lines.map(({ uid, quantityMilli }) => [uid, quantityMilli / 1000]))
  for (const order of [lines, lines.toReversed()])
    expect(unitsOf(withMore({ lines: order, coupons: [] }, 1, 2))).toEqual({ a: 3, b: 2 })
})

test('[PRC-8e] one more of the product that is missing is named with what it saves', () => {
  const three: Offer = {
    ...common,
    id: 1,
    effect: 'buy-get',
    selector: { products: [4] },
    buy: 2,
    get: 1,
    percentBp: 10_000,
  }
  expect(atCornerShop([three], cart([4, 2])).nudges).toEqual([
    { offerId: 1, missingUnits: 1, productId: 4, savesMinor: 14_900 },
  ])
  expect(atCornerShop([three], cart([4, 3])).nudges).toEqual([])
  expect(atCornerShop([three], cart([4, 5])).nudges).toEqual([
    { offerId: 1, missingUnits: 1, productId: 4, savesMinor: 14_900 },
  ])
})

test('[PRC-8e] the next tier of an offer that applies saves what it gives beyond the first', () => {
  const tiers: Offer = {
    ...common,
    id: 1,
    effect: 'threshold',
    selector: { everything: true },
    on: 'bill',
    tiers: [
      { fromMinor: 40_000, off: { amountMinor: 1000 } },
      { fromMinor: 60_000, off: { amountMinor: 5000 } },
    ],
  }
  expect(atCornerShop([tiers], cart([1, 1])).nudges).toEqual([
    { offerId: 1, missingMinor: 10_100, savesMinor: 4000 },
  ])
})

test('[PRC-8e] a coupon that waits for its minimum, and a gift for its threshold, say how much is missing', () => {
  const everything = { everything: true } as const
  const coupon: Offer = {
    ...common,
    id: 1,
    effect: 'coupon',
    code: { kind: 'public', text: 'SAVE' },
    selector: everything,
    off: { amountMinor: 2000 },
    minimumMinor: 50_000,
  }
  expect(atCornerShop([coupon], { ...cart([1, 1]), coupons: ['save'] }).nudges).toEqual([
    { offerId: 1, missingMinor: 100, savesMinor: 2000 },
  ])
  const gift: Offer = {
    ...common,
    id: 2,
    effect: 'gift',
    selector: everything,
    fromMinor: 60_000,
    gifts: [4],
    unitMinor: 100,
  }
  expect(atCornerShop([gift], cart([1, 1])).nudges).toEqual([
    { offerId: 2, missingMinor: 10_100, savesMinor: 14_800 },
  ])
})

test('[PRC-8e] what saves most for each rupee to add comes first', () => {
  const offers: Offer[] = [
    { ...common, id: 1, effect: 'percent-off-bill', percentBp: 1000, minimumMinor: 1_000_000 },
    {
      ...common,
      id: 2,
      effect: 'unit-off',
      selector: { products: [4] },
      off: { percentBp: 2500 },
      minimumUnits: 2,
    },
  ]
  expect(atCornerShop(offers, cart([4, 1])).nudges.map(({ offerId }) => offerId)).toEqual([2, 1])
})

test('[PRC-8e] nobody is nudged towards an offer that another would beat, nor to buy a dozen', () => {
  const offers: Offer[] = [
    { ...common, id: 1, effect: 'percent-off-bill', percentBp: 500, priority: 9 },
    { ...common, id: 2, effect: 'percent-off-bill', percentBp: 1000, minimumMinor: 100_000 },
    {
      ...common,
      id: 3,
      effect: 'unit-off',
      selector: { products: [1] },
      off: { percentBp: 10 },
      minimumUnits: 12,
    },
  ]
  expect(atCornerShop(offers, cart([1, 1])).nudges).toEqual([])
})

test('[PRC-8e] what a nudge saves is what the next best offer would not have saved', () => {
  const minimumMinor = 100_000
  const offers: Offer[] = [
    { ...common, id: 1, effect: 'percent-off-bill', percentBp: 1500, priority: 9, minimumMinor },
    { ...common, id: 2, effect: 'percent-off-bill', percentBp: 1000, priority: 1, minimumMinor },
  ]
  expect(atCornerShop(offers, cart([1, 1])).nudges).toEqual([
    { offerId: 1, missingMinor: 50_100, savesMinor: 5000 },
  ])
})

test('[PRC-7b] an item offer that keeps the bill from a better one is named with what it costs', () => {
  const offers: Offer[] = [
    { ...common, id: 1, effect: 'unit-off', selector: { products: [1] }, off: { amountMinor: 1000 } },
    {
      ...common,
      id: 2,
      effect: 'percent-off-bill',
      percentBp: 1000,
      minimumMinor: 49_900,
    },
  ]
  expect(atCornerShop(offers, cart([1, 1])).cheaperWithout).toEqual({ offerId: 1, savesMinor: 3990 })
  expect(atCornerShop(offers, cart([1, 2])).cheaperWithout).toBeUndefined()
})

test('[PRC-8f] advice on an empty cart is none, and on a long one it tries fewer carts', () => {
  const half: Offer = {
    ...common,
    id: 1,
    effect: 'percent-off-bill',
    percentBp: 1000,
    minimumMinor: 100_000_000,
  }
  expect(atCornerShop([half], cart())).toEqual({ nudges: [] })
  const lines = Array.from({ length: 1000 }, (_, at) => ({
    uid: `l${at}`,
    productId: 4,
    quantityMilli: 1000,
  }))
  expect(atCornerShop([half], { lines }).nudges).toMatchObject([{ offerId: 1 }])
})

test('[PRC-8e] a missing part is named where its offer names products, with what it saves', () => {
  const bundle: Offer = {
    ...common,
    id: 1,
    effect: 'bundle',
    parts: [{ products: [1] }, { products: [2] }],
    priceMinor: 100_000,
  }
  expect(atCornerShop([bundle], cart([1, 1])).nudges).toEqual([
    { offerId: 1, missingUnits: 1, productId: 2, savesMinor: 49_800 },
  ])
  const other: Offer = {
    ...common,
    id: 2,
    effect: 'buy-other',
    buy: { selector: { products: [1] }, units: 1 },
    get: { selector: { products: [4] }, units: 1 },
    percentBp: 5000,
  }
  expect(atCornerShop([other], cart([1, 1])).nudges).toEqual([
    { offerId: 2, missingUnits: 1, productId: 4, savesMinor: 7450 },
  ])
  // A product that this shop does not know, and one that has no tax, are no advice.
  const unknown: Offer = { ...bundle, parts: [{ products: [1] }, { products: [77] }] }
  expect(atCornerShop([unknown], cart([1, 1])).nudges).toEqual([])
  const shop = cornerShop({ offers: [bundle] })
  const products = shop.products.map((each) => (each.id === 2 ? { ...each, taxClassId: 'none' } : each))
  const rulebook = indexRulebook({ ...shop, products })
  const given = cart([1, 1])
  expect(adviceOn(given, rulebook, context(), price(given, rulebook, context())).nudges).toEqual([])
})

test('[PRC-8e] goods that an offer names one by one are counted in units, the nearest sum above what is missing', () => {
  const threshold: Offer = {
    ...common,
    id: 1,
    effect: 'threshold',
    selector: { products: [1] },
    on: 'bill',
    tiers: [{ fromMinor: 100_000, off: { amountMinor: 5000 } }],
  }
  expect(atCornerShop([threshold], cart([1, 1])).nudges).toEqual([
    { offerId: 1, missingUnits: 2, productId: 1, savesMinor: 5000 },
  ])
  const far: Offer = { ...threshold, tiers: [{ fromMinor: 1_000_000, off: { amountMinor: 5000 } }] }
  expect(atCornerShop([far], cart([1, 1])).nudges).toEqual([])
})

test('[PRC-8e] the next tier counts the net after item offers, without gifts, other goods and what the bill takes', () => {
  const offers: Offer[] = [
    { ...common, id: 1, effect: 'unit-off', selector: { products: [1] }, off: { percentBp: 1000 } },
    {
      ...common,
      id: 2,
      effect: 'threshold',
      selector: { brands: [1], except: { products: [4] } },
      on: 'selector',
      tiers: [
        { fromMinor: 40_000, off: { amountMinor: 1000 } },
        { fromMinor: 60_000, off: { amountMinor: 5000 } },
      ],
    },
  ]
  const lines = [
    { uid: 'a', productId: 1, quantityMilli: 1000 },
    { uid: 'b', productId: 4, quantityMilli: 1000 },
    { uid: 'c', productId: 5, quantityMilli: 1000, giftOf: 9 },
  ]
  // 499.00 less a tenth are 449.10.
  expect(atCornerShop(offers, { lines, manual: { amountMinor: 700 }, pointsMinor: 300 }).nudges).toEqual([
    { offerId: 2, missingMinor: 15_090, savesMinor: 4000 },
  ])
})

test('[PRC-8e] a gift that is in the cart is not taken twice, and units go where the product stands', () => {
  const gift: Offer = {
    ...common,
    id: 2,
    effect: 'gift',
    selector: { everything: true },
    fromMinor: 60_000,
    gifts: [88, 4],
    unitMinor: 100,
  }
  const { lines } = cart([1, 1])
  const taken = [...lines, { uid: 'g', productId: 4, quantityMilli: 1000, giftOf: 2 }]
  const nudge = { offerId: 2, missingMinor: 10_100, savesMinor: 14_800 }
  expect(atCornerShop([gift], { lines: taken }).nudges).toEqual([nudge])
  expect(atCornerShop([gift], { lines }).nudges).toEqual([nudge])
  const given = { lines: [{ uid: 'x', productId: 4, quantityMilli: 1000 }] }
  expect(withMore(given, 4, 2).lines).toEqual([{ uid: 'x', productId: 4, quantityMilli: 3000 }])
  const apart = [
    { uid: 'g', productId: 4, quantityMilli: 1000, giftOf: 2 },
    { uid: 'm', productId: 4, quantityMilli: 1000, manual: { percentBp: 10 } },
    { uid: 'h', productId: 4, quantityMilli: 500 },
  ]
  expect(withMore({ lines: apart }, 4, 2).lines).toEqual([
    ...apart,
    { uid: '~', productId: 4, quantityMilli: 2000 },
  ])
})

test('[PRC-8f] the three best nudges are told, and of harmful offers the worst', () => {
  const offers = [1, 2, 3, 4, 5].map(
    (id): Offer => ({
      ...common,
      id,
      effect: 'buy-get',
      selector: { products: [id] },
      buy: 1,
      get: 1,
      percentBp: 1000 * id,
    }),
  )
  expect(
    atCornerShop(offers, cart([1, 1], [2, 1], [3, 1], [4, 1], [5, 1])).nudges.map(({ offerId }) => offerId),
  ).toEqual([5, 4, 3])
  const harmful: Offer[] = [
    { ...common, id: 1, effect: 'unit-off', selector: { products: [1] }, off: { amountMinor: 1000 } },
    { ...common, id: 2, effect: 'unit-off', selector: { products: [2] }, off: { amountMinor: 500 } },
    { ...common, id: 3, effect: 'percent-off-bill', percentBp: 1000, minimumMinor: 149_000 },
  ]
  // 1,498.00 less 15.00 are 1,483.00; without the first 1,493.00, and without the second 1,488.00.
  expect(atCornerShop(harmful, cart([1, 1], [2, 1])).cheaperWithout).toEqual({
    offerId: 1,
    savesMinor: 14_930 - 1000,
  })
})
