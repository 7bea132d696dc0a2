import {
  changeOffer as changeOfferEndpoint,
  copyOffer as copyOfferEndpoint,
  createOffer as createOfferEndpoint,
  getOffer,
  listOffers,
  publishOffer as publishOfferEndpoint,
  removeOffer as removeOfferEndpoint,
  stopOffer as stopOfferEndpoint,
} from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { type StaffCaller, serve } from '../../../http/serve.ts'
import { publishRulebook } from '../publish-rulebook.ts'
import { changeOffer, copyOffer, createOffer, publishOffer, removeOffer, stopOffer } from './offers.ts'
import { type NamesOf, offerPage, offerSheet } from './queries.ts'

/** HTTP face of the offer desk. */
export function deskRoutes(context: Context, namesOf: NamesOf): (app: FastifyInstance) => void {
  const db = context.database.read
  const sheetOf = (id: number) => offerSheet(db, namesOf, id, context.clock.now())
  /** What was decided goes out at once; without a new version tills would not know. */
  const publishVersion = async (caller: StaffCaller, id: number, verb: string) => {
    const offer = await sheetOf(id)
    const note = `${verb}: ${offer.row.name}`
    const { version } = await publishRulebook(context, { note, by: caller.name })
    return { offer, version }
  }
  return (app) => {
    serve(app, listOffers, async ({ query }) => await offerPage(db, namesOf, query, context.clock.now()))
    serve(app, getOffer, async ({ params }) => await sheetOf(params.offerId))
    serve(app, createOfferEndpoint, async ({ body, caller }) => {
      return await sheetOf(await createOffer(context, body.definition, authorOf(caller)))
    })
    serve(app, changeOfferEndpoint, async ({ params, body, caller }) => {
      await changeOffer(context, params.offerId, body, authorOf(caller))
      return await sheetOf(params.offerId)
    })
    serve(app, copyOfferEndpoint, async ({ params, caller }) => {
      return await sheetOf(await copyOffer(context, params.offerId, authorOf(caller)))
    })
    serve(app, publishOfferEndpoint, async ({ params, caller }) => {
      await publishOffer(context, params.offerId, authorOf(caller))
      return await publishVersion(caller, params.offerId, 'Offer begins')
    })
    serve(app, stopOfferEndpoint, async ({ params, caller }) => {
      await stopOffer(context, params.offerId, authorOf(caller))
      return await publishVersion(caller, params.offerId, 'Offer stopped')
    })
    serve(app, removeOfferEndpoint, async ({ params, caller }) => {
      await removeOffer(context, params.offerId, authorOf(caller))
    })
  }
}

function authorOf({ staffId }: StaffCaller) {
  return { by: staffId, how: 'back-office' }
}
