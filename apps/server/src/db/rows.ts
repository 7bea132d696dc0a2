import { type Insertable, MysqlAdapter } from 'kysely'
import type { Schema, Tx } from './database.ts'
import { writeLater } from './send-later.ts'

/** SQLite takes at most 32,766 parameters a statement; longer texts than this win nothing. */
const parametersMax = 8192
/** Row counts up to this have a text of their own; above, powers of two. */
const smallCount = 8

type Column<Table extends keyof Schema> = keyof Insertable<Schema[Table]> & string

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

/** The same; a row whose key is there already is left alone. */
export async function keepRows<Table extends keyof Schema & string>(
  tx: Tx,
  table: Table,
  key: readonly [Column<Table>, ...Column<Table>[]],
  rows: readonly Insertable<Schema[Table]>[],
): Promise<void> {
  // Setting a key column to itself is MySQL's way of doing nothing; INSERT IGNORE would hide other faults.
  const clause = isMysql(tx)
    ? ` ON DUPLICATE KEY UPDATE ${key[0]}=${key[0]}`
    : ` ON CONFLICT (${key.join(',')}) DO NOTHING`
  await writeRows(tx, `INSERT INTO ${table}`, rows, clause)
}

/**
 * Adds amounts to rows that may not be there yet: members outside `key` are added to the stored ones.
 * Each key stands once in `rows`; give them in the order of the key, so that two writers lock in one order.
 */
export async function addToRows<Table extends keyof Schema & string>(
  tx: Tx,
  table: Table,
  key: readonly Column<Table>[],
  rows: readonly Insertable<Schema[Table]>[],
): Promise<void> {
  const amounts = Object.keys(rows[0] ?? {}).filter((column) => !(key as readonly string[]).includes(column))
  await mergeRows(tx, table, key, rows, ({ given }) =>
    amounts.map((column) => `${column}=${column}+${given(column)}`),
  )
}

/** SQL texts that differ between the databases. */
export type MergeText = { given(column: string): string; greatest(a: string, b: string): string }

/**
 * Inserts rows; one whose key is there already is changed by the assignments instead, in which a column's
 * name means its stored value. MySQL works through them from left to right: a column that others read comes last.
 */
export async function mergeRows<Table extends keyof Schema & string>(
  tx: Tx,
  table: Table,
  key: readonly Column<Table>[],
  rows: readonly Insertable<Schema[Table]>[],
  assignments: (text: MergeText) => readonly string[],
): Promise<void> {
  const mysql = isMysql(tx)
  const texts = assignments({
    given: (column) => (mysql ? `VALUES(${column})` : `excluded.${column}`),
    greatest: (a, b) => (mysql ? `GREATEST(${a},${b})` : `MAX(${a},${b})`),
  })
  const clause = mysql ? ' ON DUPLICATE KEY UPDATE ' : ` ON CONFLICT (${key.join(',')}) DO UPDATE SET `
  await writeRows(tx, `INSERT INTO ${table}`, rows, clause + texts.join(','))
}

/**
 * `(?,?,…)` for values, repeated up to a power of two so that few texts serve all lengths; an empty list
 * matches nothing. For statements that run for every group.
 */
export function inList(values: readonly unknown[]): { text: string; parameters: unknown[] } {
  if (values.length === 0) return { text: '(NULL)', parameters: [] }
  const count = 2 ** Math.ceil(Math.log2(values.length))
  const last = values.at(-1)
  const parameters = Array.from({ length: count }, (_, index) =>
    index < values.length ? values[index] : last,
  )
  return { text: `(${'?,'.repeat(count - 1)}?)`, parameters }
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
      // Rows are plain objects; thousands of members a group make Reflect.get too slow here.
      const values = rows[index] as Readonly<Record<string, unknown>>
      for (const column of columns) parameters.push(values[column])
    }
    await tx.executeQuery(writeLater(`${head}${`${row},`.repeat(count - 1)}${row}${clause}`, parameters))
    from += count
  }
}

function isMysql(tx: Tx): boolean {
  return tx.getExecutor().adapter instanceof MysqlAdapter
}
