import { Worker } from 'node:worker_threads'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Database, Schema } from './database.ts'
import { sendLater, togetherIn } from './send-later.ts'
import type {
  SqliteAnswer,
  SqliteBytes,
  SqliteRequest,
  SqliteStatement,
  SqliteThreadData,
  SqliteValue,
  WalState,
} from './sqlite-messages.ts'

/** A statement that SQLite refused. `code` is SQLite's own result code, e.g. 1555 for a taken primary key. */
export class SqliteError extends Error {
  readonly errcode: number
  constructor(message: string, errcode: number) {
    super(message)
    this.name = 'SqliteError'
    this.errcode = errcode
  }
}

/** So many statements are held back at most; a longer import sends them and waits. */
const heldMax = 64

/**
 * One connection. A message to its thread and back costs tens of microseconds, so statements whose
 * answer nobody needs (BEGIN, and those marked `sendLater`) are held back and travel with the next one;
 * if one of them fails, that next one rejects, at the latest COMMIT, and nothing behind it has run.
 */
class SqliteThread implements DatabaseConnection {
  readonly #worker: Worker
  readonly #waiting = new Map<number, { resolve(answer: SqliteAnswer): void; reject(error: Error): void }>()
  #nextId = 1
  #held: SqliteStatement[] = []
  /** Set once the thread is gone: a message to it would never be answered. */
  #ended: Error | undefined

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (answer: SqliteAnswer) => {
      const waiter = this.#waiting.get(answer.id)
      this.#waiting.delete(answer.id)
      waiter?.resolve(answer)
    })
    const fail = (error: Error) => {
      this.#ended ??= error
      for (const waiter of this.#waiting.values()) waiter.reject(error)
      this.#waiting.clear()
    }
    worker.on('error', fail)
    worker.on('exit', () => fail(new Error('the SQLite thread has ended')))
  }

  static async start(data: SqliteThreadData): Promise<SqliteThread> {
    const worker = new Worker(new URL('./sqlite-thread.ts', import.meta.url), { workerData: data })
    const thread = new SqliteThread(worker)
    await new Promise<SqliteAnswer>((resolve, reject) => thread.#waiting.set(0, { resolve, reject }))
    return thread
  }

  async #ask(request: SqliteRequest): Promise<Exclude<SqliteAnswer, { error: object }>> {
    const bytes = 'bytes' in request ? request.bytes : undefined
    const transfer = bytes ? [bytes.buffer.buffer, bytes.places.buffer] : []
    const answer = await new Promise<SqliteAnswer>((resolve, reject) => {
      if (this.#ended) throw this.#ended
      this.#waiting.set(request.id, { resolve, reject })
      this.#worker.postMessage(request, transfer)
    })
    if (answer.error) throw new SqliteError(answer.error.message, answer.error.errcode)
    return answer
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const reads = togetherIn(query)
    if (reads) return { rows: (await this.#readTogether(reads)) as R[] }
    if (sendLater in query && this.#held.length < heldMax) {
      // `writeLater` gave the parameters away, so they need no copy.
      this.hold({ sql: query.sql, params: query.parameters as SqliteValue[] })
      return { rows: [] }
    }
    const answer = await this.#run(statementOf(query))
    return {
      // The driver cannot know the row type; the query that Kysely compiled does.
      rows: answer.rows as R[],
      numAffectedRows: BigInt(answer.changes),
      insertId: BigInt(answer.lastId),
    }
  }

  // biome-ignore lint/correctness/useYield: Kysely's interface asks for a generator
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('read pages instead of streaming')
  }

  hold(statement: SqliteStatement): void {
    this.#held.push(statement)
  }

  async exec(sql: string): Promise<void> {
    await this.#run({ sql, params: [] })
  }

  async #run(last: SqliteStatement): Promise<Exclude<SqliteAnswer, { error: object }>> {
    const statements = [...this.#held, last]
    this.#held = []
    return await this.#ask({ id: this.#nextId++, kind: 'run', statements, bytes: packParameters(statements) })
  }

  async #readTogether(queries: readonly CompiledQuery[]): Promise<unknown[]> {
    const statements = [...this.#held, ...queries.map(statementOf)]
    this.#held = []
    const bytes = packParameters(statements)
    const reads = queries.length
    return (await this.#ask({ id: this.#nextId++, kind: 'read-together', statements, bytes, reads })).rows
  }

  /** Ends the transaction, if there is one, without what is held back. */
  async rollback(): Promise<void> {
    this.#held = []
    await this.#ask({ id: this.#nextId++, kind: 'rollback' })
  }

  async rollbackTo(name: string): Promise<void> {
    // What is held back came after the savepoint, which was sent at once.
    this.#held = []
    await this.exec(`ROLLBACK TO "${name}"`)
  }

  /** Moves what the WAL has into the file; answers how many frames stand in the WAL. */
  async checkpoint(): Promise<number> {
    const { rows } = await this.#ask({ id: this.#nextId++, kind: 'checkpoint' })
    // The pragma answers one row.
    return (rows as WalState[])[0]?.log ?? 0
  }

  async close(): Promise<void> {
    await this.#ask({ id: this.#nextId++, kind: 'close' })
    await this.#worker.terminate()
  }
}

/** Parameters are copied: they are packed in place later. */
function statementOf({ sql, parameters }: CompiledQuery): SqliteStatement {
  // Kysely hands over what the query was given; `packParameters` settles what tables do not hold.
  return { sql, params: [...parameters] as SqliteValue[] }
}

/** Makes the parameters what SQLite takes, in place, since a group of sales has thousands; bytes go into one buffer. */
function packParameters(statements: readonly SqliteStatement[]): SqliteBytes | undefined {
  const found: Uint8Array[] = []
  const places: number[] = []
  let length = 0
  for (const [statement, one] of statements.entries()) {
    const params: unknown[] = one.params
    for (let index = 0; index < params.length; index++) {
      const value = params[index]
      if (value === undefined) params[index] = null
      else if (typeof value === 'boolean') params[index] = value ? 1 : 0
      else if (value instanceof Uint8Array) {
        params[index] = null
        found.push(value)
        places.push(statement, index, length, value.length)
        length += value.length
      }
    }
  }
  if (found.length === 0) return undefined
  const buffer = new Uint8Array(length)
  for (const [index, value] of found.entries()) buffer.set(value, places[4 * index + 2])
  return { buffer, places: Uint32Array.from(places) }
}

/** Hands out threads one user at a time, in order of asking. */
class SqliteDriver implements Driver {
  readonly #all: readonly SqliteThread[]
  readonly #free: SqliteThread[]
  readonly #queue: ((thread: SqliteThread) => void)[] = []
  #idle: (() => void) | undefined
  #closed = false

  constructor(threads: readonly SqliteThread[]) {
    this.#all = threads
    this.#free = [...threads]
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#closed) throw new Error('the database is closed')
    return this.#free.pop() ?? (await new Promise<SqliteThread>((resolve) => this.#queue.push(resolve)))
  }
  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    // Only threads are ever handed out by this driver.
    const thread = connection as SqliteThread
    const next = this.#queue.shift()
    if (next) {
      next(thread)
      return
    }
    this.#free.push(thread)
    if (this.#free.length === this.#all.length) this.#idle?.()
  }
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const thread = connection as SqliteThread
    thread.hold({ sql: 'BEGIN IMMEDIATE', params: [] })
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as SqliteThread).exec('COMMIT')
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as SqliteThread).rollback()
  }
  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await (connection as SqliteThread).exec(`SAVEPOINT "${name}"`)
  }
  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await (connection as SqliteThread).rollbackTo(name)
  }
  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await (connection as SqliteThread).exec(`RELEASE "${name}"`)
  }
  /** A checkpoint between two transactions. */
  async checkpoint(): Promise<void> {
    const connection = await this.acquireConnection()
    try {
      await (connection as SqliteThread).checkpoint()
    } finally {
      await this.releaseConnection(connection)
    }
  }
  /** Lets those who have waited or work finish, refuses all others, then ends the threads. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#free.length < this.#all.length) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve
      })
    }
    for (const thread of this.#all) await thread.close()
  }
  // Kysely destroys only drivers that were used once, so `close` is called by the database itself.
  async destroy(): Promise<void> {}
}

/** Kysely would hand out one connection at a time: SQLite's usual one. Here the driver has a queue of its own. */
class ThreadsAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

