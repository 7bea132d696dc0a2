import {
  closeIncidents,
  decideQuarantine,
  declareHandover,
  declareHoleLost,
  exportIncidents,
  heartbeatTill,
  listAudit,
  listForks,
  listHoles,
  listIncidents,
  listQuarantine,
  listRegisterDevices,
  pushTill,
  rehomeForks,
} from '@nexus/contract'
import { expect, test } from 'vitest'
import { administrator, openShop, type Shop, tillCaller } from '../../../testing/index.ts'
import { permissionsOf } from '../../staff/roles.ts'
import { registerId, setUpStore, storeId } from '../../stores/testing/world.ts'
import { ScriptedTill } from '../testing/scripted-till.ts'

/** The real app with a store and a till that has sold once. */
async function openWithTill() {
  const shop = await openShop()
  await setUpStore(shop.context)
  const { enrolment } = shop.context.secrets
  const tenant = '01890000-0000-7000-8000-0000000000aa'
  const till = new ScriptedTill(enrolment, {
    place: { tenant, store: storeId, register: registerId },
    code: 'KOR2A',
  })
  till.open()
  till.sale()
  const device = shop.as(tillCaller(registerId, storeId, till.epoch))
  await device.call(pushTill, { body: till.push() })
  return Object.assign(shop, { till, device })
}

const handover = (till: ScriptedTill) => ({
  params: { registerId },
  body: {
    epoch: till.epoch,
    declaration: 'stolen' as const,
    reason: 'stolen' as const,
    lastNumbers: [],
    remark: 'Taken from the counter.',
  },
})

async function auditOf(shop: Shop, subject: string) {
  return (await shop.call(listAudit, { query: { subject } })).rows
}

test('[JRN-21a, JRN-10j, JRN-20d] from theft to decision over HTTP: declared, waiting, released, each in the audit', async () => {
  await using opened = await openWithTill()
  const { till, device } = opened
  const at = opened.clock.now()
  const head = { epoch: till.epoch, seq: 9, hash: 'A'.repeat(43) }
  await device.call(heartbeatTill, {
    body: {
      requestId: till.epoch,
      register: registerId,
      epoch: till.epoch,
      head,
      at,
      app: '1.0.0',
      waiting: { entries: 6, sales: 6, soldMinor: 60_000, oldestAt: at },
      checkpoint: till.checkpoint(2, till.lastHash),
    },
  })
  const devices = async () => (await opened.call(listRegisterDevices, { params: { registerId } })).devices
  expect(await devices()).toMatchObject([{ headSeq: 2, told: { seq: 9, at }, declarations: [] }])
  await opened.call(declareHandover, handover(till))
  expect(await devices()).toMatchObject([{ state: 'stolen', declarations: [{ declaration: 'stolen' }] }])
  await expect(opened.call(declareHandover, handover(till))).rejects.toMatchObject({
    code: 'decision/too-late',
  })
  const sale = till.sale()
  expect((await device.call(pushTill, { body: till.push() })).quarantined).toEqual([3])
  expect((await opened.call(listQuarantine, { query: {} })).rows).toMatchObject([
    {
      identity: sale.hash,
      reason: 'stolen',
      storeId,
      registerId,
      mayAct: true,
      bill: { number: 'KOR2AI26-000002' },
    },
  ])
  const decision = {
    params: { identity: sale.hash },
    body: { outcome: 'act' as const, reason: 'checked' as const, remark: '' },
  }
  await opened.call(decideQuarantine, decision)
  await expect(opened.call(decideQuarantine, decision)).rejects.toMatchObject({ code: 'decision/too-late' })
  expect((await opened.call(listQuarantine, { query: {} })).total).toBe(0)
  expect(await auditOf(opened, 'handover')).toMatchObject([
    { how: 'back-office', byId: administrator.staffId },
  ])
  expect(await auditOf(opened, 'quarantine')).toHaveLength(1)
})

test('[JRN-20d] the desks over HTTP: empty lists, refusals by name, a file that a spreadsheet opens', async () => {
  await using shop = await openWithTill()
  const params = { epoch: '01890000-0000-7000-8000-0000000000ee' }
  expect((await shop.call(listForks, { query: {} })).rows).toEqual([])
  expect((await shop.call(listHoles, { query: {} })).rows).toEqual([])
  await expect(shop.call(rehomeForks, { params, body: { remark: '' } })).rejects.toMatchObject({
    code: 'entry/not-found',
  })
  const body = { fromSeq: 1, toSeq: 2, reason: 'other' as const, remark: '' }
  await expect(shop.call(declareHoleLost, { params, body })).rejects.toMatchObject({
    code: 'entry/not-found',
  })
  const { rows } = await shop.call(listIncidents, { query: {} })
  const file = await (await shop.fetch(exportIncidents.path)).text()
  expect(file.split('\r\n')[0]).toContain('at,what,source,store')
  expect(file.trim().split('\r\n')).toHaveLength(rows.length + 1)
  const ids = rows.map(({ id }) => id)
  expect(ids.length).toBeGreaterThan(0)
  expect(await shop.call(closeIncidents, { body: { ids, remark: 'Seen.' } })).toEqual({ closed: ids.length })
  expect((await shop.call(listIncidents, { query: {} })).total).toBe(0)
})

test('[JRN-20d] who may look may not decide, and a manager decides for their own store alone', async () => {
  await using opened = await openWithTill()
  const { till } = opened
  const as = (role: Parameters<typeof permissionsOf>[0], storeIds: readonly string[] | undefined) =>
    opened.as({ ...administrator, permissions: permissionsOf(role), storeIds })
  const notAllowed = { code: 'session/not-allowed' }
  await expect(as('merchandiser', undefined).call(declareHandover, handover(till))).rejects.toMatchObject(
    notAllowed,
  )
  const elsewhere = as('store-manager', ['01890000-0000-7000-8000-0000000000ff'])
  await expect(elsewhere.call(declareHandover, handover(till))).rejects.toMatchObject(notAllowed)
  await expect(elsewhere.call(listRegisterDevices, { params: { registerId } })).rejects.toMatchObject(
    notAllowed,
  )
  await expect(elsewhere.call(listQuarantine, { query: { store: storeId } })).rejects.toMatchObject(
    notAllowed,
  )
  const manager = as('store-manager', [storeId])
  const decision = {
    params: { identity: till.lastHash },
    body: { outcome: 'act' as const, reason: 'checked' as const, remark: '' },
  }
  await expect(manager.call(decideQuarantine, decision)).rejects.toMatchObject(notAllowed)
  await manager.call(declareHandover, handover(till))
})
