import { Problem } from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from './context.ts'
import { createApp } from './http/kit.ts'
import { sendNotFound } from './http/problems.ts'
import { openHop, openVouchedKeys, readLink, secretsOfLink } from './modules/hop/index.ts'
import { stockProjector } from './modules/inventory/index.ts'
import { openAcceptPath, type Projector } from './modules/journal/index.ts'
import { platformRoutes } from './modules/platform/index.ts'
import { salesProjector } from './modules/sales/index.ts'
import { shiftProjector } from './modules/shifts/index.ts'
import { noteHeartbeat, placeResolver } from './modules/stores/index.ts'
import { StartRefused } from './start-refused.ts'

/** Projections of its own store (JRN-20a). Headquarters tells the world; here nothing is announced. */
const storeProjectors: readonly Projector[] = [salesProjector, stockProjector, shiftProjector].map(
  ({ announce: _, ...projector }) => projector,
)

/**
 * Builds the store server's app, without listening: what tills ask, health and figures. Throws
 * `StartRefused` before it joined headquarters.
 */
export async function buildStoreApp(given: Context, isStopping: () => boolean): Promise<FastifyInstance> {
  const { config } = given
  const link = readLink(config)
  if (link === undefined) {
    throw new StartRefused(
      'This store server has not joined a headquarters yet. Make a code on the page of its store in the back office, then: npx nexus store-server join --hq URL --code CODE',
    )
  }
  const context = { ...given, secrets: secretsOfLink(given.secrets, link) }
  const vouched = openVouchedKeys(context)
  const journal = await openAcceptPath(context, {
    projectors: storeProjectors,
    // Headquarters checks prices when the entries arrive there; nobody looks for discrepancies here.
    checkSale: async () => [],
    resolvePlace: placeResolver(),
    issuedKeys: vouched,
    noteHeartbeat,
  })
  const hop = await openHop(context, link, journal, {
    address: () => config.PUBLIC_URL ?? null,
    vouched,
  })
  const authenticators = {
    device: hop.authenticate,
    staff: async () => {
      throw new Problem('session/required', 'The back office is at headquarters. This is a store server.')
    },
  }
  const app = await createApp(context, authenticators, { isGuest: hop.isGuest })
  app.setNotFoundHandler(sendNotFound)
  app.addHook('onSend', async (_, reply) => {
    if (isStopping()) reply.header('connection', 'close')
  })
  platformRoutes(context, isStopping)(app)
  hop.routes(app)
  app.addHook('onListen', async () => hop.start())
  app.addHook('onClose', async () => {
    await hop.stop()
    await journal.close()
  })
  return app
}
