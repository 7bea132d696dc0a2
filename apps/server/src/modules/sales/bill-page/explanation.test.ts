import { randomUUIDv7 } from 'node:crypto'
import {
  createProduct,
  explainBill,
  findTillBill,
  publishRulebook,
  pushTill,
  putProduct,
  putTaxClass,
} from '@nexus/contract'
import { type Cart, ENGINE, type PricingContext, price, type Rulebook } from '@nexus/domain'
import { type BillDocument, type BodyOf, documentDraftOf, type Entry } from '@nexus/sync'
import { expect, onTestFinished, test } from 'vitest'
import { administrator, openShop, tillCaller } from '../../../testing/index.ts'
import { addPriceList } from '../../catalogue/index.ts'
import { ScriptedTill } from '../../journal/testing/scripted-till.ts'
import { addOffer, openManifests, rulebookReader } from '../../rulebook/index.ts'
import { price as priceRow, soap } from '../../rulebook/testing/world.ts'
import { registerId, setUpStore, storeId } from '../../stores/testing/world.ts'

const author = { by: null, how: 'test' }

/** Soap at ₹35 and cream at ₹200; any 3 soaps 20% off, and 10% off bills from ₹500; published as version 1. */
async function openCounter() {
  const shop = await openShop()
  onTestFinished(() => shop[Symbol.asyncDispose]())
  const { context } = shop
  await setUpStore(context)
  const list = { name: 'Selling price', scope: 'chain', scopeId: '', tier: null, inclusive: true } as const
  await addPriceList(context, list, author)
  const rates = [{ from: 0, kind: 'taxable' as const, rateBp: 1800 }]
  await shop.call(putTaxClass, { params: { taxClassId: 'GST18' }, body: { name: 'GST 18%', rates } })
  await shop.call(createProduct, { body: soap({ sku: 'A-1' }) })
  const cream = soap({ sku: 'A-2', names: { en: 'Cream' }, prices: [priceRow(1, 20_000)] })
  await shop.call(createProduct, { body: cream })
  const offer = { priority: 1, from: 0 } as const
  const soaps = { products: [1] }
  await addOffer(
    context,
    {
      ...offer,
      name: 'Any 3 soaps',
      effect: 'unit-off',
      selector: soaps,
      off: { percentBp: 2000 },
      minimumUnits: 3,
    },
    author,
  )
  await addOffer(
    context,
    { ...offer, name: 'Big basket', effect: 'percent-off-bill', percentBp: 1000, minimumMinor: 50_000 },
    author,
  )
  await shop.call(publishRulebook, { body: { note: '' } })
  const rulebook = await rulebookReader(context).find(1, [1, 2])
  if (rulebook === undefined) throw new Error('version 1 is published')
  const { checksum } = await openManifests(context).newest(storeId)
  const place = { tenant: randomUUIDv7(), store: storeId, register: registerId }
  const till = new ScriptedTill(context.secrets.enrolment, { place, code: 'KOR2A' })
  till.open()
  const device = shop.as(tillCaller(registerId, storeId, till.epoch))
  return { shop, till, device, rulebook, named: { version: 1, checksum } }
}

type Counter = Awaited<ReturnType<typeof openCounter>>

/** What a till writes of a cart. */
function documentOf(
  { till, rulebook }: { till: ScriptedTill; rulebook: Rulebook },
  cart: Cart,
): BillDocument {
  const context: PricingContext = {
    pricedAt: till.at,
    storeId,
    regionId: 'south',
    storeState: '29',
    placeOfSupply: '29',
  }
  const priced = price(cart, rulebook, context)
  const draft = documentDraftOf({ priced, cart, rulebook, context, language: 'en' })
  return { ...draft, number: till.nextNumber(), issueDate: '2026-11-22' }
}

async function sell(
  { till, device, named }: Counter,
  document: BillDocument,
  header: Partial<Record<keyof Entry, unknown>> = {},
): Promise<{ identity: string; document: number }> {
  const cart = randomUUIDv7()
  const body: BodyOf<'sale'> = {
    documents: [document],
    tenders: [],
    changeMinor: 0,
    recalledFrom: null,
    root: cart,
    language: 'en',
    personalHash: null,
  }
  const written = till.append('sale', body, { cart, engine: ENGINE, rulebook: named, ...header })
  await device.call(pushTill, { body: till.push() })
  return { identity: written.hash, document: 0 }
}

const twoSoaps: Cart = { lines: [{ uid: 'a', productId: 1, quantityMilli: 2000 }] }

test('[PRC-8d] a bill explains its price, and years later by the rulebook of its day', async () => {
  const counter = await openCounter()
  const { shop } = counter
  const params = await sell(counter, documentOf(counter, twoSoaps))
  const explanation = await shop.call(explainBill, { params })
  expect(explanation).toMatchObject({
    kind: 'explained',
    engine: ENGINE,
    rulebookVersion: 1,
    priced: {
      lines: [{ uid: 'a', unitMinor: 3500, paidMinor: 7000 }],
      notApplied: [
        { offerId: 1, condition: { kind: 'minimum', missingUnits: 1 } },
        { offerId: 2, condition: { kind: 'minimum', missingMinor: 43_000 } },
      ],
    },
    names: {
      offers: [
        { id: 1, name: 'Any 3 soaps' },
        { id: 2, name: 'Big basket' },
      ],
      products: [{ id: 1, name: 'Soap' }],
      priceLists: [{ id: 1, name: 'Selling price' }],
    },
    refusedOnLines: [{ uid: 'a', offerIds: [1, 2] }],
    differing: [],
  })
  if (explanation.kind !== 'explained') throw new Error('it is explained')
  expect(explanation.advice?.nudges).toContainEqual({
    offerId: 1,
    missingUnits: 1,
    productId: 1,
    savesMinor: 2100,
  })

  await shop.call(putProduct, {
    params: { productId: 1 },
    body: { ...soap({ sku: 'A-1', names: { en: 'New soap' }, prices: [priceRow(1, 3000)] }), revision: 1 },
  })
  await shop.call(publishRulebook, { body: { note: '' } })
  expect(await shop.call(explainBill, { params })).toEqual(explanation)
})

