import { CompiledQuery, sql } from 'kysely'
import { expect, test } from 'vitest'
import { forEachDialect } from '../testing/index.ts'
import type { Database, Tx } from './database.ts'
import { isDuplicateKey } from './errors.ts'
import { readTogether, writeLater } from './send-later.ts'

async function openWithCells(open: () => Promise<Database>): Promise<Database> {
  const database = await open()
  await database.write(async (tx) => {
    await sql`DROP TABLE IF EXISTS later_for_test`.execute(tx)
    await sql`CREATE TABLE later_for_test (a INTEGER NOT NULL PRIMARY KEY, b BLOB)`.execute(tx)
  })
  return database
}
const insert = (tx: Tx, a: number, b: Buffer | null = null) =>
  tx.executeQuery(writeLater('INSERT INTO later_for_test (a, b) VALUES (?, ?)', [a, b]))
const keys = async (database: Database) => {
  const { rows } = await sql<{ a: number }>`SELECT a FROM later_for_test ORDER BY a`.execute(database.read)
  return rows.map((row) => row.a)
}

forEachDialect((dialect) => {
  test('a write that nobody waits for is committed with its transaction, in order', async () => {
    const database = await openWithCells(dialect.open)
    await database.write(async (tx) => {
      await insert(tx, 1)
      await sql`UPDATE later_for_test SET a = 2 WHERE a = 1`.execute(tx)
      await insert(tx, 1)
    })
    expect(await keys(database)).toEqual([1, 2])
  })

  test('its error fails the transaction, and nothing of it stays', async () => {
    const database = await openWithCells(dialect.open)
    await database.write((tx) => insert(tx, 7))
    const failed = await database
      .write(async (tx) => {
        await insert(tx, 8)
        await insert(tx, 7)
        await insert(tx, 9)
      })
      .catch((error: unknown) => error)
    expect(isDuplicateKey(failed)).toBe(true)
    expect(await keys(database)).toEqual([7])
    await database.write((tx) => insert(tx, 10))
    expect(await keys(database)).toEqual([7, 10])
  })

  test('a transaction that gives up takes its held writes along', async () => {
    const database = await openWithCells(dialect.open)
    await database
      .write(async (tx) => {
        await insert(tx, 1)
        throw new Error('changed my mind')
      })
      .catch(() => undefined)
    await database.write((tx) => insert(tx, 2))
    expect(await keys(database)).toEqual([2])
  })

  test('more writes than are held back at once all arrive, with their bytes', async () => {
    const database = await openWithCells(dialect.open)
    await database.write(async (tx) => {
      for (let a = 0; a < 200; a++) await insert(tx, a, Buffer.from(`bytes of ${a}`))
    })
    const { rows } = await sql<{
      a: number
      b: Uint8Array
    }>`SELECT a, b FROM later_for_test ORDER BY a`.execute(database.read)
    expect(rows.map((row) => Buffer.from(row.b).toString())).toEqual(
      Array.from({ length: 200 }, (_, a) => `bytes of ${a}`),
    )
  })

  test('reads that travel together answer in their order, behind the writes before them', async () => {
    const database = await openWithCells(dialect.open)
    const answers = await database.write(async (tx) => {
      await insert(tx, 3)
      await insert(tx, 1)
      return await readTogether(tx, [
        CompiledQuery.raw('SELECT a FROM later_for_test ORDER BY a'),
        CompiledQuery.raw('SELECT COUNT(*) AS n FROM later_for_test WHERE a > ?', [7]),
      ])
    })
    expect(answers.map((rows) => rows.map((row) => ({ ...(row as object) })))).toEqual([
      [{ a: 1 }, { a: 3 }],
      [{ n: 0 }],
    ])
    expect(await keys(database)).toEqual([1, 3])
  })
})
