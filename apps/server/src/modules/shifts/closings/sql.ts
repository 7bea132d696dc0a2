import { sql } from 'kysely'
import type { Db, Tx } from '../../../db/database.ts'
import { insertRows } from '../../../db/rows.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type { ClosingCoverTable, ClosingKind, ClosingTable } from '../tables.ts'

export async function insertClosings(
  tx: Tx,
  closings: readonly ClosingTable[],
  covers: readonly ClosingCoverTable[],
): Promise<void> {
  await insertRows(tx, 'closing', closings)
  await insertRows(tx, 'closing_cover', covers)
}

export async function removeClosings(tx: Tx): Promise<void> {
  await tx.deleteFrom('closing').execute()
  await tx.deleteFrom('closing_cover').execute()
}

/** Closings of the same day of a store, or of the same month of a GSTIN: the one that counts comes first. */
export async function closingsOf(
  db: Db,
  { kind, subject, store_no, gstin }: Pick<ClosingTable, 'kind' | 'subject' | 'store_no' | 'gstin'>,
): Promise<ClosingTable[]> {
  const query = db.selectFrom('closing').selectAll().where('kind', '=', kind).where('subject', '=', subject)
  return await (kind === 'month' ? query.where('gstin', '=', gstin) : query.where('store_no', '=', store_no))
    .orderBy('received_at')
    .orderBy('epoch_no')
    .orderBy('seq')
    .execute()
}

export type Cover = Pick<ClosingTable, 'store_no' | 'epoch_no' | 'seq'> & {
  /** UUID of the epoch that was counted. */
  epoch: string
  lastSeq: number
  excepted: readonly number[]
}

/** What closings of a kind counted of an epoch, lowest last seq first; those without effect are left out. */
export async function coversOfEpoch(db: Db, kind: ClosingKind, epoch: string): Promise<Cover[]> {
  const rows = await db
    .selectFrom('closing_cover as cover')
    .innerJoin('closing as c', (join) =>
      join
        .onRef('c.store_no', '=', 'cover.store_no')
        .onRef('c.epoch_no', '=', 'cover.epoch_no')
        .onRef('c.seq', '=', 'cover.seq'),
    )
    .select([
      'cover.store_no',
      'cover.epoch_no',
      'cover.seq',
      'cover.covered',
      'cover.last_seq',
      'cover.excepted',
    ])
    .where('cover.covered', '=', uuidBytes(epoch))
    .where('cover.kind', '=', kind)
    .where(isFirst)
    .orderBy('cover.last_seq')
    .orderBy('c.received_at')
    .execute()
  return rows.map(coverOf)
}

/** Nobody had closed the same day of the store, or month of the GSTIN, before `c` was received (JRN-22f). */
const isFirst = sql<boolean>`NOT EXISTS (SELECT 1 FROM closing AS o
  WHERE o.kind = c.kind AND o.subject = c.subject
    AND CASE c.kind WHEN 'month' THEN o.gstin = c.gstin ELSE o.store_no = c.store_no END
    AND (o.received_at < c.received_at OR o.received_at = c.received_at
      AND (o.epoch_no < c.epoch_no OR o.epoch_no = c.epoch_no AND o.seq < c.seq)))`

/** The closing of the earliest month not before `month` that counts for a GSTIN; undefined: none yet. */
export async function firstMonthClosed(
  db: Db,
  gstin: string,
  month: string,
): Promise<ClosingTable | undefined> {
  return await db
    .selectFrom('closing')
    .selectAll()
    .where('kind', '=', 'month')
    .where('gstin', '=', gstin)
    .where('subject', '>=', month)
    .orderBy('subject')
    .orderBy('received_at')
    .orderBy('epoch_no')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
}

/** What one closing counted. */
export async function coversOfClosing(
  db: Db,
  { store_no, epoch_no, seq }: Pick<ClosingTable, 'store_no' | 'epoch_no' | 'seq'>,
): Promise<Cover[]> {
  const rows = await db
    .selectFrom('closing_cover')
    .select(['store_no', 'epoch_no', 'seq', 'covered', 'last_seq', 'excepted'])
    .where('store_no', '=', store_no)
    .where('epoch_no', '=', epoch_no)
    .where('seq', '=', seq)
    .execute()
  return rows.map(coverOf)
}

function coverOf(row: Omit<ClosingCoverTable, 'kind'>): Cover {
  return {
    store_no: row.store_no,
    epoch_no: row.epoch_no,
    seq: row.seq,
    epoch: uuidText(row.covered),
    lastSeq: row.last_seq,
    excepted: JSON.parse(row.excepted),
  }
}

/** The shift, day or month that a closing ended; null where it is not here. */
export async function subjectOfClosing(
  db: Db,
  { store_no, epoch_no, seq }: Pick<ClosingTable, 'store_no' | 'epoch_no' | 'seq'>,
): Promise<string | null> {
  const row = await db
    .selectFrom('closing')
    .select('subject')
    .where('store_no', '=', store_no)
    .where('epoch_no', '=', epoch_no)
    .where('seq', '=', seq)
    .executeTakeFirst()
  return row?.subject ?? null
}

/** Closings whose entries lie in a span of slots, with what they state. */
export async function closingsIn(
  db: Db,
  span: { storeNo: number; epochNo: number; fromSeq: number; toSeq: number },
): Promise<{ seq: number; stated: Record<string, number> }[]> {
  const rows = await db
    .selectFrom('closing')
    .select(['seq', 'stated'])
    .where('store_no', '=', span.storeNo)
    .where('epoch_no', '=', span.epochNo)
    .where('seq', '>=', span.fromSeq)
    .where('seq', '<=', span.toSeq)
    .execute()
  return rows.map(({ seq, stated }) => ({ seq, stated: JSON.parse(stated) }))
}
