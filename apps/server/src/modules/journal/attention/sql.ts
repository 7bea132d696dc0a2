import type { attentionSources } from '@nexus/contract'
import { toBase64Url } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type {} from '../tables.ts'

export type AttentionSource = (typeof attentionSources)[number]

/** Small keys of the stores wanted, at least one; undefined: every store. */
export type StoreNos = readonly [number, ...number[]] | undefined

/** Which rows of the sources. Quarantine and forks have no closing: they wait until they are settled. */
export type AttentionFilter = {
  stores: StoreNos
  kind?: string | undefined
  /** ms UTC, `until` excluded. */
  from?: number | undefined
  until?: number | undefined
  closed: boolean
}

export type AttentionRecord = {
  id: string
  /** ms UTC */
  at: number
  kind: string
  params: Record<string, unknown>
  storeId: string | null
  registerId: string | null
  epoch: string
  seq: number
  source: AttentionSource
  closed: Closing | null
}
/** Who looked at it and what they said. */
export type Closing = { at: number; staff: string; remark: string }

type Bare = Omit<AttentionRecord, 'storeId' | 'registerId'>
type Span = { offset: number; limit: number }

/** Incidents, waiting quarantine and forks, discrepancies: newest first. */
export async function selectAttention(
  db: Db,
  filter: AttentionFilter,
  sources: readonly AttentionSource[],
  { offset, limit }: Span,
): Promise<AttentionRecord[]> {
  // Each source gives as many as the page may need of it, by its own index; the merge is small.
  const most = offset + limit
  const lists = await Promise.all(
    sources.map((source) => {
      switch (source) {
        case 'till':
        case 'server':
          return incidents(db, filter, source, most)
        case 'quarantine':
          return quarantined(db, filter, most)
        case 'fork':
          return forked(db, filter, most)
        default:
          return discrepancies(db, filter, most)
      }
    }),
  )
  // The sort is stable: rows of one instant stay in the order of their sources and keys.
  const page = lists
    .flat()
    .sort((a, b) => b.at - a.at)
    .slice(offset, offset + limit)
  return await withPlaces(db, page)
}

/** How many rows a source has, counting no further than `max`. */
export async function countAttention(
  db: Db,
  filter: AttentionFilter,
  source: AttentionSource,
  max: number,
): Promise<number> {
  switch (source) {
    case 'till':
    case 'server':
      return (await incidentsOf(db, filter, source).select('i.seq').limit(max).execute()).length
    case 'quarantine':
      return (await quarantinedOf(db, filter).select('seq').limit(max).execute()).length
    case 'fork':
      return (await forkedOf(db, filter).select('seq').limit(max).execute()).length
    default:
      return (await discrepanciesOf(db, filter).select('d.seq').limit(max).execute()).length
  }
}

function incidentsOf(
  db: Db,
  { stores, kind, from, until, closed }: AttentionFilter,
  source: 'till' | 'server',
) {
  let query = db
    .selectFrom('incident as i')
    .leftJoin('incident_closed as c', 'c.id', 'i.id')
    .where('i.source', '=', source)
    .where('c.id', closed ? 'is not' : 'is', null)
  if (stores) query = query.where('i.store_no', 'in', stores)
  if (kind !== undefined) query = query.where('i.kind', '=', kind)
  if (from !== undefined) query = query.where('i.at', '>=', from)
  if (until !== undefined) query = query.where('i.at', '<', until)
  return query
}

function quarantinedOf(db: Db, { stores, kind, from, until, closed }: AttentionFilter) {
  let query = db.selectFrom('journal_quarantine').where('released', closed ? 'is not' : 'is', null)
  if (stores) query = query.where('store_no', 'in', stores)
  if (kind !== undefined) query = query.where('reason', '=', kind)
  if (from !== undefined) query = query.where('received_at', '>=', from)
  if (until !== undefined) query = query.where('received_at', '<', until)
  return query
}

function forkedOf(db: Db, { stores, kind, from, until, closed }: AttentionFilter) {
  let query = db.selectFrom('journal_fork').where('settled', closed ? 'is not' : 'is', null)
  if (stores) query = query.where('store_no', 'in', stores)
  if (kind !== undefined && kind !== 'forked') query = query.where('seq', '<', 0)
  if (from !== undefined) query = query.where('received_at', '>=', from)
  if (until !== undefined) query = query.where('received_at', '<', until)
  return query
}

