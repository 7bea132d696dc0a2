import type { Answer, OfferDefinition, previewOffer } from '@nexus/contract'
import { price as priceNow } from '@nexus/domain'
import { type BillDocument, documentDraftOf } from '@nexus/sync'
import { expect, test } from 'vitest'
import { administrator, forEachDialect } from '../../../testing/index.ts'
import { rulebookReader } from '../reader.ts'
import { setUpStores } from '../testing/stores.ts'
import { airport, openWorld, price, soap, village } from '../testing/world.ts'
import { offerChoices, offerGoods } from './choices.ts'
import { createOffer, publishOffer } from './offers.ts'
import { preview } from './preview.ts'

const author = { by: null, how: 'test' }
const day = 86_400_000
const identity = 'x'.repeat(43)

forEachDialect((dialect) => {
  /** Soap ₹35, shampoo ₹199 and a pouch ₹50; the village is in Karnataka, the airport in Tamil Nadu. */
  async function desk() {
    const world = await openWorld(await dialect.open())
    await setUpStores(world)
    await world.add(
      soap({ sku: 'S-1', prices: [price(1, 3500), price(4, 3000)] }),
      soap({ sku: 'H-1', names: { en: 'Shampoo' }, brand: 'Clinic', prices: [price(1, 19_900)] }),
      soap({ sku: 'P-1', names: { en: 'Pouch' }, category: 'Gifts', prices: [price(1, 5000)] }),
    )
    await world.publish()
    const parts = {
      ...world,
      reader: rulebookReader(world),
      pastBill: async () => await Promise.reject(new Error('no bill was asked for')),
    }
    const now = world.clock.now()
    const half = (change: Record<string, unknown> = {}): OfferDefinition => ({
      name: 'Half',
      effect: 'unit-off',
      priority: 0,
      from: now,
      selector: { brands: [1] },
      off: { percentBp: 5000 },
      ...change,
    })
    const cart = (...productIds: number[]) => ({
      lines: productIds.map((productId) => ({ productId, quantityMilli: 1000 })),
    })
    const totals = ({ without, with: withIt }: Answer<typeof previewOffer>) => [
      without.toPayMinor,
      withIt.toPayMinor,
    ]
    return { world, parts, now, half, cart, totals }
  }

  test('[PRC-10d] a cart is priced with and without the draft, at the time and store of the draft', async () => {
    const { parts, half, cart, totals, now } = await desk()
    const today = await preview(parts, administrator, { definition: half(), of: cart(1, 2) })
    expect(totals(today)).toEqual([23_400, 21_650])
    expect(today).toMatchObject({ storeId: village, pricedAt: now, rulebookVersion: 1 })
    expect(today.names.offers).toEqual([{ id: today.offerId, name: 'Half' }])
    expect(today.names.products.map(({ name }) => name).sort()).toEqual(['Shampoo', 'Soap'])
    expect(today.names.priceLists).toEqual([{ id: 1, name: 'Selling price' }])
    const later = half({ from: now + day, storeIds: [airport] })
    const then = await preview(parts, administrator, { definition: later, of: cart(1) })
    expect(then).toMatchObject({ storeId: airport, pricedAt: now + day })
    expect(totals(then)).toEqual([3500, 1750])
    const before = await preview(parts, administrator, { definition: later, of: { ...cart(1), at: now } })
    expect(totals(before)).toEqual([3500, 3500])
    expect(before.with.notApplied).toEqual([{ offerId: before.offerId, condition: { kind: 'calendar' } }])
  })

  test('[PRC-10d] the customer is of the audience, brings the coupon and takes the gift', async () => {
    const { parts, half, cart, totals } = await desk()
    const asked = async (definition: OfferDefinition, ...ids: number[]) =>
      await preview(parts, administrator, { definition, of: cart(...ids) })
    const members = await asked(half({ audience: { kind: 'tier', tiers: ['member'] } }), 1)
    expect(totals(members)).toEqual([3000, 1500])
    expect(totals(await asked(half({ audience: { kind: 'staff' } }), 1))).toEqual([3500, 1750])
    const bill = { name: 'Bill', priority: 0, from: 0, selector: { everything: true } }
    const off = { off: { amountMinor: 500 } }
    const coupon = { ...bill, ...off, effect: 'coupon', code: { kind: 'public', text: 'lucky5' } }
    expect(totals(await asked(coupon, 1))).toEqual([3500, 3000])
    const series = { ...coupon, code: { kind: 'series', prefix: 'LUCK-', length: 9 } }
    const ofSeries = await asked(series, 1)
    expect(totals(ofSeries)).toEqual([3500, 3000])
    expect(ofSeries.with.coupons).toMatchObject([{ code: 'LUCK-0000' }])
    const gift = await asked({ ...bill, effect: 'gift', fromMinor: 10_000, gifts: [3], unitMinor: 100 }, 2)
    expect(totals(gift)).toEqual([19_900, 20_000])
    expect(gift.with.lines.map((line) => line.productId)).toEqual([2, 3])
  })

  test('[PRC-10d] of a stored offer the form counts, not what is published of it', async () => {
    const { world, parts, half, cart, totals } = await desk()
    const id = await createOffer(world, half(), author)
    await publishOffer(world, id, author)
    await world.publish()
    const body = { offerId: id, definition: half({ off: { percentBp: 1000 } }), of: cart(1) }
    expect(totals(await preview(parts, administrator, body))).toEqual([3500, 3150])
    const { offerId, ...copy } = body
    expect(totals(await preview(parts, administrator, copy))).toEqual([1750, 1750])
  })

  test('[PRC-10d] a past bill is priced as it was, with the draft whatever its dates', async () => {
    const { world, parts, half, cart, totals, now } = await desk()
    const rulebook = await parts.reader.find(1, [1, 2, 3])
    if (!rulebook) throw new Error('version 1 is published')
    const context = {
      pricedAt: now - 30 * day,
      storeId: airport,
      regionId: '',
      storeState: '33',
      placeOfSupply: '33',
      tier: 'member',
    }
    const sold = { lines: [{ uid: 'a', productId: 1, quantityMilli: 2000 }] }
    const priced = priceNow(sold, rulebook, context)
    const draft = documentDraftOf({ priced, cart: sold, rulebook, context, language: 'en' })
    const document: BillDocument = { ...draft, number: 'A-1', issueDate: '2026-10-22' }
    const rulebookVersion = 1
    const pastBill = async () => ({ storeId: airport, rulebookVersion, document })
    await world.edit(1, { prices: [price(1, 9900)] })
    await world.publish()
    const of = { bill: { identity, document: 0 } }
    const again = await preview({ ...parts, pastBill }, administrator, { definition: half(), of })
    expect(totals(again)).toEqual([6000, 3000])
    expect(again).toMatchObject({ rulebookVersion: 1, pricedAt: context.pricedAt, storeId: airport })

    const refused = { definition: half(), of }
    const back = async () => ({
      storeId: airport,
      rulebookVersion,
      document: { ...document, kind: 'C' as const },
    })
    await expect(preview({ ...parts, pastBill: back }, administrator, refused)).rejects.toMatchObject({
      code: 'request/invalid',
    })
    const gone = async () => ({ storeId: airport, rulebookVersion: 99, document })
    await expect(preview({ ...parts, pastBill: gone }, administrator, refused)).rejects.toMatchObject({
      code: 'rulebook/version-unknown',
    })
    expect(totals(await preview(parts, administrator, { definition: half(), of: cart(1) }))).toEqual([
      9900, 4950,
    ])
  })

  test('an unfinished draft is told what is missing, and a stranger’s store is refused', async () => {
    const { parts, half, cart } = await desk()
    const unfinished = { definition: half({ selector: {} }), of: cart(1) }
    await expect(preview(parts, administrator, unfinished)).rejects.toMatchObject({
      code: 'offer/has-faults',
      errors: [{ field: 'selector' }],
    })
    const manager = { ...administrator, storeIds: [village] }
    const elsewhere = { definition: half(), of: { ...cart(1), storeId: airport } }
    await expect(preview(parts, manager, elsewhere)).rejects.toMatchObject({ code: 'session/not-allowed' })
    const unknown = { definition: half(), of: cart(77) }
    await expect(preview(parts, administrator, unknown)).rejects.toMatchObject({ code: 'request/invalid' })
  })

  test('a form is told what it may name, and what a draft names', async () => {
    const { world, half } = await desk()
    const db = world.database.read
    const { brands, categories, tiers } = await offerChoices(db)
    expect(brands.map(({ name }) => name)).toEqual(['Clinic', 'Pears'])
    expect(categories.map(({ name }) => name)).toEqual(['Bath', 'Gifts'])
    expect(tiers).toEqual(['member'])
    const parts = [{ products: [2] }, { everything: true, except: { products: [1, 77] } }]
    const id = await createOffer(world, half({ effect: 'bundle', parts, selector: undefined }), author)
    expect((await offerGoods(db, id)).products).toEqual([
      { id: 2, sku: 'H-1', name: 'Shampoo' },
      { id: 1, sku: 'S-1', name: 'Soap' },
    ])
  })
})
