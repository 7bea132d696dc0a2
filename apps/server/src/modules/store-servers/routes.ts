import {
  createStoreServerCode,
  joinStoreServer as joinEndpoint,
  listStoreServers,
  renewStoreServerToken,
  revokeStoreServer as revokeEndpoint,
  storeServerMasters,
  storeServerParcel,
  storeServerStanding,
} from '@nexus/contract'
import type { Parcel, ParcelAnswer, SignedCertificate } from '@nexus/sync'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { requireStore, serve } from '../../http/serve.ts'
import { makeStoreServerCode } from './code.ts'
import { joinStoreServer } from './join.ts'
import { renewPass } from './pass.ts'
import { getStoreServer, revokeStoreServer, storeServersOf } from './queries.ts'
import { mastersOf, type StandingForHop, takeStanding } from './standing.ts'

/** What the journal lends. */
export type JournalForHops = {
  standing: StandingForHop
  restoredAt(db: Db): Promise<number | undefined>
  /** Of an epoch that was given out. */
  findCertificate(db: Db, epoch: string): Promise<SignedCertificate | undefined>
  readParcel(db: Db, wanted: { epoch: string; fromSeq: number; storeId: string }): Promise<Parcel | undefined>
}

/** A later epoch of the register may have signed for the entries: a store server that never met it needs its certificate. */
async function parcelAnswer(
  db: Db,
  { readParcel, findCertificate }: Pick<JournalForHops, 'readParcel' | 'findCertificate'>,
  wanted: { epoch: string; fromSeq: number; storeId: string },
): Promise<ParcelAnswer> {
  const parcel = await readParcel(db, wanted)
  if (parcel === undefined) return { parcel: null }
  const signer = parcel.checkpoint.checkpoint.epoch
  if (signer === parcel.epoch) return { parcel }
  return { parcel: { ...parcel, certificate: (await findCertificate(db, signer)) ?? null } }
}

/** HTTP face of the store servers at headquarters. */
export function storeServersRoutes(
  context: Context,
  journal: JournalForHops,
): (app: FastifyInstance) => void {
  const db = context.database.read
  return (app) => {
    serve(app, listStoreServers, async ({ caller, params }) => {
      requireStore(caller, params.storeId)
      return { storeServers: await storeServersOf(db, params.storeId) }
    })
    serve(app, createStoreServerCode, async ({ caller, params, request }) => {
      requireStore(caller, params.storeId)
      return await makeStoreServerCode(context, params.storeId, {
        by: caller.staffId,
        how: 'back-office',
        origin: context.config.PUBLIC_URL ?? `${request.protocol}://${request.host}`,
      })
    })
    serve(app, revokeEndpoint, async ({ caller, params }) => {
      requireStore(caller, (await getStoreServer(db, params.storeServerId)).storeId)
      await revokeStoreServer(context, { by: caller.staffId, how: 'back-office' }, params.storeServerId)
      return await getStoreServer(db, params.storeServerId)
    })
    serve(app, joinEndpoint, async ({ body, request }) => await joinStoreServer(context, body, request.ip))
    serve(app, renewStoreServerToken, async ({ body }) => await renewPass(context, body))
    serve(
      app,
      storeServerStanding,
      async ({ caller, body }) =>
        await takeStanding(context, journal.standing, journal.restoredAt, caller, body),
    )
    serve(app, storeServerParcel, async ({ caller, params, query }) => {
      const wanted = { epoch: params.epoch, fromSeq: query.from, storeId: caller.storeId }
      return await parcelAnswer(db, journal, wanted)
    })
    serve(app, storeServerMasters, async ({ caller }) => await mastersOf(context, caller.storeId))
  }
}
