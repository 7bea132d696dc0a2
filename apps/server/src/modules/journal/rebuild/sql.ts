import { fromBase64Url, toBase64Url } from '@nexus/sync'
import type { Db, Dialect, Tx } from '../../../db/database.ts'
import { uuidText } from '../../../db/uuid.ts'
import type { Discrepancy } from '../projector.ts'
import type {} from '../tables.ts'

export type EpochKey = { storeNo: number; registerNo: number; epochNo: number; epoch: string }

/** Every epoch by store and key; on MySQL their heads are locked, so that nothing is accepted meanwhile. */
export async function lockAllEpochs(tx: Tx, dialect: Dialect): Promise<EpochKey[]> {
  const heads = tx.selectFrom('journal_head').select('seq').orderBy('store_no').orderBy('epoch_no')
  if (dialect === 'mysql') await heads.forUpdate().execute()
  const rows = await tx
    .selectFrom('journal_epoch')
    .select(['store_no', 'register_no', 'epoch_no', 'epoch'])
    .orderBy('store_no')
    .orderBy('epoch_no')
    .execute()
  return rows.map((row) => ({
    storeNo: row.store_no,
    registerNo: row.register_no,
    epochNo: row.epoch_no,
    epoch: uuidText(row.epoch),
  }))
}

export type StoredSlot = {
  seq: number
  /** As the row says; base64url. */
  hash: string
  receivedAt: number
  bytes: Uint8Array
}

/** The next accepted slots of an epoch behind `afterSeq`, ascending. */
export async function readSlotsAfter(
  db: Db,
  { storeNo, epochNo }: EpochKey,
  afterSeq: number,
  limit: number,
): Promise<StoredSlot[]> {
  const rows = await db
    .selectFrom('journal_entry')
    .select(['seq', 'hash', 'received_at', 'bytes'])
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    seq: row.seq,
    hash: toBase64Url(row.hash),
    receivedAt: row.received_at,
    bytes: row.bytes,
  }))
}

export type OtherEffect = { seq: number; identity: string; receivedAt: number }

/** Effects on slots of an epoch that are not the slot's own entry acting on arrival, by slot. */
export async function readEffects(
  db: Db,
  { storeNo, epochNo }: EpochKey,
  fromSeq: number,
  toSeq: number,
): Promise<OtherEffect[]> {
  const rows = await db
    .selectFrom('journal_effect')
    .select(['seq', 'identity', 'received_at'])
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where('seq', '>=', fromSeq)
    .where('seq', '<=', toSeq)
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({
    seq: row.seq,
    identity: toBase64Url(row.identity),
    receivedAt: row.received_at,
  }))
}

/** Of these identities those that acted by their own bytes in their own place. */
export async function actedThemselves(db: Db, identities: readonly string[]): Promise<Set<string>> {
  if (identities.length === 0) return new Set()
  const bytes = identities.map(fromBase64Url)
  const acted = await db
    .selectFrom('entry_identity')
    .select('identity')
    .where('identity', 'in', bytes)
    .where('state', '=', 'acted')
    .execute()
  const otherwise = await db
    .selectFrom('journal_effect')
    .select('identity')
    .where('identity', 'in', bytes)
    .execute()
  const dropped = await db
    .selectFrom('journal_quarantine')
    .select('identity')
    .where('identity', 'in', bytes)
    .where('released', '=', 'drop')
    .execute()
  const not = new Set([...otherwise, ...dropped].map((row) => toBase64Url(row.identity)))
  return new Set(acted.map((row) => toBase64Url(row.identity)).filter((identity) => !not.has(identity)))
}

/** What acceptance flagged, by identity. */
export async function acceptedDiscrepancies(
  db: Db,
  identities: readonly string[],
): Promise<Map<string, Discrepancy[]>> {
  const found = new Map<string, Discrepancy[]>()
  if (identities.length === 0) return found
  const rows = await db
    .selectFrom('discrepancy')
    .select(['identity', 'kind', 'params'])
    .where('identity', 'in', identities.map(fromBase64Url))
    .where('found_by', '=', 'accept')
    .orderBy('identity')
    .orderBy('n')
    .execute()
  for (const row of rows) {
    const identity = toBase64Url(row.identity)
    found.set(identity, [...(found.get(identity) ?? []), { kind: row.kind, params: JSON.parse(row.params) }])
  }
  return found
}

/** Forgets what projectors flagged; they will again. */
export async function removeProjectorDiscrepancies(tx: Tx): Promise<void> {
  await tx.deleteFrom('discrepancy').where('found_by', '=', 'projector').execute()
}

/** Bytes of released entries among identities. */
export async function releasedBytes(db: Db, identities: readonly string[]): Promise<Map<string, Uint8Array>> {
  if (identities.length === 0) return new Map()
  const rows = await db
    .selectFrom('journal_quarantine')
    .select(['identity', 'bytes'])
    .where('identity', 'in', identities.map(fromBase64Url))
    .where('released', '=', 'act')
    .execute()
  return new Map(rows.map((row) => [toBase64Url(row.identity), row.bytes]))
}
