import type { InvariantRun } from '@nexus/contract'
import { fromBase64Url, type Hole, type Totals, toBase64Url } from '@nexus/sync'
import type { Db, Tx } from '../../../db/database.ts'
import { insertRows, replaceRows } from '../../../db/rows.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type { EpochKey } from '../rebuild/sql.ts'
import type {} from '../tables.ts'
import type { Fold } from './ledger.ts'

/** An epoch with its head, as one statement read them. */
export type WatchedEpoch = EpochKey & {
  holes: readonly Hole[]
  head: { seq: number; hash: string; totals: Totals | null }
}

/** Every epoch with its head, by small key; or one of them. */
export async function watchedEpochs(db: Db, epochNo?: number): Promise<WatchedEpoch[]> {
  const rows = await db
    .selectFrom('journal_epoch as e')
    .innerJoin('journal_head as h', (join) =>
      join.onRef('h.store_no', '=', 'e.store_no').onRef('h.epoch_no', '=', 'e.epoch_no'),
    )
    .select(['e.store_no', 'e.epoch_no', 'e.epoch', 'e.register_no', 'e.holes'])
    .select(['h.seq', 'h.hash', 'h.sales', 'h.documents', 'h.sold_minor', 'h.tax_minor'])
    .select(['h.returned_minor', 'h.returned_tax_minor'])
    .$if(epochNo !== undefined, (query) => query.where('e.epoch_no', '=', epochNo ?? 0))
    .orderBy('e.store_no')
    .orderBy('e.epoch_no')
    .execute()
  return rows.map((row) => ({
    storeNo: row.store_no,
    epochNo: row.epoch_no,
    registerNo: row.register_no,
    epoch: uuidText(row.epoch),
    holes: JSON.parse(row.holes),
    head: { seq: row.seq, hash: toBase64Url(row.hash), totals: totalsOf(row) },
  }))
}

function totalsOf(row: {
  sales: number | null
  documents: number | null
  sold_minor: number | null
  tax_minor: number | null
  returned_minor: number | null
  returned_tax_minor: number | null
}): Totals | null {
  const { sales, documents, sold_minor, tax_minor, returned_minor, returned_tax_minor } = row
  if (sales === null || documents === null || sold_minor === null) return null
  if (tax_minor === null || returned_minor === null || returned_tax_minor === null) return null
  return {
    sales,
    documents,
    soldMinor: sold_minor,
    taxMinor: tax_minor,
    returnedMinor: returned_minor,
    returnedTaxMinor: returned_tax_minor,
  }
}

/** Of these slots those whose entries are known by no identity. */
export async function unknownIdentities(
  db: Db,
  slots: readonly { seq: number; hash: string }[],
): Promise<number[]> {
  if (slots.length === 0) return []
  const rows = await db
    .selectFrom('entry_identity')
    .select('identity')
    .where(
      'identity',
      'in',
      slots.map(({ hash }) => fromBase64Url(hash)),
    )
    .execute()
  const known = new Set(rows.map((row) => toBase64Url(row.identity)))
  return slots.filter(({ hash }) => !known.has(hash)).map(({ seq }) => seq)
}

/** How far an epoch was checked. */
export type Watch = { seq: number; hash: string; totals: Totals | null }

export async function watches(db: Db): Promise<Map<number, Watch>> {
  const rows = await db.selectFrom('journal_watch').selectAll().execute()
  return new Map(
    rows.map((row) => [
      row.epoch_no,
      {
        seq: row.seq,
        hash: toBase64Url(row.hash),
        totals: row.totals === null ? null : JSON.parse(row.totals),
      },
    ]),
  )
}

export async function putWatch(
  tx: Tx,
  { storeNo, epochNo }: EpochKey,
  { seq, hash, totals }: Watch,
  at: number,
): Promise<void> {
  const text = totals === null ? null : JSON.stringify(totals)
  await replaceRows(tx, 'journal_watch', [
    {
      store_no: storeNo,
      epoch_no: epochNo,
      seq,
      hash: fromBase64Url(hash),
      totals: text,
      checked_at: at,
    },
  ])
}

export type Period = {
  storeNo: number
  epochNo: number
  fromSeq: number
  toSeq: number
  isClosed: boolean
  fold: Fold
  /** Effects received up to then are in the fold; ms UTC. */
  foldedAt: number
}

