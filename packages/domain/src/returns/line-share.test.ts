import { expect, test } from 'vitest'
import { lineShare, withoutTax } from './line-share.ts'
import type { SoldLine } from './types.ts'

/** Ten sachets that cost a paisa after a discount of a paisa, and four more of rupee rounding. */
const sachets: SoldLine = {
  uid: 'l1',
  product: 6,
  batch: 60,
  code: 'SKU-6',
  name: 'Sachet',
  hsn: '330499',
  uqc: 'NOS',
  list: 1,
  unitMinor: 0,
  mrpMinor: null,
  salesperson: 'Meena',
  quantityMilli: 10_000,
  grossMinor: 2,
  discountMinor: 1,
  paidMinor: 5,
  taxKind: 'nil',
  rateBp: 0,
  taxableMinor: 1,
  cgstMinor: 0,
  igstMinor: 0,
  roundOffMinor: 0,
  rupeeMinor: 4,
  offers: [{ id: 7, amountMinor: 1 }],
}

test('[RET-2g] an offer stands on the units only that its discount falls on', () => {
  const unit = (at: number) => lineShare(sachets, 'r', at * 1000, at * 1000 + 1000, true)
  expect(Array.from({ length: 10 }, (_, at) => unit(at).offers)).toEqual([
    ...[[], [], [], []],
    [{ id: 7, amountMinor: 1 }],
    ...[[], [], [], [], []],
  ])
})

test('[RET-3a] coupons, points and what people gave come back with their share, to the paisa', () => {
  const line: SoldLine = {
    ...sachets,
    quantityMilli: 3000,
    grossMinor: 3000,
    discountMinor: 1001,
    paidMinor: 1999,
    taxableMinor: 1999,
    rupeeMinor: 0,
    offers: [
      { id: 7, amountMinor: 100 },
      { id: 8, amountMinor: 500, code: 'MONSOON' },
    ],
    manualMinor: 200,
    pointsMinor: 200,
  }
  const parts = [0, 1000, 2000].map((from) => lineShare(line, 'r', from, from + 1000, true))
  const sum = (of: (part: (typeof parts)[number]) => number) => parts.reduce((all, part) => all + of(part), 0)
  expect(parts[0]).toMatchObject({ manualMinor: 67, pointsMinor: 67 })
  expect(parts[0]?.offers).toEqual([
    { id: 7, amountMinor: 33 },
    { id: 8, amountMinor: 167, code: 'MONSOON' },
  ])
  expect(sum((part) => part.manualMinor ?? 0)).toBe(200)
  expect(sum((part) => part.pointsMinor ?? 0)).toBe(200)
  expect(sum((part) => part.offers[1]?.amountMinor ?? 0)).toBe(500)
  expect(sum((part) => part.discountMinor)).toBe(1001)
  // The paisa of the ceiling is all that is not named.
  for (const part of parts) {
    const named = part.offers.reduce((all, { amountMinor }) => all + amountMinor, 0)
    const rest = part.discountMinor - named - (part.manualMinor ?? 0) - (part.pointsMinor ?? 0)
    expect([0, 1]).toContain(rest)
  }
})

test('[RET-2d] gross is never below zero, even where rupee rounding and value round apart', () => {
  const second = lineShare(sachets, 'r', 1000, 2000, true)
  expect(second).toMatchObject({ paidMinor: 0, rupeeMinor: 1, grossMinor: 0, discountMinor: 0 })
})

test('a returned line names its goods and its salesperson as the sold one did', () => {
  const { uid, product, batch, code, salesperson, quantityMilli } = lineShare(sachets, 'r', 1000, 3000, true)
  expect({ uid, product, batch, code, salesperson, quantityMilli }).toEqual({
    uid: 'r',
    product: 6,
    batch: 60,
    code: 'SKU-6',
    salesperson: 'Meena',
    quantityMilli: 2000,
  })
})

test('[JRN-4x] a member that a returned line has no value for is absent, not nothing', () => {
  const { salesperson: _, ...noOne } = sachets
  const share = lineShare(noOne, 'r', 0, 10_000, true)
  expect(
    Object.keys(share).filter((name) => ['salesperson', 'manualMinor', 'pointsMinor'].includes(name)),
  ).toEqual([])
  expect(Object.keys(share.offers[0] ?? {})).toEqual(['id', 'amountMinor'])
})

test('[RET-4b] without GST a line is worth what was paid, before its rupee rounding and its discount', () => {
  const share = lineShare({ ...sachets, paidMinor: 1004, taxableMinor: 1000 }, 'r', 0, 10_000, true)
  expect(withoutTax(share)).toMatchObject({
    paidMinor: 1004,
    rupeeMinor: 4,
    discountMinor: 1,
    grossMinor: 1001,
    taxKind: 'non-gst',
    taxableMinor: 0,
    roundOffMinor: 0,
  })
})
