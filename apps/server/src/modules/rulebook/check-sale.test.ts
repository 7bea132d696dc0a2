import { type Cart, ENGINE, type PricingContext, price as priceCart, type Rulebook } from '@nexus/domain'
import {
  type BillDocument,
  decodeEntry,
  documentDraftOf,
  type Entry,
  encodeEntry,
  type Tender,
} from '@nexus/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openShop } from '../../testing/index.ts'
import { addOffer } from './add-offer.ts'
import { saleCheck } from './check-sale.ts'
import { openManifests } from './manifests.ts'
import { rulebookReader } from './reader.ts'
import { airport, openWorld, price, soap, type World } from './testing/world.ts'

const id = (last: number) => `01890000-0000-7000-8000-${String(last).padStart(12, '0')}`
const batch = { id: 0, batchNo: '', revisedMrpMinor: null, expiryKind: null, expiryMonth: null }

async function openShelf(world: World) {
  await world.add(
    soap({
      prices: [price(1, 3500), price(2, 4000), price(4, 3000)],
      batches: [{ ...batch, mrpMinor: 4100 }],
    }),
    soap({ taxClassId: 'GST5', uqc: 'KGS', prices: [price(1, 12_345)] }),
    soap(),
    soap({ uqc: 'KGS', prices: [price(1, 12_345)], batches: [{ ...batch, mrpMinor: 12_345 }] }),
  )
  const offer = { name: '7% off', priority: 1, from: 0, effect: 'percent-off-bill', percentBp: 700 } as const
  await addOffer(world, { ...offer, minimumMinor: 20_000 }, { by: null, how: 'test' })
  await world.publish()
  const reader = rulebookReader(world)
  const manifests = openManifests(world)
  const rulebook = await reader.find(1, [1, 2, 3, 4])
  if (!rulebook) throw new Error('version 1 is published')
  const { checksum } = await manifests.newest(airport)
  return { check: saleCheck(reader, manifests), rulebook, checksum, at: world.clock.now() }
}

type Shelf = Awaited<ReturnType<typeof openShelf>>

/** A sale as the airport's till writes it. */
function saleOf(
  shelf: Pick<Shelf, 'rulebook' | 'checksum' | 'at'>,
  cart: Cart,
  tier?: string,
): Entry<'sale'> {
  const context: PricingContext = {
    pricedAt: shelf.at,
    storeId: airport,
    regionId: 'south',
    storeState: '29',
    placeOfSupply: '29',
    ...(tier !== undefined && { tier }),
  }
  const document = documentOf(cart, shelf.rulebook, context)
  const cash: Tender = {
    kind: 'cash',
    direction: 'in',
    amountMinor: document.totalMinor,
    handedMinor: document.totalMinor + 500,
    reference: null,
    attempt: null,
  }
  return {
    v: 1,
    app: 'till',
    engine: ENGINE,
    tenant: id(1),
    store: airport,
    register: id(2),
    epoch: id(3),
    seq: 2,
    prevHash: 'x'.repeat(43),
    cart: id(4),
    type: 'sale',
    at: shelf.at,
    bootId: id(5),
    monotonicMs: 0,
    clockOffsetMs: 0,
    trustAgeMs: null,
    shift: null,
    tradingDay: null,
    rulebook: { version: 1, checksum: shelf.checksum },
    staff: null,
    totals: null,
    body: {
      documents: [document],
      tenders: [cash],
      changeMinor: 500,
      recalledFrom: null,
      root: id(4),
      language: 'en',
      personalHash: null,
    },
  }
}

function documentOf(cart: Cart, rulebook: Rulebook, context: PricingContext): BillDocument {
  const priced = priceCart(cart, rulebook, context)
  const draft = documentDraftOf({ priced, cart, rulebook, context, language: 'en' })
  return { ...draft, number: 'AIR1AA26-000001', issueDate: '2026-11-23' }
}

/** The sale with a change in its only document. */
function altered(
  sale: Entry<'sale'>,
  change: (document: BillDocument) => Partial<BillDocument>,
): Entry<'sale'> {
  const documents = sale.body.documents.map((document) => ({ ...document, ...change(document) }))
  return { ...sale, body: { ...sale.body, documents } }
}

const mixed: Cart = {
  lines: [
    { uid: 'a', productId: 1, quantityMilli: 2000 },
    { uid: 'b', productId: 2, quantityMilli: 1250 },
    { uid: 'c', productId: 1, batchId: 1, quantityMilli: 1000 },
  ],
}

/** On SQLite: what is compared does not depend on the database. */
async function openShelfOfShop() {
  const shop = await openShop()
  const shelf = await openShelf(await openWorld(shop.context.database, shop.clock))
  return { ...shelf, [Symbol.asyncDispose]: async () => await shop[Symbol.asyncDispose]() }
}

