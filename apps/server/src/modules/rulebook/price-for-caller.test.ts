import { createProduct, priceCart, publishRulebook, putProduct, putTaxClass } from '@nexus/contract'
import { adviceOn, price } from '@nexus/domain'
import { expect, test } from 'vitest'
import { administrator, openShop, type Shop, tillCaller } from '../../testing/index.ts'
import { addPriceList } from '../catalogue/index.ts'
import { putStore } from '../stores/index.ts'
import { addOffer } from './add-offer.ts'
import { rulebookReader } from './reader.ts'
import { airport, price as priceRow, soap, village } from './testing/world.ts'

const author = { by: null, how: 'test' }

/** Two stores in two States, soap at ₹35 (₹30 with the next version), 10% off from ₹100 on. */
async function openPriced(): Promise<Shop> {
  const shop = await openShop()
  const { context } = shop
  for (const [id, code, state] of [
    [village, 'VIL', '29'],
    [airport, 'AIR', '33'],
  ] as const) {
    await putStore(context, author, id, {
      code,
      name: code,
      gstin: state === '29' ? '29AABCC1234D1Z7' : '33AABCC1234D1ZI',
      state,
      regionId: '',
      address: '1 Main Road',
      city: 'Town',
      pin: '560001',
      phone: '',
      language: 'en',
      cutOver: '04:00',
      active: true,
    })
  }
  const list = { name: 'Selling price', scope: 'chain', scopeId: '', tier: null, inclusive: true } as const
  await addPriceList(context, list, author)
  await shop.call(putTaxClass, {
    params: { taxClassId: 'GST18' },
    body: { name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] },
  })
  await shop.call(createProduct, { body: soap({ sku: 'A-1' }) })
  const offer = { name: 'Big basket', priority: 1, from: 0, effect: 'percent-off-bill' } as const
  await addOffer(context, { ...offer, percentBp: 1000, minimumMinor: 10_000 }, author)
  await shop.call(publishRulebook, { body: { note: '' } })
  await shop.call(putProduct, {
    params: { productId: 1 },
    body: { ...soap({ sku: 'A-1', prices: [priceRow(1, 3000)] }), revision: 1 },
  })
  await shop.call(publishRulebook, { body: { note: '' } })
  return shop
}

const lines = (count: number, units = 1) =>
  Array.from({ length: count }, (_, index) => ({
    uid: `l${index}`,
    productId: 1,
    quantityMilli: units * 1000,
  }))

