import { createHmac, randomBytes, randomUUIDv7 } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type EnrolTillAnswer,
  enrolTill,
  heartbeatTill,
  helloTill,
  Problem,
  pushTill,
  type StoreServerStatus,
} from '@nexus/contract'
import { Forwarder, type Marks } from '@nexus/sync'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Gauge } from 'prom-client'
import type { Context } from '../../context.ts'
import { type DeviceCaller, serve } from '../../http/serve.ts'
import { type AcceptPath, countWaiting, selectHqMarks, standing } from '../journal/index.ts'
import { authenticateDevice, issueDeviceToken, selectRegisters } from '../stores/index.ts'
import { openCopies } from './copies.ts'
import { startForwarding } from './forwarding.ts'
import { hqAway, isRefusal, openHeadquarters } from './headquarters.ts'
import { type Link, serverRelease } from './link.ts'
import { fetchMasters, keptMasters } from './masters.ts'
import { knownHqGeneration, ownJournal } from './own-journal.ts'
import { openReads } from './reads.ts'
import { sayHello } from './say-hello.ts'
import type { VouchedKeys } from './vouched-keys.ts'

/** Heartbeats and hellos of tills bring what they read; the rulebook is looked at as often as by a till. */
const rulebookEveryMs = 60_000

export type Hop = {
  routes(app: FastifyInstance): void
  authenticate(request: FastifyRequest): Promise<DeviceCaller>
  /** Pages of this origin may call: the tills' app of headquarters. */
  isGuest(origin: string): boolean
  /** Begins to forward and to keep copies fresh. */
  start(): void
  /** Lets requests to headquarters finish. */
  stop(): Promise<void>
}

export type HopParts = {
  vouched: VouchedKeys
  /** Where tills reach it, once it listens. */
  address(): string | null
}