test('[PRC-9a] what a till wrote by the published rulebook is right to the paisa', async () => {
  await using shelf = await openShelfOfShop()
  const line = fc.record({
    productId: fc.constantFrom(1, 3),
    quantityMilli: fc.integer({ min: 1, max: 9 }).map((units) => units * 1000),
  })
  const weighed = fc.record({ productId: fc.constant(2), quantityMilli: fc.integer({ min: 1, max: 9999 }) })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(line, weighed), { minLength: 1, maxLength: 8 }),
      fc.constantFrom(undefined, 'member'),
      async (lines, tier) => {
        const cart = { lines: lines.map((one, index) => ({ ...one, uid: `l${index}` })) }
        expect(await shelf.check(saleOf(shelf, cart, tier))).toEqual([])
      },
    ),
    { numRuns: 60 },
  )
})

/** A sale as a server reads it: from its bytes. */
function readBack(sale: Entry<'sale'>): Entry<'sale'> {
  const read = decodeEntry(encodeEntry({ ...sale, prevHash: 'A'.repeat(43) }))
  if (read.kind !== 'ok' || read.entry.type !== 'sale') throw new Error('a till reads what it wrote')
  return read.entry
}

test('[PRC-8c] the bytes of an entry hold what went into each price, and every step with its amount', async () => {
  await using shelf = await openShelfOfShop()
  // Under the offer's minimum; half a paisa of its gross is above the MRP.
  const capped: Cart = { lines: [{ uid: 'd', productId: 4, quantityMilli: 1100 }] }
  const kinds = []
  for (const cart of [mixed, capped]) {
    const { store, body } = readBack(saleOf(shelf, cart))
    const [document] = body.documents
    if (!document) throw new Error('a sale has a document')
    const { pricedAt, region, storeState, placeOfSupply } = document.pricing
    const lines = document.lines.map(({ uid, product, batch, quantityMilli }) => ({
      uid,
      productId: product,
      quantityMilli,
      ...(batch !== null && { batchId: batch }),
    }))
    const context = { pricedAt, storeId: store, regionId: region, storeState, placeOfSupply }
    const priced = priceCart({ lines }, shelf.rulebook, context)
    for (const [index, { steps }] of priced.lines.entries()) {
      const { offers = [], discountMinor = 0 } = document.lines[index] ?? {}
      const held = offers.map(({ id, amountMinor }) => ({ kind: 'offer', offerId: id, amountMinor }))
      // What no offer took off is the ceiling's.
      const rest = discountMinor - offers.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
      expect([...held, ...(rest === 0 ? [] : [{ kind: 'ceiling', amountMinor: rest }])]).toEqual(steps)
      kinds.push(...steps.map(({ kind }) => kind))
    }
  }
  expect(kinds).toEqual(['offer', 'offer', 'offer', 'ceiling'])
})

test('[PRC-9c] any figure of a line that differs is found, with what it should be', async () => {
  await using shelf = await openShelfOfShop()
  const sale = saleOf(shelf, mixed)
  const figures = [
    'unitMinor',
    'mrpMinor',
    'grossMinor',
    'discountMinor',
    'paidMinor',
    'rateBp',
    'list',
  ] as const
  const taxes = ['taxableMinor', 'cgstMinor', 'igstMinor', 'roundOffMinor', 'rupeeMinor'] as const
  for (const figure of [...figures, ...taxes]) {
    const [right] = sale.body.documents[0]?.lines ?? []
    const wrong = Number(right?.[figure]) + 1
    const found = await shelf.check(
      altered(sale, ({ lines: [first, ...rest] }) =>
        first ? { lines: [{ ...first, [figure]: wrong }, ...rest] } : {},
      ),
    )
    expect(found).toEqual([
      {
        kind: 'price/differs',
        params: { number: 'AIR1AA26-000001', uid: 'a', figure, entry: wrong, expected: right?.[figure] },
      },
    ])
  }
  for (const change of [{ hsn: '3304' }, { uqc: 'BTL' }, { offers: [] }, { taxKind: 'nil' as const }]) {
    const found = await shelf.check(
      altered(sale, ({ lines: [first, ...rest] }) =>
        first ? { lines: [{ ...first, ...change }, ...rest] } : {},
      ),
    )
    expect(found).toMatchObject([{ kind: 'price/differs', params: { figure: Object.keys(change)[0] } }])
  }
})

