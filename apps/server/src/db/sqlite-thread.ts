import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type {
  SqliteAnswer,
  SqliteBytes,
  SqliteRequest,
  SqliteStatement,
  SqliteThreadData,
} from './sqlite-messages.ts'

/** One SQLite connection in a thread of its own, so that no statement ever stops the event loop. */
const { path, readOnly, busyMs } = workerData as SqliteThreadData
const port = parentPort
if (!port) throw new Error('sqlite-thread runs as a worker')

const db = new DatabaseSync(path, { readOnly, timeout: busyMs })
if (readOnly) {
  db.exec(
    'PRAGMA query_only=ON; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;',
  )
} else {
  db.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY;',
  )
  // F66: some builds fall back silently; what the file says is what counts.
  const synchronous = Object.values(db.prepare('PRAGMA synchronous').get() ?? {})[0]
  const mode = Object.values(db.prepare('PRAGMA journal_mode').get() ?? {})[0]
  if (synchronous !== 2 || (mode !== 'wal' && path !== ':memory:')) {
    throw new Error(
      `SQLite refused WAL with synchronous=FULL (journal_mode ${mode}, synchronous ${synchronous})`,
    )
  }
}

const statementsMax = 500
type Prepared = { statement: StatementSync; givesRows: boolean }
const statements = new Map<string, Prepared>()

function prepare(sql: string): Prepared {
  const known = statements.get(sql)
  if (known) return known
  if (statements.size >= statementsMax) statements.delete(statements.keys().next().value ?? '')
  const statement = db.prepare(sql)
  const prepared = { statement, givesRows: statement.columns().length > 0 }
  statements.set(sql, prepared)
  return prepared
}

port.on('message', (request: SqliteRequest) => {
  port.postMessage(answer(request))
})
port.postMessage({ id: 0, rows: [], changes: 0, lastId: 0 } satisfies SqliteAnswer)

function answer(request: SqliteRequest): SqliteAnswer {
  try {
    if (request.kind === 'rollback') {
      // After a full disk SQLite has rolled back by itself.
      if (db.isTransaction) db.exec('ROLLBACK')
      return { id: request.id, rows: [], changes: 0, lastId: 0 }
    }
    if (request.kind === 'checkpoint') {
      return {
        id: request.id,
        rows: prepare('PRAGMA wal_checkpoint(PASSIVE)').statement.all(),
        changes: 0,
        lastId: 0,
      }
    }
    if (request.kind === 'close') {
      statements.clear()
      db.close()
      return { id: request.id, rows: [], changes: 0, lastId: 0 }
    }
    if (request.bytes) putBytes(request.statements, request.bytes)
    const readsFrom =
      request.kind === 'read-together' ? request.statements.length - request.reads : request.statements.length
    const reads: unknown[][] = []
    let last: Omit<Exclude<SqliteAnswer, { error: object }>, 'id'> = { rows: [], changes: 0, lastId: 0 }
    for (const [index, { sql, params }] of request.statements.entries()) {
      const { statement, givesRows } = prepare(sql)
      if (givesRows) {
        last = { rows: statement.all(...params), changes: 0, lastId: 0 }
        if (index >= readsFrom) reads.push(last.rows)
      } else {
        const done = statement.run(...params)
        last = { rows: [], changes: Number(done.changes), lastId: Number(done.lastInsertRowid) }
      }
    }
    if (request.kind === 'read-together') last = { rows: reads, changes: 0, lastId: 0 }
    return { id: request.id, ...last }
  } catch (error) {
    const cause = error as Error & { errcode?: number; code?: string }
    return {
      id: request.id,
      error: { message: cause.message, code: cause.code ?? '', errcode: cause.errcode ?? 0 },
    }
  }
}

function putBytes(statements: readonly SqliteStatement[], { buffer, places }: SqliteBytes): void {
  for (let at = 0; at < places.length; at += 4) {
    const [statement = 0, param = 0, offset = 0, length = 0] = places.subarray(at, at + 4)
    const params = statements[statement]?.params
    if (params) params[param] = buffer.subarray(offset, offset + length)
  }
}
