import type { Db, Tx } from '../../../db/database.ts'
import { keepRows } from '../../../db/rows.ts'
import type {} from '../tables.ts'

/** A row of the list as its id names it. */
export type Closable =
  | { source: 'incident'; text: string; id: Buffer }
  | { source: 'discrepancy'; text: string; id: Buffer; n: number }

export type OpenRow = Closable & { storeNo: number; store: string | null; kind: string }

/** Of these rows those that are there and open, with their stores. */
export async function findClosable(db: Db, wanted: readonly Closable[]): Promise<OpenRow[]> {
  const found: OpenRow[] = []
  for (const one of wanted) {
    const row =
      one.source === 'incident' ? await openIncident(db, one.id) : await openDiscrepancy(db, one.id, one.n)
    if (row !== undefined) found.push({ ...one, storeNo: row.store_no, store: row.store, kind: row.kind })
  }
  return found
}

async function openIncident(db: Db, id: Buffer) {
  return await db
    .selectFrom('incident as i')
    .leftJoin('incident_closed as c', 'c.id', 'i.id')
    .leftJoin('journal_epoch as e', 'e.epoch', 'i.epoch')
    .select(['i.store_no', 'i.kind', 'e.store'])
    .where('i.id', '=', id)
    .where('c.id', 'is', null)
    .executeTakeFirst()
}

async function openDiscrepancy(db: Db, identity: Buffer, n: number) {
  return await db
    .selectFrom('discrepancy as d')
    .leftJoin('discrepancy_closed as c', (join) =>
      join.onRef('c.identity', '=', 'd.identity').onRef('c.n', '=', 'd.n').onRef('c.kind', '=', 'd.kind'),
    )
    .leftJoin('journal_epoch as e', 'e.epoch', 'd.epoch')
    .select(['d.store_no', 'd.kind', 'e.store'])
    .where('d.identity', '=', identity)
    .where('d.n', '=', n)
    .where('c.identity', 'is', null)
    .executeTakeFirst()
}

/** Closes rows; of two people who close one at once the first one's remark stays. */
export async function closeRows(
  tx: Tx,
  rows: readonly OpenRow[],
  closing: { at: number; staff: string; remark: string },
): Promise<void> {
  const incidents = rows.flatMap((row) =>
    row.source === 'incident' ? [{ id: row.id, store_no: row.storeNo, ...closing }] : [],
  )
  const discrepancies = rows.flatMap((row) =>
    row.source === 'discrepancy'
      ? [{ identity: row.id, n: row.n, kind: row.kind, store_no: row.storeNo, ...closing }]
      : [],
  )
  await keepRows(tx, 'incident_closed', ['id'], incidents)
  await keepRows(tx, 'discrepancy_closed', ['identity', 'n', 'kind'], discrepancies)
}
