import { expect, test } from 'vitest'
import { cornerShop, NOW } from '../testing/corner-shop.ts'
import { offersOnLine } from './offers-on-line.ts'
import { indexRulebook } from './rulebook.ts'
import type { Offer } from './types.ts'

const half = { name: 'Offer', priority: 1, from: 0, effect: 'unit-off', off: { percentBp: 5000 } } as const
const offers: Offer[] = [
  { ...half, id: 1, selector: { products: [1] } },
  { ...half, id: 2, selector: { products: [2] } },
  { ...half, id: 3, selector: { unitFromMinor: 40_000 } },
  { id: 4, name: 'Bill', priority: 1, from: 0, effect: 'percent-off-bill', percentBp: 100 },
  { ...half, id: 5, selector: { everything: true, expiresWithinDays: 10 } },
]

test('[PRC-8d] the offers of a line are those whose selector takes it, and those of the whole bill', () => {
  const rulebook = indexRulebook(cornerShop({ offers }))
  const line = (productId: number) => ({ uid: 'a', productId, quantityMilli: 1000 })
  const on = (productId: number, unitMinor: number) => [
    ...offersOnLine(line(productId), { productId, unitMinor }, rulebook, NOW),
  ]
  expect(on(1, 49_900).toSorted()).toEqual([1, 3, 4])
  expect(on(2, 39_900).toSorted()).toEqual([2, 4])
  expect(on(99, 49_900)).toEqual([4])
})
