import fc from 'fast-check'
import { expect, test } from 'vitest'
import { everyEffectCase } from '../testing/arbitrary-offers.ts'
import { type Case, pricingCase } from '../testing/arbitrary-shop.ts'
import { cart, context, cornerShop, product } from '../testing/corner-shop.ts'
import { price1 as price } from './engine-1.ts'
import { price2 } from './engine-2.ts'
import type { Offer } from './offers.ts'
import { indexRulebook } from './rulebook.ts'
import type { PricedCart } from './types.ts'

const priced = ({ data, cart, context }: Case) => price2(cart, indexRulebook(data), context)
const common = { name: 'Offer', priority: 0, from: 0 }

/** Serum ₹499, perfume ₹999, hair oil ₹149. */
function atCornerShop(offers: Offer[], given: Parameters<typeof price2>[0]): PricedCart {
  return price2(given, indexRulebook(cornerShop({ offers })), context())
}

const figures = ({ engine: _e, notApplied: _n, ...rest }: PricedCart) => rest

test('[PRC-9a] where only the bill has offers, engine 2 gives the paise and reasons of engine 1', () => {
  fc.assert(
    fc.property(pricingCase, (one) => {
      const first = price(one.cart, indexRulebook(one.data), one.context)
      const {
        applied: _a,
        coupons: _c,
        gifts: _g,
        optimal: _o,
        boundMinor: _b,
        ...second
      } = figures(priced(one))
      expect(second).toEqual(figures(first))
      expect(priced(one).notApplied).toEqual(first.notApplied)
    }),
    { numRuns: 2000 },
  )
})

test('[PRC-6a] layers go one after another, each on what is left', () => {
  const offers: Offer[] = [
    { ...common, id: 1, effect: 'buy-get', selector: { products: [4] }, buy: 1, get: 1, percentBp: 10_000 },
    { ...common, id: 2, effect: 'percent-off-bill', percentBp: 1000, minimumMinor: 100_000 },
    {
      ...common,
      id: 3,
      effect: 'coupon',
      code: { kind: 'public', text: 'FLAT50' },
      selector: { products: [2] },
      off: { amountMinor: 5000 },
    },
  ]
  const { lines } = cart([2, 1], [4, 2])
  const bill = atCornerShop(offers, {
    lines,
    coupons: ['flat50 '],
    manual: { amountMinor: 1000 },
    pointsMinor: 500,
  })
  // 999 + 149 + 149, one oil free; 10% of 1148; ₹50 off the perfume; then ₹10 and ₹5.
  expect(bill.applied).toEqual([
    { offerId: 1, applications: 1, amountMinor: 14_900 },
    { offerId: 2, applications: 1, amountMinor: 11_480 },
    { offerId: 3, applications: 1, amountMinor: 5000 },
  ])
  expect(bill.coupons).toEqual([
    { code: 'FLAT50', offerId: 3, outcome: { kind: 'applied', amountMinor: 5000 } },
  ])
  expect(bill.toPayMinor).toBe(129_700 - 14_900 - 11_480 - 5000 - 1000 - 500)
  expect(bill.lines[1]?.steps.map(({ kind }) => kind)).toEqual(['offer', 'offer', 'manual', 'points'])
})

test('[PRC-6h, PRC-6k] a gift costs its price once the threshold stands without it, and else says why', () => {
  const gift: Offer = {
    ...common,
    id: 7,
    effect: 'gift',
    selector: { products: [2] },
    fromMinor: 90_000,
    gifts: [4],
    unitMinor: 100,
  }
  const [perfume, oil] = cart([2, 1], [4, 1]).lines
  if (!perfume || !oil) throw new Error('the cart has two lines')
  const given = atCornerShop([gift], { lines: [perfume, { ...oil, giftOf: 7 }] })
  expect(given.lines[1]).toMatchObject({ paidMinor: 100, gift: { offerId: 7, units: 1 } })
  expect(given.gifts).toEqual([])
  const refused = atCornerShop([gift], { lines: [{ ...oil, giftOf: 7 }] })
  expect(refused.lines[0]).toMatchObject({ paidMinor: 14_900, gift: { refused: { kind: 'not-a-gift' } } })
  const open = atCornerShop([gift], { lines: [perfume] })
  expect(open.gifts).toEqual([{ offerId: 7, products: [4], unitsLeft: 1 }])
})

