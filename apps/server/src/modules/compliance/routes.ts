import { listLateDocuments, putLateChoice } from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { requireStore, serve } from '../../http/serve.ts'
import { chooseForLate } from './choose.ts'
import { getLate, latePage } from './queries.ts'

/** HTTP face of the compliance module. */
export function complianceRoutes(context: Context): (app: FastifyInstance) => void {
  const db = context.database.read
  return (app) => {
    serve(app, listLateDocuments, async ({ caller, query }) => {
      if (query.store !== undefined) requireStore(caller, query.store)
      return await latePage(db, caller, query)
    })
    serve(app, putLateChoice, async ({ caller, params, body }) => {
      await chooseForLate(context, caller, params, body.choice)
      return await getLate(db, params.identity, params.document)
    })
  }
}