test('[PRC-8d] goods that are not on the bill are called by their names as well', async () => {
  const counter = await openCounter()
  const { shop } = counter
  const gift = { name: 'A cream for you', priority: 1, from: 0, effect: 'gift', fromMinor: 6000 } as const
  await addOffer(
    shop.context,
    { ...gift, selector: { products: [1] }, gifts: [2], unitMinor: 0, limits: { perBill: 1 } },
    author,
  )
  await shop.call(publishRulebook, { body: { note: '' } })
  const rulebook = await rulebookReader(shop.context).find(2, [1, 2])
  if (rulebook === undefined) throw new Error('version 2 is published')
  const { checksum } = await openManifests(shop.context).newest(storeId)
  const later = { ...counter, rulebook, named: { version: 2, checksum } }
  const params = await sell(later, documentOf(later, twoSoaps))
  expect(await shop.call(explainBill, { params })).toMatchObject({
    priced: { gifts: [{ offerId: 3, products: [2], unitsLeft: 1 }] },
    names: {
      products: [
        { id: 1, name: 'Soap' },
        { id: 2, name: 'Cream' },
      ],
    },
  })
})

test('[PRC-9c] lines that cost something else than they should have are named', async () => {
  const counter = await openCounter()
  const lines: Cart['lines'] = [
    { uid: 'a', productId: 1, quantityMilli: 3000 },
    { uid: 'b', productId: 2, quantityMilli: 1000 },
  ]
  const document = documentOf(counter, { lines })
  const wrong = document.lines.map((line) => (line.uid === 'b' ? { ...line, offers: [] } : line))
  const wronger = wrong.map((line) => (line.uid === 'a' ? { ...line, offers: [], discountMinor: 0 } : line))
  const explained = async (sold: BillDocument) =>
    await counter.shop.call(explainBill, { params: await sell(counter, sold) })
  expect(await explained({ ...document, lines: wrong })).toMatchObject({ differing: [] })
  expect(await explained({ ...document, lines: wronger })).toMatchObject({
    differing: ['a'],
    priced: { lines: [{ steps: [{ kind: 'offer', offerId: 1, units: 3, amountMinor: 2100 }] }, {}] },
  })
})

test('[PRC-8d] what cannot be explained says why', async () => {
  const counter = await openCounter()
  const { shop } = counter
  const document = documentOf(counter, twoSoaps)
  const reasonFor = async (sold: BillDocument, header?: Partial<Record<keyof Entry, unknown>>) => {
    const number = counter.till.nextNumber()
    return await shop.call(explainBill, { params: await sell(counter, { ...sold, number }, header) })
  }
  const unexplained = (reason: string) => ({ kind: 'unexplained', reason })
  expect(await reasonFor({ ...document, kind: 'C' })).toEqual(unexplained('not-priced'))
  expect(await reasonFor(document, { engine: 99 })).toEqual(unexplained('engine-unknown'))
  expect(await reasonFor(document, { rulebook: null })).toEqual(unexplained('rulebook-unknown'))
  const elsewhere = { ...counter.named, checksum: 'other' }
  expect(await reasonFor(document, { rulebook: elsewhere })).toEqual(unexplained('rulebook-unknown'))
  const half = document.lines.map((line) => ({ ...line, quantityMilli: 1500 }))
  expect(await reasonFor({ ...document, lines: half })).toEqual(unexplained('cannot-be-priced'))
  const strange = document.lines.map((line) => ({ ...line, product: 77 }))
  expect(await reasonFor({ ...document, lines: strange })).toEqual(unexplained('cannot-be-priced'))
})

test('[JRN-5a] a till gets a bill whole as it was written, of whatever it was made', async () => {
  const counter = await openCounter()
  const cart: Cart = {
    lines: [
      { uid: 'a', productId: 1, quantityMilli: 3000 },
      { uid: 'b', productId: 2, quantityMilli: 1000, manual: { percentBp: 500 } },
    ],
    coupons: ['nothing'],
    manual: { amountMinor: 100 },
    pointsMinor: 50,
  }
  const document = documentOf(counter, cart)
  const { identity } = await sell(counter, document)
  const { number } = document
  const { bills } = await counter.device.call(findTillBill, { params: { number } })
  expect(bills).toEqual([
    {
      identity,
      document: 0,
      storeId,
      storeName: 'Koramangala',
      at: expect.any(Number),
      engine: ENGINE,
      rulebookVersion: 1,
      content: document,
      returned: [],
      returns: [],
    },
  ])
})

test('a bill is explained to those who may see it', async () => {
  const counter = await openCounter()
  const { shop } = counter
  const params = await sell(counter, documentOf(counter, twoSoaps))
  const elsewhere = shop.as({ ...administrator, storeIds: [randomUUIDv7()] })
  await expect(elsewhere.call(explainBill, { params })).rejects.toMatchObject({ code: 'session/not-allowed' })
  const none = { identity: 'A'.repeat(43), document: 0 }
  await expect(shop.call(explainBill, { params: none })).rejects.toMatchObject({ code: 'bill/not-found' })
  await expect(shop.call(explainBill, { params: { ...params, document: 1 } })).rejects.toMatchObject({
    code: 'bill/not-found',
  })
})
