import type { ArchiveStatus } from '@nexus/contract'
import type { Db } from '../../../db/database.ts'
import { findGeneration } from '../sql.ts'
import { countBehind, countWaiting, findState, selectSegments } from './sql.ts'

/** An entry that is not durable after so long: something holds the archive up. */
const behindMs = 15 * 60_000

/** How the second place stands, for people: see docs/runbooks/archive-behind.md. */
export async function archiveStatus(db: Db, now: number): Promise<ArchiveStatus> {
  const generation = (await findGeneration(db))?.generation
  if (generation === undefined) {
    return {
      state: 'none',
      entries: 0,
      oldestAt: null,
      damaged: 0,
      waiting: { hole: 0, personal: 0, damaged: 0 },
    }
  }
  // as: only the job writes it.
  const domain = ((await findState(db, 'domain'))?.value ?? 'none') as ArchiveStatus['state']
  const replayed = (await findState(db, 'replayed'))?.value
  const { entries, oldestAt } = await countBehind(db, generation)
  const damaged = (await selectSegments(db)).filter(({ state }) => state === 'damaged').length
  const isBehind = oldestAt !== null && oldestAt < now - behindMs
  let state = domain
  if (domain === 'good' && replayed !== Buffer.from(generation).toString('base64url')) state = 'replaying'
  else if (domain === 'good' && isBehind) state = 'behind'
  return { state, entries, oldestAt, damaged, waiting: await countWaiting(db, generation) }
}
