import type { StoreServer } from '@nexus/contract'
import type { Db, Tx } from '../../db/database.ts'
import type { StoreServerTable } from './tables.ts'

export type StoreServerRecord = StoreServer & { publicKey: string; codeHash: Buffer }

function recordOf(row: StoreServerTable): StoreServerRecord {
  return {
    id: row.id,
    storeId: row.store_id,
    publicKey: row.public_key,
    codeHash: Buffer.from(row.code_hash),
    joinedAt: row.joined_at,
    revokedAt: row.revoked_at,
    address: row.address,
    lastSeenAt: row.last_seen_at,
    app: row.app,
    queuedEntries: row.queued_entries,
    queuedSince: row.queued_since,
  }
}

export async function findStoreServer(db: Db, id: string): Promise<StoreServerRecord | undefined> {
  const row = await db.selectFrom('store_server').selectAll().where('id', '=', id).executeTakeFirst()
  return row && recordOf(row)
}

/** The store server that joined by a code; undefined: none did. */
export async function findByCode(db: Db, codeHash: Buffer): Promise<StoreServerRecord | undefined> {
  const row = await db
    .selectFrom('store_server')
    .selectAll()
    .where('code_hash', '=', codeHash)
    .executeTakeFirst()
  return row && recordOf(row)
}

/** Store servers of a store, the newest first. */
export async function selectStoreServers(db: Db, storeId: string): Promise<StoreServerRecord[]> {
  const rows = await db
    .selectFrom('store_server')
    .selectAll()
    .where('store_id', '=', storeId)
    .orderBy('joined_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(recordOf)
}

export async function insertStoreServer(
  tx: Tx,
  { id, storeId, publicKey, codeHash, joinedAt, app }: StoreServerRecord,
): Promise<void> {
  await tx
    .insertInto('store_server')
    .values({
      id,
      store_id: storeId,
      public_key: publicKey,
      code_hash: codeHash,
      joined_at: joinedAt,
      last_seen_at: joinedAt,
      app,
    })
    .execute()
}

/** Overwrites what a store server told of itself. */
export async function updateTold(
  tx: Tx,
  id: string,
  told: Pick<StoreServer, 'address' | 'lastSeenAt' | 'app' | 'queuedEntries' | 'queuedSince'>,
): Promise<void> {
  await tx
    .updateTable('store_server')
    .set({
      address: told.address,
      last_seen_at: told.lastSeenAt,
      app: told.app,
      queued_entries: told.queuedEntries,
      queued_since: told.queuedSince,
    })
    .where('id', '=', id)
    .execute()
}

/** Ends a store server; the first instant stays. */
export async function markRevoked(tx: Tx, id: string, revokedAt: number): Promise<void> {
  await tx
    .updateTable('store_server')
    .set({ revoked_at: revokedAt })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
}

export type CodeRecord = {
  storeId: string
  expiresAt: number
  endedAt: number | null
  usedAt: number | null
}

/** Writes a new code for a store; the older ones that nobody used end with it. */
export async function insertCode(
  tx: Tx,
  code: { hash: Buffer; storeId: string; createdAt: number; createdBy: string | null; expiresAt: number },
): Promise<void> {
  await tx
    .updateTable('store_server_code')
    .set({ ended_at: code.createdAt })
    .where('store_id', '=', code.storeId)
    .where('used_at', 'is', null)
    .where('ended_at', 'is', null)
    .execute()
  await tx
    .insertInto('store_server_code')
    .values({
      code_hash: code.hash,
      store_id: code.storeId,
      created_at: code.createdAt,
      created_by: code.createdBy,
      expires_at: code.expiresAt,
    })
    .execute()
}

export async function findCode(db: Db, hash: Buffer): Promise<CodeRecord | undefined> {
  return await db
    .selectFrom('store_server_code')
    .select(['store_id as storeId', 'expires_at as expiresAt', 'ended_at as endedAt', 'used_at as usedAt'])
    .where('code_hash', '=', hash)
    .executeTakeFirst()
}

/** Marks a code as used; false when it was used, ended or expired meanwhile. */
export async function useCode(tx: Tx, hash: Buffer, now: number): Promise<boolean> {
  const done = await tx
    .updateTable('store_server_code')
    .set({ used_at: now })
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return Number(done.numUpdatedRows) === 1
}
