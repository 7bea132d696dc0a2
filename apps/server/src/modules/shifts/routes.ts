import { listShifts } from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { serve } from '../../http/serve.ts'
import { shiftPage } from './queries.ts'

/** HTTP face of the shifts module. */
export function shiftsRoutes(context: Context): (app: FastifyInstance) => void {
  return (app) => {
    serve(app, listShifts, async ({ caller, query }) => await shiftPage(context.database.read, caller, query))
  }
}
