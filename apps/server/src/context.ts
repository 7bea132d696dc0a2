import { type DestinationStream, type Logger, pino } from 'pino'
import { Registry } from 'prom-client'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { openDatabase } from './db/open.ts'
import { loadSecrets, type Secrets, secretSource } from './secrets.ts'

/** Instants of the server; a fake in tests. */
export type Clock = { now(): number }

/** What commands take from: opened once at start, closed once at the end. */
export type Context = {
  config: Config
  database: Database
  clock: Clock
  secrets: Secrets
  log: Logger
  /** Figures of this process for Prometheus. */
  metrics: Registry
}

/** One JSON line an event, on standard error, so that what a command prints stays readable. */
function createLog(config: Pick<Config, 'LOG_LEVEL'>, to: DestinationStream = pino.destination(2)): Logger {
  return pino(
    {
      level: config.LOG_LEVEL,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    to,
  )
}

/** Opens the database and reads the secrets; the caller closes `database`. Does not migrate. */
export async function openContext(
  config: Config,
  { clock = { now: () => Date.now() }, log = createLog(config) }: { clock?: Clock; log?: Logger } = {},
): Promise<Context> {
  const database = await openDatabase(config)
  try {
    return {
      config,
      database,
      clock,
      secrets: loadSecrets(secretSource(config)),
      log,
      metrics: new Registry(),
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
