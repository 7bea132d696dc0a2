import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { PushAnswer, PushRequest } from '@nexus/sync'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import type { Context } from '../../../context.ts'
import { openMysql } from '../../../db/mysql.ts'
import { openSqlite } from '../../../db/sqlite.ts'
import type { DeviceCaller } from '../../../http/serve.ts'
import { salesProjector } from '../../sales/index.ts'
import { openJournal, type Projector } from '../index.ts'
import { enrolOwnWith } from './enrol-own.ts'

/** What the parent hands over: where the data is, and at which point this process ends itself. */
export type KillPlan = {
  sqlite?: string
  mysql?: string
  /** PEM; also HQ's key here. */
  enrolment: string
  /** Small keys by register. */
  registers: Record<string, number>
  /** `writing`: inside the transaction of the nth sale; `answering`: after COMMIT, before the answer. */
  at: 'writing' | 'answering' | 'never'
  nth: number
}
export type ToServer = { id: number; caller: DeviceCaller; request: PushRequest }
/** `answer` null: refused, nothing was stored. */
export type FromServer = { ready: true } | { id: number; answer: PushAnswer | null }

/** A server process over a real database that dies by SIGKILL; pushes arrive over the process's channel. */
async function run(plan: KillPlan): Promise<void> {
  const database = plan.sqlite
    ? await openSqlite(plan.sqlite, { readers: 1, busyMs: 5000 })
    : await openMysql(plan.mysql ?? '', { read: 2, write: 2, acquireMs: 10_000, queryMs: 30_000 })
  const privateKey = createPrivateKey(plan.enrolment)
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  const key = { privateKey, publicKeySpki: spki.toString('base64url'), keyId: '' }
  let left = plan.nth
  const die = () => process.kill(process.pid, 'SIGKILL')
  const killer: Projector = {
    name: 'killer',
    types: ['sale'],
    async apply(_, facts) {
      left -= plan.at === 'writing' ? facts.length : 0
      if (left <= 0) die()
    },
    clear: async () => {},
  }
  const context = {
    database,
    clock: { now: () => Date.now() },
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    secrets: { enrolment: key, hq: key },
    // as: the journal reads no setting and no other secret.
  } as unknown as Context
  const journal = await openJournal(context, {
    projectors: [salesProjector, killer],
    checkSale: async () => [],
    resolvePlace: async (_, __, registerId) => ({ storeNo: 1, registerNo: plan.registers[registerId] ?? 0 }),
    issuedKeys: { find: async () => undefined, keep: async () => undefined },
    noteHeartbeat: async () => undefined,
    enrolOwn: enrolOwnWith(key),
    noteAudit: async () => undefined,
    findIssuedEpoch: async () => undefined,
    retireEpoch: async () => undefined,
  })
  process.on('message', ({ id, caller, request }: ToServer) => {
    const told = (answer: PushAnswer | null) => process.send?.({ id, answer } satisfies FromServer)
    journal.push(caller, request).then(
      (answer) => {
        left -= plan.at === 'answering' ? request.entries.length : 0
        if (left <= 0) die()
        told(answer)
      },
      () => told(null),
    )
  })
  process.send?.({ ready: true } satisfies FromServer)
}

await run(JSON.parse(process.argv[2] ?? '{}') as KillPlan)
