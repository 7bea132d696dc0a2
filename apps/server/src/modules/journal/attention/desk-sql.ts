import { type Hole, toBase64Url } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { uuidBytes, uuidText } from '../../../db/uuid.ts'
import type { JournalEpochTable } from '../tables.ts'
import type { StoreNos } from './sql.ts'

type Span = { offset: number; limit: number }

/** An entry of the quarantine desk. */
export type DeskQuarantine = {
  identity: string
  epoch: string
  seq: number
  reason: string
  bytes: Uint8Array
  receivedAt: number
  released: 'act' | 'drop' | null
}
export type QuarantineFilter = { stores: StoreNos; reason: string | undefined; settled: boolean }

/** Entries that wait in quarantine, or those that left it; newest first. */
export async function selectQuarantine(
  db: Db,
  filter: QuarantineFilter,
  { offset, limit }: Span,
): Promise<DeskQuarantine[]> {
  const rows = await quarantine(db, filter)
    .selectAll()
    .orderBy('received_at', 'desc')
    .orderBy('identity')
    .offset(offset)
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    identity: toBase64Url(row.identity),
    epoch: uuidText(row.epoch),
    seq: row.seq,
    reason: row.reason,
    bytes: row.bytes,
    receivedAt: row.received_at,
    released: row.released,
  }))
}

/** How many match, counting no further than `max`. */
export async function countQuarantine(db: Db, filter: QuarantineFilter, max: number): Promise<number> {
  return (await quarantine(db, filter).select('seq').limit(max).execute()).length
}

function quarantine(db: Db, { stores, reason, settled }: QuarantineFilter) {
  let query = db.selectFrom('journal_quarantine').where('released', settled ? 'is not' : 'is', null)
  if (stores) query = query.where('store_no', 'in', stores)
  if (reason !== undefined) query = query.where('reason', '=', reason)
  return query
}

/** What was kept aside of an epoch, by what became of it. */
export type DeskFork = {
  epoch: string
  fromSeq: number
  toSeq: number
  /** ms UTC */
  receivedAt: number
  entries: number
  adopted: number
  rehomed: number
}
export type ForkFilter = { stores: StoreNos; settled: boolean }

/** Epochs of which forked entries wait, or of which none waits any more; newest first. */
export async function selectForks(db: Db, filter: ForkFilter, { offset, limit }: Span): Promise<DeskFork[]> {
  const rows = await forks(db, filter)
    .orderBy('first_at', 'desc')
    .orderBy('epoch')
    .offset(offset)
    .limit(limit)
    .execute()
  const settled = await db
    .selectFrom('journal_fork')
    .select(['epoch', 'settled', ({ fn }) => fn.countAll<number | string>().as('entries')])
    .where('epoch', 'in', rows.length === 0 ? [Buffer.alloc(16)] : rows.map((row) => row.epoch))
    .groupBy(['epoch', 'settled'])
    .execute()
  const countOf = (epoch: Uint8Array, how: 'adopted' | 'rehomed') =>
    Number(
      settled.find((one) => uuidText(one.epoch) === uuidText(epoch) && one.settled === how)?.entries ?? 0,
    )
  return rows.map((row) => ({
    epoch: uuidText(row.epoch),
    fromSeq: Number(row.from_seq),
    toSeq: Number(row.to_seq),
    receivedAt: Number(row.first_at),
    entries: Number(row.entries),
    adopted: countOf(row.epoch, 'adopted'),
    rehomed: countOf(row.epoch, 'rehomed'),
  }))
}

/** How many epochs match, counting no further than `max`. */
export async function countForks(db: Db, filter: ForkFilter, max: number): Promise<number> {
  return (await forks(db, filter).limit(max).execute()).length
}

function forks(db: Db, { stores, settled }: ForkFilter) {
  let query = db
    .selectFrom('journal_fork')
    .select(({ fn }) => [
      'epoch',
      fn.min('seq').as('from_seq'),
      fn.max('seq').as('to_seq'),
      fn.min('received_at').as('first_at'),
      fn.countAll<number | string>().as('entries'),
      // COUNT leaves NULL out: how many are settled.
      fn.count<number | string>('settled').as('settled_entries'),
    ])
    .groupBy('epoch')
    .having(({ eb, fn }) =>
      settled ? eb(fn.countAll(), '=', fn.count('settled')) : eb(fn.countAll(), '>', fn.count('settled')),
    )
  if (stores) query = query.where('store_no', 'in', stores)
  return query
}

/** An epoch with declared holes that are not filled. */
export type DeskHoles = { epoch: string; code: string; holes: Hole[] }

/** Every epoch with declared holes, newest epoch first. */
export async function selectHoles(db: Db, stores: StoreNos): Promise<DeskHoles[]> {
  let query = db.selectFrom('journal_epoch').select(['epoch', 'code', 'holes']).where('holes', '!=', '[]')
  if (stores) query = query.where('store_no', 'in', stores)
  const rows = await query.orderBy('epoch_no', 'desc').execute()
  // The accept path wrote it.
  return rows.map((row) => ({
    epoch: uuidText(row.epoch),
    code: row.code,
    holes: JSON.parse(row.holes) as Hole[],
  }))
}

/** Where epochs belong; unknown ones are absent. */
export async function epochPlaces(
  db: Db,
  epochs: readonly string[],
): Promise<Map<string, { storeId: string; registerId: string; code: string }>> {
  if (epochs.length === 0) return new Map()
  const rows = await db
    .selectFrom('journal_epoch')
    .select(['epoch', 'store', 'register', 'code'])
    .where('epoch', 'in', epochs.map(uuidBytes))
    .execute()
  return new Map(
    rows.map((row) => [
      uuidText(row.epoch),
      { storeId: row.store, registerId: row.register, code: row.code },
    ]),
  )
}

/** An epoch of a register with its head. */
export type DeskDevice = {
  epoch: string
  code: string
  state: JournalEpochTable['state']
  seq: number
  hash: string
  movedAt: number
}

/** Epochs of a register of which something is here, newest first. */
export async function selectDevices(db: Db, register: string): Promise<DeskDevice[]> {
  const rows = await db
    .selectFrom('journal_epoch as e')
    .innerJoin('journal_head as h', (join) =>
      join.onRef('h.store_no', '=', 'e.store_no').onRef('h.epoch_no', '=', 'e.epoch_no'),
    )
    .select(['e.epoch', 'e.code', 'e.state', 'h.seq', 'h.hash', 'h.moved_at'])
    .where('e.register', '=', register)
    .orderBy('e.epoch_no', 'desc')
    .execute()
  return rows.map((row) => ({
    epoch: uuidText(row.epoch),
    code: row.code,
    state: row.state,
    seq: row.seq,
    hash: toBase64Url(row.hash),
    movedAt: row.moved_at,
  }))
}
