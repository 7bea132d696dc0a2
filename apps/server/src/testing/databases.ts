import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import { afterAll, afterEach, describe, inject } from 'vitest'
import type { Database, Dialect } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'
import { type MysqlLimits, openMysql } from '../db/mysql.ts'
import { sqlitePath } from '../db/open.ts'
import { openSqlite } from '../db/sqlite.ts'
import { mariadbNote, withoutMariadb } from './mariadb.ts'

export type TestDialect = {
  name: Dialect
  /** A migrated database without rows, for this test alone; closed and removed after it. */
  open(): Promise<Database>
}

/**
 * Runs the tests that `define` registers on SQLite and on a real MariaDB. Without a mariadbd the
 * second half is named as not run, and with CI=true it fails.
 */
export function forEachDialect(define: (dialect: TestDialect) => void): void {
  suite('sqlite', 'SQLite', openSqliteForTest, define)
  if (withoutMariadb)
    describe.skip(`MariaDB${mariadbNote}`, () => define({ name: 'mysql', open: openMysqlForTest }))
  else suite('mysql', 'MariaDB', openMysqlForTest, define)
}

function suite(
  name: Dialect,
  title: string,
  open: () => Promise<Database>,
  define: (dialect: TestDialect) => void,
): void {
  describe(title, () => {
    const opened: Database[] = []
    afterEach(async () => {
      for (const database of opened.splice(0)) await database.close()
    })
    define({
      name,
      async open() {
        const database = await open()
        opened.push(database)
        return database
      },
    })
  })
}

let template: Promise<string> | undefined

/** Path of a migrated, empty SQLite file, made once in this process. */
async function sqliteTemplate(): Promise<string> {
  template ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nexus-template-'))
    const path = sqlitePath(folder)
    const database = await openSqlite(path, { readers: 1, busyMs: 5000 })
    await migrate(database, { now: 0 })
    // Readers keep their file open to the end; all is in the main file once the WAL is truncated.
    await database.close()
    return path
  })()
  return await template
}

afterAll(async () => {
  if (template !== undefined) rmSync(dirname(await template), { recursive: true, force: true })
})

/** Puts a migrated, empty SQLite database into a data folder. */
export async function prepareDataFolder(folder: string): Promise<void> {
  copyFileSync(await sqliteTemplate(), sqlitePath(folder))
}

async function openSqliteForTest(): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-test-'))
  await prepareDataFolder(folder)
  const database = await openSqlite(sqlitePath(folder), { readers: 1, busyMs: 5000 })
  return {
    ...database,
    async close() {
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const mysqlLimits: MysqlLimits = { read: 4, write: 4, acquireMs: 30_000, queryMs: 60_000 }
let server: Promise<string> | undefined
let nextName = 1
/** Databases that earlier tests of this file have given back, empty again. */
const spare: string[] = []
afterAll(async () => {
  for (const name of spare.splice(0)) await administer(`DROP DATABASE ${name}`)
})

async function openMysqlForTest(): Promise<Database> {
  const name = spare.pop() ?? (await createMysql())
  const database = await openMysql((await mariadbUrl()) + name, mysqlLimits)
  return {
    ...database,
    async close() {
      await emptyTables(database)
      await database.close()
      spare.push(name)
    },
  }
}

/** Address of an empty database without tables on the run's MariaDB; it is dropped with the server. */
export async function emptyMysqlUrl(): Promise<string> {
  const name = `nexus_${process.pid}_${Date.now() % 100_000}_${nextName++}`
  await administer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`)
  return (await mariadbUrl()) + name
}

async function createMysql(): Promise<string> {
  const url = await emptyMysqlUrl()
  const database = await openMysql(url, mysqlLimits)
  await migrate(database, { now: 0 })
  await database.close()
  return url.slice(url.lastIndexOf('/') + 1)
}

async function emptyTables(database: Database): Promise<void> {
  const tables = await database.read.introspection.getTables()
  await database.write(async (tx) => {
    await sql`SET foreign_key_checks = 0`.execute(tx)
    for (const { name } of tables) {
      if (name !== 'schema_migration') await sql`DELETE FROM ${sql.table(name)}`.execute(tx)
    }
    await sql`SET foreign_key_checks = 1`.execute(tx)
  })
}

async function administer(statement: string): Promise<void> {
  const database = await openMysql(await mariadbUrl(), mysqlLimits)
  await sql.raw(statement).execute(database.read)
  await database.close()
}

/** Starts the run's MariaDB if nobody has yet; answers its address, ending in a slash. */
async function mariadbUrl(): Promise<string> {
  server ??= (async () => {
    const answer = JSON.parse(await text(connect(inject('mariadbBroker'), '127.0.0.1'))) as {
      url?: string
      error?: string
    }
    if (answer.url === undefined) throw new Error(answer.error)
    return answer.url
  })()
  return await server
}
