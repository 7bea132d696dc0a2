import { type InsertQueryBuilder, SqliteAdapter } from 'kysely'
import type { Db, Schema } from './database.ts'

/**
 * Makes a multi-row insert leave rows alone whose `key` is already there, in the words of the
 * dialect. Every other fault of a row still throws (MySQL's INSERT IGNORE would hide it).
 */
export function keepExisting<T extends keyof Schema & string, O>(
  db: Db,
  insert: InsertQueryBuilder<Schema, T, O>,
  key: readonly [keyof Schema[T] & string, ...(keyof Schema[T] & string)[]],
): InsertQueryBuilder<Schema, T, O> {
  if (db.getExecutor().adapter instanceof SqliteAdapter) {
    return insert.onConflict((conflict) => conflict.columns([...key]).doNothing())
  }
  // Setting a key column to itself is MySQL's way of doing nothing.
  return insert.onDuplicateKeyUpdate(({ ref }) => ({ [key[0]]: ref(key[0]) }) as never)
}
