import { type DayRoot, type ReceivedRecord, toBase64Url } from '@nexus/sync'
import { type Insertable, sql } from 'kysely'
import type { Db, Tx } from '../../../db/database.ts'
import { insertRows, replaceRows } from '../../../db/rows.ts'
import { uuidText } from '../../../db/uuid.ts'
import type { JournalAccountedTable, JournalDayTable, JournalReceivedTable } from '../tables.ts'

/** Slots fromSeq..toSeq. */
export type Gap = [fromSeq: number, toSeq: number]

/** An epoch with slots that are in no root yet. */
export type OpenEpoch = {
  storeNo: number
  epochNo: number
  epoch: string
  register: string
  /** Last slot in a root; 0: none. */
  seq: number
  gaps: Gap[]
}

/** Day of the newest root, and the hash of its record; undefined before the first. */
export async function findLastDay(db: Db): Promise<{ day: string; hash: string } | undefined> {
  const row = await db
    .selectFrom('journal_day')
    .select(['day', 'hash'])
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { day: row.day, hash: toBase64Url(row.hash) }
}

/** When the first epoch became known, ms UTC; undefined while there is none. */
export async function findFirstOpening(db: Db): Promise<number | undefined> {
  const row = await db
    .selectFrom('journal_epoch')
    .select('opened_at')
    .orderBy('opened_at')
    .limit(1)
    .executeTakeFirst()
  return row?.opened_at
}

/** Epochs whose heads stand above what is in roots, or that have gaps below it; in no order. */
export async function epochsToAccount(db: Db): Promise<OpenEpoch[]> {
  const rows = await db
    .selectFrom('journal_head as h')
    .innerJoin('journal_epoch as e', (join) =>
      join.onRef('e.store_no', '=', 'h.store_no').onRef('e.epoch_no', '=', 'h.epoch_no'),
    )
    .leftJoin('journal_accounted as a', (join) =>
      join.onRef('a.store_no', '=', 'h.store_no').onRef('a.epoch_no', '=', 'h.epoch_no'),
    )
    .select(['h.store_no', 'h.epoch_no', 'e.epoch', 'e.register', 'a.seq', 'a.gaps'])
    .where(sql<boolean>`h.seq > COALESCE(a.seq, 0) OR a.gaps <> '[]'`)
    .execute()
  return rows.map((row) => ({
    storeNo: row.store_no,
    epochNo: row.epoch_no,
    epoch: uuidText(row.epoch),
    register: row.register,
    seq: row.seq ?? 0,
    // This module wrote it.
    gaps: JSON.parse(row.gaps ?? '[]') as Gap[],
  }))
}

export type ReceivedSlot = { seq: number; hash: string; receivedAt: number }

/** Slots of an epoch from a seq to another that were received before an instant, ascending. */
export async function slotsReceived(
  db: Db,
  { storeNo, epochNo }: Pick<OpenEpoch, 'storeNo' | 'epochNo'>,
  range: { fromSeq: number; toSeq: number; before: number; limit: number },
): Promise<ReceivedSlot[]> {
  const rows = await db
    .selectFrom('journal_entry')
    .select(['seq', 'hash', 'received_at'])
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('seq', '>=', range.fromSeq)
    .where('seq', '<=', range.toSeq)
    .where('received_at', '<', range.before)
    .orderBy('seq')
    .limit(range.limit)
    .execute()
  return rows.map((row) => ({ seq: row.seq, hash: toBase64Url(row.hash), receivedAt: row.received_at }))
}

/** Rows of a signed day. The day's key refuses it where another worker was faster. */
export async function insertDay(
  tx: Tx,
  rows: {
    day: Insertable<JournalDayTable>
    received: readonly Insertable<JournalReceivedTable>[]
    accounted: readonly Insertable<JournalAccountedTable>[]
  },
): Promise<void> {
  await insertRows(tx, 'journal_day', [rows.day])
  await insertRows(tx, 'journal_received', rows.received)
  await replaceRows(tx, 'journal_accounted', rows.accounted)
}

/** A signed day root as it was stored. */
export type SignedDay = { record: DayRoot; signature: string }

/** Roots of days, first and last included, ascending. */
export async function daysBetween(db: Db, first: string, last: string): Promise<SignedDay[]> {
  const rows = await db
    .selectFrom('journal_day')
    .select(['record', 'signature'])
    .where('day', '>=', first)
    .where('day', '<=', last)
    .orderBy('day')
    .execute()
  return rows.map((row) => ({ record: JSON.parse(row.record) as DayRoot, signature: row.signature }))
}

/** A countersignature with its way to its day's root. */
export type SignedReceived = { record: ReceivedRecord; signature: string; leaf: number; path: string[] }

/** Countersignatures of an epoch up to a day, ascending by slot. */
export async function receivedOf(
  db: Db,
  { storeNo, epochNo }: { storeNo: number; epochNo: number },
  lastDay: string,
): Promise<SignedReceived[]> {
  const rows = await db
    .selectFrom('journal_received')
    .select(['record', 'signature', 'leaf', 'path'])
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('day', '<=', lastDay)
    .orderBy('from_seq')
    .execute()
  return rows.map((row) => ({
    record: JSON.parse(row.record) as ReceivedRecord,
    signature: row.signature,
    leaf: row.leaf,
    path: Array.from({ length: row.path.length / 32 }, (_, step) =>
      toBase64Url(row.path.subarray(step * 32, step * 32 + 32)),
    ),
  }))
}

/** First day with a countersignature of any of a store's epochs; undefined where there is none. */
export async function findFirstDay(
  db: Db,
  epochs: readonly { storeNo: number; epochNo: number }[],
  lastDay: string,
): Promise<string | undefined> {
  let first: string | undefined
  for (const { storeNo, epochNo } of epochs) {
    const { day } = await db
      .selectFrom('journal_received')
      .select(({ fn }) => fn.min('day').as('day'))
      .where('store_no', '=', storeNo)
      .where('epoch_no', '=', epochNo)
      .where('day', '<=', lastDay)
      .executeTakeFirstOrThrow()
    if (day && (first === undefined || day < first)) first = day
  }
  return first
}
