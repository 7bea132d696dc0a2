import { getOfferTakeUp, tillOfferUses } from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { serve } from '../../../http/serve.ts'
import { offerTakeUp, usesForTills } from './queries.ts'

/** HTTP face of what offers gave. */
export function takeUpRoutes({
  database,
  clock,
}: Pick<Context, 'database' | 'clock'>): (app: FastifyInstance) => void {
  const db = database.read
  return (app) => {
    serve(app, getOfferTakeUp, async ({ caller, params }) => await offerTakeUp(db, caller, params.offerId))
    serve(app, tillOfferUses, async () => await usesForTills(db, clock.now()))
  }
}
