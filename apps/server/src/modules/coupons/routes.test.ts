import { randomUUID } from 'node:crypto'
import {
  claimCoupon,
  createOffer,
  exportCouponCodes,
  getCouponSeries,
  listAudit,
  listCouponCodes,
  listCouponSeries,
  putCouponBatch,
  releaseCoupon,
  urlOf,
  voidCouponBatch,
  voidCouponCode,
} from '@nexus/contract'
import { expect, test } from 'vitest'
import { administrator, openShop, type Shop, tillCaller } from '../../testing/index.ts'
import { registerId, setUpStore, storeId } from '../stores/testing/world.ts'
import { couponCodesJob } from './make-codes.ts'

const definition = {
  name: 'Diwali coupon',
  effect: 'coupon',
  priority: 0,
  from: 0,
  code: { kind: 'series', prefix: 'DIW', length: 10 },
  selector: { everything: true },
  off: { amountMinor: 1000 },
}

async function openWithCodes(count: number): Promise<{ shop: Shop; offer: number; batch: string }> {
  const shop = await openShop()
  await setUpStore(shop.context)
  const { row } = await shop.call(createOffer, { body: { definition } })
  const batch = randomUUID()
  const body = { offerId: row.id, name: 'Letter, "early"', count, expiresAt: null }
  await shop.call(putCouponBatch, { params: { batchId: batch }, body })
  while (await couponCodesJob(shop.context).run({ hold: async () => undefined }));
  return { shop, offer: row.id, batch }
}

test('a series is found, its codes are listed, claimed by a till, and made void', async () => {
  const { shop: opened, offer, batch } = await openWithCodes(3)
  await using shop = opened
  const found = await shop.call(listCouponSeries, { query: { q: ' diw2345678 ' } })
  expect(found.rows).toMatchObject([{ offerId: offer, prefix: 'DIW', counts: { codes: 3 } }])
  expect((await shop.call(listCouponSeries, { query: { q: 'holi' } })).total).toBe(0)
  const sheet = await shop.call(getCouponSeries, { params: { offerId: offer } })
  expect(sheet).toMatchObject({ codesMax: 2_187_000, batches: [{ id: batch, isForeign: false }] })

  const { rows } = await shop.call(listCouponCodes, { query: { offer } })
  const code = rows[0]?.code ?? ''
  const till = shop.as(tillCaller(registerId, storeId, randomUUID()))
  const claimed = await till.call(claimCoupon, { body: { code } })
  expect(claimed).toMatchObject({ code, state: 'usable' })
  const other = shop.as(tillCaller(randomUUID(), storeId, randomUUID()))
  expect(await other.call(claimCoupon, { body: { code } })).toMatchObject({ state: 'used' })
  await till.call(releaseCoupon, { body: { code } })
  expect(await other.call(claimCoupon, { body: { code } })).toMatchObject({ state: 'usable' })

  const voided = await shop.call(voidCouponCode, { params: { code: code.toLowerCase() } })
  expect(voided).toMatchObject({ code, state: 'void', reserved: null })
  await expect(shop.call(voidCouponCode, { params: { code: 'NONE' } })).rejects.toMatchObject({
    code: 'coupon/not-found',
  })
  expect((await shop.call(voidCouponBatch, { params: { batchId: batch } })).counts).toEqual({
    codes: 3,
    redeemed: 0,
    void: 3,
  })
  await expect(shop.call(voidCouponBatch, { params: { batchId: randomUUID() } })).rejects.toMatchObject({
    code: 'coupon/batch-not-found',
  })
})

test('the file of codes has every row of the list, and who took it stands in the audit trail', async () => {
  const { shop: opened, offer, batch } = await openWithCodes(1200)
  await using shop = opened
  const file = await (await shop.fetch(urlOf(exportCouponCodes, { query: { batch } }))).text()
  const lines = file.split('\r\n')
  expect(lines[0]).toBe('code,state,batch,expires,reserved by,reserved until,bills,store,redeemed,amount')
  expect(lines).toHaveLength(1202)
  expect(new Set(lines).size).toBe(1202)
  expect(lines[1]).toMatch(/^DIW.{7},free,"Letter, ""early""",,,,,,,$/)
  const trail = await shop.call(listAudit, {
    query: { subject: 'coupon-series', subjectId: String(offer) },
  })
  expect(trail.rows.map(({ after }) => after)).toMatchObject([
    { exported: 'Letter, "early"' },
    { batch: 'Letter, "early"', count: 1200 },
  ])
})

test('who may not set prices sees series, and neither codes nor their file', async () => {
  const { shop: opened, offer, batch } = await openWithCodes(1)
  await using shop = opened
  const reader = shop.as({ ...administrator, permissions: new Set(['products.read'] as const) })
  expect((await reader.call(listCouponSeries, { query: {} })).total).toBe(1)
  const refused = { code: 'session/not-allowed' }
  await expect(reader.call(listCouponCodes, { query: { offer } })).rejects.toMatchObject(refused)
  expect((await reader.fetch(urlOf(exportCouponCodes, { query: { batch } }))).status).toBe(403)
  await expect(reader.call(voidCouponBatch, { params: { batchId: batch } })).rejects.toMatchObject(refused)
})
