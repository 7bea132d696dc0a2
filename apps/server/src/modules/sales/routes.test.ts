import { randomUUIDv7 } from 'node:crypto'
import {
  getBill,
  getToday,
  heartbeatTill,
  listBills,
  listIncidents,
  pushTill,
  searchAll,
} from '@nexus/contract'
import { maxPushEntries } from '@nexus/sync'
import { expect, onTestFinished, test } from 'vitest'
import { administrator, openShop, tillCaller } from '../../testing/index.ts'
import { ScriptedTill } from '../journal/testing/scripted-till.ts'
import { putStaff } from '../staff/index.ts'
import { registerId, setUpStore, storeId } from '../stores/testing/world.ts'
import { cashierId } from './testing/shop-with-tills.ts'

async function openWithTill() {
  const shop = await openShop()
  onTestFinished(() => shop[Symbol.asyncDispose]())
  await setUpStore(shop.context)
  await putStaff(shop.context, { how: 'test' }, cashierId, {
    name: '=Meena, "Counter 2"',
    login: 'meena',
    role: 'cashier',
    storeIds: [storeId],
    active: true,
    language: 'en',
  })
  const place = { tenant: randomUUIDv7(), store: storeId, register: registerId }
  const till = new ScriptedTill(shop.context.secrets.enrolment, { place, code: 'KOR2A' })
  till.staff = cashierId
  till.open()
  return { shop, till, device: shop.as(tillCaller(registerId, storeId, till.epoch)) }
}

test('[JRN-8a] what a till pushes over HTTP stands in the list, on its page, in Today, in the search and in the export', async () => {
  const { shop, till, device } = await openWithTill()
  const sale = till.sale()
  till.note('drawer-left-open')
  const answer = await device.call(pushTill, { body: till.push() })
  expect(answer.head).toEqual({ epoch: till.epoch, seq: 3, hash: till.lastHash })
  const beat = await device.call(heartbeatTill, {
    body: {
      requestId: randomUUIDv7(),
      register: registerId,
      epoch: till.epoch,
      head: answer.head,
      at: till.at,
      app: 'test-1',
      waiting: { entries: 0, sales: 0, soldMinor: 0, oldestAt: null },
      checkpoint: till.checkpoint(3, till.lastHash),
    },
  })
  expect(beat.marks.received).toMatchObject({ seq: 3, generation: answer.generation })
  const list = await shop.call(listBills, { query: { q: 'KOR2A', sort: '-totalMinor' } })
  expect(list).toMatchObject({
    total: 1,
    rows: [{ number: 'KOR2AI26-000001', cashier: '=Meena, "Counter 2"' }],
  })
  const bill = await shop.call(getBill, { params: { identity: sale.hash, document: 0 } })
  expect(bill.entry.bytes).toBe(Buffer.from(sale.bytes).toString())
  const today = await shop.call(getToday, { query: { day: '2026-11-22' } })
  expect(today).toMatchObject({ figures: { bills: 1 }, attention: { incidents: 1 } })
  const { hits } = await shop.call(searchAll, { query: { q: 'kor2ai26' } })
  expect(hits.map(({ kind, id }) => [kind, id])).toEqual([['bill', `${sale.hash}/0`]])
  const incidents = await shop.call(listIncidents, { query: { source: 'till' } })
  expect(incidents.rows).toMatchObject([{ kind: 'drawer-left-open', storeId, registerId }])

  const csv = await shop.fetch('/v1/bills.csv?q=KOR2A')
  expect(csv.headers.get('content-type')).toMatch(/^text\/csv/)
  expect(csv.headers.get('content-disposition')).toContain('bills.csv')
  const [heading, row, end] = Buffer.from(await csv.arrayBuffer())
    .toString()
    .split('\r\n')
  expect(heading?.startsWith('\ufeffnumber,kind,store,')).toBe(true)
  // A name that a spreadsheet would run is disarmed.
  expect(row).toContain(`"'=Meena, ""Counter 2"""`)
  expect(row).toContain('118.00,cash,1')
  expect(end).toBe('')
})

test('[JRN-8b] a push that is no push is refused before anything of it is looked at', async () => {
  const { till, device } = await openWithTill()
  const push = till.push()
  const entry = push.entries[0] ?? ''
  for (const body of [
    { ...push, entries: [] },
    { ...push, entries: Array.from({ length: maxPushEntries + 1 }, () => entry) },
    { ...push, entries: [`${entry}=`] },
    { ...push, entries: ['not base64url: ₹'] },
    { ...push, firstSeq: 0 },
    { ...push, epoch: 'somewhere' },
  ]) {
    await expect(device.call(pushTill, { body })).rejects.toMatchObject({ code: 'request/invalid' })
  }
  const tooLarge = { ...push, entries: Array.from({ length: 7 }, () => 'A'.repeat(170_000)) }
  await expect(device.call(pushTill, { body: tooLarge })).rejects.toMatchObject({ code: 'request/too-large' })
  expect((await device.call(pushTill, { body: push })).head.seq).toBe(1)
})

test('bills are for those who may read them, in their own stores', async () => {
  const { shop, till, device } = await openWithTill()
  till.sale()
  await device.call(pushTill, { body: till.push() })
  const nobody = shop.as({ ...administrator, permissions: new Set() })
  const elsewhere = shop.as({ ...administrator, storeIds: [randomUUIDv7()] })
  const refused = { code: 'session/not-allowed' }
  await expect(nobody.call(listBills, { query: {} })).rejects.toMatchObject(refused)
  await expect(nobody.call(getToday, { query: {} })).rejects.toMatchObject(refused)
  await expect(elsewhere.call(listBills, { query: { store: storeId } })).rejects.toMatchObject(refused)
  await expect(elsewhere.call(listIncidents, { query: { store: storeId } })).rejects.toMatchObject(refused)
  expect((await elsewhere.call(listBills, { query: {} })).total).toBe(0)
  const refusal = await elsewhere.fetch(`/v1/bills.csv?store=${storeId}`)
  expect(refusal.status).toBe(403)
})
