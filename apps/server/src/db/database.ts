import type { Kysely, Transaction } from 'kysely'

/**
 * Tables of all modules. Each module adds its own in `tables.ts`:
 * `declare module '../../db/database.ts' { interface Schema { sale: SaleTable } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: modules add their tables by declaration merging
export interface Schema {}

/** Reads. Never inside a write transaction. */
export type Db = Kysely<Schema>
/** One write transaction. A plain `Db` does not pass for it, so a writer cannot be called outside one. */
export type Tx = Transaction<Schema>

export type Dialect = 'sqlite' | 'mysql'

/** An open database: many readers, and writes by whole transactions. */
export type Database = {
  dialect: Dialect
  /** Reads of screens, reports and feeds. On SQLite these run in reader threads beside the writer. */
  read: Db
  /**
   * Runs `work` in one transaction and commits it. On SQLite transactions queue for the one writer
   * thread (`synchronous=FULL`). On MySQL a deadlock, lock time-out or serialisation failure rolls
   * back and runs the whole of `work` again, at most five times with jitter, so `work` touches
   * nothing outside the transaction. A connection lost at COMMIT rises: the caller reads back.
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Waits for work under way, then closes. */
  close(): Promise<void>
}