test('[PRC-6k] each gift line says how many of its units are gifts, and why the others are none', () => {
  const gift: Offer = {
    ...common,
    id: 7,
    effect: 'gift',
    selector: { products: [2] },
    fromMinor: 90_000,
    gifts: [3, 4],
    unitMinor: 100,
    limits: { perBill: 3 },
  }
  const lines = [
    { uid: 'a', productId: 2, quantityMilli: 1000 },
    { uid: 'b', productId: 3, quantityMilli: 1000, giftOf: 7 },
    { uid: 'c', productId: 4, quantityMilli: 5000, giftOf: 7 },
  ]
  const bill = atCornerShop([gift], { lines })
  expect(bill.lines.map((line) => line.gift)).toEqual([
    undefined,
    { offerId: 7, units: 1 },
    { offerId: 7, units: 2, refused: { kind: 'limit' } },
  ])
  expect(bill.gifts).toEqual([])
  expect(bill.coupons).toEqual([])
})

test('what applied stands by offer id, coupons among it', () => {
  const everything = { everything: true } as const
  const offers: Offer[] = [
    {
      ...common,
      id: 1,
      effect: 'coupon',
      code: { kind: 'public', text: 'ONE' },
      selector: everything,
      off: { amountMinor: 100 },
    },
    { ...common, id: 3, effect: 'percent-off-bill', percentBp: 1000 },
    { ...common, id: 2, effect: 'unit-off', selector: everything, off: { amountMinor: 500 } },
  ]
  const bill = atCornerShop(offers, { ...cart([1, 1]), coupons: ['one'] })
  expect(bill.applied?.map(({ offerId }) => offerId)).toEqual([1, 2, 3])
  expect(bill.lines[0]?.steps.map((step) => step.kind)).toEqual(['offer', 'offer', 'coupon'])
  expect(bill.lines[0]?.steps[0]).toEqual({ kind: 'offer', offerId: 2, units: 1, amountMinor: 500 })
})

test('[PRC-6c, PRC-6h, PRC-6k] a line that is marked as a gift is in no item offer and counts towards no minimum', () => {
  const half: Offer = {
    ...common,
    id: 1,
    effect: 'unit-off',
    selector: { products: [4] },
    off: { percentBp: 5000 },
  }
  const coupon: Offer = {
    ...common,
    id: 2,
    effect: 'coupon',
    code: { kind: 'public', text: 'BIG' },
    selector: { everything: true },
    off: { percentBp: 1000 },
    minimumMinor: 110_000,
  }
  const [perfume, oil] = cart([2, 1], [4, 1]).lines
  if (!perfume || !oil) throw new Error('the cart has two lines')
  const bill = atCornerShop([half, coupon], { lines: [perfume, { ...oil, giftOf: 9 }], coupons: ['BIG'] })
  expect(bill.lines.map(({ steps }) => steps)).toEqual([[], []])
  expect(bill.coupons?.[0]?.outcome).toEqual({ kind: 'minimum', missingMinor: 10_100 })
})

test('[PRC-6h, TAX-6a] a gift card is sold at its value without GST: no offer, coupon, hand or point lowers it', () => {
  const everything = { everything: true } as const
  const offers: Offer[] = [
    { ...common, id: 1, effect: 'unit-off', selector: everything, off: { percentBp: 1000 } },
    { ...common, id: 2, effect: 'percent-off-bill', percentBp: 1000, minimumMinor: 80_000 },
    {
      ...common,
      id: 3,
      effect: 'coupon',
      code: { kind: 'public', text: 'ALL' },
      selector: everything,
      off: { percentBp: 1000 },
      onGifts: true,
    },
  ]
  const shop = cornerShop({ offers })
  const card = { ...product(20, 'Gift card', 'outside', 100_000), batches: [], giftCard: true as const }
  const rulebook = indexRulebook({ ...shop, products: [...shop.products, card] })
  const given = {
    lines: [
      { uid: 'a', productId: 1, quantityMilli: 1000 },
      { uid: 'b', productId: 20, quantityMilli: 1000, manual: { percentBp: 5000 } },
    ],
    coupons: ['ALL'],
    manual: { amountMinor: 100 },
    pointsMinor: 100,
  }
  const bill = price2(given, rulebook, context())
  expect(bill.lines[1]).toMatchObject({ paidMinor: 100_000, taxKind: 'non-gst', cgstMinor: 0, steps: [] })
  // 499 less a tenth, less a tenth by coupon; with the card the bill would reach the minimum of offer 2.
  expect(bill.lines[0]?.paidMinor).toBe(49_900 - 4990 - 4491 - 100 - 100)
  expect(bill.notApplied).toEqual([{ offerId: 2, condition: { kind: 'minimum', missingMinor: 35_090 } }])
  const alone = price2({ ...given, lines: given.lines.slice(1) }, rulebook, context())
  expect([alone.toPayMinor, alone.coupons?.[0]?.outcome.kind]).toEqual([100_000, 'no-goods'])
})

