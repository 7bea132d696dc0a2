import {
  createEnrolmentCode,
  enrolTill,
  listShifts,
  listStores,
  pushTill,
  putCompany,
  putRegister,
  putStore,
} from '@nexus/contract'
import { readCertificate } from '@nexus/sync'
import { soldLine } from '@nexus/sync/testing'
import { expect, test } from 'vitest'
import { openShop, tillCaller } from '../../testing/index.ts'
import { ScriptedTill, testKey } from '../journal/testing/scripted-till.ts'
import {
  company,
  enrolRequest,
  newKey,
  registerBody,
  registerId,
  storeBody,
  storeId,
} from '../stores/testing/world.ts'
import { foldStock } from './index.ts'

const shift = '01890000-0000-7000-8000-000000000501'
const float = { totalMinor: 50_000, pieces: [] }

test('[JRN-5a] what an enrolled till pushes becomes a begun epoch, a shift and stock moves, once', async () => {
  await using shop = await openShop()
  const { id: tenant } = await shop.call(putCompany, { body: company })
  await shop.call(putStore, { params: { storeId }, body: storeBody() })
  await shop.call(putRegister, { params: { registerId }, body: registerBody() })
  const { code } = await shop.call(createEnrolmentCode, { params: { registerId } })
  const key = testKey()
  const enrolled = await shop.call(enrolTill, { body: enrolRequest({ code }, key, newKey()) })
  const certificate = readCertificate(enrolled.enrolment.certificate)?.certificate
  const till = new ScriptedTill(shop.context.secrets.enrolment, {
    place: { tenant, store: storeId, register: registerId },
    code: certificate?.code ?? '',
    epoch: certificate?.epoch ?? '',
    key,
  })
  till.open()
  till.shift = shift
  till.append('shift-opened', { drawer: registerId, float, clockConfirmed: true, personalHash: null })
  till.sale({ lines: [soldLine('a', 1, 2000, 11_800), soldLine('b', 2, 500, 11_800)] })
  const device = shop.as(tillCaller(registerId, storeId, till.epoch))
  for (let time = 0; time < 2; time++) {
    const answer = await device.call(pushTill, { body: till.push() })
    expect(answer).toMatchObject({ head: { seq: 3 }, quarantined: [], forked: [] })
  }
  const { database } = shop.context
  while ((await database.write((tx) => foldStock(tx))) > 0);
  const balances = await database.read.selectFrom('stock_balance').selectAll().orderBy('product').execute()
  expect(balances.map((row) => [row.store_no, row.product, row.quantity_milli])).toEqual([
    [1, 1, -2000],
    [1, 2, -500],
  ])
  expect((await shop.call(listShifts, { query: {} })).rows).toMatchObject([
    { id: shift, storeId, registerNumber: 2, bills: 1, soldMinor: 29_500, expectedMinor: 79_500 },
  ])
  expect((await shop.call(listStores, {})).stores[0]?.registers).toMatchObject([
    { enrolled: true, seriesCode: 'KOR2A', headSeq: 3 },
  ])
})