/** The store server over its own journal. */
export async function openHop(
  context: Context,
  link: Link,
  journal: AcceptPath,
  { address, vouched }: HopParts,
): Promise<Hop> {
  const { database, clock, log, secrets } = context
  const db = database.read
  let generation = await knownHqGeneration(context)
  let masters = await keptMasters(context)
  let fetching: Promise<unknown> | undefined

  /** Passes end when headquarters begins another life: every till then says hello, which is passed on. */
  const passes = () => {
    const token = createHmac('sha256', secrets.token)
      .update(`hq-generation:${generation ?? ''}`)
      .digest()
    return { clock, secrets: { ...secrets, token } }
  }
  let authenticate = authenticateDevice(passes())

  async function status(): Promise<StoreServerStatus> {
    const waiting = await countWaiting(db)
    const registers = await selectRegisters(db, { storeIds: [link.storeId] })
    return {
      app: serverRelease,
      address: address(),
      queuedEntries: waiting.entries,
      queuedSince: waiting.since,
      registers: registers.flatMap(({ id, status }) =>
        status.lastSeenAt === null
          ? []
          : [
              {
                registerId: id,
                lastSeenAt: status.lastSeenAt,
                app: status.app,
                clockSkewMs: status.clockSkewMs,
                queuedEntries: status.queuedEntries,
                queuedMinor: status.queuedMinor,
              },
            ],
      ),
    }
  }

  const hq = openHeadquarters(link, clock, status, (version) => {
    if (version !== masters?.version) void freshMasters().catch(() => undefined) // Told again in half a minute.
  })
  async function freshMasters(): Promise<void> {
    fetching ??= fetchMasters(context, hq)
      .then((fetched) => {
        masters = fetched
      })
      .finally(() => {
        fetching = undefined
      })
    await fetching
  }

  // Before the first tills come: without registers it knows none of them. HQ was there a moment ago to join.
  if (masters === undefined) await freshMasters().catch(() => undefined)

  const forwarder = new Forwarder({
    journal: ownJournal(context, {
      journal,
      storeId: link.storeId,
      vouched,
      onGeneration(entered) {
        generation = entered
        authenticate = authenticateDevice(passes())
      },
    }),
    hq,
    random: { uuid: () => randomUUIDv7(), bytes: (length) => randomBytes(length) },
    now: () => clock.now(),
  })
  new Gauge({
    name: 'nexus_store_server_waiting',
    help: 'Entries that headquarters is not known to have.',
    registers: [context.metrics],
    collect() {
      this.set(forwarder.waiting)
    },
  })
  const isConnected = () => forwarder.isConnected
  const reads = openReads(context, hq, openCopies(context.config), {
    storeId: link.storeId,
    address,
    isConnected,
  })

  /** `stored` is this server's own; the others are headquarters', as it said them (JRN-9b). */
  async function withHqMarks<T extends { marks: Marks }>(epoch: string, answer: T): Promise<T> {
    const said = (await selectHqMarks(db, [epoch])).get(epoch) ?? { received: null, durable: null }
    return { ...answer, marks: { stored: answer.marks.stored, ...said } }
  }
  const helloTools = {
    hq,
    vouch: vouched.keep,
    storeId: link.storeId,
    isConnected,
    fetchMasters: freshMasters,
    standing: async (from: typeof db, request: Parameters<typeof standing>[2]) => {
      const own = await standing(from, secrets, request)
      const said = await selectHqMarks(
        from,
        request.heads.map(({ epoch }) => epoch),
      )
      const marks = own.marks.map(({ stored }, index) => {
        const epoch = request.heads[index]?.epoch ?? ''
        return { stored, ...(said.get(epoch) ?? { received: null, durable: null }) }
      })
      return { ...own, marks }
    },
    issuePass: (place: Parameters<typeof issueDeviceToken>[1]) => issueDeviceToken(passes(), place),
  }

  const stopping = new AbortController()
  let forwarding: ReturnType<typeof startForwarding> | undefined
  let keeping: Promise<void> | undefined
  async function keepFresh(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (isConnected()) await reads.fetchRulebook().catch((err) => log.debug({ err }, 'no rulebook came'))
      const pauseMs = isConnected() ? rulebookEveryMs : 1000
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  return {
    authenticate: (request) => authenticate(request),
    isGuest: (origin) => origin === link.hq || origin === masters?.tillOrigin,
    routes(app) {
      serve(app, helloTill, async ({ body }) => await sayHello(context, helloTools, body))
      serve(app, pushTill, async ({ caller, body }) => {
        const answer = await journal.push(caller, body)
        const { epoch, seq, hash } = answer.head
        if (seq > 0) {
          forwarder.moved({ register: body.register, epoch, seq, hash })
          if (isConnected()) forwarding?.wake()
        }
        return await withHqMarks(body.epoch, answer)
      })
      serve(app, heartbeatTill, async ({ caller, body }) => {
        return await withHqMarks(body.epoch, await journal.heartbeat(caller, body))
      })
      serve(app, enrolTill, async ({ body }) => {
        let answer: EnrolTillAnswer
        try {
          answer = await hq.askOpenly(enrolTill, { body })
        } catch (cause) {
          if (isRefusal(cause)) throw cause
          throw hqAway(cause)
        }
        const { store, register } = answer.place
        if (store.id !== link.storeId) {
          throw new Problem(
            'device/unknown',
            'The code is for a register of another store. Enrol this till at headquarters’ own address.',
          )
        }
        await freshMasters().catch(() => undefined) // The next standing brings them.
        const { epoch } = readEpoch(answer)
        const token = helloTools.issuePass({ registerId: register.id, storeId: store.id, epoch })
        return { ...answer, token, place: { ...answer.place, storeServer: address() } }
      })
      reads.routes(app)
    },
    start() {
      forwarding = startForwarding(forwarder, log)
      keeping = keepFresh()
    },
    async stop() {
      stopping.abort()
      await forwarding?.stop()
      await keeping
    },
  }
}

/** Epoch of an enrolment; headquarters made its certificate. */
function readEpoch({ enrolment }: EnrolTillAnswer): { epoch: string } {
  return JSON.parse(Buffer.from(enrolment.certificate, 'base64url').toString())
}
