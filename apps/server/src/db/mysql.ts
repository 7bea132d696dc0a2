import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, MysqlDialect, type MysqlPool, type MysqlPoolConnection } from 'kysely'
import { createPool, type Pool, type PoolConnection } from 'mysql2'
import type { Database, Schema } from './database.ts'

/** 1205 lock time-out, 1213 deadlock, 3572 nowait miss, 9007 write conflict (TiDB): run the whole transaction again. */
const runAgain = new Set([1205, 1213, 3572, 9007])
const triesMax = 5

export type MysqlLimits = {
  read: number
  write: number
  /** How long a caller waits for a free connection. */
  acquireMs: number
  /** How long a statement may take; its connection is thrown away, for nobody knows what it still does. */
  queryMs: number
}

/** No connection came free in time; nothing was sent. */
export class PoolExhausted extends Error {
  readonly code = 'POOL_EXHAUSTED'
  constructor(connections: number, acquireMs: number) {
    super(`none of ${connections} database connections came free within ${acquireMs} ms`)
    this.name = 'PoolExhausted'
  }
}

function poolOf(url: string, connections: number, limits: MysqlLimits): MysqlPool {
  const pool = createPool({
    uri: url,
    connectionLimit: connections,
    connectTimeout: limits.acquireMs,
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
  return {
    getConnection: (callback) => acquire(pool, connections, limits, callback),
    end: (callback) => pool.end(callback),
  }
}

/** mysql2 lets callers wait for a connection for ever. */
function acquire(
  pool: Pool,
  connections: number,
  { acquireMs, queryMs }: MysqlLimits,
  callback: Parameters<MysqlPool['getConnection']>[0],
): void {
  let late = false
  // The callback's type has a connection even beside an error; Kysely looks at the error first.
  const fail = (error: unknown) => callback(error, undefined as unknown as MysqlPoolConnection)
  const timer = setTimeout(() => {
    late = true
    fail(new PoolExhausted(connections, acquireMs))
  }, acquireMs)
  pool.getConnection((error, connection) => {
    clearTimeout(timer)
    if (late) connection?.release()
    else if (error) fail(error)
    else callback(undefined, limited(connection, queryMs))
  })
}

const limitedConnections = new WeakMap<PoolConnection, MysqlPoolConnection>()

/** The connection with a limit on each statement; always the same object for the same connection. */
function limited(connection: PoolConnection, queryMs: number): MysqlPoolConnection {
  const known = limitedConnections.get(connection)
  if (known) return known
  let gone: unknown
  const wrapped = new Proxy(connection, {
    get(target, name) {
      if (name !== 'query') {
        const member: unknown = Reflect.get(target, name)
        return typeof member === 'function' ? member.bind(target) : member
      }
      return (sql: string, values: unknown[], done: (error: unknown, result: unknown) => void) => {
        // The rollback after a time-out: the server rolls back by itself when the connection is gone.
        if (gone !== undefined) return done(gone, undefined)
        target.query({ sql, values, timeout: queryMs }, (error, result) => {
          if (error?.code === 'PROTOCOL_SEQUENCE_TIMEOUT') {
            gone = error
            target.destroy()
          }
          done(error, result)
        })
      }
    },
    // Kysely asks for the part of mysql2's connection that is passed on here.
  }) as unknown as MysqlPoolConnection
  limitedConnections.set(connection, wrapped)
  return wrapped
}

/**
 * Opens MySQL or MariaDB by URL (`mysql://user:password@host:port/database`) with separate pools
 * for reads and writes, so that reports never take the connections that sales need.
 */
export async function openMysql(url: string, limits: MysqlLimits): Promise<Database> {
  const read = new Kysely<Schema>({ dialect: new MysqlDialect({ pool: poolOf(url, limits.read, limits) }) })
  const writer = new Kysely<Schema>({
    dialect: new MysqlDialect({ pool: poolOf(url, limits.write, limits) }),
  })
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
