import { Worker } from 'node:worker_threads'
import { soldLine } from '@nexus/sync/testing'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { projectorsOf } from './build-app.ts'
import type { Database, Tx } from './db/database.ts'
import type { SqliteRequest } from './db/sqlite-messages.ts'
import { prepareOffered } from './modules/journal/accept/accept-push.ts'
import { DeviceKeys } from './modules/journal/accept/device-keys.ts'
import { writeGroup } from './modules/journal/accept/write-group.ts'
import { openJournalBench } from './modules/journal/testing/open-for-test.ts'
import type { ScriptedTill } from './modules/journal/testing/scripted-till.ts'
import { forEachDialect } from './testing/index.ts'

/**
 * What the database is asked for a group of sales of one transaction. `bytes`: parameters on SQLite (numbers
 * count eight), the whole of what the connection received on MariaDB.
 */
type Cost = { commits: number; messages: number; statements: number; bytes: number }

/**
 * The anchor sale (five products, cash and card) in groups of as many tills, each with a sale before it. A
 * commit is one flush: both databases refuse to run otherwise. Who makes a sale dearer finds out here.
 */
const costs: Record<Database['dialect'], Record<number, Cost>> = {
  sqlite: {
    1: { commits: 1, messages: 2, statements: 19, bytes: 5625 },
    16: { commits: 1, messages: 2, statements: 21, bytes: 90_014 },
    64: { commits: 1, messages: 2, statements: 21, bytes: 360_110 },
  },
  mysql: {
    1: { commits: 1, messages: 19, statements: 19, bytes: 10_860 },
    16: { commits: 1, messages: 19, statements: 19, bytes: 131_521 },
    64: { commits: 1, messages: 20, statements: 20, bytes: 518_947 },
  },
}

forEachDialect((dialect) => {
  test.each([1, 16, 64])('what a group of %i sales costs the database', async (group) => {
    const database = await dialect.open()
    const bench = await openJournalBench(database, { projectors: [] })
    const { context, clock } = bench
    const projectors = projectorsOf(context)
    const tools = { ...context, keys: new DeviceKeys(database.read, keysOfNobody), checkSale: async () => [] }
    const resolvePlace = async (_: unknown, __: string, register: string) => {
      const registerNo = tills.findIndex(({ place }) => place.register === register) + 1
      return { storeNo: registerNo, registerNo }
    }
    const tills = Array.from({ length: group }, (_, index) =>
      bench.till(`T${String(index).padStart(3, '0')}`),
    )
    const offer = (till: ScriptedTill, from: number) => {
      clock.set(till.at)
      return prepareOffered({ ...tools, resolvePlace }, bench.callerOf(till), till.push(from))
    }
    for (const till of tills) anchorSale(till)
    const counted = countingOf(database)
    const write = async (from: number) => {
      const offered = await Promise.all(tills.map((till) => offer(till, from)))
      return await writeGroup({ database: counted.database, projectors, generation: 'test' }, offered)
    }
    await write(1)
    for (const till of tills) anchorSale(till)
    counted.reset()
    const answers = await write(3)
    expect(answers.map(({ head }) => head.seq)).toEqual(tills.map(() => 3))
    expect(counted.cost()).toEqual(costs[dialect.name][group])
  })
})

const keysOfNobody = { find: async () => undefined, keep: async () => undefined }

function anchorSale(till: ScriptedTill): void {
  const lines = [1, 2, 3, 4, 5].map((product) => soldLine(String(product), product, 1000, 11_800))
  const tender = { direction: 'in', attempt: null, amountMinor: 29_500 } as const
  till.sale({
    lines,
    tenders: [
      { ...tender, kind: 'cash', reference: null, handedMinor: 29_500 },
      { ...tender, kind: 'card', reference: '123456/4242' },
    ],
  })
}

/** The same database, which counts what it is asked in transactions. */
function countingOf(database: Database) {
  const none: Cost = { commits: 0, messages: 0, statements: 0, bytes: 0 }
  let cost = { ...none }
  const add = (more: Partial<Cost>) => {
    for (const [name, count] of Object.entries(more)) cost[name as keyof Cost] += count
  }
  const counting = database.dialect === 'sqlite' ? countSqlite : countMysql
  return {
    database: { ...database, write: (work) => counting(database, work, add) } as Database,
    reset: () => {
      cost = { ...none }
    },
    cost: () => cost,
  }
}

type Add = (more: Partial<Cost>) => void

async function countSqlite<T>(database: Database, work: (tx: Tx) => Promise<T>, add: Add): Promise<T> {
  const { postMessage } = Worker.prototype
  const posted = vi.spyOn(Worker.prototype, 'postMessage')
  posted.mockImplementation(function (this: Worker, request: SqliteRequest, transfer) {
    // Counted before it goes: its buffers are handed over.
    if (request.kind === 'run' || request.kind === 'read-together') add(costOf(request))
    postMessage.call(this, request, transfer)
  })
  try {
    return await database.write(work)
  } finally {
    posted.mockRestore()
  }
}

function costOf({ statements, bytes }: Extract<SqliteRequest, { statements: object }>): Cost {
  const parameters = statements.flatMap(({ params }) => params)
  return {
    messages: 1,
    commits: statements.filter((statement) => /^commit$/i.test(statement.sql)).length,
    statements: statements.length,
    bytes: parameters.reduce<number>((sum, value) => sum + sizeOf(value), bytes?.buffer.length ?? 0),
  }
}

function sizeOf(value: unknown): number {
  if (value === null) return 0
  return typeof value === 'string' ? Buffer.byteLength(value) : 8
}

async function countMysql<T>(database: Database, work: (tx: Tx) => Promise<T>, add: Add): Promise<T> {
  const done = await database.write(async (tx) => {
    const [first, before] = [await statusOf(tx), await statusOf(tx)]
    const result = await work(tx)
    const after = await statusOf(tx)
    const between = (name: string) =>
      (after.get(name) ?? 0) - (before.get(name) ?? 0) - ((before.get(name) ?? 0) - (first.get(name) ?? 0))
    // BEGIN and COMMIT stand around what was looked at.
    const statements = between('Questions') + 2
    add({ messages: statements, statements, bytes: between('Bytes_received') })
    return result
  })
  add({ commits: 1 })
  return done
}

async function statusOf(tx: Tx): Promise<Map<string, number>> {
  const { rows } = await sql<{ Variable_name: string; Value: string }>`
    SHOW SESSION STATUS WHERE Variable_name IN ('Questions', 'Bytes_received')`.execute(tx)
  return new Map(rows.map((row) => [row.Variable_name, Number(row.Value)]))
}
