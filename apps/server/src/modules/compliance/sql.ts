import type { Db, Tx } from '../../db/database.ts'
import { keepRows, replaceRows } from '../../db/rows.ts'
import type { LateChoiceTable, LateDocumentTable } from './tables.ts'

/** Puts documents into the tax queue; one that stands there stays as it is. */
export async function keepLateDocuments(tx: Tx, rows: readonly LateDocumentTable[]): Promise<void> {
  await keepRows(tx, 'late_document', ['identity', 'document'], rows)
}

/** Empties what is derived; what people chose stays. */
export async function removeLateDocuments(tx: Tx): Promise<void> {
  await tx.deleteFrom('late_document').execute()
}

/** Keeps what a person chose for a document; another choice takes its place. */
export async function putLateChoice(tx: Tx, row: LateChoiceTable): Promise<void> {
  await replaceRows(tx, 'late_choice', [row])
}

/** A document of the queue with what was chosen for it; `choice` is null while it waits. */
export type LateDocument = LateDocumentTable & {
  choice: LateChoiceTable['choice'] | null
  chosen_by: string | null
  chosen_at: number | null
}

export type LateFilter = {
  /** undefined: all */
  storeNos: readonly number[] | undefined
  waiting?: boolean | undefined
  month?: string | undefined
}

function matching(db: Db, filter: LateFilter) {
  let query = db
    .selectFrom('late_document as d')
    .leftJoin('late_choice as c', (join) =>
      join.onRef('c.identity', '=', 'd.identity').onRef('c.document', '=', 'd.document'),
    )
  if (filter.storeNos) query = query.where('d.store_no', 'in', [...filter.storeNos])
  if (filter.waiting !== undefined) query = query.where('c.choice', filter.waiting ? 'is' : 'is not', null)
  if (filter.month !== undefined) query = query.where('d.month', '=', filter.month)
  return query
}

/** How many match, counting no further than `max`. */
export async function countLateDocuments(db: Db, filter: LateFilter, max: number): Promise<number> {
  const rows = await matching(db, filter).select('d.document').limit(max).execute()
  return rows.length
}

/** Newest first. */
export async function lateDocumentsPage(
  db: Db,
  filter: LateFilter,
  { offset, limit }: { offset: number; limit: number },
): Promise<LateDocument[]> {
  return await matching(db, filter)
    .selectAll('d')
    .select(['c.choice', 'c.chosen_by', 'c.chosen_at'])
    .orderBy('d.received_at', 'desc')
    .orderBy('d.number')
    .limit(limit)
    .offset(offset)
    .execute()
}

export async function findLateDocument(
  db: Db,
  identity: Uint8Array,
  document: number,
): Promise<LateDocument | undefined> {
  return await matching(db, { storeNos: undefined })
    .selectAll('d')
    .select(['c.choice', 'c.chosen_by', 'c.chosen_at'])
    .where('d.identity', '=', identity)
    .where('d.document', '=', document)
    .executeTakeFirst()
}
