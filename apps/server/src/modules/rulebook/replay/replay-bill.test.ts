import {
  type Cart,
  type Engine,
  engines,
  indexRulebook,
  type Offer,
  type PricingContext,
  type RulebookProduct,
} from '@nexus/domain'
import { type BillDocument, type DocumentLine, documentDraftOf } from '@nexus/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appliedBy, replayerOf } from './replay-bill.ts'

const store = '01890000-0000-7000-8000-0000000000a1'
const at = Date.UTC(2026, 10, 20, 6)
const context: PricingContext = {
  pricedAt: at,
  storeId: store,
  regionId: 'south',
  storeState: '29',
  placeOfSupply: '29',
}
const product = (id: number, unitMinor: number, brandId: number): RulebookProduct => ({
  id,
  sku: `P${id}`,
  names: { en: `Product ${id}` },
  brandId,
  categoryId: 1,
  hsn: '330499',
  uqc: 'NOS',
  taxClassId: 'GST18',
  barcodes: [],
  batches: [],
  prices: [{ list: 1, unitMinor, from: 0 }],
})
const common = { name: 'Offer', priority: 0, from: 0 }
/** In force on the bills: 10% off brand 1. */
const live: Offer = {
  ...common,
  id: 1,
  effect: 'unit-off',
  selector: { brands: [1] },
  off: { percentBp: 1000 },
}
const rulebook = indexRulebook({
  version: 4,
  checksum: 'x',
  rupeeRounding: true,
  products: [product(1, 10_000, 1), product(2, 25_050, 1), product(3, 7777, 2), product(4, 99_900, 3)],
  taxClasses: [{ id: 'GST18', name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] }],
  priceLists: [{ id: 1, name: 'Chain', scope: 'chain', scopeId: '', inclusive: true }],
  offers: [live],
})
const draft = (of: object): Offer =>
  // as: the tests give an effect with its members.
  ({ ...common, id: 9, selector: { everything: true }, ...of }) as unknown as Offer

const cartOf = (...products: number[]): Cart => ({
  lines: products.map((productId, index) => ({ uid: `u${index}`, productId, quantityMilli: 1000 })),
})

function billOf(cart: Cart, engine = 2): { document: BillDocument; storeId: string; engine: number } {
  const price = engines[engine] as Engine // as: the tests name engines that exist
  const priced = price(cart, rulebook, context)
  const draftDocument = documentDraftOf({ priced, cart, rulebook, context, language: 'en' })
  return {
    document: { ...draftDocument, number: 'KOR1AI26-000001', issueDate: '2026-11-20' },
    storeId: store,
    engine,
  }
}

const carts = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 })
  .map((products) => cartOf(...products))
const nothing = draft({ effect: 'unit-off', selector: { products: [999] }, off: { percentBp: 5000 } })

test('[PRC-10b] the live rules give again what a bill gave, to the paisa', () => {
  const replayBill = replayerOf(nothing)
  fc.assert(
    fc.property(carts, fc.constantFrom(1, 2), (cart, engine) => {
      expect(replayBill(billOf(cart, engine), rulebook, {}).differences).toEqual([])
    }),
  )
})

test('[PRC-10b] a bill that gave a paisa more is listed with its line, what it gave and what the rules give', () => {
  const bill = billOf(cartOf(3, 1))
  const line = bill.document.lines[1]
  if (line === undefined) throw new Error('the bill has two lines')
  line.discountMinor += 1
  expect(replayerOf(nothing)(bill, rulebook, {}).differences).toEqual([
    { line: 2, product: 'Product 1', reason: 'discount', givenMinor: 1001, recomputedMinor: 1000 },
  ])
})

test('[PRC-10b] the same discount by another offer, by one more or by a code is a difference', () => {
  const reasonsOf = (change: (line: DocumentLine) => void) => {
    const bill = billOf(cartOf(1))
    const line = bill.document.lines[0]
    if (line === undefined) throw new Error('the bill has a line')
    change(line)
    return replayerOf(nothing)(bill, rulebook, {}).differences.map(({ line: at, reason }) => [at, reason])
  }
  const given = { id: 1, amountMinor: 1000 }
  const set = (offers: DocumentLine['offers']) => (line: DocumentLine) => {
    line.offers = offers
  }
  expect(reasonsOf(set([given]))).toEqual([])
  expect(reasonsOf(set([{ ...given, id: 77 }]))).toEqual([[1, 'offers']])
  expect(reasonsOf(set([{ ...given, code: 'NAYA' }]))).toEqual([[1, 'offers']])
  expect(reasonsOf(set([given, { id: 77, amountMinor: 0 }]))).toEqual([[1, 'offers']])
  expect(reasonsOf(set([]))).toEqual([[1, 'offers']])
})