test('[TAX-6b] points as a discount lower the taxable value, spread over the lines; as a tender they are no part of the price', () => {
  const { lines } = cart([1, 1], [2, 1])
  const without = atCornerShop([], { lines })
  const bill = atCornerShop([], { lines, pointsMinor: 1498 })
  expect(bill.lines.map(({ discountMinor }) => discountMinor)).toEqual([499, 999])
  expect(bill.toPayMinor).toBe(without.toPayMinor - 1498)
  expect(bill.taxableMinor).toBe(Math.round((without.toPayMinor - 1498) / 1.18))
})

test('[PRC-8d] an item offer that did not apply names the units it misses, or the offer that took them', () => {
  const three: Offer = {
    ...common,
    id: 1,
    effect: 'buy-get',
    selector: { products: [4] },
    buy: 2,
    get: 1,
    percentBp: 10_000,
  }
  const half: Offer = {
    ...common,
    id: 2,
    effect: 'unit-off',
    selector: { products: [4] },
    off: { percentBp: 5000 },
  }
  const set: Offer = {
    ...common,
    id: 3,
    effect: 'bundle',
    parts: [{ products: [4] }, { products: [2] }],
    priceMinor: 1,
  }
  const reasons = (units: number, ...offers: Offer[]) => atCornerShop(offers, cart([4, units])).notApplied
  expect(reasons(2, three)).toEqual([{ offerId: 1, condition: { kind: 'minimum', missingUnits: 1 } }])
  expect(reasons(3, three)).toEqual([])
  expect(reasons(3, three, half)).toEqual([{ offerId: 1, condition: { kind: 'conflict', withOfferId: 2 } }])
  expect(reasons(3, set)).toEqual([{ offerId: 3, condition: { kind: 'minimum', missingUnits: 1 } }])
})

test('[PRC-2b, PRC-3c, PRC-6g, PRC-8a] with every effect, parts add up and the trace explains each paisa', () => {
  fc.assert(
    fc.property(everyEffectCase, (one) => {
      const bill = priced(one)
      let paidMinor = 0
      for (const line of bill.lines) {
        const takenMinor = line.steps.reduce((sum, step) => sum + step.amountMinor, 0)
        expect(line.discountMinor).toBe(takenMinor)
        expect(line.discountMinor).toBeLessThanOrEqual(line.grossMinor)
        const parts = line.taxableMinor + 2 * line.cgstMinor + line.igstMinor + line.roundOffMinor
        expect(parts + line.rupeeMinor).toBe(line.paidMinor)
        if (line.mrpMinor !== undefined)
          expect(line.paidMinor * 1000).toBeLessThanOrEqual(line.mrpMinor * line.quantityMilli)
        paidMinor += line.paidMinor
      }
      expect(bill.toPayMinor).toBe(paidMinor)
      const itemOffers = new Set(one.data.offers.filter(isItemOffer).map(({ id }) => id))
      const layer2 = (bill.applied ?? []).filter(({ offerId }) => itemOffers.has(offerId))
      expect(layer2.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBeLessThanOrEqual(
        bill.boundMinor ?? 0,
      )
      const told = [...(bill.applied ?? []), ...bill.notApplied].map(({ offerId }) => offerId)
      expect(new Set(told).size).toBe(told.length)
      // Every offer whose goods are on the bill is either applied or told why not; coupons only when entered.
      if (one.cart.lines.some(({ giftOf }) => giftOf === undefined)) {
        for (const { id, effect } of one.data.offers.filter(touchesAll))
          expect([effect, told.includes(id)]).toEqual([effect, true])
      }
    }),
    { numRuns: 2000 },
  )
})

test('[PRC-2c] with every effect, the order of scanning and of offers changes nothing', () => {
  const byUid = (bill: PricedCart) => bill.lines.toSorted((one, other) => (one.uid < other.uid ? -1 : 1))
  fc.assert(
    fc.property(everyEffectCase, (one) => {
      const bill = priced(one)
      const turned = priced({
        ...one,
        cart: { ...one.cart, lines: one.cart.lines.toReversed() },
        data: { ...one.data, offers: one.data.offers.toReversed() },
      })
      expect({ ...turned, lines: byUid(turned) }).toEqual({ ...bill, lines: byUid(bill) })
    }),
    { numRuns: 1000 },
  )
})

function isItemOffer({ effect }: Offer): boolean {
  return !['percent-off-bill', 'threshold', 'gift', 'coupon'].includes(effect)
}

/** Offers that touch every bill with a sold line; open gifts stand in a list of their own. */
function touchesAll(offer: Offer): boolean {
  if (offer.effect === 'percent-off-bill') return true
  if (offer.effect === 'coupon' || offer.effect === 'gift' || !('selector' in offer)) return false
  return offer.selector.everything === true && offer.selector.except === undefined
}
