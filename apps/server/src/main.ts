import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics } from 'prom-client'
import { buildApp, buildJobs } from './build-app.ts'
import type { Config } from './config.ts'
import { type Context, openContext } from './context.ts'
import { type FolderLock, lockFolder } from './data-folder.ts'
import { startJobs } from './jobs/index.ts'
import { joinHeadquarters, readLink } from './modules/hop/index.ts'
import { startNewGeneration } from './modules/journal/index.ts'
import { countStart } from './modules/platform/index.ts'
import { prepareDatabase } from './prepare-database.ts'

export type Server = {
  context: Context
  /** Origin that browsers and tills use, without a slash at the end. */
  url: string
  /**
   * Readiness turns to no (for STOP_DELAY_MS before anything else), no new connection is taken,
   * requests under way finish (at most STOP_GRACE_MS), jobs give their leases back, the database
   * closes. Repeating is safe.
   */
  stop(): Promise<void>
}

export type StartOptions = {
  /** Runs once the database is ready and before anything listens, e.g. to fill an empty one. */
  prepare?: (context: Context) => Promise<void>
}

/**
 * Starts the server in the role that the settings name and listens. Throws `FolderTaken` when
 * another process works in the data folder, and the cause when the port cannot be had; then
 * everything that was opened is closed again.
 */
export async function startServer(config: Config, options: StartOptions = {}): Promise<Server> {
  const lock = lockFolder(config.DATA_DIR)
  try {
    const context = await openContext(config)
    try {
      return await run(context, lock, options)
    } catch (error) {
      await context.database.close()
      throw error
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

async function run(context: Context, lock: FolderLock, options: StartOptions): Promise<Server> {
  const { config, log } = context
  const applied = await prepareDatabase(context)
  if (applied.length > 0) log.info({ migrations: applied.map((one) => one.name) }, 'migrated the database')
  const replaced = await countStart(context, (tx) => startNewGeneration(tx, context.clock.now()))
  if (replaced) log.warn('the data was restored or replaced: tills send again what is missing here')
  await options.prepare?.(context)
  const { HQ_URL: hq, STORE_SERVER_CODE: code } = config
  if (config.NEXUS_ROLE === 'store' && hq && code && readLink(config) === undefined) {
    const { storeId } = await joinHeadquarters(config, { hq, code })
    log.info({ hq, storeId }, 'joined headquarters as a store server')
  }
  collectDefaultMetrics({ register: context.metrics })

  let stopping: Promise<void> | undefined
  const app = await buildApp(context, { isStopping: () => stopping !== undefined })
  await app.listen({ host: config.HOST, port: config.PORT })
  const url = config.PUBLIC_URL ?? addressOf(app, config)
  lock.note(url)
  const jobs = config.NEXUS_ROLE === 'api' ? undefined : startJobs(context, buildJobs(context))
  log.info({ url, role: config.NEXUS_ROLE, dialect: context.database.dialect }, 'the server is ready')
  return {
    context,
    url,
    stop() {
      stopping ??= (async () => {
        log.info('the server is stopping')
        await sleep(config.STOP_DELAY_MS)
        await closeWithin(app, config.STOP_GRACE_MS)
        await jobs?.stop()
        await context.database.close()
        lock.release()
        log.info('the server has stopped')
      })()
      return stopping
    },
  }
}

/** Lets requests under way finish; what takes longer than the grace is cut off. */
async function closeWithin(app: FastifyInstance, graceMs: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), graceMs)
  await app.close()
  clearTimeout(timer)
}

function addressOf(app: FastifyInstance, config: Config): string {
  // A server that listens on TCP has an address with a port.
  const { port } = app.server.address() as AddressInfo
  const anyHost = config.HOST === '0.0.0.0' || config.HOST === '::'
  const host = anyHost || config.HOST === '127.0.0.1' ? 'localhost' : config.HOST
  return `${config.TLS_CERT ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
