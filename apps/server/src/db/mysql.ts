import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, MysqlDialect } from 'kysely'
import { createPool, type Pool } from 'mysql2'
import type { Database, Schema } from './database.ts'

/** 1205 lock time-out, 1213 deadlock, 3572 nowait miss, 9007 write conflict (TiDB): run the whole transaction again. */
const runAgain = new Set([1205, 1213, 3572, 9007])
const triesMax = 5

function poolOf(url: string, connections: number): Pool {
  const pool = createPool({
    uri: url,
    connectionLimit: connections,
    enableKeepAlive: true,
    charset: 'utf8mb4_unicode_ci',
    timezone: 'Z',
    // Integers stay numbers; every amount we store is a safe integer.
    supportBigNumbers: true,
    bigNumberStrings: false,
    decimalNumbers: false,
    multipleStatements: false,
  })
  pool.on('connection', (connection) => {
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED')
    connection.query(
      "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 10",
    )
  })
  return pool
}

/**
 * Opens MySQL or MariaDB by URL (`mysql://user:password@host:port/database`) with separate pools
 * for reads and writes, so that reports never take the connections that sales need.
 */
export async function openMysql(
  url: string,
  connections: { read: number; write: number },
): Promise<Database> {
  const read = new Kysely<Schema>({ dialect: new MysqlDialect({ pool: poolOf(url, connections.read) }) })
  const writer = new Kysely<Schema>({ dialect: new MysqlDialect({ pool: poolOf(url, connections.write) }) })
  return {
    dialect: 'mysql',
    read,
    async write(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          // Kysely rolls back explicitly when `work` throws, which 1205 needs: MySQL then undid one statement only.
          return await writer.transaction().execute(work)
        } catch (error) {
          const errno = (error as { errno?: number }).errno ?? 0
          if (!runAgain.has(errno) || attempt >= triesMax) throw error
          await sleep(Math.random() * 20 * 2 ** attempt)
        }
      }
    },
    async close() {
      await read.destroy()
      await writer.destroy()
    },
  }
}
