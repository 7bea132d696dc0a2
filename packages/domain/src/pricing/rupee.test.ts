import fc from 'fast-check'
import { expect, test } from 'vitest'
import formats from '../../../../docs/spec/cases/formats.json' with { type: 'json' }
import { pricingCase } from '../testing/arbitrary-shop.ts'
import { cart, context, cornerShop, product } from '../testing/corner-shop.ts'
import { price } from './engines.ts'
import { indexRulebook } from './rulebook.ts'
import { roundToRupee } from './rupee.ts'

const UNLIMITED = Number.MAX_SAFE_INTEGER

/** Lines that pay these amounts after rounding below these ceilings. */
function rounded(paid: readonly number[], ceilings: readonly number[]): number[] {
  const lines = paid.map((paidMinor) => ({ paidMinor, rupeeMinor: 0 }))
  roundToRupee(lines, ceilings)
  expect(lines.map((line) => line.paidMinor - line.rupeeMinor)).toEqual(paid)
  return lines.map((line) => line.paidMinor)
}

const sum = (list: readonly number[]) => list.reduce((total, part) => total + part, 0)
const someLines = fc.array(
  fc.tuple(fc.oneof(fc.nat(150), fc.nat(100_000)), fc.oneof(fc.nat(3), fc.nat(60), fc.constant(UNLIMITED))),
  { minLength: 1, maxLength: 12 },
)

test('[TAX-4a, TAX-4b] the total is the nearest rupee, or the one below where ceilings leave no room', () => {
  fc.assert(
    fc.property(someLines, (list) => {
      const paid = list.map(([paidMinor]) => paidMinor)
      const ceilings = list.map(([paidMinor, room]) => (room === UNLIMITED ? UNLIMITED : paidMinor + room))
      const before = sum(paid)
      const after = sum(rounded(paid, ceilings))
      const nearest = Math.floor((before + 50) / 100) * 100
      const room = list.some(([, each]) => each === UNLIMITED) ? UNLIMITED : sum(list.map(([, each]) => each))
      expect(after).toBe(nearest - before <= room ? nearest : nearest - 100)
    }),
    { numRuns: 2000 },
  )
})

test('[TAX-4c] no line passes its ceiling or falls below zero', () => {
  fc.assert(
    fc.property(someLines, (list) => {
      const ceilings = list.map(([paidMinor, room]) => (room === UNLIMITED ? UNLIMITED : paidMinor + room))
      const after = rounded(
        list.map(([paidMinor]) => paidMinor),
        ceilings,
      )
      after.forEach((paidMinor, at) => {
        expect(paidMinor).toBeLessThanOrEqual(ceilings[at] ?? 0)
        expect(paidMinor).toBeGreaterThanOrEqual(0)
      })
    }),
    { numRuns: 2000 },
  )
})

test('[TAX-4c] the difference is spread by what the lines pay; the excess goes where there is room', () => {
  expect(rounded([10_030, 5020], [UNLIMITED, UNLIMITED])).toEqual([10_063, 5037])
  expect(rounded([10_030, 5020], [10_030, UNLIMITED])).toEqual([10_030, 5070])
  expect(rounded([10_030, 5010, 10], [10_040, 5010, 60])).toEqual([10_040, 5010, 50])
  expect(rounded([10_020, 5010], [10_020, 5010])).toEqual([10_000, 5000])
  // The excess of 18 goes 9 to 13, as the lines paid before: 4 + 7 and 5 + 11.
  expect(rounded([50, 9, 13], [51, UNLIMITED, UNLIMITED])).toEqual([51, 20, 29])
})

test('[TAX-4c] a line that pays nothing takes the excess only when no other has room', () => {
  expect(rounded([10_050, 0, 0], [10_050, 30, 500])).toEqual([10_050, 30, 20])
})

test('[TAX-4a] half a rupee goes up', () => {
  expect(rounded([10_050], [UNLIMITED])).toEqual([10_100])
  expect(rounded([10_049], [UNLIMITED])).toEqual([10_000])
  expect(rounded([50], [UNLIMITED])).toEqual([100])
  expect(rounded([49], [UNLIMITED])).toEqual([0])
})

test('[TAX-4b] goods at their MRP are rounded down', () => {
  const shop = (rupeeRounding: boolean) => indexRulebook(cornerShop({ rupeeRounding }))
  expect(price(cart([7, 1]), shop(true), context())).toMatchObject({ toPayMinor: 9900, rupeeMinor: -50 })
  expect(price(cart([7, 1]), shop(false), context())).toMatchObject({ toPayMinor: 9950, rupeeMinor: 0 })
})

test('[TAX-4a] rounding touches neither value nor tax', () => {
  fc.assert(
    fc.property(pricingCase, ({ data, cart, context }) => {
      const plain = price(cart, indexRulebook({ ...data, rupeeRounding: false }), context)
      const whole = price(cart, indexRulebook({ ...data, rupeeRounding: true }), context)
      expect(whole.toPayMinor % 100).toBe(0)
      expect(whole.toPayMinor - plain.toPayMinor).toBe(whole.rupeeMinor)
      expect(whole.groups).toEqual(plain.groups)
      expect(whole.lines.map((line) => line.taxableMinor)).toEqual(
        plain.lines.map((line) => line.taxableMinor),
      )
    }),
    { numRuns: 500 },
  )
})

test('[TAX-4c] a line below its MRP takes what its neighbour at the MRP cannot', () => {
  const cheap = {
    ...product(2, 'Perfume', 'gst-18', 10_000),
    prices: [{ list: 1, unitMinor: 9950, from: 0 }],
  }
  const products = [product(1, 'Serum', 'gst-18', 10_000), cheap]
  const rulebook = indexRulebook(cornerShop({ products, rupeeRounding: true }))
  const priced = price(cart([1, 1], [2, 1]), rulebook, context())
  expect(priced.lines.map((line) => line.rupeeMinor)).toEqual([0, 50])
  expect(priced.toPayMinor).toBe(20_000)
})

test.each(formats.tender.filter((given) => given.id === 'TND-2'))(
  '[TAX-4a] reference case $id',
  ({ input, expected }) => {
    const paise = (text = '') => Number(text.replace('.', ''))
    expect(rounded([paise(input.total)], [UNLIMITED])).toEqual([paise(expected.rounded)])
  },
)
