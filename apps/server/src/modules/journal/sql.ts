import { fromBase64Url, toBase64Url } from '@nexus/sync'
import type { Insertable } from 'kysely'
import type { Db, Tx } from '../../db/database.ts'
import { keepRows } from '../../db/rows.ts'
import { uuidBytes, uuidText } from '../../db/uuid.ts'
import type { IncidentTable } from './tables.ts'

export type GenerationRecord = {
  no: number
  generation: Uint8Array
  /** ms UTC */
  startedAt: number
  reason: 'first-start' | 'restored'
}

/** The generation in force. */
export async function findGeneration(db: Db): Promise<GenerationRecord | undefined> {
  const row = await db
    .selectFrom('journal_generation')
    .selectAll()
    .orderBy('no', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { no: row.no, generation: row.generation, startedAt: row.started_at, reason: row.reason }
}

/** Begins a generation. Fails with a duplicate key when another server has begun it. */
export async function insertGeneration(
  tx: Tx,
  { no, generation, startedAt, reason }: GenerationRecord,
): Promise<void> {
  await tx
    .insertInto('journal_generation')
    .values({ no, generation, started_at: startedAt, reason })
    .execute()
}

/** Head of an epoch that has entries here. */
export type HeadRecord = {
  storeNo: number
  epochNo: number
  epoch: string
  register: string
  state: 'open' | 'closed' | 'stolen'
  seq: number
  /** base64url */
  hash: string
}

/** Heads of epochs, by epoch; those without entries here are absent. */
export async function selectHeads(db: Db, epochs: readonly string[]): Promise<Map<string, HeadRecord>> {
  if (epochs.length === 0) return new Map()
  const rows = await headRows(db).where('e.epoch', 'in', epochs.map(uuidBytes)).execute()
  return new Map(rows.map(headOf).map((head) => [head.epoch, head]))
}

/** Heads of every epoch of a register, oldest epoch first. */
export async function selectHeadsOfRegister(db: Db, register: string): Promise<HeadRecord[]> {
  const rows = await headRows(db).where('e.register', '=', register).orderBy('e.epoch_no').execute()
  return rows.map(headOf)
}

function headRows(db: Db) {
  return db
    .selectFrom('journal_epoch as e')
    .innerJoin('journal_head as h', (join) =>
      join.onRef('h.store_no', '=', 'e.store_no').onRef('h.epoch_no', '=', 'e.epoch_no'),
    )
    .select(['e.store_no', 'e.epoch_no', 'e.epoch', 'e.register', 'e.state', 'h.seq', 'h.hash'])
}

function headOf(row: Awaited<ReturnType<ReturnType<typeof headRows>['execute']>>[number]): HeadRecord {
  return {
    storeNo: row.store_no,
    epochNo: row.epoch_no,
    epoch: uuidText(row.epoch),
    register: row.register,
    state: row.state,
    seq: row.seq,
    hash: toBase64Url(row.hash),
  }
}

/** Hash of an accepted slot, base64url; undefined where there is none. */
export async function findSlotHash(
  db: Db,
  { storeNo, epochNo }: { storeNo: number; epochNo: number },
  seq: number,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('journal_entry')
    .select('hash')
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('seq', '=', seq)
    .executeTakeFirst()
  return row && toBase64Url(row.hash)
}

/** First place at which an epoch has a fork that waits; undefined: none. */
export async function findFirstFork(db: Db, epoch: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('journal_fork')
    .select('seq')
    .where('epoch', '=', uuidBytes(epoch))
    .where('settled', 'is', null)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  return row?.seq
}

/** What became of an identity. */
export async function findIdentity(
  db: Db,
  identity: string,
): Promise<{ state: 'acted' | 'quarantine' | 'fork'; epoch: string; seq: number } | undefined> {
  const row = await db
    .selectFrom('entry_identity')
    .select(['state', 'epoch', 'seq'])
    .where('identity', '=', fromBase64Url(identity))
    .executeTakeFirst()
  return row && { state: row.state, epoch: uuidText(row.epoch), seq: row.seq }
}

export type EntryRecord = {
  epoch: string
  seq: number
  /** base64url */
  hash: string
  /** Hash of the slot behind it; null at the head. */
  next: string | null
  /** ms UTC */
  receivedAt: number
  bytes: Uint8Array
}

/** An accepted slot with the hash of the next; undefined where the slot is empty. */
export async function findEntry(
  db: Db,
  { storeNo, epochNo, seq }: { storeNo: number; epochNo: number; seq: number },
): Promise<EntryRecord | undefined> {
  const row = await db
    .selectFrom('journal_entry')
    .innerJoin('journal_epoch', (join) =>
      join
        .onRef('journal_epoch.store_no', '=', 'journal_entry.store_no')
        .onRef('journal_epoch.epoch_no', '=', 'journal_entry.epoch_no'),
    )
    .select(['journal_epoch.epoch', 'seq', 'hash', 'received_at', 'bytes'])
    .where('journal_entry.store_no', '=', storeNo)
    .where('journal_entry.epoch_no', '=', epochNo)
    .where('seq', '=', seq)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const next = await findSlotHash(db, { storeNo, epochNo }, seq + 1)
  return {
    epoch: uuidText(row.epoch),
    seq: row.seq,
    hash: toBase64Url(row.hash),
    next: next ?? null,
    receivedAt: row.received_at,
    bytes: row.bytes,
  }
}

/** Bytes of an entry that left quarantine to act; undefined for any other identity. */
export async function findReleasedBytes(db: Db, identity: string): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('journal_quarantine')
    .select('bytes')
    .where('identity', '=', fromBase64Url(identity))
    .where('released', '=', 'act')
    .executeTakeFirst()
  return row?.bytes
}

