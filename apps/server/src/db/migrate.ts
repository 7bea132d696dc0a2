import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import { StartRefused } from '../start-refused.ts'
import type { Database, Db, Dialect, Tx } from './database.ts'
import { statementsOf } from './statements.ts'

export type Migration = { number: number; name: string; checksum: string; statements: readonly string[] }

/** A migration as the database remembers it. */
export interface MigrationTable {
  number: number
  name: string
  checksum: string
  statements: number
  statements_done: number
  applied_at: number
}
declare module './database.ts' {
  interface Schema {
    schema_migration: MigrationTable
  }
}

const folder = resolve(import.meta.dirname, '../../migrations')

/** Numbered files of a dialect, ascending. Throws when two share a number or a name is odd. */
export function readMigrations(dialect: Dialect, from = folder): Migration[] {
  const files = readdirSync(join(from, dialect))
    .filter((file) => file.endsWith('.sql'))
    .sort()
  const migrations = files.map((file) => {
    const [, number, name] = /^(\d{4})_([a-z0-9-]+)\.sql$/.exec(file) ?? []
    if (!number || !name) throw new Error(`${file} is not named like 0001_what-it-does.sql`)
    // A checkout on Windows may have other line ends; they change nothing.
    const text = readFileSync(join(from, dialect, file), 'utf8').replaceAll('\r\n', '\n')
    return {
      number: Number(number),
      name,
      checksum: createHash('sha256').update(text).digest('hex'),
      statements: statementsOf(text),
    }
  })
  const twice = migrations.find((migration, index) => migrations[index - 1]?.number === migration.number)
  if (twice) throw new Error(`Two migrations have the number ${twice.number}`)
  return migrations
}

/** Numbers applied already; empty for an empty database. */
export async function appliedMigrations(db: Db): Promise<MigrationTable[]> {
  if (!(await hasTable(db))) return []
  return await db.selectFrom('schema_migration').selectAll().orderBy('number').execute()
}

async function hasTable(db: Db): Promise<boolean> {
  const tables = await db.introspection.getTables()
  return tables.some((table) => table.name === 'schema_migration')
}

/** Migrations that the database does not have yet, or has in part. */
export async function pendingMigrations(database: Database): Promise<Migration[]> {
  const applied = await appliedMigrations(database.read)
  return readMigrations(database.dialect).filter((migration) => !isDone(migration, applied))
}

function isDone(migration: Migration, applied: readonly MigrationTable[]): boolean {
  const known = applied.find((row) => row.number === migration.number)
  return known !== undefined && known.statements_done === migration.statements.length
}

export type MigrateOptions = {
  now: number
  /** Called once before the first change to a database that holds data, e.g. to make a backup. */
  beforeChange?: (applied: readonly MigrationTable[]) => Promise<void>
  migrations?: readonly Migration[]
}

/**
 * Brings the database to the newest migration and answers what it applied. Two servers that start
 * together do not migrate together: the second waits and finds nothing to do. On SQLite each file
 * is one transaction. MySQL commits every statement of this kind by itself, so progress is kept by
 * statement, and a run after a failure goes on where the last one stopped.
 *
 * Throws when a file that was applied has been edited since.
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<Migration[]> {
  const migrations = options.migrations ?? readMigrations(database.dialect)
  if (database.dialect === 'sqlite') return await migrateSqlite(database, migrations, options)
  return await migrateMysql(database, migrations, options)
}

async function migrateSqlite(
  database: Database,
  migrations: readonly Migration[],
  options: MigrateOptions,
): Promise<Migration[]> {
  const before = await appliedMigrations(database.read)
  refuseEdited(migrations, before)
  const pending = migrations.filter((migration) => !isDone(migration, before))
  if (pending.length > 0 && before.length > 0) await options.beforeChange?.(before)
  const done: Migration[] = []
  for (const migration of pending) {
    const applied = await database.write(async (tx) => {
      await createTable(tx)
      // Another process may have been here since; inside the write lock the answer is final.
      const known = await tx
        .selectFrom('schema_migration')
        .selectAll()
        .where('number', '=', migration.number)
        .execute()
      if (known.length > 0) return false
      for (const statement of migration.statements) await sql.raw(statement).execute(tx)
      await insertRow(tx, migration, migration.statements.length, options.now)
      return true
    })
    if (applied) done.push(migration)
  }
  return done
}

const lockSeconds = 600

async function migrateMysql(
  database: Database,
  migrations: readonly Migration[],
  options: MigrateOptions,
): Promise<Migration[]> {
  // One transaction is one connection, which the named lock belongs to.
  return await database.write(async (tx) => {
    const lock = await sql<{
      got: number | null
    }>`SELECT GET_LOCK(CONCAT('nexus-migrate:', DATABASE()), ${lockSeconds}) AS got`.execute(tx)
    if (lock.rows[0]?.got !== 1) {
      throw new StartRefused(
        `Another server has been migrating this database for ${lockSeconds} s. See what it does, then start again.`,
      )
    }
    try {
      await createTable(tx)
      const before = await tx.selectFrom('schema_migration').selectAll().orderBy('number').execute()
      refuseEdited(migrations, before)
      const pending = migrations.filter((migration) => !isDone(migration, before))
      if (pending.length > 0 && before.length > 0) await options.beforeChange?.(before)
      for (const migration of pending) {
        const known = before.find((row) => row.number === migration.number)
        if (!known) await insertRow(tx, migration, 0, options.now)
        for (let next = known?.statements_done ?? 0; next < migration.statements.length; next++) {
          await sql.raw(migration.statements[next] ?? '').execute(tx)
          await tx
            .updateTable('schema_migration')
            .set({ statements_done: next + 1 })
            .where('number', '=', migration.number)
            .execute()
          await sql`COMMIT`.execute(tx)
        }
      }
      return pending
    } finally {
      await sql`DO RELEASE_LOCK(CONCAT('nexus-migrate:', DATABASE()))`.execute(tx)
    }
  })
}

async function createTable(tx: Tx): Promise<void> {
  // The one table that no file makes: it says which files were applied.
  await tx.schema
    .createTable('schema_migration')
    .ifNotExists()
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'varchar(100)', (column) => column.notNull())
    .addColumn('checksum', 'varchar(64)', (column) => column.notNull())
    .addColumn('statements', 'integer', (column) => column.notNull())
    .addColumn('statements_done', 'integer', (column) => column.notNull())
    .addColumn('applied_at', 'bigint', (column) => column.notNull())
    .execute()
}

async function insertRow(tx: Tx, migration: Migration, done: number, now: number): Promise<void> {
  await tx
    .insertInto('schema_migration')
    .values({
      number: migration.number,
      name: migration.name,
      checksum: migration.checksum,
      statements: migration.statements.length,
      statements_done: done,
      applied_at: now,
    })
    .execute()
}

function refuseEdited(migrations: readonly Migration[], applied: readonly MigrationTable[]): void {
  for (const row of applied) {
    const file = migrations.find((migration) => migration.number === row.number)
    if (file && file.checksum !== row.checksum) {
      throw new StartRefused(
        `Migration ${String(row.number).padStart(4, '0')}_${row.name} was changed after this database had it. Bring the file back as it was and put the change into a new migration.`,
      )
    }
  }
}
