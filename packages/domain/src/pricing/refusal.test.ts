import { expect, test } from 'vitest'
import { cart, context, cornerShop, product } from '../testing/corner-shop.ts'
import { price } from './engines.ts'
import { PricingRefusal } from './refusal.ts'
import { indexRulebook, type RulebookData } from './rulebook.ts'
import type { CartLine } from './types.ts'

/** What refuses the second line of a cart whose first line is fine. */
function refused(changes: Partial<CartLine>, shop: Partial<RulebookData> = {}): object | undefined {
  const lines = [
    { uid: 'good', productId: 2, quantityMilli: 1000 },
    { uid: 'bad', productId: 1, quantityMilli: 1000, ...changes },
  ]
  try {
    price({ lines }, indexRulebook(cornerShop(shop)), context())
  } catch (error) {
    if (!(error instanceof PricingRefusal)) throw error
    return { code: error.code, uid: error.uid, productId: error.productId }
  }
  return undefined
}

test('a refusal names its line and product', () => {
  expect(String(new PricingRefusal('product/unknown', 'bad', 404))).toBe(
    'PricingRefusal: product/unknown (line bad, product 404)',
  )
  expect(refused({ productId: 404 })).toEqual({ code: 'product/unknown', uid: 'bad', productId: 404 })
  expect(refused({})).toBeUndefined()
})

test('[TAX-1b] a product without a class, or whose class has no rate yet, cannot be sold', () => {
  const products = (taxClassId: string) => [
    product(1, 'Serum', taxClassId, 100),
    product(2, 'Perfume', 'gst-18', 100),
  ]
  expect(refused({}, { products: products('none') })).toMatchObject({ code: 'product/unclassified' })
  const later = { id: 'later', name: 'Later', rates: [{ from: 9e15, kind: 'taxable' as const, rateBp: 500 }] }
  const taxClasses = [...cornerShop().taxClasses, later]
  expect(refused({}, { products: products('later'), taxClasses })).toMatchObject({
    code: 'product/unclassified',
  })
})

test('[PRC-4a] a product that no list in force prices cannot be sold', () => {
  const other = product(2, 'Perfume', 'gst-18', 100)
  const prices = (from: number, list: number) => ({
    products: [{ ...product(1, 'Serum', 'gst-18', 100), prices: [{ list, unitMinor: 100, from }] }, other],
  })
  expect(refused({}, prices(9e15, 1))).toMatchObject({ code: 'product/no-price', uid: 'bad' })
  expect(refused({}, prices(0, 99))).toMatchObject({ code: 'product/no-price' })
})

test('[PRC-3a] a batch that the rulebook does not have is refused, not guessed', () => {
  expect(refused({ batchId: 20 })).toMatchObject({ code: 'batch/unknown' })
  expect(refused({ batchId: 10 })).toBeUndefined()
})

test('[PRC-1g] only a positive whole number of units is sold, or a fraction of what is measured', () => {
  for (const quantityMilli of [0, -1000, Number.NaN, 1000.5, Number.POSITIVE_INFINITY]) {
    expect(refused({ quantityMilli })).toMatchObject({ code: 'quantity/not-positive', uid: 'bad' })
  }
  expect(refused({ quantityMilli: 1500 })).toMatchObject({ code: 'quantity/fractional' })
  expect(refused({ productId: 9, quantityMilli: 1500 })).toBeUndefined()
})

test('a line beyond ten thousand crore rupees is refused before sums turn inexact', () => {
  expect(refused({ quantityMilli: 200_400_801_000 })).toBeUndefined()
  expect(refused({ quantityMilli: 200_400_802_000 })).toMatchObject({ code: 'quantity/too-large' })
  expect(refused({ quantityMilli: 9_007_199_254_740_000 })).toMatchObject({ code: 'quantity/too-large' })
})

test('a line whose MRP is beyond what sums can hold is refused as well, whatever it costs', () => {
  const cheap = {
    ...product(1, 'Serum', 'gst-18', 9_000_000_000),
    prices: [{ list: 1, unitMinor: 1, from: 0 }],
  }
  const products = [cheap, product(2, 'Perfume', 'gst-18', 99_900)]
  expect(refused({ quantityMilli: 1_111_000 }, { products })).toBeUndefined()
  expect(refused({ quantityMilli: 1_112_000 }, { products })).toMatchObject({ code: 'quantity/too-large' })
  const lines = Array.from({ length: 11 }, (_, at) => ({
    uid: `m${at}`,
    productId: 1,
    quantityMilli: 1_111_000,
  }))
  expect(() => price({ lines }, indexRulebook(cornerShop({ products })), context())).toThrow(
    expect.objectContaining({ code: 'quantity/too-large', uid: 'm10' }),
  )
})

test('the line that lifts a bill above what sums can hold exactly is refused, however many there are', () => {
  const lines = Array.from({ length: 1000 }, (_, at) => ({
    uid: `l${at}`,
    productId: 1,
    quantityMilli: 200_400_801_000,
  }))
  const sell = (count: number) =>
    price({ lines: lines.slice(0, count) }, indexRulebook(cornerShop()), context())
  expect(sell(10).lines).toHaveLength(10)
  expect(() => sell(1000)).toThrow(expect.objectContaining({ code: 'quantity/too-large', uid: 'l10' }))
})

test('[PRC-4d] a line whose list differs in tax is refused, since a document has one flag', () => {
  const priceLists = [
    { id: 1, name: 'Retail', scope: 'chain' as const, scopeId: '', inclusive: true },
    { id: 2, name: 'Trade', scope: 'chain' as const, scopeId: '', inclusive: false },
  ]
  const trade = { ...product(1, 'Serum', 'gst-18', 100), prices: [{ list: 2, unitMinor: 100, from: 0 }] }
  const products = [trade, product(2, 'Perfume', 'gst-18', 100)]
  expect(refused({}, { priceLists, products })).toMatchObject({ code: 'line/mixed-inclusive', uid: 'bad' })
})

test('two lines of one uid are refused, since traces name lines by it', () => {
  const lines = cart([1, 1], [2, 1]).lines.map((line) => ({ ...line, uid: 'same' }))
  const rulebook = indexRulebook(cornerShop())
  expect(() => price({ lines }, rulebook, context())).toThrow('line/uid-repeated (line same, product 2)')
})
