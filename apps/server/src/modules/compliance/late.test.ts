import { randomUUIDv7 } from 'node:crypto'
import { listLateDocuments, putLateChoice } from '@nexus/contract'
import type { Entry } from '@nexus/sync'
import { expect, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { administrator, forEachDialect, openShop } from '../../testing/index.ts'
import { rebuildProjections } from '../journal/index.ts'
import type { Fact } from '../journal/projector.ts'
import { openJournalBench } from '../journal/testing/open-for-test.ts'
import { rehome } from '../journal/testing/scripted-till.ts'
import { salesProjector } from '../sales/index.ts'
import { closingProjector } from '../shifts/index.ts'
import { contextOn, setUpStore, storeBody, storeId } from '../stores/testing/world.ts'
import { lateProjector } from './index.ts'
import { latePage } from './queries.ts'

const december = Date.UTC(2026, 11, 3, 6)
const everything = { storeIds: undefined }
const projectors = [salesProjector, closingProjector, lateProjector]

/** Headquarters closes a month; its own journal is epoch 99. */
async function closeMonth(
  database: Database,
  covers: { epoch: string; lastSeq: number; except: number[] }[],
  { month = '2026-11', seq = 1, receivedAt = december } = {},
): Promise<void> {
  const body = { month, gstin: storeBody().gstin, covers, totals: {} }
  const fact: Fact = {
    storeNo: 0,
    registerNo: 0,
    epochNo: 99,
    seq,
    identity: Buffer.alloc(32, seq),
    // What the projectors read of an entry.
    entry: { type: 'month-closed', body, epoch: randomUUIDv7(), seq } as unknown as Entry,
    receivedAt,
  }
  await database.write(async (tx) => {
    await closingProjector.apply(tx, [fact])
    await lateProjector.apply(tx, [fact])
  })
}

forEachDialect((dialect) => {
  test('[JRN-22d, F43] what came behind a closing, or was named by it, waits in the tax queue with its own date and series', async () => {
    const database = await dialect.open()
    await setUpStore(contextOn(database))
    const bench = await openJournalBench(database, { projectors })
    const till = bench.till()
    for (let sale = 0; sale < 3; sale++) till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    // Entry 2 is named: its writer could not count it. Entry 4 was sold in November too and lies behind.
    await closeMonth(database, [{ epoch: till.epoch, lastSeq: 3, except: [2] }])
    const numbers = async () =>
      (await latePage(database.read, everything, {})).rows.map(({ number }) => number).sort()
    expect(await numbers()).toEqual(['KOR1AI26-000001', 'KOR1AI26-000003'])

    bench.clock.set(december + 1000)
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push(5, 5))
    expect(await numbers()).toEqual(['KOR1AI26-000001', 'KOR1AI26-000003', 'KOR1AI26-000004'])
    const [newest] = (await latePage(database.read, everything, {})).rows
    expect(newest).toMatchObject({
      number: 'KOR1AI26-000004',
      issueDate: '2026-11-22',
      month: '2026-11',
      receivedAt: december + 1000,
      choice: null,
      countedIn: null,
    })
  })

  test('[JRN-13j] what a till’s clock says makes nothing late or on time: when the server received it does', async () => {
    const database = await dialect.open()
    await setUpStore(contextOn(database))
    const bench = await openJournalBench(database, { projectors })
    const till = bench.till()
    till.at = december + 40 * 86_400_000
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    await closeMonth(database, [{ epoch: till.epoch, lastSeq: 2, except: [] }])
    // Received in time and counted, whatever its clock said.
    expect((await latePage(database.read, everything, {})).total).toBe(0)
    till.at = december - 20 * 86_400_000
    till.sale()
    bench.clock.set(december + 1000)
    await bench.journal.push(bench.callerOf(till), till.push(3, 3))
    expect((await latePage(database.read, everything, {})).rows).toMatchObject([
      { number: 'KOR1AI26-000002', receivedAt: december + 1000 },
    ])
  })

  test('[JRN-22c, JRN-22e] an entry of the rest is never late, however late it is derived; dates decide nothing', async () => {
    const database = await dialect.open()
    await setUpStore(contextOn(database))
    const older = {
      ...salesProjector,
      apply: async () => {
        throw new Error('not in this release')
      },
    }
    const bench = await openJournalBench(database, { projectors: [older] })
    const till = bench.till()
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    await closeMonth(database, [{ epoch: till.epoch, lastSeq: 2, except: [] }])
    bench.clock.set(december + 1000)
    await bench.reopen({ projectors })
    expect(await database.read.selectFrom('bill').select('number').execute()).toHaveLength(1)
    expect((await latePage(database.read, everything, {})).total).toBe(0)
  })

  test('[JRN-7m, JRN-22d] a re-homed sale counts by its wrapper’s place, and a rebuild finds the same queue', async () => {
    const database = await dialect.open()
    await setUpStore(contextOn(database))
    const bench = await openJournalBench(database, { projectors })
    const till = bench.till()
    const sold = till.sale()
    const next = till.nextEpoch('KOR1B')
    next.open()
    const place = till.epoch
    rehome(next, place, sold)
    bench.clock.set(december + 1000)
    await bench.journal.push(bench.callerOf(till), till.push(1, 1))
    await bench.journal.push(bench.callerOf(next), next.push())
    // The old epoch's slot 2 was counted; the sale stands in the new epoch's slot 2, which was not.
    await closeMonth(database, [{ epoch: till.epoch, lastSeq: 5, except: [] }])
    const live = await latePage(database.read, everything, {})
    expect(live.rows).toMatchObject([{ number: 'KOR1AI26-000001' }])
    // The closing itself is no entry here, so it must outlive the rebuild to be met again.
    const kept = { ...closingProjector, clear: async () => undefined }
    await rebuildProjections(database, [salesProjector, kept, lateProjector])
    expect(await latePage(database.read, everything, {})).toEqual(live)
  })

  test('[JRN-22f] only the first closing of a month counts; a document stands in the queue once', async () => {
    const database = await dialect.open()
    await setUpStore(contextOn(database))
    const bench = await openJournalBench(database, { projectors })
    const till = bench.till()
    till.sale()
    await bench.journal.push(bench.callerOf(till), till.push())
    await closeMonth(database, [{ epoch: till.epoch, lastSeq: 2, except: [] }])
    await closeMonth(database, [], { seq: 2, receivedAt: december + 1 })
    expect((await latePage(database.read, everything, {})).total).toBe(0)
    till.sale()
    bench.clock.set(december + 1000)
    await bench.journal.push(bench.callerOf(till), till.push(3, 3))
    await closeMonth(database, [], { month: '2026-12', seq: 3, receivedAt: december + 2000 })
    expect((await latePage(database.read, everything, {})).rows).toMatchObject([{ month: '2026-11' }])
  })
})

