import { toBase64Url } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type {} from '../tables.ts'

export const attentionSources = ['till', 'server', 'quarantine', 'fork', 'discrepancy'] as const
export type AttentionSource = (typeof attentionSources)[number]

/** Small keys of the stores wanted, at least one; undefined: every store. */
export type StoreNos = readonly [number, ...number[]] | undefined

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
}

type Bare = Omit<AttentionRecord, 'storeId' | 'registerId'>
type Span = { offset: number; limit: number }

/** Incidents, waiting quarantine and forks, discrepancies: newest first. */
export async function selectAttention(
  db: Db,
  stores: StoreNos,
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
          return incidents(db, stores, source, most)
        case 'quarantine':
          return quarantined(db, stores, most)
        case 'fork':
          return forked(db, stores, most)
        default:
          return discrepancies(db, stores, most)
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

/** How many rows a source has since an instant, counting no further than `max`. */
export async function countAttention(
  db: Db,
  stores: StoreNos,
  source: AttentionSource,
  { sinceAt, max }: { sinceAt: number; max: number },
): Promise<number> {
  switch (source) {
    case 'till':
    case 'server':
      return (
        await incidentsOf(db, stores, source).where('at', '>=', sinceAt).select('seq').limit(max).execute()
      ).length
    case 'quarantine':
      return (
        await quarantinedOf(db, stores).where('received_at', '>=', sinceAt).select('seq').limit(max).execute()
      ).length
    case 'fork':
      return (
        await forkedOf(db, stores).where('received_at', '>=', sinceAt).select('seq').limit(max).execute()
      ).length
    default:
      return (await discrepanciesOf(db, stores).where('at', '>=', sinceAt).select('seq').limit(max).execute())
        .length
  }
}

function incidentsOf(db: Db, stores: StoreNos, source: 'till' | 'server') {
  const query = db.selectFrom('incident').where('source', '=', source)
  return stores ? query.where('store_no', 'in', stores) : query
}

function quarantinedOf(db: Db, stores: StoreNos) {
  const query = db.selectFrom('journal_quarantine').where('released', 'is', null)
  return stores ? query.where('store_no', 'in', stores) : query
}

function forkedOf(db: Db, stores: StoreNos) {
  const query = db.selectFrom('journal_fork').where('settled', 'is', null)
  return stores ? query.where('store_no', 'in', stores) : query
}

function discrepanciesOf(db: Db, stores: StoreNos) {
  const query = db.selectFrom('discrepancy')
  return stores ? query.where('store_no', 'in', stores) : query
}

async function incidents(
  db: Db,
  stores: StoreNos,
  source: 'till' | 'server',
  limit: number,
): Promise<Bare[]> {
  const rows = await incidentsOf(db, stores, source)
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('id')
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
  }))
}

async function quarantined(db: Db, stores: StoreNos, limit: number): Promise<Bare[]> {
  const rows = await quarantinedOf(db, stores)
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
  }))
}

async function forked(db: Db, stores: StoreNos, limit: number): Promise<Bare[]> {
  const rows = await forkedOf(db, stores)
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
  }))
}

async function discrepancies(db: Db, stores: StoreNos, limit: number): Promise<Bare[]> {
  const rows = await discrepanciesOf(db, stores)
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('identity')
    .orderBy('n')
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
