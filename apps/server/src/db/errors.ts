import { SqliteError } from './sqlite.ts'

/** Is this a unique or primary key that another row already has? SQLite 1555/2067, MySQL 1062. */
export function isDuplicateKey(error: unknown): boolean {
  if (error instanceof SqliteError) return error.errcode === 1555 || error.errcode === 2067
  return (error as { errno?: number }).errno === 1062
}

/** Is the disk or the quota full? SQLite 13, MySQL 1021/1114. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof SqliteError) return error.errcode === 13
  const errno = (error as { errno?: number }).errno
  return errno === 1021 || errno === 1114
}

/**
 * Is another process or transaction in the way, so that a repeat may succeed? SQLite 5/6 with their
 * extended codes, MySQL lock and connection limits, a database that cannot be reached.
 */
export function isBusy(error: unknown): boolean {
  if (error instanceof SqliteError) return (error.errcode & 0xff) === 5 || (error.errcode & 0xff) === 6
  const { errno, code } = error as { errno?: number; code?: string }
  return [1040, 1203, 1205, 1213, 3572].includes(errno ?? 0) || busyCodes.has(code ?? '')
}

const busyCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'POOL_EXHAUSTED',
])

/**
 * Is the connection gone, so that nobody knows whether the last statement, a COMMIT for one, was carried
 * out? `fatal` is mysql2's word for a connection that it has closed.
 */
export function isConnectionLost(error: unknown): boolean {
  const { fatal, code } = error as { fatal?: boolean; code?: string }
  return fatal === true || busyCodes.has(code ?? '')
}

/** SQLite: plain error, too big, constraint, mismatch, range. MySQL: values that do not fit, keys, unknown names. */
const sqliteFaults = new Set([1, 18, 19, 20, 25])
const mysqlFaults = new Set([
  1048, 1054, 1062, 1064, 1136, 1146, 1264, 1265, 1292, 1364, 1366, 1406, 1452, 1690, 3819, 4025,
])

/**
 * Is it the database that failed (disk, lock, connection, memory), and not a statement or a value in it?
 * Then the same work may succeed later. false also for errors that no database gave.
 */
export function isDatabaseTrouble(error: unknown): boolean {
  if (error instanceof SqliteError) return !sqliteFaults.has(error.errcode & 0xff)
  if (isConnectionLost(error)) return true
  const { errno } = error as { errno?: number }
  return errno !== undefined && !mysqlFaults.has(errno)
}
