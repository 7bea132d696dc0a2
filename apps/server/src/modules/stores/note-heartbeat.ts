import type { Tx } from '../../db/database.ts'
import { findStatus, prolongContact, updateStatus } from './sql.ts'

/** The last entry that a till announced of its epoch. */
export type ToldHead = { epoch: string; seq: number; hash: string }

/** What a till tells of itself; members left out stay as they were told last. */
export type Heartbeat = {
  /** ms UTC, by the server's clock */
  seenAt: number
  app?: string
  /** Till's time less the server's. */
  clockSkewMs?: number
  /** Entries that are only on the till, what they sold in paise, how many sales, when the oldest was written. */
  queuedEntries?: number
  queuedMinor?: number
  queuedSales?: number
  queuedOldestAt?: number | null
  persisted?: boolean
  told?: ToldHead
}

/**
 * Keeps what a till last told, and that it was in touch, for the pages about registers. Of the heads told
 * in one epoch the highest stays (JRN-18g); answers the one kept before. An unknown register changes nothing.
 */
export async function noteHeartbeat(
  tx: Tx,
  registerId: string,
  heartbeat: Heartbeat,
): Promise<ToldHead | undefined> {
  const { seenAt, told, ...rest } = heartbeat
  const before = await findStatus(tx, registerId)
  if (before === undefined) return undefined
  const isHigher = told && (before.told?.epoch !== told.epoch || told.seq >= before.told.seq)
  await updateStatus(tx, registerId, { lastSeenAt: seenAt, ...rest, ...(isHigher && { told }) })
  await prolongContact(tx, registerId, {
    at: seenAt,
    app: heartbeat.app ?? before.app ?? '',
    entries: heartbeat.queuedEntries ?? 0,
    soldMinor: heartbeat.queuedMinor ?? 0,
  })
  return before.told ?? undefined
}
