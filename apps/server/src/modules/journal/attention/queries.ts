import { attentionSources, type IncidentRow, type PageOf, Problem } from '@nexus/contract'
import { addDays, isDate, startOfDate } from '@nexus/domain'
import type { Db } from '../../../db/database.ts'
import type { NamesOf } from './desks.ts'
import { pageOf, spanOf, storesFor, totalMax } from './paging.ts'
import { type AttentionSource, countAttention, selectAttention } from './sql.ts'

export type AttentionQuery = {
  page?: number
  pageSize?: number
  store?: string
  /** One of the sources, or `incident` for what tills and this server told. */
  source?: string
  kind?: string
  /** Days in Asia/Kolkata, both included. */
  from?: string
  until?: string
  closed?: boolean
}

/**
 * What people must look at, newest first.
 *
 * @param storeIds stores that the caller sees; undefined: all
 */
export async function attentionPage(
  db: Db,
  namesOf: NamesOf,
  query: AttentionQuery,
  storeIds: readonly string[] | undefined,
): Promise<PageOf<IncidentRow>> {
  const sources = sourcesOf(query.source)
  const stores = await storesFor(db, query, storeIds)
  if (stores === 'none') return pageOf(query, [], 0)
  const filter = {
    stores,
    kind: query.kind,
    from: query.from === undefined ? undefined : startOfDate(dateOf(query.from)),
    until: query.until === undefined ? undefined : startOfDate(addDays(dateOf(query.until), 1)),
    closed: query.closed ?? false,
  }
  const rows = await selectAttention(db, filter, sources, spanOf(query))
  const counts = await Promise.all(sources.map((source) => countAttention(db, filter, source, totalMax + 1)))
  const people = [...new Set(rows.flatMap(({ closed }) => closed?.staff ?? []))]
  const names = people.length === 0 ? new Map<string, string>() : await namesOf(db, people)
  return pageOf(
    query,
    rows.map(({ closed, ...row }) => ({
      ...row,
      closed: closed && { at: closed.at, by: names.get(closed.staff) ?? null, remark: closed.remark },
    })),
    counts.reduce((sum, count) => sum + count, 0),
  )
}

/** Figures of what waits; none counts further than 1,000. */
export async function attentionCounts(
  db: Db,
  storeIds: readonly string[] | undefined,
): Promise<{ quarantined: number; forked: number; incidents: number; discrepancies: number }> {
  const stores = await storesFor(db, {}, storeIds)
  if (stores === 'none') return { quarantined: 0, forked: 0, incidents: 0, discrepancies: 0 }
  const countOf = (source: AttentionSource) => countAttention(db, { stores, closed: false }, source, 1000)
  const [quarantined, forked, told, noticed, discrepancies] = await Promise.all(
    (['quarantine', 'fork', 'till', 'server', 'discrepancy'] as const).map(countOf),
  )
  return {
    quarantined: quarantined ?? 0,
    forked: forked ?? 0,
    incidents: (told ?? 0) + (noticed ?? 0),
    discrepancies: discrepancies ?? 0,
  }
}

function sourcesOf(source: string | undefined): readonly AttentionSource[] {
  if (source === undefined) return attentionSources
  if (source === 'incident') return ['till', 'server']
  const known = attentionSources.find((one) => one === source)
  if (known !== undefined) return [known]
  throw new Problem(
    'request/invalid',
    `${source} is no source. Choose one of incident, ${attentionSources.join(', ')}.`,
    {},
    [{ field: 'source', message: 'unknown' }],
  )
}

function dateOf(text: string): string {
  if (isDate(text)) return text
  throw new Problem('request/invalid', `${text} is no day of the calendar. Write it as YYYY-MM-DD.`)
}
