import type { Tx } from '../../db/database.ts'
import { isDuplicateKey } from '../../db/errors.ts'
import type { AttemptTable } from './tables.ts'

export type AttemptRow = { failures: number; lastAt: number; blockedUntil: number }

/** What is known of a counter; undefined when nothing failed. */
export async function findAttempt(tx: Tx, name: string): Promise<AttemptRow | undefined> {
  const row = await tx.selectFrom('attempt').selectAll().where('name', '=', name).executeTakeFirst()
  return row && { failures: row.failures, lastAt: row.last_at, blockedUntil: row.blocked_until }
}

/**
 * Puts `next` where `seen` stands; false when somebody else was faster, so that of two attempts at
 * once the second sees the first.
 */
export async function replaceAttempt(
  tx: Tx,
  name: string,
  seen: AttemptRow | undefined,
  next: AttemptRow,
): Promise<boolean> {
  const values: Omit<AttemptTable, 'name'> = {
    failures: next.failures,
    last_at: next.lastAt,
    blocked_until: next.blockedUntil,
  }
  if (seen === undefined) {
    try {
      await tx
        .insertInto('attempt')
        .values({ name, ...values })
        .execute()
      return true
    } catch (error) {
      if (isDuplicateKey(error)) return false
      throw error
    }
  }
  const done = await tx
    .updateTable('attempt')
    .set(values)
    .where('name', '=', name)
    .where('failures', '=', seen.failures)
    .where('last_at', '=', seen.lastAt)
    .executeTakeFirstOrThrow()
  // An equal row counts as unchanged in MySQL; `next` always differs, in `failures` at least.
  return Number(done.numUpdatedRows) === 1
}

export async function deleteAttempts(tx: Tx, names: readonly string[]): Promise<void> {
  if (names.length > 0)
    await tx
      .deleteFrom('attempt')
      .where('name', 'in', [...names])
      .execute()
}

/** Forgets counters that nothing touched since `before`. */
export async function deleteAttemptsBefore(tx: Tx, before: number): Promise<void> {
  await tx.deleteFrom('attempt').where('last_at', '<', before).execute()
}