test('any figure of a document that differs is found', async () => {
  await using shelf = await openShelfOfShop()
  const sale = saleOf(shelf, mixed)
  const figures = [
    'mrpTotalMinor',
    'grossMinor',
    'discountMinor',
    'taxableMinor',
    'cgstMinor',
    'igstMinor',
    'roundOffMinor',
    'rupeeMinor',
  ] as const
  for (const figure of figures) {
    const found = await shelf.check(altered(sale, (document) => ({ [figure]: document[figure] - 1 })))
    expect(found).toMatchObject([{ kind: 'total/differs', params: { figure } }])
  }
  expect(await shelf.check(altered(sale, () => ({ kind: 'B' })))).toMatchObject([
    { kind: 'total/differs', params: { figure: 'kind', entry: 'B', expected: 'I' } },
  ])
  expect(await shelf.check(altered(sale, ({ taxes }) => ({ taxes: taxes.slice(1) })))).toMatchObject([
    { kind: 'tax/differs' },
  ])
  expect(await shelf.check(altered(sale, ({ taxes }) => ({ taxes: taxes.toReversed() })))).toEqual([])
  const pricing = { rupeeRounding: true }
  expect(
    await shelf.check(altered(sale, (document) => ({ pricing: { ...document.pricing, ...pricing } }))),
  ).toMatchObject([{ kind: 'total/differs', params: { figure: 'rupeeRounding' } }])
})

test('tenders and change that do not add up are found, a wrong total in both places', async () => {
  await using shelf = await openShelfOfShop()
  const sale = saleOf(shelf, mixed)
  const total = sale.body.documents[0]?.totalMinor ?? 0
  const with_ = (body: Partial<Entry<'sale'>['body']>): Entry<'sale'> => ({
    ...sale,
    body: { ...sale.body, ...body },
  })
  expect(await shelf.check(with_({ tenders: [] }))).toEqual([
    { kind: 'tender/sum-differs', params: { figure: 'tenders', entry: 0, expected: total } },
  ])
  expect(await shelf.check(with_({ changeMinor: 0 }))).toMatchObject([
    { kind: 'tender/sum-differs', params: { figure: 'changeMinor', entry: 0, expected: 500 } },
  ])
  const found = await shelf.check(altered(sale, () => ({ totalMinor: total - 1 })))
  expect(found.map(({ kind }) => kind)).toEqual(['total/differs', 'tender/sum-differs'])
})

test('a rulebook, an engine or a product that nobody knows is named', async () => {
  await using shelf = await openShelfOfShop()
  const sale = saleOf(shelf, mixed)
  const unknown = [{ kind: 'rulebook/unknown' }]
  expect(await shelf.check({ ...sale, rulebook: null })).toMatchObject(unknown)
  expect(await shelf.check({ ...sale, rulebook: { version: 2, checksum: shelf.checksum } })).toMatchObject(
    unknown,
  )
  expect(await shelf.check({ ...sale, rulebook: { version: 1, checksum: 'other' } })).toMatchObject(unknown)
  expect(await shelf.check({ ...sale, engine: 99 })).toMatchObject([
    { kind: 'engine/unknown', params: { engine: 99 } },
  ])
  const strange = altered(sale, ({ lines }) => ({
    lines: lines.map((line) => ({ ...line, product: line.product + 5 })),
  }))
  expect(await shelf.check(strange)).toMatchObject([
    { kind: 'product/unknown', params: { uid: 'a', product: 6 } },
    { kind: 'product/unknown', params: { uid: 'b', product: 7 } },
    { kind: 'product/unknown', params: { uid: 'c', product: 6 } },
  ])
})

test('a line that the engine would not sell is odd, not an error', async () => {
  await using shelf = await openShelfOfShop()
  const sale = saleOf(shelf, mixed)
  const half = altered(sale, ({ lines }) => ({
    lines: lines.map((line) => (line.uid === 'a' ? { ...line, quantityMilli: 1500 } : line)),
  }))
  expect(await shelf.check(half)).toMatchObject([
    { kind: 'line/odd', params: { uid: 'a', product: 1, reason: 'quantity/fractional' } },
  ])
})

test('[RET-2e] a credit note is not priced again, but its refund counts among the tenders', async () => {
  await using shelf = await openShelfOfShop()
  const sale = altered(saleOf(shelf, mixed), (document) => ({
    kind: 'C',
    grossMinor: document.grossMinor + 7,
  }))
  const tenders = sale.body.tenders.map(({ handedMinor, ...tender }) => ({
    ...tender,
    direction: 'out' as const,
  }))
  expect(await shelf.check({ ...sale, body: { ...sale.body, tenders, changeMinor: 0 } })).toEqual([])
  expect(await shelf.check(sale)).toMatchObject([{ kind: 'tender/sum-differs' }])
})
