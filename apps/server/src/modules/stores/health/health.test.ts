import { randomUUIDv7 } from 'node:crypto'
import { getRegisterHealth, listRegisterHealth } from '@nexus/contract'
import { expect, test } from 'vitest'
import { administrator, forEachDialect, openShop } from '../../../testing/index.ts'
import { openJournalBench } from '../../journal/testing/open-for-test.ts'
import { bytesOf, type ScriptedTill } from '../../journal/testing/scripted-till.ts'
import { noteHeartbeat, putRegister, putStore } from '../index.ts'
import { contactsOf, findStatus } from '../sql.ts'
import { contextOn, registerBody, registerId, setUpStore, storeBody, storeId } from '../testing/world.ts'
import { toldHeadCheck } from './told-heads.ts'

const author = { by: null, how: 'test' }
const minute = 60_000

const word = (seq: number, epoch = 'e1') => ({
  app: '1.2.0',
  queuedEntries: seq,
  queuedMinor: seq * 100,
  queuedSales: 1,
  queuedOldestAt: 5,
  told: { epoch: `${epoch.padEnd(36, '0')}`, seq, hash: 'h'.repeat(43) },
})

forEachDialect((dialect) => {
  test('[JRN-18g] of the heads that a till announces in one epoch the highest is kept, and the one before is answered', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const tell = (seq: number, epoch?: string) =>
      context.database.write((tx) => noteHeartbeat(tx, registerId, { seenAt: 1000, ...word(seq, epoch) }))
    const told = async () => (await findStatus(context.database.read, registerId))?.told?.seq
    expect(await tell(4)).toBeUndefined()
    expect(await tell(7)).toMatchObject({ seq: 4 })
    expect(await tell(5)).toMatchObject({ seq: 7 })
    expect(await told()).toBe(7)
    expect(await tell(1, 'e2')).toMatchObject({ seq: 7 })
    expect(await told()).toBe(1)
    expect(
      await context.database.write((tx) => noteHeartbeat(tx, randomUUIDv7(), { seenAt: 1000, ...word(1) })),
    ).toBeUndefined()
  })

  test('spans of contact end after five silent minutes, and keep the most that waited', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const tell = (seenAt: number, waiting: number) =>
      context.database.write((tx) => noteHeartbeat(tx, registerId, { seenAt, ...word(waiting) }))
    await tell(10 * minute, 1)
    await tell(12 * minute, 9)
    await tell(17 * minute, 2)
    await tell(23 * minute, 3)
    expect(await contactsOf(context.database.read, registerId, 10)).toEqual([
      { fromAt: 23 * minute, untilAt: 23 * minute, app: '1.2.0', entriesMax: 3, minorMax: 300 },
      { fromAt: 10 * minute, untilAt: 17 * minute, app: '1.2.0', entriesMax: 9, minorMax: 900 },
    ])
  })

  test('[I10, JRN-18g] an entry that a till announced must be the one that is here, or be kept aside', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const bench = await openJournalBench(context.database)
    const till = bench.till()
    till.sale()
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push(1, 2))
    const announce = (seq: number, hash: string) =>
      context.database.write((tx) =>
        noteHeartbeat(tx, registerId, { seenAt: 1, ...word(seq), told: { epoch: till.epoch, seq, hash } }),
      )
    const found = async () => (await toldHeadCheck().finish(context.database.read, 0, undefined)).breaches
    await announce(2, till.entries[1]?.hash ?? '')
    expect(await found()).toEqual([])
    // On its way.
    await announce(3, till.entries[2]?.hash ?? '')
    expect(await found()).toEqual([])
    const other = till.entries.pop()
    till.note()
    await bench.journal.push(bench.callerOf(till), till.push(3, 3))
    expect(await found()).toMatchObject([{ kind: 'told-head-missing', seq: 3, epoch: till.epoch }])
    if (other) till.entries[2] = other
    await bench.journal.push(bench.callerOf(till), till.push(3, 3))
    expect(await found()).toEqual([])
  })
})

