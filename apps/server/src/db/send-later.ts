import { CompiledQuery, SqliteAdapter } from 'kysely'
import type { Tx } from './database.ts'

/** Marks a statement whose answer nobody needs: SQLite's driver sends it together with the next one. */
export const sendLater = Symbol('send later')

/**
 * A write without answer. On SQLite its error rises with a later statement of the transaction, at the
 * latest COMMIT. The parameters become the statement's own: the caller lets go of them.
 */
export function writeLater(sql: string, parameters: unknown[]): CompiledQuery {
  return { ...CompiledQuery.raw(sql), parameters, [sendLater]: true } as CompiledQuery
}

const together = Symbol('together')

/** Rows of several reads, in their order. On SQLite they travel to its thread and back in one message. */
export async function readTogether(tx: Tx, queries: readonly CompiledQuery[]): Promise<unknown[][]> {
  if (tx.getExecutor().adapter instanceof SqliteAdapter) {
    const query = { ...CompiledQuery.raw('', []), [together]: queries }
    return (await tx.executeQuery<unknown[]>(query)).rows
  }
  const results: unknown[][] = []
  for (const query of queries) results.push((await tx.executeQuery(query)).rows)
  return results
}

/** What `readTogether` put into a query; undefined for any other. */
export function togetherIn(query: CompiledQuery): readonly CompiledQuery[] | undefined {
  // Only `readTogether` writes under this symbol.
  return Reflect.get(query, together) as readonly CompiledQuery[] | undefined
}
