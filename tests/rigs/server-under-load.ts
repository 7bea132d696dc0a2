import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PushAnswer } from '@nexus/sync'
import type { Database } from '../../apps/server/src/db/database.ts'
import { migrate } from '../../apps/server/src/db/migrate.ts'
import { openMysql } from '../../apps/server/src/db/mysql.ts'
import { openSqlite } from '../../apps/server/src/db/sqlite.ts'
// Tells the compiler what Fastify's plugins add to requests.
import type {} from '../../apps/server/src/http/kit.ts'
import type {
  FromServer,
  KillPlan,
  ToServer,
} from '../../apps/server/src/modules/journal/testing/killable-server.ts'
import { ScriptedTill, testKey } from '../../apps/server/src/modules/journal/testing/scripted-till.ts'
import { startMariadb } from '../../apps/server/src/testing/mariadb.ts'

export type DatabasePlace = { sqlite: string } | { mysql: string }
type KillPoint = Pick<KillPlan, 'at' | 'nth'>

export async function openPlace(place: DatabasePlace): Promise<Database> {
  if ('sqlite' in place) return await openSqlite(place.sqlite, { readers: 1, busyMs: 5_000 })
  return await openMysql(place.mysql, { read: 2, write: 2, acquireMs: 10_000, queryMs: 30_000 })
}

/**
 * Makes an empty database `nexus` in a folder. A MariaDB that never stopped in peace does not survive a
 * kill: its first start leaves its own files in memory. A shop's was stopped long ago.
 */
export async function prepareMariadb(folder: string): Promise<void> {
  const first = await startMariadb('full', folder)
  const admin = await openPlace({ mysql: first.url('') })
  await admin.write((tx) => tx.schema.createSchema('nexus').execute())
  await admin.close()
  await first.stop()
}

/** Tills that sell and push without end, and the server process that they push to. */
export type LoadedServer = {
  /** Identities of the entries that were acknowledged so far, in order. */
  acknowledged: readonly string[]
  /** Starts the server; resolves when it is ready. The tills go on where its answers left them. */
  start(point?: KillPoint): Promise<void>
  /** Resolves when the server has ended by itself. */
  ended(): Promise<void>
  kill(): Promise<void>
  /** The tills stop selling; resolves when their last pushes were answered or the server is gone. */
  stopSelling(): Promise<void>
}

const tillCount = 4
const salesAPush = 3
/** A refused push is tried again so much later. */
const refusedMs = 50
const never: KillPoint = { at: 'never', nth: 1 }

/** Begins with an empty database. `preload` is a module that the server process loads first. */
export async function loadServer(place: DatabasePlace, preload?: string): Promise<LoadedServer> {
  const database = await openPlace(place)
  await migrate(database, { now: 0 })
  await database.close()
  const enrolment = testKey()
  const tills = Array.from({ length: tillCount }, (_, n) => new ScriptedTill(enrolment, { code: `K${n}` }))
  for (const till of tills) till.open()
  const plan = {
    ...place,
    enrolment: String(enrolment.privateKey.export({ format: 'pem', type: 'pkcs8' })),
    registers: Object.fromEntries(tills.map((till, n) => [till.place.register, n + 1])),
  }
  const script = new URL('../../apps/server/src/modules/journal/testing/killable-server.ts', import.meta.url)
  const acknowledged: string[] = []
  const told = tills.map(() => 0)
  let selling: Promise<unknown> = Promise.resolve()
  let isStopping = false
  let child: ChildProcess | undefined

  const sell = async (till: ScriptedTill, n: number, ask: Ask) => {
    while (!isStopping) {
      const from = told[n] ?? 0
      while (till.entries.length < from + salesAPush) till.sale()
      const { register, store } = till.place
      const caller = { kind: 'device', registerId: register, storeId: store, epoch: till.epoch } as const
      const answer = await ask({ caller, request: till.push(from + 1, till.entries.length) })
      if (answer === undefined) return
      if (answer === null) {
        await sleep(refusedMs)
        continue
      }
      acknowledged.push(...till.entries.slice(from, answer.head.seq).map(({ hash }) => hash))
      told[n] = answer.head.seq
    }
  }
  return {
    acknowledged,
    async start(point = never) {
      await selling
      const execArgv = preload === undefined ? [] : ['--import', preload]
      child = fork(script, [JSON.stringify({ ...plan, ...point } satisfies KillPlan)], { execArgv })
      const ask = await connectTo(child)
      selling = Promise.all(tills.map((till, n) => sell(till, n, ask)))
    },
    ended: async () => await (child && endOf(child)),
    async kill() {
      child?.kill('SIGKILL')
      await (child && endOf(child))
      await selling
    },
    async stopSelling() {
      isStopping = true
      await selling
    },
  }
}

/** null: refused. undefined: the server is gone. */
type Ask = (message: Omit<ToServer, 'id'>) => Promise<PushAnswer | null | undefined>

/** Asks over the process's channel. Every question that is open when the server ends is answered undefined. */
async function connectTo(child: ChildProcess): Promise<Ask> {
  const waiting = new Map<number, (answer: PushAnswer | null | undefined) => void>()
  let nextId = 1
  const ready = Promise.withResolvers<void>()
  child.on('message', (message: FromServer) => {
    if ('ready' in message) return ready.resolve()
    waiting.get(message.id)?.(message.answer)
    waiting.delete(message.id)
  })
  void endOf(child).then(() => {
    ready.resolve()
    for (const resolve of waiting.values()) resolve(undefined)
  })
  await ready.promise
  return async (message) =>
    await new Promise((resolve) => {
      const id = nextId++
      waiting.set(id, resolve)
      if (!child.connected) return resolve(undefined)
      child.send({ id, ...message } satisfies ToServer, (error) => error && resolve(undefined))
    })
}

function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}
