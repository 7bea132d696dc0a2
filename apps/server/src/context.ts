import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import type { Secrets } from './secrets.ts'

/** Instants of the server; a fake in tests. */
export type Clock = { now(): number }

/** What commands take from: opened once at start, closed once at the end. */
export type Context = {
  config: Config
  database: Database
  clock: Clock
  secrets: Secrets
  log: Logger
}
