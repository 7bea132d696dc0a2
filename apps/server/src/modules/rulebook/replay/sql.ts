import type { OfferDefinition, ReplayResult, ReplayState } from '@nexus/contract'
import type { Selectable } from 'kysely'
import type { Db, Tx } from '../../../db/database.ts'
import type { OfferReplayTable } from './tables.ts'

/** A replay as stored, without what it found. */
export type ReplayRecord = ReplayState & { definition: OfferDefinition }

const columns = [
  'id',
  'offer_id',
  'revision',
  'definition',
  'from_day',
  'until_day',
  'store_ids',
  'state',
  'bills_done',
  'bills_total',
  'created_at',
  'by_name',
  'finished_at',
  'message',
] as const

/** Writes a replay that waits for its turn. */
export async function insertReplay(
  tx: Tx,
  replay: Pick<
    ReplayRecord,
    'replayId' | 'offerId' | 'revision' | 'definition' | 'from' | 'until' | 'storeIds' | 'createdAt' | 'by'
  >,
): Promise<void> {
  await tx
    .insertInto('offer_replay')
    .values({
      id: replay.replayId,
      offer_id: replay.offerId,
      revision: replay.revision,
      definition: JSON.stringify(replay.definition),
      from_day: replay.from,
      until_day: replay.until,
      store_ids: replay.storeIds === null ? null : JSON.stringify(replay.storeIds),
      state: 'waiting',
      bills_done: 0,
      bills_total: 0,
      created_at: replay.createdAt,
      by_name: replay.by,
      finished_at: null,
      message: null,
      result: null,
    })
    .execute()
}

/** The latest replays of an offer, newest first. */
export async function latestReplays(db: Db, offerId: number, limit: number): Promise<ReplayRecord[]> {
  const rows = await db
    .selectFrom('offer_replay')
    .select(columns)
    .where('offer_id', '=', offerId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(recordOf)
}

/** A replay and what it found, if it is done; undefined for an unknown one. */
export async function findReplay(
  db: Db,
  replayId: string,
): Promise<{ replay: ReplayRecord; result: ReplayResult | null } | undefined> {
  const row = await db.selectFrom('offer_replay').selectAll().where('id', '=', replayId).executeTakeFirst()
  return row && { replay: recordOf(row), result: row.result === null ? null : JSON.parse(row.result) }
}

/** The replay whose turn it is: one that a worker left under way, or the oldest that waits. */
export async function nextReplay(db: Db): Promise<ReplayRecord | undefined> {
  const row = await db
    .selectFrom('offer_replay')
    .select(columns)
    .where('state', 'in', ['running', 'waiting'])
    // 'running' comes before 'waiting'.
    .orderBy('state')
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row && recordOf(row)
}

/** What changes of a replay while it goes on. */
export type ReplayChange = Partial<Pick<ReplayRecord, 'state' | 'billsDone' | 'billsTotal' | 'message'>> & {
  finishedAt?: number
  result?: ReplayResult
}

/** Changes a replay that is not over. False where it is, for a person may cancel it at any time. */
export async function changeReplay(tx: Tx, replayId: string, change: ReplayChange): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('offer_replay')
    .set({
      ...(change.state !== undefined && { state: change.state }),
      ...(change.billsDone !== undefined && { bills_done: change.billsDone }),
      ...(change.billsTotal !== undefined && { bills_total: change.billsTotal }),
      ...(change.message !== undefined && { message: change.message }),
      ...(change.finishedAt !== undefined && { finished_at: change.finishedAt }),
      ...(change.result !== undefined && { result: JSON.stringify(change.result) }),
    })
    .where('id', '=', replayId)
    .where('state', 'in', ['waiting', 'running'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

function recordOf(row: Omit<Selectable<OfferReplayTable>, 'result'>): ReplayRecord {
  return {
    replayId: row.id,
    offerId: row.offer_id,
    revision: row.revision,
    definition: JSON.parse(row.definition),
    from: row.from_day,
    until: row.until_day,
    storeIds: row.store_ids === null ? null : JSON.parse(row.store_ids),
    state: row.state,
    billsDone: row.bills_done,
    billsTotal: row.bills_total,
    createdAt: row.created_at,
    by: row.by_name,
    finishedAt: row.finished_at,
    message: row.message,
  }
}
