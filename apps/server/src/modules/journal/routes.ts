import { getInvariants, heartbeatTill, listIncidents, pushTill } from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { requireStore, serve } from '../../http/serve.ts'
import { attentionPage } from './attention/queries.ts'
import { findLastRun } from './invariants/sql.ts'
import type { Journal } from './open-journal.ts'

/** HTTP face of the journal module. */
export function journalRoutes(
  context: Pick<Context, 'database'>,
  journal: Journal,
): (app: FastifyInstance) => void {
  return (app) => {
    serve(app, pushTill, async ({ caller, body }) => await journal.push(caller, body))
    serve(app, heartbeatTill, async ({ caller, body }) => await journal.heartbeat(caller, body))
    serve(app, getInvariants, async () => ({ run: (await findLastRun(context.database.read)) ?? null }))
    serve(app, listIncidents, async ({ caller, query }) => {
      if (query.store !== undefined) requireStore(caller, query.store)
      return await attentionPage(context.database.read, query, caller.storeIds)
    })
  }
}
