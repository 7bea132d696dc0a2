import type { Db, Tx } from '../db/database.ts'
import type { JobTable } from './tables.ts'

/** Every job that ever ran, by name. */
export async function listJobs(db: Db): Promise<JobTable[]> {
  return await db.selectFrom('job').selectAll().orderBy('name').execute()
}

/**
 * Takes the lease of a job when nobody holds it (or always with `seize`), and answers its fence.
 * Undefined when somebody else holds it. Throws a duplicate key when somebody takes a job that never
 * ran at the same moment.
 */
export async function takeLease(
  tx: Tx,
  job: { name: string; holder: string; now: number; until: number; seize: boolean },
): Promise<number | undefined> {
  const held = { holder: job.holder, lease_until: job.until }
  const known = await tx
    .selectFrom('job')
    .select(['fence', 'lease_until'])
    .where('name', '=', job.name)
    .executeTakeFirst()
  if (known === undefined) {
    const first = { ...held, name: job.name, fence: 1, ran_at: null, failure: null }
    await tx.insertInto('job').values(first).execute()
    return 1
  }
  if (known.lease_until > job.now && !job.seize) return undefined
  const fence = known.fence + 1
  // Of two that read the same row only one still finds its fence.
  const taken = await tx
    .updateTable('job')
    .set({ ...held, fence })
    .where('name', '=', job.name)
    .where('fence', '=', known.fence)
    .executeTakeFirst()
  return taken.numUpdatedRows === 1n ? fence : undefined
}

/** Is the lease still that of this fence? Locks the row until the transaction ends. */
export async function isLeaseOf(tx: Tx, name: string, fence: number): Promise<boolean> {
  const held = await tx
    .updateTable('job')
    .set({ fence })
    .where('name', '=', name)
    .where('fence', '=', fence)
    .executeTakeFirst()
  return held.numUpdatedRows === 1n
}

/** Prolongs a lease, or ends it with `until: 0`, and notes how the last run went. False when it was lost. */
export async function renewLease(
  tx: Tx,
  job: { name: string; fence: number; until: number; ranAt: number | null; failure: string | null },
): Promise<boolean> {
  const renewed = await tx
    .updateTable('job')
    .set({
      lease_until: job.until,
      failure: job.failure?.slice(0, 500) ?? null,
      ...(job.ranAt === null ? {} : { ran_at: job.ranAt }),
    })
    .where('name', '=', job.name)
    .where('fence', '=', job.fence)
    .executeTakeFirst()
  return renewed.numUpdatedRows === 1n
}