function discrepanciesOf(db: Db, { stores, kind, from, until, closed }: AttentionFilter) {
  let query = db
    .selectFrom('discrepancy as d')
    .leftJoin('discrepancy_closed as c', (join) =>
      join.onRef('c.identity', '=', 'd.identity').onRef('c.n', '=', 'd.n').onRef('c.kind', '=', 'd.kind'),
    )
    .where('c.identity', closed ? 'is not' : 'is', null)
  if (stores) query = query.where('d.store_no', 'in', stores)
  if (kind !== undefined) query = query.where('d.kind', '=', kind)
  if (from !== undefined) query = query.where('d.at', '>=', from)
  if (until !== undefined) query = query.where('d.at', '<', until)
  return query
}

function closingOf(row: {
  closed_at: number | null
  staff: string | null
  remark: string | null
}): Closing | null {
  const { closed_at: at, staff, remark } = row
  return at === null || staff === null || remark === null ? null : { at, staff, remark }
}

const closingColumns = ['c.at as closed_at', 'c.staff', 'c.remark'] as const

async function incidents(
  db: Db,
  filter: AttentionFilter,
  source: 'till' | 'server',
  limit: number,
): Promise<Bare[]> {
  const rows = await incidentsOf(db, filter, source)
    .select(['i.id', 'i.at', 'i.kind', 'i.params', 'i.epoch', 'i.seq', 'i.source', ...closingColumns])
    .orderBy('i.at', 'desc')
    .orderBy('i.id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: `incident-${toBase64Url(row.id)}`,
    at: row.at,
    kind: row.kind,
    params: JSON.parse(row.params),
    epoch: uuidText(row.epoch),
    seq: row.seq,
    source: row.source,
    closed: closingOf(row),
  }))
}

async function quarantined(db: Db, filter: AttentionFilter, limit: number): Promise<Bare[]> {
  const rows = await quarantinedOf(db, filter)
    .select(['identity', 'received_at', 'reason', 'epoch', 'seq'])
    .orderBy('received_at', 'desc')
    .orderBy('identity')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: `quarantine-${toBase64Url(row.identity)}`,
    at: row.received_at,
    kind: row.reason,
    params: { identity: toBase64Url(row.identity) },
    epoch: uuidText(row.epoch),
    seq: row.seq,
    source: 'quarantine',
    closed: null,
  }))
}

async function forked(db: Db, filter: AttentionFilter, limit: number): Promise<Bare[]> {
  const rows = await forkedOf(db, filter)
    .select(['identity', 'received_at', 'epoch', 'seq'])
    .orderBy('received_at', 'desc')
    .orderBy('identity')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: `fork-${toBase64Url(row.identity)}`,
    at: row.received_at,
    kind: 'forked',
    params: { identity: toBase64Url(row.identity) },
    epoch: uuidText(row.epoch),
    seq: row.seq,
    source: 'fork',
    closed: null,
  }))
}

async function discrepancies(db: Db, filter: AttentionFilter, limit: number): Promise<Bare[]> {
  const rows = await discrepanciesOf(db, filter)
    .select(['d.identity', 'd.n', 'd.at', 'd.kind', 'd.params', 'd.epoch', 'd.seq', ...closingColumns])
    .orderBy('d.at', 'desc')
    .orderBy('d.identity')
    .orderBy('d.n')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    id: `discrepancy-${toBase64Url(row.identity)}-${row.n}`,
    at: row.at,
    kind: row.kind,
    params: { ...JSON.parse(row.params), identity: toBase64Url(row.identity) },
    epoch: uuidText(row.epoch),
    seq: row.seq,
    source: 'discrepancy',
    closed: closingOf(row),
  }))
}

/** Store and register of each row, by its epoch; null where no certificate of the epoch is here. */
async function withPlaces(db: Db, rows: readonly Bare[]): Promise<AttentionRecord[]> {
  if (rows.length === 0) return []
  const epochs = [...new Set(rows.map((row) => row.epoch))]
  const places = await db
    .selectFrom('journal_epoch')
    .select(['epoch', 'store', 'register'])
    .where('epoch', 'in', epochs.map(uuidBytes))
    .execute()
  const byEpoch = new Map(places.map((place) => [uuidText(place.epoch), place]))
  return rows.map((row) => {
    const place = byEpoch.get(row.epoch)
    return { ...row, storeId: place?.store ?? null, registerId: place?.register ?? null }
  })
}
