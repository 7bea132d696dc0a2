import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { emptyMysqlUrl, mysqlLimits } from '../testing/databases.ts'
import { mariadbNote, withoutMariadb } from '../testing/mariadb.ts'
import type { Database } from './database.ts'
import { isBusy } from './errors.ts'
import { openMysql, PoolExhausted } from './mysql.ts'

async function open(limits: Partial<typeof mysqlLimits>): Promise<Database> {
  const database = await openMysql(await emptyMysqlUrl(), { ...mysqlLimits, ...limits })
  onTestFinished(() => database.close())
  return database
}

/** A table `t` with the rows 1 and 2, of which each `n` is 0. */
async function openWithTwoRows(): Promise<Database> {
  const database = await open({})
  await database.write(async (tx) => {
    await sql`CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL)`.execute(tx)
    await sql`INSERT INTO t VALUES (1, 0), (2, 0)`.execute(tx)
  })
  return database
}

test.skipIf(withoutMariadb)(`whoever gets no connection in time is told "busy"${mariadbNote}`, async () => {
  const database = await open({ write: 1, acquireMs: 50 })
  const goOn = Promise.withResolvers<void>()
  const began = Promise.withResolvers<void>()
  const first = database.write(async () => {
    began.resolve()
    await goOn.promise
  })
  await began.promise
  const error = await database.write(async () => 1).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(PoolExhausted)
  expect(isBusy(error)).toBe(true)
  goOn.resolve()
  await first
  expect(await database.write(async () => 2)).toBe(2)
})

test.skipIf(withoutMariadb)(
  'a statement that takes too long is given up, and the pool is whole again',
  async () => {
    const database = await open({ write: 1, queryMs: 100 })
    const error = await database
      .write((tx) => sql`SELECT SLEEP(5)`.execute(tx))
      .catch((thrown: unknown) => thrown)
    expect(isBusy(error)).toBe(true)
    const answer = await database.write((tx) => sql<{ one: number }>`SELECT 1 AS one`.execute(tx))
    expect(answer.rows).toEqual([{ one: 1 }])
  },
)

test.skipIf(withoutMariadb)(
  'a deadlock runs the whole transaction again, so both changes are there',
  async () => {
    const database = await openWithTwoRows()
    const bothHold = Promise.withResolvers<void>()
    let holding = 0
    const addInOrder = (first: number, second: number) =>
      database.write(async (tx) => {
        await sql`UPDATE t SET n = n + 1 WHERE id = ${first}`.execute(tx)
        holding++
        if (holding === 2) bothHold.resolve()
        await bothHold.promise
        await sql`UPDATE t SET n = n + 1 WHERE id = ${second}`.execute(tx)
      })
    await Promise.all([addInOrder(1, 2), addInOrder(2, 1)])
    // Three tries for two transactions: one was rolled back whole and run again.
    expect(holding).toBe(3)
    const rows = await sql<{ n: number }>`SELECT n FROM t`.execute(database.read)
    expect(rows.rows).toEqual([{ n: 2 }, { n: 2 }])
  },
)

test.skipIf(withoutMariadb)(
  '[F59] a lock that is waited for too long undoes the whole transaction, which is run again',
  async () => {
    const database = await openWithTwoRows()
    const holds = Promise.withResolvers<void>()
    const letGo = Promise.withResolvers<void>()
    const holder = database.write(async (tx) => {
      await sql`UPDATE t SET n = n + 10 WHERE id = 2`.execute(tx)
      holds.resolve()
      await letGo.promise
    })
    await holds.promise
    let tries = 0
    await database.write(async (tx) => {
      tries++
      // The first try waits for the holder in vain; the server then undoes its second statement alone.
      await sql`SET innodb_lock_wait_timeout = 1`.execute(tx)
      await sql`UPDATE t SET n = n + 1 WHERE id = 1`.execute(tx)
      if (tries === 2) letGo.resolve()
      await sql`UPDATE t SET n = n + 1 WHERE id = 2`.execute(tx)
    })
    await holder
    expect(tries).toBe(2)
    const rows = await sql<{ n: number }>`SELECT n FROM t ORDER BY id`.execute(database.read)
    expect(rows.rows).toEqual([{ n: 1 }, { n: 11 }])
  },
)
