import { Readable } from 'node:stream'
import {
  closeIncidents as closeIncidentsEndpoint,
  decideQuarantine,
  declareHandover,
  declareHoleLost,
  exportIncidents,
  getInvariants,
  heartbeatTill,
  type IncidentRow,
  listForks,
  listHoles,
  listIncidents,
  listQuarantine,
  listRegisterDevices,
  pushTill,
  readArchiveStatus,
  rehomeForks,
} from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { csvLine, csvStart } from '../../http/csv.ts'
import { requireStore, type StaffCaller, serve } from '../../http/serve.ts'
import { archiveStatus } from './archive/status.ts'
import { closeIncidents } from './attention/close.ts'
import {
  devicesOf,
  forkPage,
  holePage,
  type NamesOf,
  quarantinePage,
  type ToldHead,
} from './attention/desks.ts'
import { totalMax } from './attention/paging.ts'
import { type AttentionQuery, attentionPage } from './attention/queries.ts'
import { handOver } from './decisions/hand-over.ts'
import { loseHole } from './decisions/lose-hole.ts'
import { rehomeNow } from './decisions/rehome-forks.ts'
import { releaseQuarantined } from './decisions/release.ts'
import { findLastRun } from './invariants/sql.ts'
import type { Journal } from './open-journal.ts'

/** What other modules know of registers and people. */
export type DeskView = {
  namesOf: NamesOf
  /** Epochs that were given out to a register's devices, and the head that its till announced last. Throws `register/not-found`. */
  registerView(
    db: Db,
    registerId: string,
  ): Promise<{ storeId: string; issued: { epoch: string; code: string }[]; told: ToldHead | undefined }>
}

/** HTTP face of the journal module. */
export function journalRoutes(
  context: Pick<Context, 'database' | 'clock'>,
  journal: Journal,
  view: DeskView,
): (app: FastifyInstance) => void {
  const db = context.database.read
  const { decisions } = journal
  return (app) => {
    serve(app, pushTill, async ({ caller, body }) => await journal.push(caller, body))
    serve(app, heartbeatTill, async ({ caller, body }) => await journal.heartbeat(caller, body))
    serve(app, readArchiveStatus, () => archiveStatus(context.database.read, context.clock.now()))
    serve(app, getInvariants, async () => ({ run: (await findLastRun(context.database.read)) ?? null }))
    serve(app, listIncidents, async ({ caller, query }) => {
      requireOwn(caller, query.store)
      return await attentionPage(db, view.namesOf, query, caller.storeIds)
    })
    serve(app, exportIncidents, async ({ caller, query, reply }) => {
      requireOwn(caller, query.store)
      reply.header('content-disposition', 'attachment; filename="incidents.csv"')
      return Readable.from(csvOf(db, view.namesOf, query, caller))
    })
    serve(app, closeIncidentsEndpoint, async ({ caller, body }) => ({
      closed: await closeIncidents(decisions, caller, body.ids, body.remark),
    }))
    serve(app, listQuarantine, async ({ caller, query }) => {
      requireOwn(caller, query.store)
      return await quarantinePage(db, query, caller.storeIds)
    })
    serve(app, decideQuarantine, async ({ caller, params, body }) => {
      await releaseQuarantined(decisions, caller, params.identity, body)
    })
    serve(app, listForks, async ({ caller, query }) => {
      requireOwn(caller, query.store)
      return await forkPage(db, query, caller.storeIds)
    })
    serve(app, rehomeForks, async ({ caller, params, body }) => {
      await rehomeNow(decisions, caller, params.epoch, body.remark)
    })
    serve(app, listHoles, async ({ caller, query }) => {
      requireOwn(caller, query.store)
      return await holePage(db, query, caller.storeIds)
    })
    serve(app, declareHoleLost, async ({ caller, params, body }) => {
      await loseHole(decisions, caller, params.epoch, body)
    })
    serve(app, listRegisterDevices, async ({ caller, params }) => {
      const { storeId, ...parts } = await view.registerView(db, params.registerId)
      requireStore(caller, storeId)
      return { devices: await devicesOf(db, params.registerId, { namesOf: view.namesOf, ...parts }) }
    })
    serve(app, declareHandover, async ({ caller, params, body }) => {
      await handOver(decisions, caller, params.registerId, body)
    })
  }
}

function requireOwn(caller: StaffCaller, store: string | undefined): void {
  if (store !== undefined) requireStore(caller, store)
}

const columns: readonly [string, (row: IncidentRow) => string | number | null][] = [
  ['at', (row) => new Date(row.at).toISOString()],
  ['what', (row) => row.kind],
  ['source', (row) => row.source],
  ['store', (row) => row.storeId],
  ['register', (row) => row.registerId],
  ['epoch', (row) => row.epoch],
  ['seq', (row) => row.seq],
  ['details', (row) => JSON.stringify(row.params)],
  ['closed_at', (row) => row.closed && new Date(row.closed.at).toISOString()],
  ['closed_by', (row) => row.closed?.by ?? null],
  ['remark', (row) => row.closed?.remark ?? null],
]

async function* csvOf(
  db: Db,
  namesOf: NamesOf,
  query: AttentionQuery,
  { storeIds }: StaffCaller,
): AsyncGenerator<string> {
  yield csvStart + csvLine(columns.map(([name]) => name))
  const pageSize = 200
  for (let page = 1; page <= totalMax / pageSize; page++) {
    const { rows } = await attentionPage(db, namesOf, { ...query, page, pageSize }, storeIds)
    yield rows.map((row) => csvLine(columns.map(([, cellOf]) => cellOf(row)))).join('')
    if (rows.length < pageSize) return
  }
}
