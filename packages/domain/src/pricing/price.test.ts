import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Case, pricingCase } from '../testing/arbitrary-shop.ts'
import { cart, context, cornerShop, GST_2, percentOff, product } from '../testing/corner-shop.ts'
import { ENGINE, engines, price } from './engines.ts'
import { indexRulebook } from './rulebook.ts'
import type { PricedCart, PricedLine } from './types.ts'

const run = ({ data, cart, context }: Case): PricedCart => price(cart, indexRulebook(data), context)
const sum = (list: readonly number[]) => list.reduce((total, part) => total + part, 0)
const law = (check: (priced: PricedCart, given: Case) => void) =>
  fc.assert(
    fc.property(pricingCase, (given) => check(run(given), given)),
    { numRuns: 1500 },
  )

/** What a line may cost at most, worked out in rationals. */
function ceilingOf(line: PricedLine): number {
  if (line.mrpMinor === undefined) return Number.POSITIVE_INFINITY
  return Number((BigInt(line.mrpMinor) * BigInt(line.quantityMilli)) / 1000n)
}

test('[PRC-2b, TAX-2g, TAX-2h] parts make lines, lines make groups, groups make the document', () => {
  law((priced) => {
    for (const line of priced.lines) {
      const { taxableMinor, cgstMinor, igstMinor, roundOffMinor, rupeeMinor } = line
      expect(taxableMinor + 2 * cgstMinor + igstMinor + roundOffMinor + rupeeMinor).toBe(line.paidMinor)
    }
    for (const part of ['taxableMinor', 'cgstMinor', 'igstMinor', 'roundOffMinor'] as const) {
      expect(sum(priced.groups.map((group) => group[part]))).toBe(priced[part])
      expect(sum(priced.lines.map((line) => line[part]))).toBe(priced[part])
      for (const group of priced.groups) {
        const members = priced.lines.filter(
          (line) => line.rateBp === group.rateBp && line.taxKind === group.taxKind,
        )
        expect(members.length).toBeGreaterThan(0)
        expect(sum(members.map((line) => line[part]))).toBe(group[part])
      }
    }
    for (const part of ['grossMinor', 'discountMinor', 'rupeeMinor'] as const) {
      expect(sum(priced.lines.map((line) => line[part]))).toBe(priced[part])
    }
    expect(sum(priced.lines.map((line) => line.paidMinor))).toBe(priced.toPayMinor)
    expect(
      sum(priced.lines.map((line) => (ceilingOf(line) < 1e300 ? ceilingOf(line) : line.grossMinor))),
    ).toBe(priced.mrpTotalMinor)
  })
})

test('[PRC-1c] with tax inside, a line pays its gross less the discount, plus the rupee rounding', () => {
  law((priced) => {
    if (!priced.inclusive) return
    for (const line of priced.lines) {
      expect(line.paidMinor).toBe(line.grossMinor - line.discountMinor + line.rupeeMinor)
    }
  })
})

test('[PRC-3c] nothing lifts a line above its MRP: no list, no tax, no rounding', () => {
  law((priced) => {
    for (const line of priced.lines) expect(line.paidMinor).toBeLessThanOrEqual(ceilingOf(line))
  })
})

test("[TAX-2h, PRC-3f] a line's round-off stays within two paise, exclusive prices at their ceiling included", () => {
  law((priced) => {
    for (const line of priced.lines) {
      expect(Math.abs(line.roundOffMinor)).toBeLessThanOrEqual(2)
      if (!priced.inclusive) expect(line.roundOffMinor).toBeLessThanOrEqual(0)
    }
  })
})

test('[PRC-6g] a discount is the sum of its steps and never more than the line', () => {
  law((priced) => {
    for (const line of priced.lines) {
      expect(sum(line.steps.map((step) => step.amountMinor))).toBe(line.discountMinor)
      expect(line.steps.every((step) => step.amountMinor > 0)).toBe(true)
      expect(line.discountMinor).toBeLessThanOrEqual(line.grossMinor)
      expect(
        Math.min(line.paidMinor, line.taxableMinor, line.cgstMinor, line.igstMinor),
      ).toBeGreaterThanOrEqual(0)
    }
  })
})

test('[TAX-3a, TAX-3b] within a State the tax is CGST and as much SGST, across States it is IGST', () => {
  law((priced, { context }) => {
    const silent = context.placeOfSupply === context.storeState ? 'igstMinor' : 'cgstMinor'
    for (const part of [...priced.lines, ...priced.groups, priced]) expect(part[silent]).toBe(0)
  })
})

