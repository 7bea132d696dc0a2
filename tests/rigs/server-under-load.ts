import { type ChildProcess, fork } from 'node:child_process'
import type { PushAnswer } from '@nexus/sync'
import type { Database } from '../../apps/server/src/db/database.ts'
import { migrate } from '../../apps/server/src/db/migrate.ts'
import { openMysql } from '../../apps/server/src/db/mysql.ts'
import { openSqlite } from '../../apps/server/src/db/sqlite.ts'
import type {
  FromServer,
  KillPlan,
  ToServer,
} from '../../apps/server/src/modules/journal/testing/killable-server.ts'
import { ScriptedTill, testKey } from '../../apps/server/src/modules/journal/testing/scripted-till.ts'

export type DatabasePlace = { sqlite: string } | { mysql: string }

export async function openPlace(place: DatabasePlace): Promise<Database> {
  if ('sqlite' in place) return await openSqlite(place.sqlite, { readers: 1, busyMs: 5_000 })
  return await openMysql(place.mysql, { read: 2, write: 2, acquireMs: 10_000, queryMs: 30_000 })
}

/** A server process on its own database, with tills that sell and push without end. */
export type LoadedServer = {
  /** Identities of the entries that were acknowledged so far, in order. */
  acknowledged: readonly string[]
  stop(): Promise<void>
}

const tillCount = 4
const salesAPush = 3

/**
 * Begins with an empty database; `settle` is called when its tables are there and nothing was sold.
 * `preload` is a module that the server process loads first.
 */
export async function loadServer(
  place: DatabasePlace,
  { settle, preload }: { settle: () => Promise<void>; preload?: string | undefined },
): Promise<LoadedServer> {
  const database = await openPlace(place)
  await migrate(database, { now: 0 })
  await database.close()
  await settle()
  const enrolment = testKey()
  const tills = Array.from({ length: tillCount }, (_, n) => new ScriptedTill(enrolment, { code: `K${n}` }))
  for (const till of tills) till.open()
  const plan: KillPlan = {
    ...place,
    enrolment: String(enrolment.privateKey.export({ format: 'pem', type: 'pkcs8' })),
    registers: Object.fromEntries(tills.map((till, n) => [till.place.register, n + 1])),
    at: 'never',
    nth: 1,
  }
  const script = new URL('../../apps/server/src/modules/journal/testing/killable-server.ts', import.meta.url)
  const child = fork(script, [JSON.stringify(plan)], {
    execArgv: preload === undefined ? [] : ['--import', preload],
  })
  const ask = await connectTo(child)
  const acknowledged: string[] = []
  let isStopping = false
  const selling = tills.map(async (till) => {
    let told = 0
    while (!isStopping) {
      while (till.entries.length < told + salesAPush) till.sale()
      const { register, store } = till.place
      const caller = { kind: 'device', registerId: register, storeId: store, epoch: till.epoch } as const
      const answer = await ask({ caller, request: till.push(told + 1, till.entries.length) })
      if (answer === undefined) return
      acknowledged.push(...till.entries.slice(told, answer.head.seq).map(({ hash }) => hash))
      told = answer.head.seq
    }
  })
  return {
    acknowledged,
    async stop() {
      isStopping = true
      await Promise.all(selling)
      child.kill('SIGKILL')
      await endOf(child)
    },
  }
}

async function connectTo(
  child: ChildProcess,
): Promise<(message: Omit<ToServer, 'id'>) => Promise<PushAnswer | undefined>> {
  const waiting = new Map<number, (answer: PushAnswer | undefined) => void>()
  let nextId = 1
  const ready = Promise.withResolvers<void>()
  child.on('message', (message: FromServer) => {
    if ('ready' in message) return ready.resolve()
    waiting.get(message.id)?.(message.answer)
    waiting.delete(message.id)
  })
  void endOf(child).then(() => {
    ready.reject(new Error('the server ended'))
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
