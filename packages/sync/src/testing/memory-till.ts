import type { Random, TillPorts, Transport } from '../ports.ts'
import { type Retention, usualRetention } from '../till/retention.ts'
import { openTillJournal } from '../till/till-journal.ts'
import type { TillJournal } from '../till/types.ts'
import {
  type Disk,
  emptyDisk,
  MemoryClock,
  memoryKeys,
  memoryPrimary,
  memoryTwin,
  memoryVerify,
  nodeSha256,
  Power,
} from './memory-ports.ts'
import type { MemoryServer } from './memory-server.ts'
import { seededRandom } from './seeded-random.ts'

/** A till in memory: its disk survives, its power and journal are of one run. */
export type MemoryTill = {
  disk: Disk
  power: Power
  clock: MemoryClock
  random: Random
  ports: TillPorts
  journal: TillJournal
}

export const testApp = { app: 'test-1', engine: 1 }

/** A transport straight to a server in memory, without any network between. */
export function directTransport(server: MemoryServer): Transport {
  return {
    enrol: async (request) => structuredClone(server.enrol(request)),
    hello: async (request) => structuredClone(server.hello(request)),
    push: async (request) => structuredClone(server.push(request)),
    heartbeat: async (request) => structuredClone(server.heartbeat(request)),
  }
}

/** Starts a till over a disk: the first time an empty one. */
export async function startTill(
  transport: Transport,
  {
    disk = emptyDisk(),
    seed = 1,
    wallMs,
    kept = usualRetention,
  }: {
    disk?: Disk
    seed?: number
    wallMs: number
    kept?: Retention
  },
): Promise<MemoryTill> {
  const power = new Power()
  const random = seededRandom(seed)
  const clock = new MemoryClock(wallMs, random.uuid(wallMs))
  const ports: TillPorts = {
    clock,
    random,
    sha256: nodeSha256,
    keys: memoryKeys(disk, random),
    verify: memoryVerify,
    primary: memoryPrimary(disk, power),
    twin: memoryTwin(disk, power),
    transport,
  }
  const journal = await openTillJournal(ports, testApp, kept)
  return { disk, power, clock, random, ports, journal }
}

/** Starts and enrols a till with a new register of the server. */
export async function enrolledTill(
  server: MemoryServer,
  options: { disk?: Disk; seed?: number; wallMs: number; kept?: Retention },
): Promise<MemoryTill> {
  const till = await startTill(directTransport(server), options)
  await till.journal.enrol({
    code: server.issueCode(),
    storage: { persisted: true, quotaBytes: null, usageBytes: null },
  })
  return till
}

/** Steps the sync loop until it has nothing left to do. */
export async function pushAll(journal: TillJournal, stepsMax = 200): Promise<void> {
  for (let step = 0; step < stepsMax; step++) {
    const outcome = await journal.pushOnce()
    if (outcome.kind === 'failed') throw new Error('A step of the sync loop failed', { cause: outcome.cause })
    if (outcome.kind === 'idle' || outcome.kind === 'beat' || outcome.kind === 'not-enrolled') return
  }
  throw new Error(`The till still had work after ${stepsMax} steps`)
}
