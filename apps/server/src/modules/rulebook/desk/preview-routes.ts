import { getOfferChoices, getOfferGoods, listOfferConflicts, previewOffer } from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { serve } from '../../../http/serve.ts'
import type { RulebookReader } from '../reader.ts'
import { offerChoices, offerGoods } from './choices.ts'
import { offerConflicts } from './conflicts.ts'
import { type PastBill, preview } from './preview.ts'

/** HTTP face of what the form of an offer looks up: choices, names, preview, conflicts. */
export function previewRoutes(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  reader: RulebookReader,
  pastBill: PastBill,
): (app: FastifyInstance) => void {
  const db = database.read
  return (app) => {
    serve(app, getOfferChoices, async () => await offerChoices(db))
    serve(app, getOfferGoods, async ({ params }) => await offerGoods(db, params.offerId))
    serve(
      app,
      previewOffer,
      async ({ body, caller }) => await preview({ database, clock, reader, pastBill }, caller, body),
    )
    serve(
      app,
      listOfferConflicts,
      async ({ params }) => await offerConflicts(db, params.offerId, clock.now()),
    )
  }
}
