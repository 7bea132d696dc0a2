import { type AuditRow, type PageOf, Problem } from '@nexus/contract'
import { addDays, isDate, startOfDate } from '@nexus/domain'
import type { Db } from '../../db/database.ts'
import { type AuditFilter, auditRecords, countAudit } from './sql.ts'

/** Names of people by id; unknown ids are left out. The trail itself keeps ids only. */
export type NamesOf = (db: Db, staffIds: readonly string[]) => Promise<ReadonlyMap<string, string>>

export type AuditQuery = {
  page?: number
  pageSize?: number
  /** `at` or `-at`, the default. */
  sort?: string
  q?: string
  subject?: string
  subjectId?: string
  by?: string
  /** Days in Asia/Kolkata, both included. */
  from?: string
  until?: string
}

/** Counting stops here; screens then say "more than". */
const totalMax = 10_000

/** A page of the trail; `by` in the answer is the person's name, `byId` the id. */
export async function auditPage(db: Db, namesOf: NamesOf, query: AuditQuery): Promise<PageOf<AuditRow>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const filter: AuditFilter = {
    subject: query.subject,
    subjectId: query.subjectId,
    by: query.by,
    from: query.from === undefined ? undefined : startOfDate(dateOf(query.from)),
    until: query.until === undefined ? undefined : startOfDate(addDays(dateOf(query.until), 1)),
    q: query.q,
  }
  const offset = (page - 1) * pageSize
  const records = await auditRecords(db, filter, { offset, limit: pageSize, ascending: query.sort === 'at' })
  // A page that is not full is the last one: no second scan to count what a rare word matches.
  const isLast = records.length < pageSize && (records.length > 0 || page === 1)
  const total = isLast ? offset + records.length : await countAudit(db, filter, totalMax + 1)
  const people = [...new Set(records.flatMap((record) => record.by ?? []))]
  const names = people.length === 0 ? new Map<string, string>() : await namesOf(db, people)
  return {
    rows: records.map(({ by, ...record }) => ({
      ...record,
      by: by === null ? null : (names.get(by) ?? by),
      byId: by,
    })),
    page,
    pageSize,
    total: Math.min(total, totalMax),
    totalIsExact: total <= totalMax,
  }
}

function dateOf(text: string): string {
  if (isDate(text)) return text
  throw new Problem('request/invalid', `${text} is no day of the calendar. Write it as YYYY-MM-DD.`)
}
