import { ENGINE, indexRulebook, type PricingContext, price } from '@nexus/domain'
import { type Case, everyEffectCase } from '@nexus/domain/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChainWriter, uuidOf } from '../testing/entries.ts'
import { decodeEntry } from './decode.ts'
import { documentDraftOf } from './document-draft.ts'
import { encodeEntry } from './encode.ts'
import { cartOf, contextOf } from './priced-again.ts'
import type { BillDocument, Entry } from './schema.ts'

/** The document of a case as a server reads it from the bytes of an entry. */
function writtenAndRead({ data, cart, context }: Case): { drawn: BillDocument; read: BillDocument } {
  const rulebook = indexRulebook(data)
  const priced = price(cart, rulebook, context)
  const draft = documentDraftOf({
    priced,
    cart,
    rulebook,
    context,
    language: 'en',
    reasons: { bill: { reason: 'goodwill', approval: uuidOf(7) } },
  })
  const drawn = { ...draft, number: 'KOR2AI26-000001', issueDate: '2026-11-22' }
  const { entry } = new ChainWriter().sell()
  const sale = entry as Entry<'sale'> // as: sell writes sales
  const bytes = encodeEntry({ ...sale, engine: ENGINE, body: { ...sale.body, documents: [drawn] } })
  const decoded = decodeEntry(bytes)
  if (decoded.kind !== 'ok' || decoded.entry.type !== 'sale') throw new Error(`it is ${decoded.kind}`)
  const [read] = decoded.entry.body.documents
  if (read === undefined) throw new Error('A sale has a document')
  return { drawn, read }
}

/** Circumstances that only some offers ask for. */
const circumstances = fc.record(
  {
    isStaff: fc.boolean(),
    isFirstPurchase: fc.boolean(),
    uses: fc.constantFrom<NonNullable<PricingContext['uses']>>(
      { 1: { customer: 1 }, 2: { total: 2, givenMinor: 5 }, 99: { total: 1 } },
      { 3: { customer: 1, total: 7 }, 4: {}, 5: { givenMinor: 1 } },
    ),
    couponStates: fc.constantFrom<NonNullable<PricingContext['couponStates']>>(
      { SAVE: 'usable' },
      { SAVE: 'used', NOTHING: 'unknown' },
    ),
  },
  { requiredKeys: [] },
)

/** Carts of every effect under such circumstances, with limits that look at them. */
const cases = fc
  .tuple(everyEffectCase, circumstances, fc.boolean())
  .map(([one, more, isLimited]): Case => {
    const limits = { perCustomer: 2, total: 5, budgetMinor: 10 }
    const offers = isLimited
      ? one.data.offers.map((offer) => ({ ...offer, limits: { ...offer.limits, ...limits } }))
      : one.data.offers
    return { ...one, data: { ...one.data, offers }, context: { ...one.context, ...more } }
  })
  .filter(({ cart }) => cart.lines.length > 0)

test('[PRC-8c, PRC-9a] what an entry holds prices to the same figures and reasons again', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const rulebook = indexRulebook(one.data)
      const { drawn, read } = writtenAndRead(one)
      expect(read).toEqual(drawn)
      const again = price(cartOf(read), rulebook, contextOf(one.context.storeId, read.pricing))
      expect(again).toEqual(price(one.cart, rulebook, one.context))
    }),
    { numRuns: 1000 },
  )
})

test('[PRC-8c] the discount of each line is its offers, coupons, people, points, and the ceiling', () => {
  fc.assert(
    fc.property(cases, (one) => {
      const priced = price(one.cart, indexRulebook(one.data), one.context)
      const { read } = writtenAndRead(one)
      for (const [at, line] of read.lines.entries()) {
        const given = line.offers.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
        const ceiling = priced.lines[at]?.steps
          .filter(({ kind }) => kind === 'ceiling')
          .reduce((sum, { amountMinor }) => sum + amountMinor, 0)
        const rest = line.discountMinor - given - (line.manualMinor ?? 0) - (line.pointsMinor ?? 0)
        expect(rest).toBe(ceiling)
      }
    }),
    { numRuns: 500 },
  )
})