test('[PRC-2c] the order of scanning changes nothing but the order of lines', () => {
  const shuffled = pricingCase.chain((given) => {
    const lines = [...given.cart.lines]
    return fc.tuple(fc.constant(given), fc.shuffledSubarray(lines, { minLength: lines.length }))
  })
  fc.assert(
    fc.property(shuffled, ([given, lines]) => {
      const { lines: asScanned, ...document } = run(given)
      const { lines: shuffledLines, ...shuffledDocument } = run({ ...given, cart: { lines } })
      expect(shuffledDocument).toEqual(document)
      expect(shuffledLines.map((line) => line.uid)).toEqual(lines.map((line) => line.uid))
      expect(shuffledLines.toSorted((one, other) => (one.uid < other.uid ? -1 : 1))).toEqual(
        asScanned.toSorted((one, other) => (one.uid < other.uid ? -1 : 1)),
      )
    }),
    { numRuns: 1000 },
  )
})

test('[PRC-2c] a paisa that two equal lines cannot share goes by product, then batch, then uid', () => {
  const serum = {
    ...product(1, 'Serum', 'nil', 100),
    batches: [10, 11].map((id) => ({ id, batchNo: `B${id}`, mrpMinor: 100 })),
  }
  const shop = cornerShop({ products: [serum, product(2, 'Bindi', 'nil', 100)], offers: [percentOff(50)] })
  const first = (...lines: [uid: string, productId: number, batchId?: number][]) => {
    const sold = lines.map(([uid, productId, batchId]) => ({
      uid,
      productId,
      quantityMilli: 1000,
      ...(batchId !== undefined && { batchId }),
    }))
    const priced = price({ lines: sold }, indexRulebook(shop), context())
    return priced.lines.filter((line) => line.discountMinor === 1).map((line) => line.uid)
  }
  expect(first(['a', 2], ['b', 1])).toEqual(['b'])
  expect(first(['a', 1, 11], ['b', 1, 10])).toEqual(['b'])
  expect(first(['a', 1, 10], ['b', 1])).toEqual(['b'])
  expect(first(['b', 1], ['a', 1])).toEqual(['a'])
})

test('[PRC-2c] nor does the order of offers, price rows or batches in the rulebook', () => {
  law((priced, given) => {
    const { data } = given
    const products = data.products.map((each) => ({
      ...each,
      prices: each.prices.toReversed(),
      batches: each.batches.toReversed(),
    }))
    expect(run({ ...given, data: { ...data, products, offers: data.offers.toReversed() } })).toEqual(priced)
  })
})

test('[PRC-9a] the same arguments give the same answer, and stay as they were', () => {
  fc.assert(
    fc.property(pricingCase, (given) => {
      const before = structuredClone(given)
      const first = run(given)
      expect(run(given)).toEqual(first)
      expect(given).toEqual(before)
    }),
  )
})

test('every figure is a whole number of paise, and none is minus zero', () => {
  law((priced) => {
    expect(JSON.parse(JSON.stringify(priced))).toStrictEqual(priced)
    const figures = JSON.stringify(priced).match(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?=[,}])/g) ?? []
    expect(figures.filter((figure) => !/^-?\d+$/.test(figure))).toEqual([])
  })
})

test('[PRC-9b] the engine has a number, and every number stays runnable', () => {
  expect(ENGINE).toBe(2)
  expect(engines[ENGINE]).toBe(price)
  expect(price(cart(), indexRulebook(cornerShop()), context()).engine).toBe(ENGINE)
})

test('an empty cart costs nothing and hears of no offer', () => {
  const rulebook = indexRulebook(
    cornerShop({ offers: [percentOff(1000, { minimumMinor: 100 })], rupeeRounding: true }),
  )
  const priced = price(cart(), rulebook, context())
  expect(priced).toMatchObject({ lines: [], groups: [], toPayMinor: 0, notApplied: [] })
})

test('[PRC-3a] without a batch the lowest MRP in stock is the ceiling, with one its own', () => {
  const twoMrps = {
    ...product(1, 'Serum', 'gst-18', 49_900),
    batches: [
      { id: 10, batchNo: 'OLD', mrpMinor: 45_000 },
      { id: 11, batchNo: 'NEW', mrpMinor: 49_900 },
      { id: 12, batchNo: 'BARE' },
    ],
  }
  const rulebook = indexRulebook(cornerShop({ products: [twoMrps] }))
  const unit = (batchId?: number) => {
    const line = { uid: 'a', productId: 1, quantityMilli: 1000, ...(batchId !== undefined && { batchId }) }
    return price({ lines: [line] }, rulebook, context()).lines[0]
  }
  expect(unit()).toMatchObject({ unitMinor: 45_000, mrpMinor: 45_000 })
  expect(unit(10)).toMatchObject({ unitMinor: 45_000, mrpMinor: 45_000, batchId: 10 })
  expect(unit(11)).toMatchObject({ unitMinor: 49_900, mrpMinor: 49_900, batchId: 11 })
  // [PRC-3e] and a batch without MRP has none.
  expect(unit(12)).toMatchObject({ unitMinor: 49_900 })
  expect(unit(12)).not.toHaveProperty('mrpMinor')
})

