import { expect, test } from 'vitest'
import { price } from '../pricing/engines.ts'
import { indexRulebook } from '../pricing/rulebook.ts'
import type { GiftOffer, Offer, UnitOffer } from '../pricing/types.ts'
import { cart, context, cornerShop, NOW } from '../testing/corner-shop.ts'
import { billOf } from '../testing/sold-bill.ts'
import { giftTermsOf, type SoldLineWithGifts } from './gift-terms.ts'
import { giftsBrokenBy } from './gifts.ts'

const common = { priority: 1, from: 0 }
const gift: GiftOffer = {
  ...common,
  id: 5,
  name: 'A shampoo with serums and perfumes',
  effect: 'gift',
  selector: { products: [1, 2] },
  fromMinor: 139_000,
  gifts: [3],
  unitMinor: 100,
}
const tenOff: UnitOffer = {
  ...common,
  id: 6,
  name: '10% off perfume',
  effect: 'unit-off',
  selector: { products: [2] },
  off: { percentBp: 1000 },
}

/** A serum at 499.00, a perfume at 999.00 less 99.90, an oil, and a shampoo as a gift for 1.00. */
function sell(offers: readonly Offer[]): readonly SoldLineWithGifts[] {
  const shop = indexRulebook(cornerShop({ offers }))
  const { lines } = cart([1, 1], [2, 1], [4, 1], [3, 1])
  const marked = lines.map((line) => (line.productId === 3 ? { ...line, giftOf: 5 } : line))
  const bill = billOf(price({ lines: marked }, shop, context()), shop, context())
  return bill.lines.map((line) => (line.product === 3 ? { ...line, giftOf: 5 } : line))
}
const offers = [gift, tenOff]
const lines = sell(offers)
const uidOf = (product: number) => lines.find((line) => line.product === product)?.uid ?? ''

test('[RET-3c] the base of a gift are the goods of its offer, at their net after layer 2', () => {
  expect(giftTermsOf(lines, indexRulebook(cornerShop({ offers })), NOW)).toEqual([
    {
      offerId: 5,
      fromMinor: 139_000,
      base: [
        { uid: uidOf(1), netMinor: 49_900 },
        { uid: uidOf(2), netMinor: 89_910 },
      ],
      gifts: [uidOf(3)],
    },
  ])
})

test('[PRC-6c, RET-3c] what bill offers, people and points took off does not lower a threshold’s net', () => {
  const [serum, ...others] = lines
  if (serum === undefined) throw new Error('the serum is sold')
  const cheaper = {
    ...serum,
    discountMinor: 1500,
    manualMinor: 700,
    pointsMinor: 300,
    offers: [{ id: 7, amountMinor: 500 }],
  }
  const bill: Offer = { ...common, id: 7, name: 'Bill', effect: 'percent-off-bill', percentBp: 100 }
  const rulebook = indexRulebook(cornerShop({ offers: [...offers, bill] }))
  const [terms] = giftTermsOf([cheaper, ...others], rulebook, NOW)
  expect(terms?.base[0]).toEqual({ uid: serum.uid, netMinor: 49_900 })
})

test('[RET-3d] a gift of an offer that is gone comes back when nothing else of the bill is kept', () => {
  const terms = giftTermsOf(lines, indexRulebook(cornerShop()), NOW)
  const pick = (product: number) => ({ uid: `r${product}`, of: uidOf(product), quantityMilli: 1000 })
  const broken = (...picks: ReturnType<typeof pick>[]) =>
    giftsBrokenBy(lines, new Map(), picks, terms, 'take-back').map(({ uid }) => uid)
  expect(broken(pick(1), pick(2))).toEqual([])
  expect(broken(pick(1), pick(2), pick(4))).toEqual([uidOf(3)])
  expect(broken(pick(1), pick(2), pick(4), pick(3))).toEqual([])
})

test('[PRC-6k] a line that was marked as a gift and paid in full is no gift', () => {
  expect(giftTermsOf(sell([tenOff]), indexRulebook(cornerShop({ offers })), NOW)).toEqual([])
})

test('[RET-3c] a gift beside a paid line of the same mark: only the given one is a gift', () => {
  const paid = lines.map((line) => (line.product === 4 ? { ...line, giftOf: 5 } : line))
  const [terms] = giftTermsOf(paid, indexRulebook(cornerShop({ offers })), NOW)
  expect(terms?.gifts).toEqual([uidOf(3)])
  const other = lines.map((line) =>
    line.product === 4 ? { ...line, giftOf: 5, offers: [{ id: 6, amountMinor: 100 }] } : line,
  )
  expect(giftTermsOf(other, indexRulebook(cornerShop({ offers })), NOW)[0]?.gifts).toEqual([uidOf(3)])
})

test('[RET-3c] goods that the rulebook no longer has are not in the base of a gift', () => {
  const shop = cornerShop({ offers })
  const gone = indexRulebook({ ...shop, products: shop.products.filter(({ id }) => id !== 1) })
  expect(giftTermsOf(lines, gone, NOW)[0]?.base.map(({ uid }) => uid)).toEqual([uidOf(2)])
})

test('[RET-3c] goods near their last day are in the base by the batch that was sold', () => {
  const aging: Offer = { ...gift, selector: { expiresWithinDays: 30 } }
  const shop = cornerShop({ offers: [aging] })
  const products = shop.products.map((each) => {
    if (each.id !== 1) return each
    const batches = [
      { id: 10, batchNo: 'SOON', expiry: { kind: 'expiry' as const, month: '2026-11' } },
      { id: 11, batchNo: 'LATER', expiry: { kind: 'expiry' as const, month: '2027-11' } },
    ]
    return { ...each, batches }
  })
  const rulebook = indexRulebook({ ...shop, products })
  const baseOf = (batch: number | null) => {
    const sold = lines.map((line) => (line.product === 1 ? { ...line, batch } : line))
    return giftTermsOf(sold, rulebook, NOW)[0]?.base.map(({ uid }) => uid)
  }
  expect(baseOf(10)).toEqual([uidOf(1)])
  expect(baseOf(11)).toEqual([])
  expect(baseOf(null)).toEqual([])
})

test('[RET-3c] what an offer took that the rulebook no longer has counts as a discount of goods', () => {
  const [serum, ...others] = lines
  if (serum === undefined) throw new Error('the serum is sold')
  const cheaper = { ...serum, discountMinor: 500, offers: [{ id: 99, amountMinor: 500 }] }
  const [terms] = giftTermsOf([cheaper, ...others], indexRulebook(cornerShop({ offers })), NOW)
  expect(terms?.base[0]).toEqual({ uid: serum.uid, netMinor: 49_400 })
})