/** An epoch that has entries here, with its small keys. */
export type EpochOfStore = {
  storeNo: number
  epochNo: number
  epoch: string
  registerNo: number
  code: string
}

/** Epochs of stores, oldest first; undefined: of every store. */
export async function epochsOfStores(
  db: Db,
  storeNos: readonly number[] | undefined,
): Promise<EpochOfStore[]> {
  if (storeNos?.length === 0) return []
  let query = db.selectFrom('journal_epoch').select(['store_no', 'epoch_no', 'epoch', 'register_no', 'code'])
  if (storeNos) query = query.where('store_no', 'in', [...storeNos])
  const rows = await query.orderBy('store_no').orderBy('epoch_no').execute()
  return rows.map((row) => ({
    storeNo: row.store_no,
    epochNo: row.epoch_no,
    epoch: uuidText(row.epoch),
    registerNo: row.register_no,
    code: row.code,
  }))
}

/** Epochs, as texts, of which entries are missing or set aside: a hole, quarantine or a fork waits. */
export async function epochsWaiting(db: Db): Promise<Set<string>> {
  const lists = await Promise.all([
    db.selectFrom('journal_epoch').select('epoch').where('holes', '<>', '[]').execute(),
    db.selectFrom('journal_quarantine').select('epoch').distinct().where('released', 'is', null).execute(),
    db.selectFrom('journal_fork').select('epoch').distinct().where('settled', 'is', null).execute(),
  ])
  return new Set(lists.flat().map(({ epoch }) => uuidText(epoch)))
}

/** Small keys of stores that have entries here, by the stores' ids. */
export async function storeNosOf(db: Db, storeIds: readonly string[]): Promise<number[]> {
  if (storeIds.length === 0) return []
  const rows = await db
    .selectFrom('journal_epoch')
    .select('store_no')
    .distinct()
    .where('store', 'in', [...storeIds])
    .execute()
  return rows.map((row) => row.store_no)
}

/** Differences of one identity, in order of finding. */
export async function discrepanciesOf(
  db: Db,
  identity: Uint8Array,
): Promise<{ kind: string; params: Record<string, unknown>; at: number }[]> {
  const rows = await db
    .selectFrom('discrepancy')
    .select(['kind', 'params', 'at'])
    .where('identity', '=', identity)
    .orderBy('n')
    .execute()
  return rows.map((row) => ({ kind: row.kind, params: JSON.parse(row.params), at: row.at }))
}

/** Incidents out of entries; an id that is there already is left alone. */
export async function insertIncidents(tx: Tx, rows: readonly Insertable<IncidentTable>[]): Promise<void> {
  await keepRows(tx, 'incident', ['id'], rows)
}

/** Those of some ids that have an incident, in hexadecimal. */
export async function findIncidents(db: Db, ids: readonly Uint8Array[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (let from = 0; from < ids.length; from += 500) {
    const rows = await db
      .selectFrom('incident')
      .select('id')
      .where('id', 'in', ids.slice(from, from + 500))
      .execute()
    for (const { id } of rows) found.add(Buffer.from(id).toString('hex'))
  }
  return found
}

/** Before a rebuild: incidents out of entries come again, those that this server noticed stay. */
export async function removeTillIncidents(tx: Tx): Promise<void> {
  await tx.deleteFrom('incident').where('source', '=', 'till').execute()
}
