import {
  cancelReplay,
  createOffer,
  getReplay,
  listBills,
  listReplays,
  type OfferDefinition,
  publishOffer,
  type ReplayReport,
  startReplay,
} from '@nexus/contract'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Job, startJobs } from '../../../jobs/index.ts'
import { seedChain } from '../../../seeding/seed-chain.ts'
import { administrator, openShop, type Shop, type Speaker } from '../../../testing/index.ts'
import { countPastBills, pastBills } from '../../sales/index.ts'
import { type PastBills, replayJob } from './job.ts'

const size = {
  seed: 5,
  stores: 3,
  registersPerStore: 1,
  products: 120,
  staff: 9,
  days: 4,
  billsPerDay: 20,
}
/** The seeded days end the day before the shop's clock. */
const span = { from: '2026-11-19', until: '2026-11-22' }
const half = {
  name: 'Everything at half price',
  effect: 'unit-off',
  selector: { everything: true },
  off: { percentBp: 5000 },
  priority: 0,
  from: Date.UTC(2027, 0, 1),
  until: Date.UTC(2027, 0, 8),
}
const real: PastBills = { count: countPastBills, read: pastBills }

/** The small chain with its bills, for all tests of this file: replays change nothing of it. */
let shop: Shop
beforeAll(async () => {
  shop = await openShop()
  await seedChain(shop.context, size, () => undefined)
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
})

async function draftIn(definition: OfferDefinition): Promise<number> {
  return (await shop.call(createOffer, { body: { definition } })).row.id
}

const begin = async (offerId: number, body: object = {}, speaker: Speaker = shop) =>
  (await speaker.call(startReplay, { params: { offerId }, body: { ...span, ...body } })).replayId

/** Runs a worker until every replay is over. */
async function work(job: Job = replayJob(shop.context, real)): Promise<void> {
  const jobs = startJobs({ ...shop.context, metrics: new Registry() }, [{ ...job, everyMs: 5 }])
  try {
    await vi.waitFor(
      async () => {
        const open = await shop.context.database.read
          .selectFrom('offer_replay')
          .select('id')
          .where('state', 'in', ['waiting', 'running'])
          .execute()
        expect(open).toEqual([])
      },
      { timeout: 60_000, interval: 20 },
    )
  } finally {
    await jobs.stop()
  }
}

const reportOf = async (offerId: number, replayId: string, speaker: Speaker = shop): Promise<ReplayReport> =>
  await speaker.call(getReplay, { params: { offerId, replayId } })

function resultOf({ result }: ReplayReport) {
  if (result === null) throw new Error('the replay is done')
  return result
}

test('[PRC-10b] the live rules first give again every discount of a seeded chain, to the paisa', async () => {
  const offerId = await draftIn(half)
  const replayId = await begin(offerId)
  expect(await reportOf(offerId, replayId)).toMatchObject({ state: 'waiting', result: null })
  await work()

  const report = await reportOf(offerId, replayId)
  const sums = await shop.context.database.read
    .selectFrom('bill')
    .select(({ fn }) => [
      fn.countAll<number>().as('bills'),
      fn.sum<number>('discount_minor').as('discountMinor'),
      fn.sum<number>('total_minor').as('totalMinor'),
    ])
    .where('kind', 'in', ['I', 'B'])
    .executeTakeFirstOrThrow()
  expect(sums.bills).toBeGreaterThan(150)
  expect(report).toMatchObject({ state: 'done', billsDone: sums.bills, billsTotal: sums.bills })
  const result = resultOf(report)
  expect(result.reproduced).toEqual({ bills: sums.bills, differing: 0, differences: [] })
  expect(result.discountMinor.beforeMinor).toBe(sums.discountMinor)
  expect(result.netMinor.beforeMinor).toBe(sums.totalMinor)
})

