import { Problem, type StoreServer } from '@nexus/contract'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { recordAudit } from '../audit/index.ts'
import { findStoreServer, markRevoked, type StoreServerRecord, selectStoreServers } from './sql.ts'

export function storeMissing(storeId: string): Problem {
  return new Problem('store/not-found', 'There is no such store. Choose one from the list of stores.', {
    storeId,
  })
}

/** Store servers of a store, the newest first. */
export async function storeServersOf(db: Db, storeId: string): Promise<StoreServer[]> {
  return (await selectStoreServers(db, storeId)).map(shownOf)
}

/** Throws `store-server/not-found`. */
export async function getStoreServer(db: Db, id: string): Promise<StoreServer> {
  const found = await findStoreServer(db, id)
  if (!found) {
    throw new Problem(
      'store-server/not-found',
      'There is no such store server. Choose one on its store’s page.',
    )
  }
  return shownOf(found)
}

function shownOf({ publicKey: _, codeHash: __, ...shown }: StoreServerRecord): StoreServer {
  return shown
}

/** Where tills of a store find its server: the newest one in use that said its address; null: nowhere. */
export async function storeServerAddress(db: Db, storeId: string): Promise<string | null> {
  const servers = await selectStoreServers(db, storeId)
  const found = servers.find(({ revokedAt, address }) => revokedAt === null && address !== null)
  return found?.address ?? null
}

/** Ends a store server; repeating changes nothing. */
export async function revokeStoreServer(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  { by, how }: { by: string | null; how: string },
  id: string,
): Promise<void> {
  const now = clock.now()
  await database.write(async (tx) => {
    const before = await findStoreServer(tx, id)
    if (!before || before.revokedAt !== null) return
    await markRevoked(tx, id, now)
    await recordAudit(tx, {
      at: now,
      by,
      how,
      subject: 'store-server',
      subjectId: id,
      label: before.storeId,
      before: { revokedAt: null },
      after: { revokedAt: now },
    })
  })
}
