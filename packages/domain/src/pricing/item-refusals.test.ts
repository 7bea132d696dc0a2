import { expect, test } from 'vitest'
import { context, cornerShop, NOW, product } from '../testing/corner-shop.ts'
import { price } from './engines.ts'
import type { Offer } from './offers.ts'
import { indexRulebook } from './rulebook.ts'
import type { CartLine, FailedCondition } from './types.ts'

const common = { name: 'Offer', priority: 0, from: 0 }
const everything = { everything: true } as const

/** Why offers did not apply to one unit each of products 1 … n, which cost what is given. */
function refusals(offers: Offer[], prices: number[], lines?: CartLine[]): Record<number, FailedCondition> {
  const products = prices.map((minor, at) => ({ ...product(at + 1, 'Thing', 'gst-18', minor), batches: [] }))
  const cart = {
    lines: lines ?? prices.map((_, at) => ({ uid: `l${at}`, productId: at + 1, quantityMilli: 1000 })),
  }
  const priced = price(cart, indexRulebook(cornerShop({ offers, products })), context({ pricedAt: NOW }))
  return Object.fromEntries(priced.notApplied.map(({ offerId, condition }) => [offerId, condition]))
}

test('[PRC-8d] an offer that would take nothing off says how dear a unit must be', () => {
  const one = (off: { percentBp: number } | { amountMinor: number }): Offer => ({
    ...common,
    id: 1,
    effect: 'unit-off',
    selector: everything,
    off,
  })
  expect(refusals([one({ percentBp: 100 })], [49])).toEqual({ 1: { kind: 'minimum', missingMinor: 50 } })
  expect(refusals([one({ percentBp: 100 })], [50])).toEqual({})
  expect(refusals([one({ amountMinor: 10 })], [0])).toEqual({ 1: { kind: 'minimum', missingMinor: 1 } })
})

test('[PRC-8d] where another offer has the goods, only what would apply without it is in conflict', () => {
  const half: Offer = { ...common, id: 1, effect: 'unit-off', selector: everything, off: { percentBp: 5000 } }
  const tenth: Offer = { ...half, id: 2, off: { percentBp: 1000 } }
  const dust: Offer = { ...half, id: 3, off: { percentBp: 1 } }
  const pair: Offer = {
    ...common,
    id: 4,
    effect: 'buy-get',
    selector: everything,
    buy: 1,
    get: 1,
    percentBp: 1,
  }
  const three: Offer = { ...half, id: 5, off: { percentBp: 100 }, minimumUnits: 3 }
  expect(refusals([half, tenth, dust, pair, three], [1000, 1000])).toEqual({
    2: { kind: 'conflict', withOfferId: 1 },
    3: { kind: 'minimum', missingMinor: 5000 },
    4: { kind: 'minimum', missingMinor: 1 },
    5: { kind: 'minimum', missingUnits: 1 },
  })
})

test('[PRC-8d] what misses units says how many, for each effect in its own way', () => {
  const first = { products: [1] }
  const second = { products: [2] }
  const offers: Offer[] = [
    { ...common, id: 1, effect: 'buy-get', selector: first, buy: 2, get: 2, percentBp: 5000 },
    {
      ...common,
      id: 2,
      effect: 'buy-other',
      buy: { selector: first, units: 2 },
      get: { selector: second, units: 1 },
      percentBp: 5000,
    },
    { ...common, id: 3, effect: 'bundle', parts: [first, second, { products: [3] }], priceMinor: 1 },
    {
      ...common,
      id: 4,
      effect: 'buy-other',
      buy: { selector: first, units: 1 },
      get: { selector: first, units: 1 },
      percentBp: 5000,
    },
  ]
  expect(refusals(offers, [1000])).toEqual({
    1: { kind: 'minimum', missingUnits: 3 },
    2: { kind: 'minimum', missingUnits: 2 },
    3: { kind: 'minimum', missingUnits: 2 },
    4: { kind: 'minimum', missingUnits: 1 },
  })
})

test('[PRC-1f, PRC-8d] a part of a unit is none, and a markdown whose days have not come is no refusal', () => {
  const pair: Offer = {
    ...common,
    id: 1,
    effect: 'buy-get',
    selector: everything,
    buy: 1,
    get: 1,
    percentBp: 5000,
  }
  const late: Offer = {
    ...common,
    id: 2,
    effect: 'markdown',
    selector: everything,
    steps: [{ withinDays: 5, percentBp: 5000 }],
  }
  const henna = { ...product(1, 'Henna', 'gst-18', 1000), uqc: 'GMS', batches: [] }
  const lines = [{ uid: 'a', productId: 1, quantityMilli: 2500 }]
  const priced = price(
    { lines },
    indexRulebook(cornerShop({ offers: [pair, late], products: [henna] })),
    context(),
  )
  expect(priced.notApplied).toEqual([{ offerId: 1, condition: { kind: 'minimum', missingUnits: 2 } }])
})
