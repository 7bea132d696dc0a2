import {
  createEnrolmentCode,
  enrolTill,
  getCompany,
  getStore,
  helloTill,
  listAudit,
  listStores,
  putCompany,
  putRegister,
  putStore,
  tillPlace,
} from '@nexus/contract'
import { readCertificate } from '@nexus/sync'
import { expect, test } from 'vitest'
import { administrator, openShop, tillCaller } from '../../testing/index.ts'
import {
  company,
  enrolRequest,
  helloRequest,
  newKey,
  registerBody,
  registerId,
  storeBody,
  storeId,
} from './testing/world.ts'

const otherStore = '01890000-0000-7000-8000-000000000002'

async function openCorner() {
  const shop = await openShop({ PUBLIC_URL: 'https://nexus.shop.lan:4600' })
  await shop.call(putCompany, { body: company })
  await shop.call(putStore, { params: { storeId }, body: storeBody() })
  await shop.call(putRegister, { params: { registerId }, body: registerBody() })
  return shop
}

test('a shop is set up over HTTP, and the trail says by whom', async () => {
  await using shop = await openShop()
  await expect(shop.call(getCompany, {})).rejects.toMatchObject({ code: 'company/not-found' })
  const { id } = await shop.call(putCompany, { body: company })
  expect(await shop.call(putCompany, { body: { ...company, billFooter: 'Thank you' } })).toMatchObject({ id })
  await shop.call(putStore, { params: { storeId }, body: storeBody() })
  const register = await shop.call(putRegister, { params: { registerId }, body: registerBody() })
  expect(register).toMatchObject({ number: 2, enrolled: false, seriesCode: null, headSeq: 0 })
  const { stores } = await shop.call(listStores, {})
  expect(stores).toEqual([{ id: storeId, ...storeBody(), registers: [register] }])
  const trail = await shop.call(listAudit, { query: { sort: 'at' } })
  expect(trail.rows.map((row) => [row.subject, row.byId, row.how])).toEqual([
    ['company', administrator.staffId, 'back-office'],
    ['company', administrator.staffId, 'back-office'],
    ['store', administrator.staffId, 'back-office'],
    ['register', administrator.staffId, 'back-office'],
  ])
})

test('a till is enrolled with a code, says hello, and reads its place with its token', async () => {
  await using shop = await openCorner()
  const made = await shop.call(createEnrolmentCode, { params: { registerId } })
  expect(made.url).toBe(`https://nexus.shop.lan:4600/till/?code=${made.code}`)
  const key = newKey()
  const enrolled = await shop.call(enrolTill, { body: enrolRequest({ code: made.code }, key, newKey()) })
  const epoch = readCertificate(enrolled.enrolment.certificate)?.certificate.epoch ?? ''
  expect(enrolled.heads).toEqual([])
  const said = await shop.call(helloTill, { body: helloRequest(key, epoch, enrolled.enrolment) })
  expect(said.generation).toBe(enrolled.generation)
  expect(said.heads).toMatchObject([{ epoch, seq: 0 }])
  const place = await shop.as(tillCaller(registerId, storeId, epoch)).call(tillPlace, {})
  expect(place).toEqual(enrolled.place)
  expect(await shop.call(getStore, { params: { storeId } })).toMatchObject({
    registers: [{ enrolled: true, seriesCode: 'KOR2A', lastSeenAt: shop.clock.now() }],
  })
})

test('a manager sees and changes only the stores that are theirs', async () => {
  await using shop = await openCorner()
  const away = shop.as({ ...administrator, storeIds: [otherStore] })
  expect(await away.call(listStores, {})).toEqual({ stores: [] })
  const refused = { code: 'session/not-allowed' }
  await expect(away.call(getStore, { params: { storeId } })).rejects.toMatchObject(refused)
  await expect(away.call(putStore, { params: { storeId }, body: storeBody() })).rejects.toMatchObject(refused)
  await expect(
    away.call(putRegister, { params: { registerId }, body: registerBody() }),
  ).rejects.toMatchObject(refused)
  await expect(away.call(createEnrolmentCode, { params: { registerId } })).rejects.toMatchObject(refused)
})

test('what does not fit the schema is refused with the field that is wrong', async () => {
  await using shop = await openCorner()
  const wrong = shop.call(putStore, { params: { storeId }, body: storeBody({ pin: '12' }) })
  await expect(wrong).rejects.toMatchObject({ code: 'request/invalid', errors: [{ field: 'pin' }] })
  const gstin = shop.call(putStore, { params: { storeId }, body: storeBody({ gstin: '29AABCC1234D1Z8' }) })
  await expect(gstin).rejects.toMatchObject({ code: 'store/gstin-invalid', errors: [{ field: 'gstin' }] })
})
