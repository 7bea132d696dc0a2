import { type IncidentRow, type PageOf, Problem, type StaticOf } from '@nexus/contract'
import type { Db } from '../../../db/database.ts'
import { storeNosOf } from '../sql.ts'
import {
  type AttentionSource,
  attentionSources,
  countAttention,
  type StoreNos,
  selectAttention,
} from './sql.ts'

export type AttentionQuery = { page?: number; pageSize?: number; store?: string; source?: string }

/** Counting stops here; screens then say "more than". */
const totalMax = 10_000

/**
 * What people must look at, newest first.
 *
 * @param storeIds stores that the caller sees; undefined: all
 */
export async function attentionPage(
  db: Db,
  query: AttentionQuery,
  storeIds: readonly string[] | undefined,
): Promise<PageOf<StaticOf<typeof IncidentRow>>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const sources = sourcesOf(query.source)
  const wanted = query.store === undefined ? storeIds : [query.store]
  const stores = await keysOf(db, wanted)
  if (stores === 'none') return { rows: [], page, pageSize, total: 0, totalIsExact: true }
  const rows = await selectAttention(db, stores, sources, { offset: (page - 1) * pageSize, limit: pageSize })
  const counts = await Promise.all(
    sources.map((source) => countAttention(db, stores, source, { sinceAt: 0, max: totalMax + 1 })),
  )
  const total = counts.reduce((sum, count) => sum + count, 0)
  return { rows, page, pageSize, total: Math.min(total, totalMax), totalIsExact: total <= totalMax }
}

/** Figures of what waits, and of what turned up since an instant; none counts further than 1,000. */
export async function attentionCounts(
  db: Db,
  storeIds: readonly string[] | undefined,
  sinceAt: number,
): Promise<{ quarantined: number; forked: number; incidents: number; discrepancies: number }> {
  const stores = await keysOf(db, storeIds)
  if (stores === 'none') return { quarantined: 0, forked: 0, incidents: 0, discrepancies: 0 }
  const max = 1000
  const [quarantined, forked, told, noticed, discrepancies] = await Promise.all([
    // These two wait until somebody settles them, however old they are.
    countAttention(db, stores, 'quarantine', { sinceAt: 0, max }),
    countAttention(db, stores, 'fork', { sinceAt: 0, max }),
    countAttention(db, stores, 'till', { sinceAt, max }),
    countAttention(db, stores, 'server', { sinceAt, max }),
    countAttention(db, stores, 'discrepancy', { sinceAt, max }),
  ])
  return { quarantined, forked, incidents: told + noticed, discrepancies }
}

function sourcesOf(source: string | undefined): readonly AttentionSource[] {
  if (source === undefined) return attentionSources
  const known = attentionSources.find((one) => one === source)
  if (known !== undefined) return [known]
  throw new Problem(
    'request/invalid',
    `${source} is no source. Choose one of ${attentionSources.join(', ')}.`,
    {},
    [{ field: 'source', message: 'unknown' }],
  )
}

async function keysOf(db: Db, storeIds: readonly string[] | undefined): Promise<StoreNos | 'none'> {
  if (storeIds === undefined) return undefined
  const [first, ...rest] = await storeNosOf(db, storeIds)
  return first === undefined ? 'none' : [first, ...rest]
}
