import type { Tx } from '../../db/database.ts'
import { updateStatus } from './sql.ts'

/** What a till tells of itself; members left out stay as they were told last. */
export type Heartbeat = {
  /** ms UTC, by the server's clock */
  seenAt: number
  app?: string
  /** Till's time less the server's. */
  clockSkewMs?: number
  /** Entries that are only on the till, and what they sold in paise. */
  queuedEntries?: number
  queuedMinor?: number
  persisted?: boolean
  /** Head that the till announced. */
  told?: { epoch: string; seq: number; hash: string }
}

/** Keeps what a till last told, for the list of registers. An unknown register changes nothing. */
export async function noteHeartbeat(tx: Tx, registerId: string, heartbeat: Heartbeat): Promise<void> {
  const { seenAt, ...told } = heartbeat
  await updateStatus(tx, registerId, { lastSeenAt: seenAt, ...told })
}