test('[PRC-3b, PRC-3e] the lower of printed and revised MRP counts, and goods without MRP have no ceiling', () => {
  const sold = (mrps: { mrpMinor?: number; revisedMrpMinor?: number }) => {
    const products = [
      { ...product(1, 'Serum', 'gst-18', 23_600), batches: [{ id: 10, batchNo: 'B', ...mrps }] },
    ]
    return price(cart([1, 1]), indexRulebook(cornerShop({ products })), context()).toPayMinor
  }
  expect(sold({ mrpMinor: 23_600, revisedMrpMinor: 21_000 })).toBe(21_000)
  expect(sold({ mrpMinor: 20_000, revisedMrpMinor: 21_000 })).toBe(20_000)
  expect(sold({ revisedMrpMinor: 21_000 })).toBe(21_000)
  expect(sold({})).toBe(23_600)
})

test('[PRC-3f] half a gram of ₹1.01 costs 50 paise: its rounding is taken off again', () => {
  const line = { uid: 'a', productId: 9, quantityMilli: 500 }
  const priced = price({ lines: [line] }, indexRulebook(cornerShop()), context())
  expect(priced.lines[0]).toMatchObject({
    grossMinor: 51,
    discountMinor: 1,
    paidMinor: 50,
    steps: [{ kind: 'ceiling', amountMinor: 1 }],
  })
})

test('[PRC-3d, PRC-3f] a hundred units without tax inside stay below a hundred MRPs', () => {
  const shop = cornerShop({
    priceLists: [{ id: 1, name: 'Trade', scope: 'chain', scopeId: '', inclusive: false }],
    products: [product(1, 'Sachet', 'gst-18', 149)],
  })
  const priced = (units: number) => price(cart([1, units]), indexRulebook(shop), context())
  // 127 + 2 × 11 = 149; but on a hundred units the halves of 22.86 no longer round down.
  expect(priced(1)).toMatchObject({ grossMinor: 127, discountMinor: 0, toPayMinor: 149 })
  expect(priced(100)).toMatchObject({
    grossMinor: 12_700,
    discountMinor: 73,
    taxableMinor: 12_627,
    toPayMinor: 14_899,
  })
})

test('[PRC-4c] a list says whether its prices include GST', () => {
  const trade = cornerShop({
    priceLists: [{ id: 1, name: 'Trade', scope: 'chain', scopeId: '', inclusive: false }],
    products: [{ ...product(1, 'Serum', 'gst-18', 10_000), batches: [] }],
  })
  expect(price(cart([1, 1]), indexRulebook(trade), context())).toMatchObject({
    inclusive: false,
    taxableMinor: 10_000,
    toPayMinor: 11_800,
  })
  expect(price(cart([1, 1]), indexRulebook(cornerShop()), context())).toMatchObject({
    inclusive: true,
    taxableMinor: 42_288,
    toPayMinor: 49_900,
  })
})

test('[TAX-1a, PRC-5a] shampoo turns from 18% to 5% at midnight in Kolkata, the price stays', () => {
  const at = (pricedAt: number) => price(cart([3, 1]), indexRulebook(cornerShop()), context({ pricedAt }))
  expect(at(GST_2 - 1)).toMatchObject({ taxableMinor: 29_576, cgstMinor: 2662, toPayMinor: 34_900 })
  expect(at(GST_2)).toMatchObject({ taxableMinor: 33_238, cgstMinor: 831, toPayMinor: 34_900 })
})

test('[TAX-5a] nil, exempt and taxable goods share a bill, each in its own row of the rate table', () => {
  const priced = price(cart([5, 1], [8, 1], [1, 1]), indexRulebook(cornerShop()), context())
  expect(priced.groups.map((group) => [group.taxKind, group.taxableMinor, group.cgstMinor])).toEqual([
    ['taxable', 42_288, 3806],
    ['nil', 4900, 0],
    ['exempt', 3333, 0],
  ])
  expect(priced.toPayMinor).toBe(49_900 + 4900 + 3333)
})

test('a percentage in the row of a kind without tax is not charged', () => {
  const shop = cornerShop({
    taxClasses: [{ id: 'nil', name: 'Nil', rates: [{ from: 0, kind: 'nil', rateBp: 1800 }] }],
    products: [product(1, 'Bindi', 'nil', 4900)],
  })
  expect(price(cart([1, 1]), indexRulebook(shop), context())).toMatchObject({
    taxableMinor: 4900,
    cgstMinor: 0,
  })
})
