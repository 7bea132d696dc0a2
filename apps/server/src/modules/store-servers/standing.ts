import { createHash } from 'node:crypto'
import type { StaticOf, StoreServerMasters, storeServerStanding } from '@nexus/contract'
import { canonicalBytes, type StandingAnswer, type StandingRequest } from '@nexus/sync'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import type { StoreServerCaller } from '../../http/serve.ts'
import { findCompany, findStore, getCompany, noteHeartbeat, selectRegisters } from '../stores/index.ts'
import { storeMissing } from './queries.ts'
import { updateTold } from './sql.ts'

/** How the journal stands towards a store server. */
export type StandingForHop = (db: Db, request: StandingRequest, serverAt: number) => Promise<StandingAnswer>

type Asked = StaticOf<NonNullable<(typeof storeServerStanding)['body']>>

/** Keeps what a store server told of itself and its tills, and answers where headquarters stands. */
export async function takeStanding(
  context: Context,
  standing: StandingForHop,
  restoredAt: (db: Db) => Promise<number | undefined>,
  caller: StoreServerCaller,
  { status, ...request }: Asked,
): Promise<StandingAnswer & { masters: string }> {
  const { database, clock } = context
  const now = clock.now()
  const { registers, ...told } = status
  const since = (await restoredAt(database.read)) ?? 0
  const known = await selectRegisters(database.read, { storeIds: [caller.storeId] })
  await database.write(async (tx) => {
    await updateTold(tx, caller.id, { ...told, lastSeenAt: now })
    for (const seen of registers) {
      const before = known.find(({ id }) => id === seen.registerId)?.status.lastSeenAt ?? null
      // After a restore only a register's own hello says that it reported: it brings its certificate (JRN-9k).
      if (before === null || before < since || before >= seen.lastSeenAt) continue
      await noteHeartbeat(tx, seen.registerId, {
        seenAt: Math.min(seen.lastSeenAt, now),
        ...(seen.app !== null && { app: seen.app }),
        ...(seen.clockSkewMs !== null && { clockSkewMs: seen.clockSkewMs }),
        ...(seen.queuedEntries !== null && { queuedEntries: seen.queuedEntries }),
        ...(seen.queuedMinor !== null && { queuedMinor: seen.queuedMinor }),
      })
    }
  })
  return {
    ...(await standing(database.read, request, now)),
    masters: (await mastersOf(context, caller.storeId)).version,
  }
}

/** The rows of a store for its own server. Throws `company/not-found`, `store/not-found`. */
export async function mastersOf(
  { config, database }: Pick<Context, 'config' | 'database'>,
  storeId: string,
): Promise<StoreServerMasters> {
  const db = database.read
  const company = (await findCompany(db)) ?? (await getCompany(db))
  const store = await findStore(db, storeId)
  if (!store) throw storeMissing(storeId)
  const registers = (await selectRegisters(db, { storeIds: [storeId] })).map(
    ({ status: _, ...register }) => register,
  )
  const masters = { company, store, registers, tillOrigin: config.PUBLIC_URL ?? null }
  const version = createHash('sha256').update(canonicalBytes(masters)).digest('base64url')
  return { version, ...masters }
}
