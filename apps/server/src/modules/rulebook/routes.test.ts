import { gunzipSync } from 'node:zlib'
import {
  createProduct,
  getRollOut,
  getRulebook,
  publishRulebook,
  putProduct,
  putTaxClass,
  tillRulebook,
  tillRulebookDelta,
  tillRulebookPart,
  urlOf,
} from '@nexus/contract'
import { expect, test } from 'vitest'
import { administrator, openShop, type Shop, tillCaller } from '../../testing/index.ts'
import { addPriceList } from '../catalogue/index.ts'
import { sha256, soap, village } from './testing/world.ts'

const till = tillCaller(
  '01890000-0000-7000-8000-0000000000c1',
  village,
  '01890000-0000-7000-8000-0000000000e1',
)

async function openWithSoap(): Promise<Shop> {
  const shop = await openShop()
  const list = { name: 'Selling price', scope: 'chain', scopeId: '', tier: null, inclusive: true } as const
  await addPriceList(shop.context, list, { by: null, how: 'test' })
  await shop.call(putTaxClass, {
    params: { taxClassId: 'GST18' },
    body: { name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] },
  })
  await shop.call(createProduct, { body: soap({ sku: 'A-1' }) })
  return shop
}

test('the back office publishes and sees what is pending', async () => {
  await using shop = await openWithSoap()
  expect(await shop.call(getRulebook, {})).toEqual({ versions: [], pendingChanges: 1 })
  const version = await shop.call(publishRulebook, { body: { note: 'Opening' } })
  expect(version).toMatchObject({
    version: 1,
    products: 1,
    changes: 1,
    note: 'Opening',
    by: administrator.name,
  })
  expect(await shop.call(getRulebook, {})).toEqual({ versions: [version], pendingChanges: 0 })
  const reader = shop.as({ ...administrator, permissions: new Set(['products.read'] as const) })
  await expect(reader.call(publishRulebook, { body: { note: '' } })).rejects.toMatchObject({
    code: 'session/not-allowed',
  })
})

test('a till asks for the manifest, and again only for news', async () => {
  await using shop = await openWithSoap()
  const device = shop.as(till)
  await expect(device.call(tillRulebook, { query: {} })).rejects.toMatchObject({ code: 'rulebook/none' })
  await shop.call(publishRulebook, { body: { note: '' } })
  const first = await device.fetch(tillRulebook.path)
  const tag = first.headers.get('etag') ?? ''
  expect(await first.json()).toMatchObject({
    version: 1,
    checksum: tag.slice(1, -1),
    chunks: [{ index: 0, rows: 1 }],
  })
  const again = await device.fetch(tillRulebook.path, { headers: { 'if-none-match': tag } })
  expect([again.status, await again.text()]).toEqual([304, ''])
  await shop.call(putProduct, {
    params: { productId: 1 },
    body: { ...soap({ sku: 'A-1', hsn: '' }), revision: 1 },
  })
  await shop.call(publishRulebook, { body: { note: '' } })
  expect((await device.fetch(tillRulebook.path, { headers: { 'if-none-match': tag } })).status).toBe(200)
})

test('how far the newest version has come is told, also where no till has reported', async () => {
  await using shop = await openWithSoap()
  expect(await shop.call(getRollOut, {})).toEqual({ version: 0, tills: 0, holding: 0, behind: [] })
  await shop.call(publishRulebook, { body: { note: '' } })
  await shop.as(till).call(tillRulebook, { query: { holds: 1 } })
  expect(await shop.call(getRollOut, {})).toMatchObject({ version: 1, tills: 0 })
})

test('parts travel compressed as they are stored, never change, and are their hash', async () => {
  await using shop = await openWithSoap()
  await shop.call(publishRulebook, { body: { note: '' } })
  const device = shop.as(till)
  const manifest = await device.call(tillRulebook, { query: {} })
  for (const hash of [manifest.headHash, ...manifest.chunks.map((chunk) => chunk.hash)]) {
    const url = urlOf(tillRulebookPart, { params: { hash } })
    const packed = await device.fetch(url, { headers: { 'accept-encoding': 'br, gzip' } })
    expect(Object.fromEntries(packed.headers)).toMatchObject({
      'content-type': expect.stringContaining('application/json'),
      'content-encoding': 'gzip',
      'cache-control': 'private, max-age=31536000, immutable',
    })
    expect(sha256(gunzipSync(Buffer.from(await packed.arrayBuffer())))).toBe(hash)
    const plain = await device.fetch(url, { headers: { 'accept-encoding': 'identity' } })
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(sha256(Buffer.from(await plain.arrayBuffer()))).toBe(hash)
  }
  const params = { hash: sha256(Buffer.from('nobody')) }
  await expect(device.call(tillRulebookPart, { params })).rejects.toMatchObject({
    code: 'rulebook/chunk-unknown',
  })
})

test('a delta has the rows that changed', async () => {
  await using shop = await openWithSoap()
  await shop.call(createProduct, { body: soap({ sku: 'A-2' }) })
  await shop.call(publishRulebook, { body: { note: '' } })
  await shop.call(putProduct, {
    params: { productId: 1 },
    body: { ...soap({ sku: 'A-1', hsn: '' }), revision: 1 },
  })
  await shop.call(putProduct, {
    params: { productId: 2 },
    body: { ...soap({ sku: 'A-2', active: false }), revision: 1 },
  })
  await shop.call(publishRulebook, { body: { note: '' } })
  const delta = await shop.as(till).call(tillRulebookDelta, { query: { from: 1, to: 2 } })
  expect(delta).toMatchObject({ from: 1, to: 2, rows: [{ id: 1, hsn: '' }], removed: [2] })
})
