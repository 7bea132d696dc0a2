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