test('[PRC-10a] a replay tells what changes: bills, discount, net, stores, clashes and a sample', async () => {
  const offerId = await draftIn(half)
  const replayId = await begin(offerId)
  await work()
  const result = resultOf(await reportOf(offerId, replayId))

  // Half of everything is nearly always best, though its own dates lie in the future.
  expect(result.changed).toBeGreaterThan(0.9 * result.bills)
  expect(result.draft.bills).toBe(result.changed)
  expect(result.draft.applications).toBeGreaterThan(result.draft.bills)
  expect(result.discountMinor.afterMinor).toBeGreaterThan(result.discountMinor.beforeMinor)
  expect(result.netMinor.afterMinor).toBeLessThan(result.netMinor.beforeMinor)
  expect(result.stores.length).toBe(3)
  for (const member of ['bills', 'changed'] as const) {
    expect(result.stores.reduce((sum, store) => sum + store[member], 0)).toBe(result[member])
  }
  for (const member of ['discountMinor', 'netMinor'] as const) {
    for (const side of ['beforeMinor', 'afterMinor'] as const) {
      expect(result.stores.reduce((sum, store) => sum + store[member][side], 0)).toBe(result[member][side])
    }
  }
  // 15% off Lips loses its units to it.
  expect(result.clashes.map(({ name }) => name)).toContain('Any 2 from Lips: 15% off')
  expect(result.marginMinor).toBe(null)
  expect(result.customers).toBe(null)
  expect(result.sample.length).toBe(50)
  const changes = result.sample.map(({ totalMinor }) => totalMinor.beforeMinor - totalMinor.afterMinor)
  expect(changes).toEqual(changes.toSorted((one, other) => other - one))
  const first = result.sample[0]
  const bills = await shop.call(listBills, { query: { q: first?.number ?? '' } })
  expect(bills.rows[0]).toMatchObject({
    identity: first?.identity,
    totalMinor: first?.totalMinor.beforeMinor,
    storeName: first?.storeName,
  })
})

test('[PRC-10f] a budget runs out in the order of time, over all stores', async () => {
  const offerId = await draftIn({ ...half, limits: { budgetMinor: 500_000 } })
  const replayId = await begin(offerId)
  await work()
  const result = resultOf(await reportOf(offerId, replayId))
  expect(result.draft.givenMinor).toBeGreaterThanOrEqual(500_000)
  expect(result.draft.bills).toBeGreaterThan(1)
  expect(result.draft.bills).toBeLessThan(result.bills)
  // The bill that uses the budget up is admitted whole, and no bill after it has the draft.
  const last = Math.max(...result.sample.map(({ at }) => at))
  const { rows } = await shop.call(listBills, { query: { sort: 'at', pageSize: 200 } })
  const sold = rows.filter(({ kind }) => kind === 'I' || kind === 'B')
  expect(sold.filter(({ at }) => at <= last).length).toBe(result.draft.bills)
})

test('a replay of some days and stores sees these only', async () => {
  const offerId = await draftIn(half)
  const store = await shop.context.database.read
    .selectFrom('store')
    .select(['id', 'no'])
    .where('no', '=', 2)
    .executeTakeFirstOrThrow()
  const body = { from: '2026-11-20', until: '2026-11-21', storeIds: [store.id] }
  const replayId = await begin(offerId, body)
  await work()
  const { bills } = await shop.context.database.read
    .selectFrom('bill')
    .select(({ fn }) => fn.countAll<number>().as('bills'))
    .where('store_no', '=', store.no)
    .where('day', 'in', ['2026-11-20', '2026-11-21'])
    .where('kind', 'in', ['I', 'B'])
    .executeTakeFirstOrThrow()
  const result = resultOf(await reportOf(offerId, replayId))
  expect(result.bills).toBe(bills)
  expect(result.stores.map(({ storeId }) => storeId)).toEqual([store.id])
})

test('a replay that a worker left is begun again by the next and ends as one that was not', async () => {
  const offerId = await draftIn(half)
  const first = await begin(offerId)
  await work()
  const whole = resultOf(await reportOf(offerId, first))

  const second = await begin(offerId)
  let portions = 0
  const dying: PastBills = {
    ...real,
    async *read(db, some) {
      for await (const bills of real.read(db, some)) {
        if (++portions === 3) await new Promise(() => undefined)
        yield bills
      }
    },
  }
  // The worker is never heard of again: its round does not end.
  void replayJob(shop.context, dying).run({ hold: async () => undefined })
  await vi.waitFor(() => expect(portions).toBe(3), { timeout: 20_000 })
  expect(await reportOf(offerId, second)).toMatchObject({ state: 'running', result: null })
  await work()
  expect(resultOf(await reportOf(offerId, second))).toEqual(whole)
})

