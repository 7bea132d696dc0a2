import { createConnection } from 'mysql2/promise'
import type { AddedRows } from './limit-sqlite.ts'
import { cpuMsOf } from './process-cpu.ts'

type Connection = Awaited<ReturnType<typeof createConnection>>

async function tablesOf(connection: Connection): Promise<string[]> {
  const [rows] = await connection.query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name NOT LIKE 'limit\\_%'",
  )
  return (rows as { name: string }[]).map((row) => row.name)
}

/** Remembers every table as it stands, as `limit_…`, so that a run's rows can be told from what was there. */
export async function rememberTables(url: string): Promise<void> {
  const connection = await createConnection(url)
  for (const table of await tablesOf(connection)) {
    await connection.query(`CREATE TABLE \`limit_${table}\` LIKE \`${table}\``)
    await connection.query(`INSERT INTO \`limit_${table}\` SELECT * FROM \`${table}\``)
  }
  await connection.end()
}

/** What was added since `rememberTables`. */
export async function addedRowsMysql(url: string): Promise<AddedRows> {
  const connection = await createConnection(url)
  const added: AddedRows = new Map()
  for (const table of await tablesOf(connection)) {
    const [rows, fields] = await connection.query({
      sql: `SELECT * FROM \`${table}\` EXCEPT SELECT * FROM \`limit_${table}\``,
      rowsAsArray: true,
    })
    if ((rows as unknown[][]).length > 0)
      added.set(table, { columns: fields.map((field) => field.name), rows: rows as unknown[][] })
  }
  await connection.end()
  return added
}

/** The bare reference on MariaDB: the same rows by multi-row statements, `group` sales a commit, one connection. */
export async function limitMysql(
  url: string,
  mariadbPid: number,
  added: AddedRows,
  sales: number,
  group: number,
  seconds: number,
): Promise<{ sales: number; elapsedMs: number; cpuMs: number }> {
  const connection = await createConnection(url)
  for (const table of added.keys()) {
    await connection.query(`DELETE FROM \`limit_${table}\``)
  }
  const feeds = [...added].map(([table, { columns, rows }]) => ({
    insert: `REPLACE INTO \`limit_${table}\` (${columns.map((column) => `\`${column}\``).join(', ')}) VALUES ?`,
    rows,
    next: 0,
  }))
  const startedAt = performance.now()
  const ownAt = process.cpuUsage()
  const databaseAt = cpuMsOf(mariadbPid)
  let done = 0
  while (done < sales && performance.now() - startedAt < seconds * 1000) {
    const upTo = Math.min(sales, done + group)
    await connection.beginTransaction()
    for (const feed of feeds) {
      const until = Math.floor((feed.rows.length * upTo) / sales)
      if (until > feed.next) await connection.query(feed.insert, [feed.rows.slice(feed.next, until)])
      feed.next = until
    }
    await connection.commit()
    done = upTo
  }
  const own = process.cpuUsage(ownAt)
  const result = {
    sales: done,
    elapsedMs: performance.now() - startedAt,
    cpuMs: (own.user + own.system) / 1000 + cpuMsOf(mariadbPid) - databaseAt,
  }
  await connection.end()
  return result
}
