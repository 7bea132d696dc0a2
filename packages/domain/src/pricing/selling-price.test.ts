import { expect, test } from 'vitest'
import { cart, context, cornerShop, NOW } from '../testing/corner-shop.ts'
import { price } from './engines.ts'
import { indexRulebook } from './rulebook.ts'
import type { PriceList, PriceRow, PricingContext } from './types.ts'

const priceLists: PriceList[] = [
  { id: 1, name: 'Chain', scope: 'chain', scopeId: '', inclusive: true },
  { id: 2, name: 'South', scope: 'region', scopeId: 'south', inclusive: true },
  { id: 3, name: 'Koramangala', scope: 'store', scopeId: 'koramangala', inclusive: true },
  { id: 4, name: 'Members', scope: 'chain', scopeId: '', tier: 'member', inclusive: true },
  { id: 5, name: 'Chain, second', scope: 'chain', scopeId: '', inclusive: true },
  { id: 6, name: 'Members in the south', scope: 'region', scopeId: 'south', tier: 'member', inclusive: true },
  { id: 7, name: 'Indiranagar', scope: 'store', scopeId: 'indiranagar', inclusive: true },
]

/** List and unit price that product 1 gets from these rows. */
function sold(
  prices: PriceRow[],
  changes: Partial<PricingContext> = {},
): [listId: number, unitMinor: number] {
  const shop = cornerShop({ priceLists })
  const products = shop.products.map((each) => (each.id === 1 ? { ...each, prices } : each))
  const priced = price(cart([1, 1]), indexRulebook({ ...shop, products }), context(changes))
  return [priced.lines[0]?.listId ?? 0, priced.lines[0]?.unitMinor ?? 0]
}

const row = (list: number, unitMinor: number, from = 0, until?: number): PriceRow => {
  return until === undefined ? { list, unitMinor, from } : { list, unitMinor, from, until }
}

test('[PRC-4a] store beats region beats chain, dearer or not', () => {
  expect(sold([row(1, 40_000), row(2, 45_000), row(3, 48_000)])).toEqual([3, 48_000])
  expect(sold([row(3, 48_000), row(2, 45_000), row(1, 40_000)])).toEqual([3, 48_000])
  expect(sold([row(1, 40_000), row(2, 45_000)])).toEqual([2, 45_000])
  expect(sold([row(1, 40_000), row(2, 45_000)], { regionId: 'north' })).toEqual([1, 40_000])
})

test("[PRC-4a] another store's list is not looked at", () => {
  expect(sold([row(1, 40_000), row(7, 30_000)])).toEqual([1, 40_000])
})

test("[PRC-4b] a tier's list wins only for its tier, and only when cheaper", () => {
  const rows = [row(3, 48_000), row(4, 42_000)]
  expect(sold(rows)).toEqual([3, 48_000])
  expect(sold(rows, { tier: 'staff' })).toEqual([3, 48_000])
  expect(sold(rows, { tier: 'member' })).toEqual([4, 42_000])
  expect(sold([row(3, 41_000), row(4, 42_000)], { tier: 'member' })).toEqual([3, 41_000])
  expect(sold([row(3, 42_000), row(4, 42_000)], { tier: 'member' })).toEqual([3, 42_000])
})

test("[PRC-4b] of several lists of the customer's tier the cheapest wins, also without an ordinary price", () => {
  expect(sold([row(4, 42_000), row(6, 41_000)], { tier: 'member' })).toEqual([6, 41_000])
  expect(sold([row(6, 43_000), row(4, 42_000)], { tier: 'member' })).toEqual([4, 42_000])
})

test('[PRC-4e] within a list the row that began last counts, until it ends', () => {
  const rows = [row(1, 40_000), row(1, 30_000, NOW, NOW + 10), row(1, 45_000, NOW + 20)]
  const at = (pricedAt: number) => sold(rows, { pricedAt })[1]
  expect([at(NOW - 1), at(NOW), at(NOW + 9), at(NOW + 10), at(NOW + 19), at(NOW + 20)]).toEqual([
    40_000, 30_000, 30_000, 40_000, 40_000, 45_000,
  ])
})

test("[PRC-4e] a list's earlier row does not compete with another list behind its later row's back", () => {
  expect(sold([row(4, 30_000), row(4, 47_000, NOW), row(6, 46_000)], { tier: 'member' })).toEqual([6, 46_000])
})

test('[PRC-4e] lists of equal rank compete on price, then the lower id counts', () => {
  expect(sold([row(1, 40_000), row(5, 39_000)])).toEqual([5, 39_000])
  expect(sold([row(5, 40_000), row(1, 40_000)])).toEqual([1, 40_000])
  expect(sold([row(1, 40_000), row(1, 39_000)])).toEqual([1, 39_000])
})

test('[PRC-5a, PRC-5b] a price changes at its instant, not a millisecond sooner or later', () => {
  const rows = [row(1, 40_000, 0, NOW), row(1, 44_000, NOW)]
  expect(sold(rows, { pricedAt: NOW - 1 })).toEqual([1, 40_000])
  expect(sold(rows, { pricedAt: NOW })).toEqual([1, 44_000])
})

test('[PRC-4e] of lists of equal rank the cheaper counts, at equal prices the lower id, in any order of rows', () => {
  for (const [first, second] of [
    [1, 5],
    [5, 1],
  ] as const) {
    expect(sold([row(first, 40_000), row(second, 40_000)])).toEqual([1, 40_000])
    expect(
      sold([row(first, first === 5 ? 39_000 : 40_000), row(second, second === 5 ? 39_000 : 40_000)]),
    ).toEqual([5, 39_000])
    expect(
      sold([row(first, first === 1 ? 39_000 : 40_000), row(second, second === 1 ? 39_000 : 40_000)]),
    ).toEqual([1, 39_000])
  }
  expect(sold([row(6, 30_000), row(4, 30_000), row(1, 40_000)], { tier: 'member' })).toEqual([4, 30_000])
})
