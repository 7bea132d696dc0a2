import { expect, test } from 'vitest'
import { price } from '../pricing/engines.ts'
import { indexRulebook } from '../pricing/rulebook.ts'
import { cart, context, cornerShop, NOW } from '../testing/corner-shop.ts'
import { billOf } from '../testing/sold-bill.ts'
import { creditNoteOf, quantitiesReturned } from './credit-note.ts'
import { giftsBrokenBy } from './gifts.ts'
import type { SoldLine } from './types.ts'

// Two serums at 499.00 and a perfume at 999.00; from 1,500.00 on two shampoos at 349.00 cost 1.00 each.
const rulebook = indexRulebook(cornerShop())
const sold = billOf(price(cart([1, 2], [2, 1], [3, 2]), rulebook, context()), rulebook, context())
const bill = {
  ...sold,
  lines: sold.lines.map((line): SoldLine => {
    if (line.uid !== 'l3') return line
    const offers = [{ id: 5, amountMinor: 69_600 }]
    const figures = { paidMinor: 200, taxableMinor: 190, cgstMinor: 5, roundOffMinor: 0 }
    return { ...line, discountMinor: 69_600, ...figures, offers }
  }),
}
const terms = [
  {
    offerId: 5,
    fromMinor: 150_000,
    base: [
      { uid: 'l1', netMinor: 99_800 },
      { uid: 'l2', netMinor: 99_900 },
    ],
    gifts: ['l3'],
  },
]
const nothing = new Map<string, number>()
const pick = (of: string, units: number) => ({ uid: `r${of}`, of, quantityMilli: units * 1000 })

test('[RET-3c] a return that leaves the threshold standing breaks no gift', () => {
  // 998.00 + 999.00 less 499.00 is 1,498.00: two rupees short.
  expect(giftsBrokenBy(bill.lines, nothing, [pick('l1', 1)], terms, 'take-back')).toHaveLength(1)
  const lower = terms.map((each) => ({ ...each, fromMinor: 149_800 }))
  expect(giftsBrokenBy(bill.lines, nothing, [pick('l1', 1)], lower, 'take-back')).toEqual([])
  expect(giftsBrokenBy(bill.lines, nothing, [pick('l3', 1)], terms, 'take-back')).toEqual([])
})

test('[RET-3c] a gift whose threshold was just reached is broken by any return from its goods', () => {
  const exact = terms.map((each) => ({ ...each, fromMinor: 99_800 + 99_900 }))
  expect(giftsBrokenBy(bill.lines, nothing, [pick('l1', 1)], exact, 'invoice')).toHaveLength(1)
})

test('[RET-3b] a broken gift comes back at what was paid for it, by a pick of its own', () => {
  const picks = [pick('l2', 1)]
  const [gift] = giftsBrokenBy(bill.lines, nothing, picks, terms, 'take-back')
  expect(gift).toEqual({
    offerId: 5,
    uid: 'l3',
    fromMilli: 0,
    toMilli: 2000,
    policy: 'take-back',
    amountMinor: 200,
  })
  const note = creditNoteOf(bill, nothing, [...picks, pick('l3', 2)], { pricedAt: NOW })
  expect(note.totalMinor).toBe(99_900 + 200)
})

test('[RET-3a] a gift that comes back takes its discount with it, share by share', () => {
  const one = creditNoteOf(bill, nothing, [pick('l3', 1)], { pricedAt: NOW })
  expect(one).toMatchObject({ totalMinor: 100, lines: [{ offers: [{ id: 5, amountMinor: 34_800 }] }] })
})

test('[RET-3b, RET-3c] or it is invoiced at its value less what was paid, as far as the customer keeps it', () => {
  const invoiced = (picks: ReturnType<typeof pick>[], back = nothing) =>
    giftsBrokenBy(bill.lines, back, picks, terms, 'invoice').map((gift) => [
      gift.uid,
      gift.fromMilli,
      gift.toMilli,
      gift.amountMinor,
    ])
  expect(invoiced([pick('l2', 1)])).toEqual([['l3', 0, 2000, 69_600]])
  expect(invoiced([pick('l2', 1), pick('l3', 1)])).toEqual([['l3', 1000, 2000, 34_800]])
  expect(invoiced([pick('l2', 1)], new Map([['l3', 1000]]))).toEqual([['l3', 1000, 2000, 34_800]])
  expect(invoiced([pick('l2', 1), pick('l3', 2)])).toEqual([])
})

test('[RET-3c] a gift is broken once: the return that broke it settled it', () => {
  const first = creditNoteOf(bill, nothing, [pick('l2', 1)], { pricedAt: NOW })
  const back = quantitiesReturned(bill, [first])
  expect(giftsBrokenBy(bill.lines, back, [pick('l1', 1)], terms, 'invoice')).toEqual([])
})