test('a replay that was cancelled stops, also under way, and stays so', async () => {
  const offerId = await draftIn(half)
  const params = { offerId, replayId: await begin(offerId) }
  await shop.call(cancelReplay, { params })
  expect(await reportOf(offerId, params.replayId)).toMatchObject({ state: 'cancelled' })

  const running = { offerId, replayId: await begin(offerId) }
  let portions = 0
  const endless: PastBills = {
    ...real,
    async *read(db, some) {
      const { value } = await real.read(db, some).next()
      for (; portions < 1000; portions++) {
        if (portions === 1) await shop.call(cancelReplay, { params: running })
        yield value ?? []
      }
    },
  }
  await work(replayJob(shop.context, endless))
  expect(await reportOf(offerId, running.replayId)).toMatchObject({ state: 'cancelled', result: null })
  // It looks whether it is still wanted every thousand bills.
  expect(portions).toBeLessThan(100)
  await shop.call(cancelReplay, { params: running })
  const { replays } = await shop.call(listReplays, { params: { offerId } })
  expect(replays.map(({ replayId, state }) => [replayId, state])).toEqual([
    [running.replayId, 'cancelled'],
    [params.replayId, 'cancelled'],
  ])
})

test('a replay that fails says so in a sentence, and the next is run', async () => {
  const offerId = await draftIn(half)
  const first = await begin(offerId)
  const second = await begin(offerId)
  let isFirst = true
  const failing: PastBills = {
    ...real,
    read(db, some) {
      if (!isFirst) return real.read(db, some)
      isFirst = false
      // biome-ignore lint/correctness/useYield: it fails before it yields
      return (async function* () {
        throw new Error('a disk is broken')
      })()
    },
  }
  await work(replayJob(shop.context, failing))
  const failed = await reportOf(offerId, first)
  expect(failed).toMatchObject({ state: 'failed', result: null })
  expect(failed.message).toMatch(/^The replay stopped .*Start it again/)
  expect(failed.message).not.toContain('disk')
  expect(await reportOf(offerId, second)).toMatchObject({ state: 'done' })
})

test('what cannot be replayed is refused with a way out', async () => {
  const offerId = await draftIn(half)
  const codeOf = async (promise: Promise<unknown>) =>
    await promise.then(
      () => 'none',
      (error: unknown) => (error as { code?: string }).code,
    )
  expect(await codeOf(begin(77))).toBe('offer/not-found')
  expect(await codeOf(begin(offerId, { from: '2026-11-22', until: '2026-11-21' }))).toBe('replay/span')
  expect(await codeOf(begin(offerId, { from: '2026-02-30' }))).toBe('replay/span')
  expect(await codeOf(begin(offerId, { from: '2025-11-20' }))).toBe('replay/span')
  expect(await codeOf(begin(offerId, { from: '2025-11-21' }))).toBe('none')
  const nowhere = '01890000-0000-7000-8000-0000000000ff'
  expect(await codeOf(begin(offerId, { storeIds: [nowhere] }))).toBe('store/not-found')
  const faulty = await draftIn({ ...half, off: { percentBp: 0 } })
  expect(await codeOf(begin(faulty))).toBe('offer/has-faults')
  await shop.call(publishOffer, { params: { offerId } })
  expect(await codeOf(begin(offerId))).toBe('offer/not-draft')
  const replayId = nowhere
  expect(await codeOf(reportOf(offerId, replayId))).toBe('replay/not-found')
})

test('whoever is bound to stores replays these, and sees no bill of others', async () => {
  const offerId = await draftIn(half)
  const stores = await shop.context.database.read.selectFrom('store').select('id').orderBy('no').execute()
  const own = stores[0]?.id ?? ''
  const bound = shop.as({ ...administrator, storeIds: [own] })
  const mine = await begin(offerId, {}, bound)
  const everybodys = await begin(offerId)
  await expect(begin(offerId, { storeIds: [stores[1]?.id] }, bound)).rejects.toMatchObject({
    code: 'session/not-allowed',
  })
  await work()
  const result = resultOf(await reportOf(offerId, mine, bound))
  expect(result.stores.map(({ storeId }) => storeId)).toEqual([own])
  await expect(reportOf(offerId, everybodys, bound)).rejects.toMatchObject({ code: 'session/not-allowed' })
  const { replays } = await bound.call(listReplays, { params: { offerId } })
  expect(replays.map(({ replayId }) => replayId)).toEqual([mine])
})
