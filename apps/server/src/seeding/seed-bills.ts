import { call, enrolTill, heartbeatTill, helloTill, pushTill } from '@nexus/contract'
import { type Rulebook, startOfDate } from '@nexus/domain'
import {
  type Chain,
  popularity,
  type RegisterLife,
  type SavedTill,
  type SeedStore,
  shoppingDay,
  startRegister,
  tradingDays,
} from '@nexus/seed'
import type { Transport } from '@nexus/sync'
import { Registry } from 'prom-client'
import { buildApp } from '../build-app.ts'
import type { Context } from '../context.ts'
import { injectFetch } from '../http/inject-fetch.ts'
import { foldStock } from '../modules/inventory/index.ts'
import { createEnrolmentCode, issueDeviceToken } from '../modules/stores/index.ts'
import { dropBatch, readBatch, type SeedProgress, writeBatch, writeProgress } from './progress.ts'
import type { Say } from './seed-masters.ts'

/** Registers that live their days side by side, so that their pushes share commits. */
const registersAtOnce = 16
/** All tills of a batch push at this time of the day, so that one clock serves server and tills. */
const pushAtMs = 23 * 3_600_000

type Register = { store: SeedStore; storeIndex: number; id: string; number: number }

/**
 * Lets every register of the chain live its days by the real till core and pushes them through the real
 * routes. Answers the number of bills.
 */
export async function seedBills(
  context: Context,
  chain: Chain,
  rulebook: Rulebook,
  progress: SeedProgress,
  say: Say,
): Promise<number> {
  const { options } = progress
  const registers = chain.stores.flatMap((store, storeIndex) =>
    store.registers.map(({ id, number }): Register => ({ store, storeIndex, id, number })),
  )
  const finished = new Set(progress.finished)
  const missing = registers.filter((register) => !finished.has(register.id))
  const days = tradingDays(options.today, options.days)
  let now = context.clock.now()
  // An app of its own for the length of the seeding: other figures, the tills' clock, no line a request.
  const log = context.log.child({}, { level: 'warn' })
  const seeding: Context = { ...context, log, clock: { now: () => now }, metrics: new Registry() }
  const app = await buildApp(seeding)
  const draw = popularity(chain)
  const perRegister = options.billsPerDay / options.registersPerStore
  const expected = registers.length * options.days * perRegister
  const startedAt = performance.now()
  let bills = 0
  try {
    await app.ready()
    for (let from = 0; from < missing.length; from += registersAtOnce) {
      const batch = missing.slice(from, from + registersAtOnce)
      const begun = readBatch(context.config)
      now = startOfDate(days[0] ?? options.today)
      const lives: { register: Register; life: RegisterLife }[] = []
      for (const register of batch) {
        const saved = begun?.tills[register.id]
        const life = await begin(
          seeding,
          app,
          chain,
          rulebook,
          register,
          progress,
          days[0] ?? options.today,
          saved,
        )
        lives.push({ register, life })
      }
      const pushAll = async (day: string) => {
        now = startOfDate(day) + pushAtMs
        await Promise.all(
          lives.map(async ({ life }) => {
            life.clock.set(now)
            await life.push()
          }),
        )
      }
      for (const [dayNumber, day] of days.entries()) {
        if (begun && dayNumber < begun.lived) {
          if (dayNumber === begun.lived - 1) await pushAll(day)
          continue
        }
        for (const { register, life } of lives) {
          const { storeIndex, number } = register
          bills += await life.liveDay(
            day,
            shoppingDay(options.seed, storeIndex, number, dayNumber, perRegister, draw),
          )
        }
        const tills = Object.fromEntries(lives.map(({ register, life }) => [register.id, life.save()]))
        writeBatch(context.config, { lived: dayNumber + 1, tills })
        await pushAll(day)
        if (dayNumber % 30 === 29)
          say(progressLine(bills, expected, finished.size * options.days * perRegister, startedAt))
      }
      progress.finished.push(...batch.map((register) => register.id))
      writeProgress(context.config, progress)
      dropBatch(context.config)
      while ((await context.database.write((tx) => foldStock(tx))) > 0);
    }
  } finally {
    await app.close()
  }
  return bills
}

async function begin(
  context: Context,
  app: Awaited<ReturnType<typeof buildApp>>,
  chain: Chain,
  rulebook: Rulebook,
  register: Register,
  progress: SeedProgress,
  firstDay: string,
  saved: SavedTill | undefined,
): Promise<RegisterLife> {
  const { store } = register
  let code = progress.codes[register.id]
  if (code === undefined) {
    code = (
      await createEnrolmentCode(context, register.id, { by: null, how: 'seed', origin: 'http://localhost' })
    ).code
    progress.codes[register.id] = code
    writeProgress(context.config, progress)
  }
  const inside = injectFetch(app)
  const asDevice = (epoch: string) => ({
    baseUrl: '',
    fetch: inside,
    headers: () => ({
      authorization: `Bearer ${issueDeviceToken(context, { registerId: register.id, storeId: store.id, epoch }).token}`,
    }),
  })
  const transport: Transport = {
    enrol: (request) => call({ baseUrl: '', fetch: inside }, enrolTill, { body: request }),
    hello: (request) => call({ baseUrl: '', fetch: inside }, helloTill, { body: request }),
    push: (request) => call(asDevice(request.epoch), pushTill, { body: request }),
    heartbeat: (request) => call(asDevice(request.epoch), heartbeatTill, { body: request }),
  }
  const life = await startRegister(
    progress.options.seed,
    register.storeIndex * 100 + register.number,
    {
      storeId: store.id,
      registerId: register.id,
      regionId: store.regionId,
      state: store.state,
      productIds: chain.products.map((_, index) => index + 1),
      rulebook,
      staffIds: chain.staff.filter((person) => person.storeId === store.id).map((person) => person.id),
      language: 'en',
    },
    transport,
    firstDay,
    saved,
  )
  if (!saved)
    await life.journal.enrol({ code, storage: { persisted: true, quotaBytes: null, usageBytes: null } })
  return life
}

function progressLine(bills: number, expected: number, before: number, startedAt: number): string {
  const perSecond = (bills * 1000) / (performance.now() - startedAt)
  const left = Math.max(0, (expected - before - bills) / perSecond)
  return `${bills.toLocaleString('en-IN')} bills, ${perSecond.toFixed(0)} a second, about ${Math.ceil(left / 60)} min left …`
}
