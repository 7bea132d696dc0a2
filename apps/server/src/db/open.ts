import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Database } from './database.ts'
import { openMysql } from './mysql.ts'
import { openSqlite } from './sqlite.ts'

type Settings = Pick<
  Config,
  | 'DATA_DIR'
  | 'DATABASE_URL'
  | 'SQLITE_READERS'
  | 'SQLITE_BUSY_MS'
  | 'MYSQL_READ_CONNECTIONS'
  | 'MYSQL_WRITE_CONNECTIONS'
  | 'MYSQL_ACQUIRE_MS'
  | 'MYSQL_QUERY_MS'
>

/** Path of the SQLite file of a data folder. */
export function sqlitePath(dataDir: string): string {
  return join(dataDir, 'nexus.db')
}

/** Opens the database that the settings name: MySQL by DATABASE_URL, else SQLite in the data folder. */
export async function openDatabase(config: Settings): Promise<Database> {
  if (config.DATABASE_URL) {
    return await openMysql(config.DATABASE_URL, {
      read: config.MYSQL_READ_CONNECTIONS,
      write: config.MYSQL_WRITE_CONNECTIONS,
      acquireMs: config.MYSQL_ACQUIRE_MS,
      queryMs: config.MYSQL_QUERY_MS,
    })
  }
  mkdirSync(config.DATA_DIR, { recursive: true, mode: 0o700 })
  return await openSqlite(sqlitePath(config.DATA_DIR), {
    readers: config.SQLITE_READERS,
    busyMs: config.SQLITE_BUSY_MS,
  })
}
