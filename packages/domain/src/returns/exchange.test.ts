import { expect, test } from 'vitest'
import { price } from '../pricing/engines.ts'
import { indexRulebook } from '../pricing/rulebook.ts'
import { cart, context, cornerShop, NOW, percentOff, product } from '../testing/corner-shop.ts'
import { billOf } from '../testing/sold-bill.ts'
import { creditNoteOf } from './credit-note.ts'
import { exchangeOf } from './exchange.ts'

test('[RET-1a] one difference is paid or refunded, and nothing where both are equal', () => {
  expect(exchangeOf({ totalMinor: 4900 }, { totalMinor: 9900 })).toEqual({
    direction: 'in',
    amountMinor: 5000,
  })
  expect(exchangeOf({ totalMinor: 9900 }, { totalMinor: 4900 })).toEqual({
    direction: 'out',
    amountMinor: 5000,
  })
  expect(exchangeOf({ totalMinor: 9900 }, { totalMinor: 9900 })).toEqual({ direction: 'in', amountMinor: 0 })
  expect(exchangeOf(undefined, { totalMinor: 9900 })).toEqual({ direction: 'in', amountMinor: 9900 })
  expect(exchangeOf({ totalMinor: 9900 }, undefined)).toEqual({ direction: 'out', amountMinor: 9900 })
})

test('[RET-1b, TAX-4d] offers of an exchange see what is sold now, and each document rounds alone', () => {
  const products = [product(1, 'Soap', 'gst-18', 3350), product(2, 'Cream', 'gst-18', 9990)]
  const rulebook = indexRulebook(cornerShop({ products, rupeeRounding: true, offers: [] }))
  const bill = billOf(price(cart([1, 3]), rulebook, context()), rulebook, context())
  expect(bill.lines[0]?.paidMinor).toBe(10_000)
  const back = creditNoteOf(bill, new Map(), [{ uid: 'r', of: 'l1', quantityMilli: 1000 }], { pricedAt: NOW })
  // An offer from 100.00 on: sold and returned goods together would reach it, the sold ones do not.
  const offered = indexRulebook(
    cornerShop({ products, rupeeRounding: true, offers: [percentOff(1000, { minimumMinor: 10_000 })] }),
  )
  const sold = price(cart([2, 1]), offered, context())
  // 33.33 was paid for the soap, and the cream costs 99.90: 66.57 rounded at once would be 67.00.
  expect([back.totalMinor, sold.toPayMinor]).toEqual([3300, 9900])
  expect(exchangeOf(back, { totalMinor: sold.toPayMinor })).toEqual({ direction: 'in', amountMinor: 6600 })
})