test('the page of tills lists the worst first, finds and filters, and hides other stores', async () => {
  await using shop = await openShop()
  const context = { ...shop.context, clock: shop.clock }
  await setUpStore(context)
  const otherStore = randomUUIDv7()
  await putStore(context, author, otherStore, storeBody({ code: 'IND', name: 'Indiranagar' }))
  const [quiet, loud] = [randomUUIDv7(), randomUUIDv7()]
  await putRegister(context, author, quiet, registerBody({ number: 3, name: 'Counter 3' }))
  await putRegister(
    context,
    author,
    loud,
    registerBody({ number: 1, name: 'Counter 1', storeId: otherStore }),
  )
  const bench = await openJournalBench(shop.context.database)
  const tills: Record<string, ScriptedTill> = {}
  for (const [register, store, code] of [
    [registerId, storeId, 'KOR2A'],
    [loud, otherStore, 'IND1A'],
  ] as const) {
    const till = bench.till(code)
    Object.assign(till, { place: { tenant: till.place.tenant, store, register } })
    till.entries.length = 0
    till.open()
    till.sale()
    if (register === loud) till.appendBytes(bytesOf({ what: 'is this' }))
    await bench.journal.push(bench.callerOf(till), till.push())
    tills[register] = till
    await shop.context.database.write(async (tx) => {
      await tx
        .insertInto('register_epoch')
        .values({
          id: till.epoch,
          register_id: register,
          kind: 'device',
          state: 'active',
          series_code: code,
          public_key: till.key.publicKey,
          key_id: till.key.keyId,
          certificate: 'c',
          certificate_signature: 's',
          proved_by: register,
          issued_at: 1,
          opened_at: 2,
          revoked_at: null,
          persisted: 1,
          quota_bytes: 5e9,
          verifier_key_sealed: Buffer.alloc(1),
        })
        .execute()
      const told = { epoch: till.epoch, seq: 4, hash: till.lastHash }
      await noteHeartbeat(tx, register, {
        seenAt: shop.clock.now() - 30 * minute,
        ...word(register === loud ? 5 : 0),
        told,
      })
    })
  }
  const { rows } = await shop.call(listRegisterHealth, { query: {} })
  expect(rows.map(({ name, level }) => [name, level])).toEqual([
    ['Counter 1', 'bad'],
    ['Counter 2', 'warn'],
    ['Counter 3', 'off'],
  ])
  expect(rows[0]).toMatchObject({
    storeName: 'Indiranagar',
    headSeq: 3,
    toldSeq: 4,
    quarantined: 1,
    forked: 0,
    missing: 0,
    durableSeq: null,
    queuedSales: 1,
    quotaBytes: 5e9,
  })
  const names = async (query: object) =>
    (await shop.call(listRegisterHealth, { query })).rows.map(({ name }) => name)
  expect(await names({ level: 'warn' })).toEqual(['Counter 2'])
  expect(await names({ q: 'ind1' })).toEqual(['Counter 1'])
  expect(await names({ sort: '-level' })).toEqual(['Counter 3', 'Counter 2', 'Counter 1'])
  const one = await shop.call(getRegisterHealth, { params: { registerId: loud } })
  expect(one.epochs).toMatchObject([
    { epoch: tills[loud]?.epoch, seriesCode: 'IND1A', headSeq: 3, quarantined: 1 },
  ])
  expect(one.contacts).toMatchObject([{ app: '1.2.0', entriesMax: 5 }])

  const manager = shop.as({ ...administrator, storeIds: [storeId] })
  const seen = await manager.call(listRegisterHealth, { query: {} })
  expect(seen.rows.map(({ name }) => name)).toEqual(['Counter 2', 'Counter 3'])
  const foreign = manager.call(getRegisterHealth, { params: { registerId: loud } })
  await expect(foreign).rejects.toMatchObject({ code: 'register/not-found' })
})
