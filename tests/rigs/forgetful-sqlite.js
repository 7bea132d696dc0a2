import { DatabaseSync } from 'node:sqlite'

/** Loaded before a server that is to lose: SQLite no longer waits for the disk and says that it does. */
const { exec, prepare } = DatabaseSync.prototype
DatabaseSync.prototype.exec = function (sql) {
  exec.call(this, sql.replace('synchronous=FULL', 'synchronous=OFF'))
}
DatabaseSync.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql)
  return sql === 'PRAGMA synchronous' ? { get: () => ({ synchronous: 2 }) } : statement
}