/** As it travels. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

test('[PRC-9a] a cart is priced by the newest rulebook or by the one that is named, with its trace', async () => {
  await using shop = await openPriced()
  const cart = { lines: lines(1, 4) }
  const answer = await shop.call(priceCart, { body: { cart } })
  expect(answer).toMatchObject({
    rulebook: { version: 2 },
    storeId: village,
    pricedAt: shop.clock.now(),
    priced: { grossMinor: 12_000, discountMinor: 1200, toPayMinor: 10_800 },
  })
  expect(answer.words).toContain('  offer "Big basket": -₹12.00')
  const rulebook = await rulebookReader(shop.context).find(2, [1])
  const place = { storeId: village, regionId: '', storeState: '29', placeOfSupply: '29' }
  // The whole answer of the engine, not only what the schema describes.
  const context = { ...place, pricedAt: 5 }
  const priced = rulebook && price(cart, rulebook, context)
  expect(priced && rulebook && plain({ ...priced, ...adviceOn(cart, rulebook, context, priced) })).toEqual(
    (await shop.call(priceCart, { body: { cart, context: { pricedAt: 5 } } })).priced,
  )
  const before = await shop.call(priceCart, { body: { cart, rulebookVersion: 1 } })
  expect([before.rulebook.version, before.priced.grossMinor]).toEqual([1, 14_000])
  await expect(shop.call(priceCart, { body: { cart, rulebookVersion: 3 } })).rejects.toMatchObject({
    code: 'rulebook/version-unknown',
    message: expect.stringContaining('the newest is 2'),
  })
})

test('[TAX-3b] the store and the place of supply decide the heads', async () => {
  await using shop = await openPriced()
  const cart = { lines: lines(1) }
  const away = await shop.call(priceCart, {
    body: { cart, context: { storeId: airport, placeOfSupply: '29' } },
  })
  expect(away.storeId).toBe(airport)
  expect(away.priced.igstMinor).toBeGreaterThan(0)
  const home = await shop.call(priceCart, { body: { cart, context: { storeId: airport } } })
  expect(home.priced.cgstMinor).toBeGreaterThan(0)
})

test('only who may see prices is answered, and only for stores of theirs', async () => {
  await using shop = await openPriced()
  const body = { cart: { lines: lines(1) } }
  const cashier = shop.as({ ...administrator, permissions: new Set() })
  await expect(cashier.call(priceCart, { body })).rejects.toMatchObject({ code: 'session/not-allowed' })
  const device = shop.as(
    tillCaller('01890000-0000-7000-8000-0000000000c1', village, '01890000-0000-7000-8000-0000000000e1'),
  )
  await expect(device.call(priceCart, { body })).rejects.toThrow()
  const manager = shop.as({ ...administrator, storeIds: [airport] })
  expect((await manager.call(priceCart, { body })).storeId).toBe(airport)
  const elsewhere = { ...body, context: { storeId: village } }
  await expect(manager.call(priceCart, { body: elsewhere })).rejects.toMatchObject({
    code: 'session/not-allowed',
  })
  const nowhere = { ...body, context: { storeId: 'moon' } }
  await expect(shop.call(priceCart, { body: nowhere })).rejects.toMatchObject({ code: 'store/not-found' })
})

test('a cart that cannot be priced is refused by line', async () => {
  await using shop = await openPriced()
  const refusal = async (...changed: object[]) => {
    const body = { cart: { lines: [...lines(1), ...changed] } }
    const answer = await shop.fetch(priceCart.path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      400,
      expect.stringContaining('application/problem+json'),
    ])
    const problem = await answer.json()
    return `${problem.errors[0].field}: ${problem.errors[0].message}`
  }
  const line = { uid: 'x', productId: 1, quantityMilli: 1000 }
  expect(await refusal({ ...line, productId: 9 })).toBe(
    'cart.lines.1: Line "x" (product 9) is not in this rulebook. Take the line out, or publish the product.',
  )
  expect(await refusal({ ...line, quantityMilli: 1500 })).toContain(
    'cart.lines.1: Line "x" (product 1) is sold',
  )
  expect(await refusal({ ...line, uid: 'l0' })).toContain('cart.lines.1: Line "l0" (product 1) has the uid')
  expect(await refusal({ ...line, quantityMilli: -1000 })).toBe(
    'cart.lines.1.quantityMilli: must be 1 or more.',
  )
  expect(await refusal({ ...line, quantityMilli: 1e300 })).toContain('cart.lines.1.quantityMilli: ')
  expect(await refusal({ ...line, quantity: 1 })).toContain('cart.lines.1.quantity: is not known here')
})

test('a cart of 1,000 lines is answered, and a longer one refused', async () => {
  await using shop = await openPriced()
  const answer = await shop.call(priceCart, { body: { cart: { lines: lines(1000) } } })
  expect([answer.priced.lines.length, answer.priced.toPayMinor]).toEqual([1000, 2_700_000])
  await expect(shop.call(priceCart, { body: { cart: { lines: lines(1001) } } })).rejects.toMatchObject({
    code: 'request/invalid',
    errors: [{ field: 'cart.lines', message: expect.stringContaining('at most 1000 entries') }],
  })
})

test('before the first rulebook there is nothing to price by', async () => {
  await using shop = await openShop()
  await expect(shop.call(priceCart, { body: { cart: { lines: [] } } })).rejects.toMatchObject({
    code: 'rulebook/none',
  })
})
