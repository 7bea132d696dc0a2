import { CompiledQuery } from 'kysely'

/** Marks a statement whose answer nobody needs: SQLite's driver sends it together with the next one. */
export const sendLater = Symbol('send later')

/** A write without answer. On SQLite its error rises with a later statement of the transaction, at the latest COMMIT. */
export function writeLater(sql: string, parameters: readonly unknown[]): CompiledQuery {
  const query = { ...CompiledQuery.raw(sql, [...parameters]), [sendLater]: true }
  return query
}
