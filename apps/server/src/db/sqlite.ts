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
import type { SqliteAnswer, SqliteRequest, SqliteThreadData, SqliteValue } from './sqlite-messages.ts'

/** A statement that SQLite refused. `code` is SQLite's own result code, e.g. 1555 for a taken primary key. */
export class SqliteError extends Error {
  readonly errcode: number
  constructor(message: string, errcode: number) {
    super(message)
    this.name = 'SqliteError'
    this.errcode = errcode
  }
}

class SqliteThread implements DatabaseConnection {
  readonly #worker: Worker
  readonly #waiting = new Map<number, { resolve(answer: SqliteAnswer): void; reject(error: Error): void }>()
  #nextId = 1
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
    const answer = await new Promise<SqliteAnswer>((resolve, reject) => {
      if (this.#ended) throw this.#ended
      this.#waiting.set(request.id, { resolve, reject })
      this.#worker.postMessage(request)
    })
    if (answer.error) throw new SqliteError(answer.error.message, answer.error.errcode)
    return answer
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const answer = await this.#ask({
      id: this.#nextId++,
      kind: 'run',
      sql: query.sql,
      params: query.parameters.map(toSqlite),
    })
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

  async exec(sql: string): Promise<void> {
    await this.#ask({ id: this.#nextId++, kind: 'exec', sql })
  }

  async checkpoint(): Promise<void> {
    await this.#ask({ id: this.#nextId++, kind: 'checkpoint' })
  }

  async close(): Promise<void> {
    await this.#ask({ id: this.#nextId++, kind: 'close' })
    await this.#worker.terminate()
  }
}

function toSqlite(value: unknown): SqliteValue {
  if (value === undefined) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  // Kysely hands over what the query was given; tables only hold these kinds.
  return value as SqliteValue
}

/** Hands out threads one user at a time, in order of asking. */
class SqliteDriver implements Driver {
  readonly #free: SqliteThread[]
  readonly #queue: ((thread: SqliteThread) => void)[] = []
  readonly #all: readonly SqliteThread[]

  constructor(threads: readonly SqliteThread[]) {
    this.#all = threads
    this.#free = [...threads]
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#free.pop() ?? (await new Promise<SqliteThread>((resolve) => this.#queue.push(resolve)))
  }
  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    // Only threads are ever handed out by this driver.
    const thread = connection as SqliteThread
    const next = this.#queue.shift()
    if (next) next(thread)
    else this.#free.push(thread)
  }
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as SqliteThread).exec('BEGIN IMMEDIATE')
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as SqliteThread).exec('COMMIT')
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as SqliteThread).exec('ROLLBACK')
  }
  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await (connection as SqliteThread).exec(`SAVEPOINT "${name}"`)
  }
  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await (connection as SqliteThread).exec(`ROLLBACK TO "${name}"`)
  }
  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await (connection as SqliteThread).exec(`RELEASE "${name}"`)
  }
  async destroy(): Promise<void> {
    for (const thread of this.#all) await thread.close()
  }
}

function kyselyOver(threads: readonly SqliteThread[]): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new SqliteDriver(threads),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
}

const checkpointEveryMs = 1000

/**
 * Opens the SQLite file: one writer thread, `readers` reader threads, and one more thread that
 * moves the WAL into the file every second so that no sale waits for it.
 */
export async function openSqlite(
  path: string,
  { readers, busyMs }: { readers: number; busyMs: number },
): Promise<Database> {
  // The writer first: it makes the file and its WAL, which readers only find.
  const writerThread = await SqliteThread.start({ path, readOnly: false, busyMs })
  const [checkpointer, ...readerThreads] = await Promise.all([
    SqliteThread.start({ path, readOnly: false, busyMs }),
    ...Array.from({ length: readers }, () => SqliteThread.start({ path, readOnly: true, busyMs })),
  ])
  const writer = kyselyOver([writerThread])
  const read = kyselyOver(readerThreads)
  let moving: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    // A checkpoint that finds the file busy simply does less; the next one continues.
    moving = checkpointer.checkpoint().catch(() => undefined)
  }, checkpointEveryMs)
  timer.unref()
  return {
    dialect: 'sqlite',
    read,
    write: (work) => writer.transaction().execute(work),
    async close() {
      clearInterval(timer)
      await moving
      await read.destroy()
      await writer.destroy()
      await checkpointer.close()
    },
  }
}
