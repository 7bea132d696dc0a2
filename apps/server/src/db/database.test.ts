import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { forEachDialect } from '../testing/databases.ts'
import type { Database } from './database.ts'
import { isBusy, isDiskFull, isDuplicateKey } from './errors.ts'
import { openSqlite } from './sqlite.ts'

const fact = (name: string, value: string) => ({ name, value })
const facts = (database: Database) =>
  database.read.selectFrom('installation').selectAll().orderBy('name').execute()

forEachDialect((dialect) => {
  test('a write that throws leaves nothing behind, and the next write works', async () => {
    const database = await dialect.open()
    const failed = database.write(async (tx) => {
      await tx.insertInto('installation').values(fact('a', '1')).execute()
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    await database.write((tx) => tx.insertInto('installation').values(fact('b', '2')).execute())
    expect(await facts(database)).toEqual([fact('b', '2')])
  })

  test('a taken key is told apart from other errors', async () => {
    const database = await dialect.open()
    const insert = () =>
      database.write((tx) => tx.insertInto('installation').values(fact('a', '1')).execute())
    await insert()
    const error = await insert().catch((thrown: unknown) => thrown)
    expect(isDuplicateKey(error)).toBe(true)
    expect(isBusy(error) || isDiskFull(error)).toBe(false)
  })

  test('writes that read, wait and write again never lose each other’s change', async () => {
    const database = await dialect.open()
    await database.write((tx) => tx.insertInto('job').values(jobRow(0)).execute())
    await Promise.all(
      Array.from({ length: 8 }, () =>
        database.write(async (tx) => {
          await tx
            .updateTable('job')
            .set(({ eb }) => ({ fence: eb('fence', '+', 1) }))
            .execute()
        }),
      ),
    )
    expect(await database.read.selectFrom('job').select('fence').execute()).toEqual([{ fence: 8 }])
  })
})

const jobRow = (fence: number) => ({
  name: 'j',
  holder: '',
  fence,
  lease_until: 0,
  ran_at: null,
  failure: null,
})

async function sqliteFile(
  busyMs: number,
  readers = 1,
  wal?: { checkpointEveryMs: number; framesMax: number },
): Promise<{ path: string; database: Database }> {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-sqlite-'))
  const path = join(folder, 'x.db')
  const database = await openSqlite(path, { readers, busyMs, ...(wal && { wal }) })
  onTestFinished(async () => {
    await database.close().catch(() => undefined)
    rmSync(folder, { recursive: true })
  })
  await database.write((tx) => sql`CREATE TABLE t (a INTEGER)`.execute(tx))
  return { path, database }
}

test('[F66] SQLite keeps what was committed through a power cut: WAL with full flushes', async () => {
  const { database } = await sqliteFile(0)
  const settings = await database.write(async (tx) => [
    await sql`PRAGMA synchronous`.execute(tx),
    await sql`PRAGMA journal_mode`.execute(tx),
  ])
  expect(settings.map((answer) => answer.rows[0])).toEqual([{ synchronous: 2 }, { journal_mode: 'wal' }])
})

test('a long report holds up no other reader of SQLite, and no write', async () => {
  const { database } = await sqliteFile(0, 2)
  const done: string[] = []
  const long = sql`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000000)
    SELECT COUNT(*) FROM c`
  const report = long.execute(database.read).then(() => done.push('report'))
  await sql`SELECT COUNT(*) FROM t`.execute(database.read).then(() => done.push('list'))
  await database.write((tx) => sql`INSERT INTO t (a) VALUES (1)`.execute(tx)).then(() => done.push('sale'))
  await report
  expect(done).toEqual(['list', 'sale', 'report'])
})

test('readers of SQLite cannot write', async () => {
  const { database } = await sqliteFile(0)
  await expect(sql`INSERT INTO t (a) VALUES (1)`.execute(database.read)).rejects.toThrow('readonly')
})

test('a database that another process has locked answers "busy", and works again afterwards', async () => {
  const { path, database } = await sqliteFile(50)
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE')
  const write = () => database.write((tx) => sql`INSERT INTO t (a) VALUES (1)`.execute(tx))
  const error = await write().catch((thrown: unknown) => thrown)
  expect(isBusy(error)).toBe(true)
  expect((await sql`SELECT * FROM t`.execute(database.read)).rows).toEqual([])
  other.exec('ROLLBACK')
  other.close()
  await write()
  expect((await sql`SELECT * FROM t`.execute(database.read)).rows).toEqual([{ a: 1 }])
})

test('a full disk fails the one write, loses nothing, and works again when there is room', async () => {
  const { database } = await sqliteFile(0)
  const pages = async (count: number) =>
    await database.write((tx) => sql`PRAGMA max_page_count = ${sql.lit(count)}`.execute(tx))
  const fill = () => database.write((tx) => sql`INSERT INTO t (a) VALUES (zeroblob(100000))`.execute(tx))
  await database.write((tx) => sql`INSERT INTO t (a) VALUES (1)`.execute(tx))
  await pages(3)
  const error = await fill().catch((thrown: unknown) => thrown)
  expect(isDiskFull(error)).toBe(true)
  expect((await sql`SELECT * FROM t`.execute(database.read)).rows).toEqual([{ a: 1 }])
  await pages(1_000_000)
  await fill()
  expect((await sql`SELECT COUNT(*) AS n FROM t`.execute(database.read)).rows).toEqual([{ n: 2 }])
})

test('a database that was closed refuses at once instead of waiting for ever', async () => {
  const { database } = await sqliteFile(0)
  await database.close()
  await expect(sql`SELECT 1`.execute(database.read)).rejects.toThrow()
})

test('closing waits for the write under way and refuses a later one', async () => {
  const { path, database } = await sqliteFile(0)
  const began = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const write = database.write(async (tx) => {
    began.resolve()
    await goOn.promise
    await sql`INSERT INTO t (a) VALUES (1)`.execute(tx)
  })
  await began.promise
  const closed = database.close()
  const late = database.write((tx) => sql`INSERT INTO t (a) VALUES (2)`.execute(tx))
  await expect(late).rejects.toThrow('closed')
  goOn.resolve()
  await Promise.all([write, closed])
  const file = new DatabaseSync(path, { readOnly: true })
  expect(file.prepare('SELECT a FROM t').all()).toEqual([{ a: 1 }])
  file.close()
})

test('the WAL does not grow without end while writes never pause', async () => {
  const { path, database } = await sqliteFile(1000, 1, { checkpointEveryMs: 20, framesMax: 50 })
  const framesWritten = 4000
  for (let write = 0; write * 10 < framesWritten; write++)
    await database.write((tx) => sql`INSERT INTO t VALUES (zeroblob(40960))`.execute(tx))
  expect(statSync(`${path}-wal`).size).toBeLessThan((framesWritten / 2) * 4096)
})