test('[JRN-22d] a person chooses amendment or current return, and may choose again; the trail says who', async () => {
  await using shop = await openShop()
  const { database } = shop.context
  await setUpStore({ ...shop.context, clock: shop.clock })
  const bench = await openJournalBench(database, { projectors })
  const till = bench.till()
  const { hash } = till.sale()
  bench.clock.set(december + 1000)
  await closeMonth(database, [])
  await bench.journal.push(bench.callerOf(till), till.push())
  const waiting = () => shop.call(listLateDocuments, { query: { waiting: true } })
  expect((await waiting()).rows).toMatchObject([{ identity: hash, choice: null, storeId }])
  const choose = (choice: 'amendment' | 'current-return', speaker: Pick<typeof shop, 'call'> = shop) =>
    speaker.call(putLateChoice, { params: { identity: hash, document: 0 }, body: { choice } })
  expect(await choose('amendment')).toMatchObject({ choice: 'amendment' })
  expect((await waiting()).rows).toEqual([])
  expect(await choose('current-return')).toMatchObject({ choice: 'current-return' })
  const trail = await database.read
    .selectFrom('audit')
    .select(['subject', 'label', 'before_json', 'after_json'])
    .where('subject', '=', 'late-document')
    .orderBy('id')
    .execute()
  expect(trail).toMatchObject([
    { label: 'KOR1AI26-000001', before_json: null, after_json: '{"choice":"amendment"}' },
    { before_json: '{"choice":"amendment"}', after_json: '{"choice":"current-return"}' },
  ])
  const elsewhere = shop.as({ ...administrator, storeIds: [randomUUIDv7()] })
  await expect(choose('amendment', elsewhere)).rejects.toMatchObject({ code: 'session/not-allowed' })
  const none = { identity: till.entries[0]?.hash ?? '', document: 0 }
  await expect(
    shop.call(putLateChoice, { params: none, body: { choice: 'amendment' } }),
  ).rejects.toMatchObject({ code: 'late-document/not-found' })
})
