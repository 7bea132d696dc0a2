import { copyFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** Rows that a run added or changed, by table, in one order for both databases. */
export type AddedRows = Map<string, { columns: string[]; rows: unknown[][] }>

/** What stands in `after` and not in `before`: the rows that the measured sales wrote. */
export function addedRows(before: string, after: string): AddedRows {
  const db = new DatabaseSync(after, { readOnly: true })
  db.exec(`ATTACH DATABASE '${before}' AS old`)
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
    .map((row) => String(row.name))
  const added: AddedRows = new Map()
  for (const table of tables) {
    const statement = db.prepare(`SELECT * FROM main."${table}" EXCEPT SELECT * FROM old."${table}"`)
    const columns = statement.columns().map((column) => column.name)
    const rows = statement.all().map((row) => columns.map((column) => row[column]))
    if (rows.length > 0) added.set(table, { columns, rows })
  }
  db.close()
  return added
}

/**
 * The bare reference: the same rows into a copy of the same schema, by prepared statements of this
 * process, `group` sales a commit, WAL with synchronous=FULL. No HTTP, no check, no thread.
 */
export function limitSqlite(
  before: string,
  path: string,
  added: AddedRows,
  sales: number,
  group: number,
  seconds: number,
): { sales: number; elapsedMs: number; cpuMs: number } {
  copyFileSync(before, path)
  const db = new DatabaseSync(path)
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536')
  const feeds = [...added].map(([table, { columns, rows }]) => ({
    statement: db.prepare(
      `INSERT OR REPLACE INTO "${table}" (${columns.map((column) => `"${column}"`).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    ),
    rows,
    next: 0,
  }))
  const startedAt = performance.now()
  const cpuAt = process.cpuUsage()
  let done = 0
  while (done < sales && performance.now() - startedAt < seconds * 1000) {
    const upTo = Math.min(sales, done + group)
    db.exec('BEGIN IMMEDIATE')
    for (const feed of feeds) {
      const until = Math.floor((feed.rows.length * upTo) / sales)
      // Values came out of the same tables.
      for (; feed.next < until; feed.next++)
        feed.statement.run(...((feed.rows[feed.next] ?? []) as (string | number | null)[]))
    }
    db.exec('COMMIT')
    done = upTo
  }
  const cpu = process.cpuUsage(cpuAt)
  const result = {
    sales: done,
    elapsedMs: performance.now() - startedAt,
    cpuMs: (cpu.user + cpu.system) / 1000,
  }
  db.close()
  return result
}