const everything = { selector: { everything: true as const }, name: 'Offer', from: 0, priority: 0 }
const shop = {
  version: 1,
  checksum: 'any',
  rupeeRounding: false,
  taxClasses: [{ id: 'gst-18', name: '18%', rates: [{ from: 0, kind: 'taxable' as const, rateBp: 1800 }] }],
  priceLists: [{ id: 1, name: 'Chain', scope: 'chain' as const, scopeId: '', inclusive: true }],
  products: [
    {
      id: 1,
      sku: 'SOAP',
      names: { en: 'Soap' },
      brandId: 1,
      categoryId: 1,
      hsn: '3401',
      uqc: 'NOS',
      taxClassId: 'gst-18',
      barcodes: [],
      batches: [],
      prices: [{ list: 1, unitMinor: 10_000, from: 0 }],
    },
  ],
}
const context: PricingContext = {
  pricedAt: 1_795_321_800_000,
  storeId: 'koramangala',
  regionId: 'south',
  storeState: '29',
  placeOfSupply: '29',
}
const lines = [{ uid: 'a', productId: 1, quantityMilli: 2000 }]

test('[JRN-4x] only uses of offers with limits that touch the cart stand in the entry', () => {
  const limits = { total: 100 }
  const data = {
    ...shop,
    offers: [
      { ...everything, id: 1, effect: 'percent-off-bill' as const, percentBp: 1000, limits },
      { ...everything, id: 2, effect: 'percent-off-bill' as const, percentBp: 500 },
      { ...everything, id: 3, effect: 'complimentary' as const, selector: { products: [2] }, limits },
      // Open: nobody took one, yet how many are left hangs on it.
      { ...everything, id: 5, effect: 'gift' as const, fromMinor: 1, gifts: [1], unitMinor: 0, limits },
    ],
  }
  const uses = { 1: { total: 4 }, 2: { total: 5 }, 3: { total: 6 }, 4: { total: 7 }, 5: { total: 8 } }
  const { read } = writtenAndRead({ data, cart: { lines }, context: { ...context, uses } })
  expect(read.pricing.uses).toEqual([
    { offer: 1, total: 4 },
    { offer: 5, total: 8 },
  ])
})

test('[JRN-4x] codes stand as they are compared, what cannot be one is left out', () => {
  const data = { ...shop, offers: [] }
  const coupons = [' save ', 'X'.repeat(41), '', '__proto__']
  const couponStates = { SAVE: 'used' as const }
  const { read } = writtenAndRead({ data, cart: { lines, coupons }, context: { ...context, couponStates } })
  expect(read.pricing.coupons).toEqual([{ code: 'SAVE', state: 'used' }, { code: '__PROTO__' }])
  expect(contextOf('koramangala', read.pricing).couponStates).toEqual({ SAVE: 'used' })
})

test('[JRN-4x] what people give has its reason and approval; what takes nothing is left out', () => {
  const rulebook = indexRulebook({ ...shop, offers: [] })
  const two = [...lines, { uid: 'b', productId: 1, quantityMilli: 1000 }]
  const [first, second] = two.map((line, at) => ({
    ...line,
    manual: at === 0 ? { unitMinor: 9000 } : { percentBp: 0 },
  }))
  if (first === undefined || second === undefined) throw new Error('there are two lines')
  const cart = { lines: [first, second], manual: { percentBp: 1000 }, pointsMinor: 100 }
  const priced = price(cart, rulebook, context)
  const reasons = {
    bill: { reason: 'goodwill', approval: uuidOf(7) },
    lines: { a: { reason: 'damaged', approval: null } },
  }
  const document = documentDraftOf({ priced, cart, rulebook, context, language: 'en', reasons })
  expect(document.pricing).toMatchObject({
    manual: { percentBp: 1000, reason: 'goodwill', approval: uuidOf(7) },
    pointsMinor: 100,
  })
  expect(document.lines[0]).toMatchObject({
    manual: { unitMinor: 9000, reason: 'damaged', approval: null },
    manualMinor: 2000 + 1800,
  })
  expect(document.lines[1]).not.toHaveProperty('manual')
  const unnamed = documentDraftOf({ priced, cart, rulebook, context, language: 'en' })
  expect(unnamed.lines[0]?.manual).toEqual({ unitMinor: 9000, reason: 'not-given', approval: null })
})