test('[PRC-10b] a bill whose lines do not add up to its discount is a difference of the whole', () => {
  const bill = billOf(cartOf(1))
  bill.document.discountMinor += 100
  expect(replayerOf(nothing)(bill, rulebook, {}).differences).toEqual([
    { line: null, product: null, reason: 'discount', givenMinor: 1100, recomputedMinor: 1000 },
  ])
})

test('[PRC-10b] a bill whose rulebook or engine is not here, or that is not sold any more, says so', () => {
  const bill = billOf(cartOf(1))
  const reasonOf = (replayed: { differences: readonly { reason: string }[] }) =>
    replayed.differences.map(({ reason }) => reason)
  const replayBill = replayerOf(draft({ effect: 'unit-off', off: { percentBp: 5000 } }))
  expect(reasonOf(replayBill(bill, undefined, {}))).toEqual(['rulebook'])
  expect(reasonOf(replayBill({ ...bill, engine: 99 }, rulebook, {}))).toEqual(['engine'])
  const without = { ...rulebook, findProduct: () => undefined }
  const replayed = replayBill(bill, without, {})
  expect(reasonOf(replayed)).toEqual(['refused'])
  expect(replayed.after).toBe(replayed.before)
  expect(replayed.before).toMatchObject({ discountMinor: 1000, netMinor: bill.document.totalMinor })
})

test('[PRC-10e] only the draft makes a difference, also on bills of an older engine', () => {
  const replayBill = replayerOf(nothing)
  fc.assert(
    fc.property(carts, fc.constantFrom(1, 2), (cart, engine) => {
      const { before, after } = replayBill(billOf(cart, engine), rulebook, {})
      expect(after).toBe(before)
    }),
  )
  // Engine 1 knew no offers of units, so that the same bill costs less by the newest.
  expect(replayBill(billOf(cartOf(1), 1), rulebook, {}).before.discountMinor).toBe(1000)
})

test('[PRC-10a] a draft shows what it gives, and what it takes from a live offer', () => {
  const replayBill = replayerOf(draft({ effect: 'unit-off', off: { percentBp: 2000 } }))
  const { before, after } = replayBill(billOf(cartOf(1, 3)), rulebook, {})
  expect(before).toMatchObject({
    discountMinor: 1000,
    applied: [{ offerId: 1, applications: 1, amountMinor: 1000 }],
  })
  expect(after).toMatchObject({
    discountMinor: 3555,
    applied: [{ offerId: 9, applications: 2, amountMinor: 3555 }],
  })
})

test('[PRC-10f] a draft keeps its days, stores and limits', () => {
  const half = { effect: 'unit-off', off: { percentBp: 5000 } }
  const given = (members: object, uses = {}) => {
    const offer = draft({ ...half, ...members })
    return appliedBy(offer, replayerOf(offer)(billOf(cartOf(4)), rulebook, uses).after)?.amountMinor ?? 0
  }
  expect(given({})).toBe(49_950)
  // The bill is of a Friday.
  expect(given({ weekdays: [5] })).toBe(49_950)
  expect(given({ weekdays: [6] })).toBe(0)
  expect(given({ storeIds: ['another'] })).toBe(0)
  expect(given({ limits: { total: 3 } }, { total: 2 })).toBe(49_950)
  expect(given({ limits: { total: 3 } }, { total: 3 })).toBe(0)
  expect(given({ limits: { budgetMinor: 100 } }, { givenMinor: 99 })).toBe(49_950)
  expect(given({ limits: { budgetMinor: 100 } }, { givenMinor: 100 })).toBe(0)
})

test("[PRC-10f] everyone brings the draft's coupon and takes its first gift", () => {
  const given = (members: object, ...products: number[]) => {
    const offer = draft(members)
    const { before, after } = replayerOf(offer)(billOf(cartOf(...products)), rulebook, {})
    return {
      givenMinor: appliedBy(offer, after)?.amountMinor ?? 0,
      moreMinor: after.netMinor - before.netMinor,
    }
  }
  const coupon = { effect: 'coupon', off: { amountMinor: 5000 }, minimumMinor: 50_000 }
  const none = { givenMinor: 0, moreMinor: 0 }
  for (const code of [
    { kind: 'public', text: ' naya50' },
    { kind: 'series', prefix: 'ny-', length: 10 },
  ]) {
    expect(given({ ...coupon, code }, 4)).toEqual({ givenMinor: 5000, moreMinor: -5000 })
    expect(given({ ...coupon, code }, 3)).toEqual(none)
  }
  const gift = { effect: 'gift', fromMinor: 50_000, gifts: [3], unitMinor: 100 }
  expect(given(gift, 4)).toEqual({ givenMinor: 7677, moreMinor: 100 })
  expect(given(gift, 1)).toEqual(none)
})
