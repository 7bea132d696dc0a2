import { type Insertable, MysqlAdapter } from 'kysely'
import type { Schema, Tx } from './database.ts'
import { writeLater } from './send-later.ts'

/** SQLite takes at most 32,766 parameters a statement; longer texts than this win nothing. */
const parametersMax = 8192
/** Row counts up to this have a text of their own; above, powers of two. */
const smallCount = 8

/**
 * Inserts rows by multi-row statements: the hot tables' way, since Kysely's builder would compile each
 * value of each row anew. On SQLite only some row counts are used, so that a few prepared statements
 * serve every group.
 *
 * All rows have the members of the first one. Names go into the text as they are: they come from code.
 * On SQLite an error, a taken key for one, rises with a later statement, at the latest with COMMIT.
 */
export async function insertRows<Table extends keyof Schema & string>(
  tx: Tx,
  table: Table,
  rows: readonly Insertable<Schema[Table]>[],
): Promise<void> {
  await writeRows(tx, `INSERT INTO ${table}`, rows, '')
}

/** The same; a row whose key is there already takes its place. Only for tables without a second unique key. */
export async function replaceRows<Table extends keyof Schema & string>(
  tx: Tx,
  table: Table,
  rows: readonly Insertable<Schema[Table]>[],
): Promise<void> {
  await writeRows(tx, `REPLACE INTO ${table}`, rows, '')
}

/**
 * Adds amounts to rows that may not be there yet: members outside `key` are added to the stored ones.
 * Each key stands once in `rows`; give them in the order of the key, so that two writers lock in one order.
 */
export async function addToRows<Table extends keyof Schema & string>(
  tx: Tx,
  table: Table,
  key: readonly (keyof Insertable<Schema[Table]> & string)[],
  rows: readonly Insertable<Schema[Table]>[],
): Promise<void> {
  const first = rows[0]
  if (first === undefined) return
  const amounts = Object.keys(first).filter((column) => !(key as readonly string[]).includes(column))
  const mysql = isMysql(tx)
  const sums = amounts.map((column) =>
    mysql ? `${column}=${column}+VALUES(${column})` : `${column}=${column}+excluded.${column}`,
  )
  const clause = mysql ? ' ON DUPLICATE KEY UPDATE ' : ` ON CONFLICT (${key.join(',')}) DO UPDATE SET `
  await writeRows(tx, `INSERT INTO ${table}`, rows, clause + sums.join(','))
}

async function writeRows(tx: Tx, verb: string, rows: readonly object[], clause: string): Promise<void> {
  const first = rows[0]
  if (first === undefined) return
  const columns = Object.keys(first)
  const head = `${verb} (${columns.join(',')}) VALUES `
  const row = `(${'?,'.repeat(columns.length - 1)}?)`
  const rowsMax = 2 ** Math.floor(Math.log2(parametersMax / columns.length))
  // mysql2 writes the values into the text, so there is no prepared statement to reuse.
  const anyCount = isMysql(tx)
  for (let from = 0; from < rows.length; ) {
    const left = Math.min(rows.length - from, rowsMax)
    const count = anyCount || left <= smallCount ? left : 2 ** Math.floor(Math.log2(left))
    const parameters: unknown[] = []
    for (let index = from; index < from + count; index++) {
      const values = rows[index] ?? {}
      for (const column of columns) parameters.push(Reflect.get(values, column))
    }
    await tx.executeQuery(writeLater(`${head}${`${row},`.repeat(count - 1)}${row}${clause}`, parameters))
    from += count
  }
}

function isMysql(tx: Tx): boolean {
  return tx.getExecutor().adapter instanceof MysqlAdapter
}
