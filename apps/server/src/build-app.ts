import type { BillDocument } from '@nexus/sync'
import type { FastifyInstance } from 'fastify'
import { appFolders } from './apps/app-folders.ts'
import { serveApp } from './apps/serve-app.ts'
import { buildStoreApp } from './build-store-app.ts'
import { type Consumer, embeddedBus, measureOutbox, relayOutbox, sweepBus } from './bus/index.ts'
import type { Context } from './context.ts'
import { type Authenticators, createApp } from './http/kit.ts'
import { sendNotFound } from './http/problems.ts'
import type { Job } from './jobs/index.ts'
import { auditRoutes, recordAudit } from './modules/audit/index.ts'
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
  archiveJob,
  type BookParts,
  type DecisionTools,
  dayRootJob,
  epochStandings,
  headSeqs,
  headsOf,
  invariantJob,
  type Journal,
  type JournalParts,
  journalRoutes,
  openJournal,
  openOwnJournals,
  type Projector,
  projectorsWith,
  readGeneration,
  readParcel,
  rehomeForksJob,
  renumberJob,
  restoredAt,
  type SaleCheck,
  serverKeys,
  standing,
  standingForHop,
  twoDevicesJob,
} from './modules/journal/index.ts'
import {
  paymentProjector,
  paymentsAtRestJob,
  paymentsRoutes,
  settlementMatchJob,
} from './modules/payments/index.ts'
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
  authenticateOnBehalf,
  authenticateStoreServer,
  storeServerAddress,
  storeServersRoutes,
} from './modules/store-servers/index.ts'
import {
  authenticateDevice,
  enrolOwn,
  epochProjector,
  findCertificate,
  findIssuedEpoch,
  issuedKeys,
  type JournalView,
  noteHeartbeat,
  placeResolver,
  registerView,
  retireEpoch,
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
  if (context.config.NEXUS_ROLE === 'store') {
    return await buildStoreApp(context, options.isStopping ?? (() => false))
  }
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
  const journal = await openJournal(context, journalParts(context, reader, manifests))
  app.addHook('onClose', async () => await journal.close())
  journalRoutes(context, journal, { namesOf: staffNames, registerView })(app)
  storesRoutes(context, journalView(context))(app)
  storeServersRoutes(context, {
    standing: (db, request, serverAt) => standingForHop(db, context.secrets, request, serverAt),
    restoredAt,
    findCertificate,
    readParcel,
  })(app)
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
  paymentsRoutes(context)(app)
  complianceRoutes(context)(app)
  for (const folder of appFolders) serveApp(app, folder)
  app.get('/', { config: { allow: 'anyone' } }, async (_, reply) => await reply.redirect('/office/', 302))
  return app
}

function journalParts(
  context: Context,
  reader: ReturnType<typeof rulebookReader>,
  manifests: ReturnType<typeof openManifests>,
): JournalParts {
  return {
    projectors: projectorsOf(context),
    checkSale: saleChecks(context, reader, manifests),
    resolvePlace: placeResolver(),
    issuedKeys: issuedKeys(context),
    noteHeartbeat,
    ...decisionParts(context),
  }
}

/** The accept path for a command, with everything that the server's has. */
export async function openJournalForCommand(context: Context): Promise<Journal> {
  const parts = journalParts(context, rulebookReader(context), openManifests(context))
  return await openJournal(context, parts)
}

function moduleAuthenticators(context: Context): Authenticators {
  const device = authenticateDevice(context)
  const onBehalf = authenticateOnBehalf(context)
  return {
    device: async (request) => (await onBehalf(request)) ?? (await device(request)),
    storeServer: authenticateStoreServer(context),
    staff: authenticateStaff(context),
  }
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
    paymentProjector,
  ]
}

/** What a sale is compared with when it arrives, and when it acts later. */
function saleChecks(
  context: Context,
  reader: ReturnType<typeof rulebookReader>,
  manifests: ReturnType<typeof openManifests>,
): SaleCheck {
  const checkSold = saleCheck(reader, manifests)
  const checkReturned = returnCheck(context)
  return async (entry) => [...(await checkSold(entry)), ...(await checkReturned(entry))]
}

/** What decisions on journals take from other modules. */
function decisionParts(context: Context) {
  return {
    enrolOwn: enrolOwn(context, journalView(context)),
    noteAudit: recordAudit,
    findIssuedEpoch,
    retireEpoch,
  }
}

/** Decisions that a worker makes by itself. */
function jobDecisions(context: Context): DecisionTools {
  const { database, clock, secrets, log } = context
  const parts = decisionParts(context)
  const projectors = projectorsWith(projectorsOf(context))
  const checkSale = saleChecks(context, rulebookReader(context), openManifests(context))
  const own = openOwnJournals({ database, clock, secrets, projectors, enrolOwn: parts.enrolOwn })
  return { database, clock, log, checkSale, ...parts, own }
}

/** What checks and derives the entries that the archive brings back to a restored database. */
function archiveParts(context: Context): ReturnType<Parameters<typeof archiveJob>[1]> {
  return {
    projectors: projectorsOf(context),
    checkSale: saleChecks(context, rulebookReader(context), openManifests(context)),
    resolvePlace: placeResolver(),
  }
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
  const keys = serverKeys(secrets)
  return {
    generation: readGeneration,
    headsOf,
    headSeqs,
    standing: (db, request) => standing(db, secrets, request),
    restoredAt,
    storeServerOf: storeServerAddress,
    keys: () => keys,
    epochStandings,
  }
}

/** Who reacts to facts inside the server. */
const consumers: readonly Consumer[] = []

/** Background work of a worker. */
export function buildJobs(context: Context): Job[] {
  if (context.config.NEXUS_ROLE === 'store') return [stockFoldJob(context)]
  const bus = embeddedBus(context, consumers)
  measureOutbox(context)
  const decisions = jobDecisions(context)
  return [
    dayRootJob(context),
    stockFoldJob(context),
    couponCodesJob(context),
    rehomeForksJob(decisions),
    renumberJob(decisions),
    archiveJob(context, () => archiveParts(context)),
    twoDevicesJob(context),
    paymentsAtRestJob(context),
    settlementMatchJob(context),
    invariantJob(context, bookParts),
    replayJob(context, { count: countPastBills, read: pastBills }),
    { name: 'outbox-relay', everyMs: 250, run: (lease) => relayOutbox(context, bus, lease) },
    { name: 'outbox-sweep', everyMs: 600_000, run: (lease) => sweepBus(context, lease) },
  ]
}
