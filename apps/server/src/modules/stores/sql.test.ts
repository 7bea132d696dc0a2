import type { Entry } from '@nexus/sync'
import { expect, test } from 'vitest'
import { forEachDialect } from '../../testing/index.ts'
import type { Fact } from '../journal/projector.ts'
import { enrol } from './enrolment/enrol.ts'
import {
  epochProjector,
  noteHeartbeat,
  placeResolver,
  putCompany,
  putRegister,
  putStore,
  selectStores,
} from './index.ts'
import { getRegister, getStore, tillPlaceOf } from './queries.ts'
import {
  company,
  contextOn,
  emptyJournal,
  enrolRequest,
  freshCode,
  newKey,
  registerBody,
  registerId,
  setUpStore,
  storeBody,
  storeId,
} from './testing/world.ts'

const author = { by: null, how: 'test' }
const secondStore = '01890000-0000-7000-8000-000000000002'
const secondRegister = '01890000-0000-7000-8000-000000000012'

forEachDialect((dialect) => {
  test('a store is read as it was written, and changed under its number', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const journal = emptyJournal({ headSeqs: async () => new Map() })
    const { id, registers, ...body } = await getStore(context.database.read, journal, storeId)
    expect(body).toEqual(storeBody())
    expect(registers).toEqual([
      {
        id: registerId,
        ...registerBody(),
        enrolled: false,
        seriesCode: null,
        lastSeenAt: null,
        app: null,
        clockSkewMs: null,
        headSeq: 0,
        queuedEntries: null,
        queuedMinor: null,
        queuedSales: null,
        queuedOldestAt: null,
        persisted: null,
      },
    ])
    await putStore(context, author, storeId, storeBody({ name: 'कोरमंगला' }))
    expect(await selectStores(context.database.read)).toEqual([
      { id, no: 1, ...storeBody({ name: 'कोरमंगला' }) },
    ])
    const audit = await context.database.read.selectFrom('audit').selectAll().orderBy('id').execute()
    expect(audit.map((row) => [row.subject, row.before_json === null])).toEqual([
      ['company', true],
      ['store', true],
      ['register', true],
      ['store', false],
    ])
  })

  test('stores and registers added at once get numbers of their own', async () => {
    const context = contextOn(await dialect.open())
    await putCompany(context, author, company)
    const ids = Array.from({ length: 3 }, (_, n) => `01890000-0000-7000-8000-00000000010${n}`)
    await Promise.all(ids.map((id, n) => putStore(context, author, id, storeBody({ code: `K${n}` }))))
    expect((await selectStores(context.database.read)).map((store) => store.no).sort()).toEqual([1, 2, 3])
  })

  test("a GSTIN with a wrong character, or of another State than the store's, is refused", async () => {
    const context = contextOn(await dialect.open())
    const put = (change: Partial<ReturnType<typeof storeBody>>) =>
      putStore(context, author, storeId, storeBody(change))
    await expect(put({ gstin: '29AABCC1234D1Z8' })).rejects.toMatchObject({
      code: 'store/gstin-invalid',
      facts: { fault: 'check-character' },
    })
    await expect(put({ state: '27' })).rejects.toMatchObject({ code: 'store/gstin-mismatch' })
    await expect(put({ gstin: '27AABCC1234D1ZB' })).rejects.toMatchObject({ code: 'store/gstin-mismatch' })
    await put({ gstin: '27AABCC1234D1ZB', state: '27' })
  })

  test('codes of stores and numbers of registers are given once, and a register stays in its store', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await expect(putStore(context, author, secondStore, storeBody())).rejects.toMatchObject({
      code: 'store/code-taken',
    })
    await putStore(context, author, secondStore, storeBody({ code: 'IND' }))
    await expect(putRegister(context, author, secondRegister, registerBody())).rejects.toMatchObject({
      code: 'register/code-taken',
    })
    await expect(
      putRegister(context, author, registerId, registerBody({ storeId: secondStore })),
    ).rejects.toMatchObject({ code: 'register/store-fixed' })
    await expect(
      putRegister(context, author, secondRegister, registerBody({ storeId: secondRegister })),
    ).rejects.toMatchObject({ code: 'store/not-found' })
    await putRegister(context, author, secondRegister, registerBody({ storeId: secondStore }))
    expect(await tillPlaceOf(context.database.read, secondRegister, async () => null)).toMatchObject({
      store: { id: secondStore, code: 'IND' },
      register: { number: 2 },
    })
  })

  test('a place resolves to small numbers, and only where the register is one of the store', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await putStore(context, author, secondStore, storeBody({ code: 'IND' }))
    await putRegister(context, author, secondRegister, registerBody({ storeId: secondStore }))
    const resolve = placeResolver()
    const db = context.database.read
    expect(await resolve(db, secondStore, secondRegister)).toEqual({ storeNo: 2, registerNo: 2 })
    expect(await resolve(db, secondStore, secondRegister)).toEqual({ storeNo: 2, registerNo: 2 })
    expect(await resolve(db, storeId, secondRegister)).toBeUndefined()
    await context.database.write((tx) => resolve(tx, storeId, registerId))
  })

  test('a heartbeat overwrites what it tells and keeps the rest', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await context.database.write(async (tx) => {
      await noteHeartbeat(tx, registerId, { seenAt: 5, app: '1.0.0', queuedEntries: 7, queuedMinor: 212_400 })
      await noteHeartbeat(tx, registerId, { seenAt: 6, queuedEntries: 0, queuedMinor: 0 })
    })
    expect(await getRegister(context.database.read, emptyJournal(), registerId)).toMatchObject({
      lastSeenAt: 6,
      app: '1.0.0',
      queuedEntries: 0,
      queuedMinor: 0,
    })
  })

  test('[JRN-14aa] entry 1 of an epoch marks it as begun, and keeps a forgotten code from coming again', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const code = await freshCode(context)
    const request = enrolRequest({ code }, newKey(), newKey())
    const { enrolment } = await enrol(context, emptyJournal(), request, '10.0.0.7')
    const [epoch] = await context.database.read
      .selectFrom('register_epoch')
      .select('id')
      .where('kind', '=', 'device')
      .execute()
    // What a projector reads of an entry; the rest of the header is no business of this one.
    const entry = {
      type: 'epoch-opened',
      epoch: epoch?.id,
      body: {
        certificate: enrolment.certificate,
        certificateSignature: enrolment.signature,
        predecessor: null,
      },
    } as unknown as Entry
    const fact = { storeNo: 1, registerNo: 1, epochNo: 1, seq: 1, identity: Buffer.alloc(32), entry }
    await context.database.write((tx) => tx.deleteFrom('series_code').execute())
    await context.database.write((tx) =>
      epochProjector(context).apply(tx, [{ ...fact, receivedAt: 77 } satisfies Fact]),
    )
    const rows = await context.database.read
      .selectFrom('register_epoch')
      .select(['kind', 'state', 'opened_at'])
      .orderBy('kind')
      .execute()
    expect(rows).toEqual([
      { kind: 'device', state: 'active', opened_at: 77 },
      { kind: 'spare', state: 'issued', opened_at: null },
    ])
    expect(await context.database.read.selectFrom('series_code').select('code').execute()).toEqual([
      { code: 'KOR2A' },
    ])
  })
})