function periodsFrom(db: Db) {
  return db.selectFrom('journal_period').selectAll()
}

function periodOf(row: Awaited<ReturnType<ReturnType<typeof periodsFrom>['execute']>>[number]): Period {
  return {
    storeNo: row.store_no,
    epochNo: row.epoch_no,
    fromSeq: row.from_seq,
    toSeq: row.to_seq,
    isClosed: row.is_closed === 1,
    fold: JSON.parse(row.fold),
    foldedAt: row.folded_at,
  }
}

/** What is open behind the last closing of an epoch; undefined before the first round. */
export async function findOpenPeriod(
  db: Db,
  { storeNo, epochNo }: Pick<EpochKey, 'storeNo' | 'epochNo'>,
): Promise<Period | undefined> {
  const row = await periodsFrom(db)
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('is_closed', '=', 0)
    .executeTakeFirst()
  return row && periodOf(row)
}

/** Closed periods of an epoch, oldest first. */
export async function closedPeriodsOf(
  db: Db,
  { storeNo, epochNo }: Pick<EpochKey, 'storeNo' | 'epochNo'>,
): Promise<Period[]> {
  const rows = await periodsFrom(db)
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('is_closed', '=', 1)
    .orderBy('from_seq')
    .execute()
  return rows.map(periodOf)
}

/** Closed periods that were checked longest ago, and before `before`. */
export async function periodsDue(db: Db, before: number, limit: number): Promise<Period[]> {
  const rows = await periodsFrom(db)
    .where('is_closed', '=', 1)
    .where('checked_at', '<', before)
    .orderBy('checked_at')
    .orderBy('epoch_no')
    .orderBy('from_seq')
    .limit(limit)
    .execute()
  return rows.map(periodOf)
}

export async function putPeriods(tx: Tx, periods: readonly Period[], checkedAt: number): Promise<void> {
  await replaceRows(
    tx,
    'journal_period',
    periods.map((period) => ({
      store_no: period.storeNo,
      epoch_no: period.epochNo,
      from_seq: period.fromSeq,
      to_seq: period.toSeq,
      is_closed: period.isClosed ? 1 : 0,
      fold: JSON.stringify(period.fold),
      folded_at: period.foldedAt,
      checked_at: checkedAt,
    })),
  )
}

/** Epochs of which entries are kept aside and nobody has settled them, as texts. */
export async function epochsWithForks(db: Db): Promise<Set<string>> {
  const rows = await db
    .selectFrom('journal_fork')
    .select('epoch')
    .distinct()
    .where('settled', 'is', null)
    .execute()
  return new Set(rows.map((row) => uuidText(row.epoch)))
}

/** Epochs about which an incident of a kind was noticed here, as texts. */
export async function epochsWithIncident(
  db: Db,
  kind: string,
  epochs: readonly string[],
): Promise<Set<string>> {
  if (epochs.length === 0) return new Set()
  const rows = await db
    .selectFrom('incident')
    .select('epoch')
    .distinct()
    .where('source', '=', 'server')
    .where('kind', '=', kind)
    .where('epoch', 'in', epochs.map(uuidBytes))
    .execute()
  return new Set(rows.map((row) => uuidText(row.epoch)))
}

/** The newest round; undefined before the first. */
export async function findLastRun(db: Db): Promise<InvariantRun | undefined> {
  const row = await db
    .selectFrom('invariant_run')
    .selectAll()
    .orderBy('no', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (
    row && {
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      entries: row.entries,
      results: JSON.parse(row.results),
      breaches: JSON.parse(row.breaches),
    }
  )
}

/** Rounds older than this are forgotten: 90 days of hours. */
const runsKept = 2160

/** Keeps a round as the newest one. */
export async function insertRun(tx: Tx, run: InvariantRun): Promise<void> {
  const { last } = await tx
    .selectFrom('invariant_run')
    .select(({ fn }) => fn.max('no').as('last'))
    .executeTakeFirstOrThrow()
  const no = Number(last ?? 0) + 1
  await insertRows(tx, 'invariant_run', [
    {
      no,
      started_at: run.startedAt,
      finished_at: run.finishedAt,
      entries: run.entries,
      results: JSON.stringify(run.results),
      breaches: JSON.stringify(run.breaches),
    },
  ])
  await tx
    .deleteFrom('invariant_run')
    .where('no', '<=', no - runsKept)
    .execute()
}
