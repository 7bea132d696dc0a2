import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { emptyMysqlUrl, mysqlLimits } from '../testing/databases.ts'
import { withoutMariadb } from '../testing/mariadb.ts'
import type { Database, Dialect } from './database.ts'
import { appliedMigrations, type Migration, migrate, pendingMigrations, readMigrations } from './migrate.ts'
import { openMysql } from './mysql.ts'
import { sqlitePath } from './open.ts'
import { openSqlite } from './sqlite.ts'

/** An empty database without tables; `again` opens the same one a second time, as another server. */
async function emptyDatabase(dialect: Dialect): Promise<{ database: Database; again(): Promise<Database> }> {
  const opened: Database[] = []
  const folder = mkdtempSync(join(tmpdir(), 'nexus-migrate-'))
  const url = dialect === 'mysql' ? await emptyMysqlUrl() : ''
  const again = async () => {
    const database =
      dialect === 'mysql'
        ? await openMysql(url, mysqlLimits)
        : await openSqlite(sqlitePath(folder), { readers: 1, busyMs: 5000 })
    opened.push(database)
    return database
  }
  onTestFinished(async () => {
    for (const database of opened) await database.close()
    rmSync(folder, { recursive: true })
  })
  return { database: await again(), again }
}

const migration = (number: number, ...statements: string[]): Migration => ({
  number,
  name: `step-${number}`,
  checksum: createHash('sha256').update(statements.join()).digest('hex'),
  statements,
})
const one = migration(1, 'CREATE TABLE one (a INTEGER NOT NULL)', 'INSERT INTO one (a) VALUES (1)')
const two = migration(2, 'CREATE TABLE two (a INTEGER NOT NULL)')

async function tablesOf(database: Database): Promise<string[]> {
  return (await database.read.introspection.getTables()).map((table) => table.name).toSorted()
}

const dialects: Dialect[] = withoutMariadb ? ['sqlite'] : ['sqlite', 'mysql']
describe.each(dialects)('%s', (dialect) => {
  test('migrations are applied once, in order of their numbers', async () => {
    const { database } = await emptyDatabase(dialect)
    const run = () => migrate(database, { now: 5, migrations: [one, two] })
    expect((await run()).map((done) => done.number)).toEqual([1, 2])
    expect(await run()).toEqual([])
    expect(await tablesOf(database)).toEqual(['one', 'schema_migration', 'two'])
  })

  test('the real migrations apply to an empty database, and then none is pending', async () => {
    const { database } = await emptyDatabase(dialect)
    expect((await pendingMigrations(database)).length).toBe(readMigrations(dialect).length)
    await migrate(database, { now: 5 })
    expect(await pendingMigrations(database)).toEqual([])
  })

  test('an edited migration is refused by name, and nothing after it is applied', async () => {
    const { database } = await emptyDatabase(dialect)
    await migrate(database, { now: 5, migrations: [one] })
    const edited = { ...one, checksum: 'other' }
    await expect(migrate(database, { now: 6, migrations: [edited, two] })).rejects.toThrow('0001_step-1')
    expect(await tablesOf(database)).toEqual(['one', 'schema_migration'])
  })

  test('a migration that fails is finished by the next run, with every statement run once', async () => {
    const { database } = await emptyDatabase(dialect)
    const broken = migration(1, ...one.statements, 'INSERT INTO absent (a) VALUES (1)')
    await expect(migrate(database, { now: 5, migrations: [broken] })).rejects.toThrow()
    // The repaired database: what was missing is there now.
    await database.write((tx) => sql`CREATE TABLE absent (a INTEGER)`.execute(tx))
    expect(await migrate(database, { now: 6, migrations: [broken] })).toHaveLength(1)
    const rows = await sql<{ n: number }>`SELECT COUNT(*) AS n FROM one`.execute(database.read)
    expect(Number(rows.rows[0]?.n)).toBe(1)
  })

  test('two servers that start together migrate once', async () => {
    const { database, again } = await emptyDatabase(dialect)
    const other = await again()
    const many = [
      one,
      two,
      migration(3, 'CREATE TABLE three (a INTEGER)', 'INSERT INTO three (a) VALUES (3)'),
    ]
    const runs = await Promise.all(
      [database, other].map((each) => migrate(each, { now: 5, migrations: many })),
    )
    expect(runs.flat()).toHaveLength(3)
    const rows = await sql<{ n: number }>`SELECT COUNT(*) AS n FROM three`.execute(database.read)
    expect(Number(rows.rows[0]?.n)).toBe(1)
  })

  test('before the first change to data there is time for a backup; a failed backup changes nothing', async () => {
    const { database } = await emptyDatabase(dialect)
    let backups = 0
    const options = (migrations: Migration[]) => ({
      now: 5,
      migrations,
      beforeChange: async () => {
        backups++
        if (backups === 1) throw new Error('no room')
      },
    })
    await migrate(database, options([one]))
    expect(backups).toBe(0)
    await expect(migrate(database, options([one, two]))).rejects.toThrow('no room')
    expect((await appliedMigrations(database.read)).map((row) => row.number)).toEqual([1])
    await migrate(database, options([one, two]))
    await migrate(database, options([one, two]))
    expect(backups).toBe(2)
  })
})

test('each migration has a twin of the same number and name in the other dialect', () => {
  const names = (dialect: Dialect) => readMigrations(dialect).map(({ number, name }) => `${number} ${name}`)
  expect(names('sqlite')).toEqual(names('mysql'))
})

test('line ends of another system do not make a migration look edited', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, end] of [
    ['sqlite', '\n'],
    ['mysql', '\r\n'],
  ] as const) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, '0001_a.sql'), `-- a${end}SELECT 1;${end}`)
  }
  expect(readMigrations('mysql', folder)).toEqual(readMigrations('sqlite', folder))
})

test('two migrations of one number are refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'sqlite'))
  for (const name of ['0001_a.sql', '0001_b.sql']) writeFileSync(join(folder, 'sqlite', name), 'SELECT 1;')
  expect(() => readMigrations('sqlite', folder)).toThrow('number 1')
})