function kyselyOver(driver: SqliteDriver): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new ThreadsAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
}

/** Above 64 MiB the WAL is begun anew. */
const walUsual = { checkpointEveryMs: 1000, framesMax: 16_384 }

/**
 * Opens the SQLite file: one writer thread, `readers` reader threads, and one more thread that
 * moves the WAL into the file every second so that no sale waits for it.
 */
export async function openSqlite(
  path: string,
  { readers, busyMs, wal = walUsual }: { readers: number; busyMs: number; wal?: typeof walUsual },
): Promise<Database> {
  // The writer first: it makes the file and its WAL, which readers only find.
  const writerThread = await SqliteThread.start({ path, readOnly: false, busyMs })
  const [checkpointer, ...readerThreads] = await Promise.all([
    SqliteThread.start({ path, readOnly: false, busyMs }),
    ...Array.from({ length: readers }, () => SqliteThread.start({ path, readOnly: true, busyMs })),
  ])
  const writing = new SqliteDriver([writerThread])
  const reading = new SqliteDriver(readerThreads)
  const writer = kyselyOver(writing)
  const read = kyselyOver(reading)
  let moving: Promise<void> | undefined
  const moveWal = async () => {
    if ((await checkpointer.checkpoint()) <= wal.framesMax) return
    // SQLite begins the WAL anew only when every frame is in the file as a write begins. While sales never
    // pause there are always a few newer frames, which the writer itself moves before its next transaction.
    await writing.checkpoint()
  }
  const timer = setInterval(() => {
    // A checkpoint that finds the file busy simply does less; the next one continues.
    moving ??= moveWal()
      .catch(() => undefined)
      .finally(() => {
        moving = undefined
      })
  }, wal.checkpointEveryMs)
  timer.unref()
  return {
    dialect: 'sqlite',
    read,
    write: (work) => writer.transaction().execute(work),
    async close() {
      clearInterval(timer)
      // Both at once: from now on nothing new begins.
      await Promise.all([reading.close(), writing.close(), moving])
      // Last, so that it moves the whole WAL into the file.
      await checkpointer.close()
    },
  }
}
