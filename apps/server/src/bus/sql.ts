import type { Db, Tx } from '../db/database.ts'
import { keepRows } from '../db/rows.ts'
import type { Event, StoredEvent } from './event-bus.ts'
import type {} from './tables.ts'

/**
 * Writes events into the outbox of this transaction: they go out if and only if it commits. An id
 * that is there already is left alone, so announcing the same fact again is harmless.
 */
export async function announce(tx: Tx, events: readonly Event[], now: number): Promise<void> {
  const rows = events.map((event) => ({
    id: event.id,
    topic: event.topic,
    stream: event.stream,
    stream_seq: event.streamSeq,
    payload: JSON.stringify(event.payload),
    created_at: now,
    published_at: null,
  }))
  await keepRows(tx, 'outbox', ['id'], rows)
}

/** Events not out yet, stream by stream in order, without streams that wait after a failure. */
export async function unpublishedEvents(db: Db, now: number, limit: number): Promise<StoredEvent[]> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll()
    .where('published_at', 'is', null)
    .where('stream', 'not in', (parked) =>
      parked.selectFrom('outbox_parked').select('stream').where('not_before_at', '>', now),
    )
    .orderBy('stream')
    .orderBy('stream_seq')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: Buffer.from(row.id),
    topic: row.topic,
    stream: row.stream,
    streamSeq: row.stream_seq,
    payload: JSON.parse(row.payload),
    createdAt: row.created_at,
  }))
}

/** Marks events as taken by the bus. */
export async function markPublished(tx: Tx, ids: readonly Uint8Array[], now: number): Promise<void> {
  await tx.updateTable('outbox').set({ published_at: now }).where('id', 'in', ids).execute()
}

/** Tries that a stream's next event has failed so far. */
export async function parkedTries(db: Db, stream: string): Promise<number> {
  const row = await db
    .selectFrom('outbox_parked')
    .select('tries')
    .where('stream', '=', stream)
    .executeTakeFirst()
  return row?.tries ?? 0
}

/** Holds a stream until an instant, replacing what was known of it. */
export async function parkStream(
  tx: Tx,
  parked: { stream: string; tries: number; notBeforeAt: number; reason: string },
): Promise<void> {
  await releaseStreams(tx, [parked.stream])
  await tx
    .insertInto('outbox_parked')
    .values({
      stream: parked.stream,
      tries: parked.tries,
      not_before_at: parked.notBeforeAt,
      reason: parked.reason.slice(0, 500),
    })
    .execute()
}

/** Forgets that streams were held. */
export async function releaseStreams(tx: Tx, streams: readonly string[]): Promise<void> {
  await tx.deleteFrom('outbox_parked').where('stream', 'in', streams).execute()
}

/** Events that wait, and streams among them that are held after failures. */
export async function outboxDepth(db: Db): Promise<{ waiting: number; parked: number }> {
  const { waiting } = await db
    .selectFrom('outbox')
    .select(({ fn }) => fn.countAll().as('waiting'))
    .where('published_at', 'is', null)
    .executeTakeFirstOrThrow()
  const { parked } = await db
    .selectFrom('outbox_parked')
    .select(({ fn }) => fn.countAll().as('parked'))
    .executeTakeFirstOrThrow()
  return { waiting: Number(waiting), parked: Number(parked) }
}

/** Notes that a consumer handles an event. False when it has done so before. */
export async function insertInbox(
  tx: Tx,
  consumer: string,
  eventId: Uint8Array,
  now: number,
): Promise<boolean> {
  const row = { consumer, event_id: eventId, handled_at: now }
  const known = await tx
    .selectFrom('inbox')
    .select('handled_at')
    .where('consumer', '=', consumer)
    .where('event_id', '=', eventId)
    .executeTakeFirst()
  if (known) return false
  await tx.insertInto('inbox').values(row).execute()
  return true
}

/** Deletes at most `limit` events that went out before an instant. Answers how many. */
export async function sweepOutbox(tx: Tx, before: number, limit: number): Promise<number> {
  const old = await tx
    .selectFrom('outbox')
    .select('id')
    .where('published_at', '<', before)
    .orderBy('published_at')
    .limit(limit)
    .execute()
  if (old.length === 0) return 0
  const ids = old.map((row) => row.id)
  await tx.deleteFrom('outbox').where('id', 'in', ids).execute()
  return old.length
}

/** Deletes at most `limit` inbox rows of before an instant. Answers how many. */
export async function sweepInbox(tx: Tx, before: number, limit: number): Promise<number> {
  const old = await tx
    .selectFrom('inbox')
    .select(['consumer', 'event_id'])
    .where('handled_at', '<', before)
    .orderBy('handled_at')
    .limit(limit)
    .execute()
  for (const consumer of new Set(old.map((row) => row.consumer))) {
    const ids = old.filter((row) => row.consumer === consumer).map((row) => row.event_id)
    await tx.deleteFrom('inbox').where('consumer', '=', consumer).where('event_id', 'in', ids).execute()
  }
  return old.length
}
