import { listAudit } from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { serve } from '../../http/serve.ts'
import { auditPage, type NamesOf } from './queries.ts'

/** HTTP face of the audit module. Names of people are handed in, since staff itself writes here. */
export function auditRoutes(context: Context, namesOf: NamesOf): (app: FastifyInstance) => void {
  return (app) => {
    serve(app, listAudit, async ({ query }) => await auditPage(context.database.read, namesOf, query))
  }
}
