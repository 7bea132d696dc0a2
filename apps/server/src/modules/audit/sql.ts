import type { Insertable } from 'kysely'
import type { Db, Tx } from '../../db/database.ts'
import { containing } from '../../db/like.ts'
import { insertRows } from '../../db/rows.ts'
import type { AuditTable } from './tables.ts'

/** One change of master data. `before` is null for a creation, `after` for a removal. */
export type AuditEntry = {
  /** ms since 1970 UTC */
  at: number
  /** Id of the person; null for a program. */
  by: string | null
  /** Way in: `back-office`, `import`, `command-line`, `seed` … */
  how: string
  /** Kind of thing: `store`, `staff`, `product` … */
  subject: string
  subjectId: string
  /** Name of the thing as people know it; cut at 250 characters. */
  label: string
  before: unknown
  after: unknown
}

export type AuditRecord = AuditEntry & { id: number }

export type AuditFilter = {
  subject?: string | undefined
  subjectId?: string | undefined
  by?: string | undefined
  /** Instants, `until` excluded. */
  from?: number | undefined
  until?: number | undefined
  /** Part of a label. */
  q?: string | undefined
}

/** Appends to the trail; nothing ever updates or deletes there. */
export async function insertAudit(tx: Tx, entries: readonly AuditEntry[]): Promise<void> {
  await insertRows(tx, 'audit', entries.map(rowOf))
}

function rowOf(entry: AuditEntry): Insertable<AuditTable> {
  return {
    at: entry.at,
    by_id: entry.by,
    how: entry.how,
    subject: entry.subject,
    subject_id: entry.subjectId,
    label: entry.label.slice(0, 250),
    before_json: jsonOf(entry.before),
    after_json: jsonOf(entry.after),
  }
}

function jsonOf(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}

function matching(db: Db, filter: AuditFilter) {
  let query = db.selectFrom('audit')
  if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject)
  if (filter.subjectId !== undefined) query = query.where('subject_id', '=', filter.subjectId)
  if (filter.by !== undefined) query = query.where('by_id', '=', filter.by)
  if (filter.from !== undefined) query = query.where('at', '>=', filter.from)
  if (filter.until !== undefined) query = query.where('at', '<', filter.until)
  if (filter.q) query = query.where('label', 'like', containing(filter.q))
  return query
}

/** How many records match, counting no further than `max`. */
export async function countAudit(db: Db, filter: AuditFilter, max: number): Promise<number> {
  const row = await db
    .selectFrom(matching(db, filter).select('id').limit(max).as('found'))
    .select(({ fn }) => fn.countAll<number | string>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(row.total)
}

/** Matching records in order of writing, newest first unless `ascending`. */
export async function auditRecords(
  db: Db,
  filter: AuditFilter,
  page: { offset: number; limit: number; ascending: boolean },
): Promise<AuditRecord[]> {
  // Ids first: the scan then reads an index, and only the page's own documents.
  const ids = await matching(db, filter)
    .select('id')
    .orderBy('id', page.ascending ? 'asc' : 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where(
      'id',
      'in',
      ids.map((row) => row.id),
    )
    .orderBy('id', page.ascending ? 'asc' : 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    at: row.at,
    by: row.by_id,
    how: row.how,
    subject: row.subject,
    subjectId: row.subject_id,
    label: row.label,
    before: row.before_json === null ? null : JSON.parse(row.before_json),
    after: row.after_json === null ? null : JSON.parse(row.after_json),
  }))
}
