import type { BillDocument } from '@nexus/sync'
import type { FastifyInstance } from 'fastify'
import { appFolders } from './apps/app-folders.ts'
import { serveApp } from './apps/serve-app.ts'
import { type Consumer, embeddedBus, measureOutbox, relayOutbox, sweepBus } from './bus/index.ts'
import type { Context } from './context.ts'
import { type Authenticators, createApp } from './http/kit.ts'
import { sendNotFound } from './http/problems.ts'
import type { Job } from './jobs/index.ts'
import { auditRoutes } from './modules/audit/index.ts'
import { catalogueRoutes, productNames, searchProductIds } from './modules/catalogue/index.ts'
import { complianceRoutes, lateProjector } from './modules/compliance/index.ts'
import { couponCodesJob, couponProjector, couponsRoutes } from './modules/coupons/index.ts'
import {
  inventoryRoutes,
  type StockNames,
  stockFoldJob,
  stockLedger,
  stockProjector,
} from './modules/inventory/index.ts'
import {
  type BookParts,
  epochStandings,
  headSeqs,
  headsOf,
  invariantJob,
  journalRoutes,
  openJournal,
  type Projector,
  readGeneration,
  restoredAt,
  standing,
} from './modules/journal/index.ts'
import { platformRoutes } from './modules/platform/index.ts'
import {
  deskRoutes,
  openManifests,
  type PastBill,
  previewRoutes,
  replayJob,
  replayRoutes,
  rulebookReader,
  rulebookRoutes,
  saleCheck,
  saleExplainer,
  takeUpProjector,
  takeUpRoutes,
} from './modules/rulebook/index.ts'
import {
  billNumbers,
  countPastBills,
  getBill,
  numberCheck,
  numberProjector,
  pastBills,
  returnCheck,
  salesLedgers,
  salesProjector,
  salesRoutes,
} from './modules/sales/index.ts'
import {
  closingLedger,
  closingProjector,
  shiftProjector,
  shiftsRoutes,
  takenBy,
} from './modules/shifts/index.ts'
import { authenticateStaff, staffNames, staffRoutes } from './modules/staff/index.ts'
import {
  authenticateDevice,
  epochProjector,
  findIssuedKey,
  type JournalView,
  noteHeartbeat,
  placeResolver,
  storesRoutes,
  toldHeadCheck,
} from './modules/stores/index.ts'

export type BuildOptions = {
  /** In place of the modules' own, e.g. in tests of one module. */
  authenticators?: Authenticators
  /** True from the moment on which the server takes no new work. */
  isStopping?: () => boolean
}

/**
 * Builds the app of the settings' role, without listening: every module's routes and both browser
 * apps, or for a worker only health and figures.
 */
export async function buildApp(context: Context, options: BuildOptions = {}): Promise<FastifyInstance> {
  const app = await createApp(context, options.authenticators ?? moduleAuthenticators(context))
  app.setNotFoundHandler(sendNotFound)
  const isStopping = options.isStopping ?? (() => false)
  app.addHook('onSend', async (_, reply) => {
    // A connection that is kept alive would hold the stop up until it times out.
    if (isStopping()) reply.header('connection', 'close')
  })
  platformRoutes(context, isStopping)(app)
  if (context.config.NEXUS_ROLE === 'worker') return app

  const manifests = openManifests(context)
  const reader = rulebookReader(context)
  const checkSold = saleCheck(reader, manifests)
  const checkReturned = returnCheck(context)
  const journal = await openJournal(context, {
    projectors: projectorsOf(context),
    checkSale: async (entry) => [...(await checkSold(entry)), ...(await checkReturned(entry))],
    resolvePlace: placeResolver(),
    findIssuedKey,
    noteHeartbeat,
  })
  app.addHook('onClose', async () => await journal.close())
  journalRoutes(context, journal)(app)
  storesRoutes(context, journalView(context))(app)
  staffRoutes(context)(app)
  auditRoutes(context, staffNames)(app)
  catalogueRoutes(context)(app)
  rulebookRoutes(context, manifests, reader)(app)
  deskRoutes(context, staffNames)(app)
  previewRoutes(context, reader, pastBillOf(context))(app)
  replayRoutes(context)(app)
  takeUpRoutes(context)(app)
  couponsRoutes(context)(app)
  salesRoutes(context, saleExplainer(reader, manifests))(app)
  inventoryRoutes(context, stockNames)(app)
  shiftsRoutes(context)(app)
  complianceRoutes(context)(app)
  for (const folder of appFolders) serveApp(app, folder)
  app.get('/', { config: { allow: 'anyone' } }, async (_, reply) => await reply.redirect('/office/', 302))
  return app
}

function moduleAuthenticators(context: Context): Authenticators {
  return { device: authenticateDevice(context), staff: authenticateStaff(context) }
}

/** What turns entries into rows of the modules; the same for accepting and for a rebuild. */
export function projectorsOf(context: Context): Projector[] {
  return [
    epochProjector(context),
    salesProjector,
    stockProjector,
    shiftProjector,
    closingProjector,
    numberProjector,
    lateProjector,
    takeUpProjector(),
    couponProjector,
  ]
}

/** What the hourly check and `nexus check` compare with the journals. */
export const bookParts: BookParts = {
  ledgers: [...salesLedgers, stockLedger, closingLedger],
  statedBy: takenBy,
  moduleChecks: (mode) => [numberCheck(mode), toldHeadCheck()],
}

/** Bills as the preview of an offer prices them again. */
function pastBillOf({ database }: Context): PastBill {
  return async (caller, ref) => {
    const { row, entry, content } = await getBill(database.read, caller, ref)
    // as: it is the document of an entry that was decoded by its schema.
    return { storeId: row.storeId, rulebookVersion: entry.rulebookVersion, document: content as BillDocument }
  }
}

/** What the list of stock shows of products and bills. */
const stockNames: StockNames = {
  productsByIds: productNames,
  searchProducts: searchProductIds,
  billNumbers,
}

/** What enrolment and the list of registers see of the journal. */
function journalView({ secrets }: Context): JournalView {
  return {
    generation: readGeneration,
    headsOf,
    headSeqs,
    standing: (db, request) => standing(db, secrets, request),
    restoredAt,
    epochStandings,
  }
}

/** Who reacts to facts inside the server. */
const consumers: readonly Consumer[] = []

/** Background work of a worker. */
export function buildJobs(context: Context): Job[] {
  const bus = embeddedBus(context, consumers)
  measureOutbox(context)
  return [
    stockFoldJob(context),
    couponCodesJob(context),
    invariantJob(context, bookParts),
    replayJob(context, { count: countPastBills, read: pastBills }),
    { name: 'outbox-relay', everyMs: 250, run: (lease) => relayOutbox(context, bus, lease) },
    { name: 'outbox-sweep', everyMs: 600_000, run: (lease) => sweepBus(context, lease) },
  ]
}
