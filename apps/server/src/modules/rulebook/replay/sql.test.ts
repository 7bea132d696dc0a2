import { randomUUIDv7 } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { replayJob } from './job.ts'
import {
  changeReplay,
  findReplay,
  insertReplay,
  latestReplays,
  nextReplay,
  type ReplayChange,
} from './sql.ts'

const definition = { name: 'हर चीज़ आधे दाम', effect: 'unit-off' }

async function insert(
  database: Database,
  offerId: number,
  createdAt: number,
  storeIds: string[] | null = null,
) {
  const replayId = randomUUIDv7()
  const span = { from: '2026-10-01', until: '2026-10-31', storeIds }
  await database.write((tx) =>
    insertReplay(tx, { replayId, offerId, revision: 3, definition, ...span, createdAt, by: 'Asha' }),
  )
  return replayId
}

forEachDialect((dialect) => {
  test('of replays the one that a worker left comes first, then the oldest that waits', async () => {
    const database = await dialect.open()
    const change = async (replayId: string, to: ReplayChange) =>
      await database.write((tx) => changeReplay(tx, replayId, to))
    const next = async () => (await nextReplay(database.read))?.replayId
    expect(await next()).toBe(undefined)
    const later = await insert(database, 1, 2000)
    const first = await insert(database, 2, 1000, ['s1', 's2'])
    const last = await insert(database, 1, 3000)
    expect(await next()).toBe(first)
    await change(last, { state: 'running', billsTotal: 10, billsDone: 4 })
    expect(await next()).toBe(last)
    // Over is over: whoever comes late changes nothing.
    expect(await change(last, { state: 'cancelled', finishedAt: 4000 })).toBe(true)
    expect(await change(last, { state: 'done', billsDone: 10 })).toBe(false)
    expect(await change(last, { state: 'running' })).toBe(false)
    expect(await next()).toBe(first)

    expect((await latestReplays(database.read, 1, 20)).map(({ replayId }) => replayId)).toEqual([last, later])
    expect((await latestReplays(database.read, 1, 1)).map(({ replayId }) => replayId)).toEqual([last])
    expect(await findReplay(database.read, last)).toEqual({
      replay: {
        replayId: last,
        offerId: 1,
        revision: 3,
        definition,
        from: '2026-10-01',
        until: '2026-10-31',
        storeIds: null,
        state: 'cancelled',
        billsDone: 4,
        billsTotal: 10,
        createdAt: 3000,
        by: 'Asha',
        finishedAt: 4000,
        message: null,
      },
      result: null,
    })
    expect((await findReplay(database.read, first))?.replay.storeIds).toEqual(['s1', 's2'])
    expect(await findReplay(database.read, randomUUIDv7())).toBe(undefined)
  })

  test('a replay without bills ends at once, with a result of nothing', async () => {
    const database = await dialect.open()
    const replayId = await insert(database, 7, 1000)
    const clock = { now: () => 9000 }
    const nothing = { count: async () => 0, async *read() {} }
    // as: the job logs only what fails.
    const parts = { database, clock, log: console } as unknown as Parameters<typeof replayJob>[0]
    const job = replayJob(parts, nothing)
    const lease = { hold: async () => undefined }
    expect(await job.run(lease)).toBe(true)
    expect(await job.run(lease)).toBe(false)
    const found = await findReplay(database.read, replayId)
    expect(found?.replay).toMatchObject({ state: 'done', billsDone: 0, billsTotal: 0, finishedAt: 9000 })
    expect(found?.result).toMatchObject({
      bills: 0,
      reproduced: { bills: 0, differing: 0, differences: [] },
      changed: 0,
      stores: [],
      sample: [],
    })
  })
})
