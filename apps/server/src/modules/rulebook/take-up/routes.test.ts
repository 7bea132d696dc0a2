import { createOffer, getOfferTakeUp, publishOffer, tillOfferUses } from '@nexus/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedChain } from '../../../seeding/seed-chain.ts'
import { administrator, openShop, type Shop, tillCaller } from '../../../testing/index.ts'

const size = { seed: 5, stores: 3, registersPerStore: 1, products: 120, staff: 9, days: 4, billsPerDay: 20 }
/** Coupon with a budget; its number in the order of the seeded offers. */
const coupon = 3

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
  await seedChain(shop.context, size, () => undefined)
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
})

const takeUpOf = async (offerId: number, speaker: Pick<Shop, 'call'> = shop) =>
  await speaker.call(getOfferTakeUp, { params: { offerId } })

test('what offers gave adds up to what bills took off for them, less what came back', async () => {
  const { read } = shop.context.database
  const offers = await read.selectFrom('offer').select('id').where('state', '=', 'published').execute()
  let givenMinor = 0
  for (const { id } of offers) {
    const takeUp = await takeUpOf(id)
    givenMinor += takeUp.givenMinor
    for (const part of [takeUp.days, takeUp.stores]) {
      expect(part.reduce((sum, one) => sum + one.givenMinor, 0)).toBe(takeUp.givenMinor)
      expect(part.reduce((sum, one) => sum + one.bills, 0)).toBe(takeUp.bills)
    }
    const days = takeUp.days.map(({ day }) => day)
    expect(days).toEqual([...days].sort())
  }
  const rows = await read.selectFrom('journal_entry').select('bytes').execute()
  let expectedMinor = 0
  for (const { bytes } of rows) {
    const entry = JSON.parse(Buffer.from(bytes).toString())
    if (entry.type !== 'sale') continue
    for (const { kind, lines } of entry.body.documents) {
      for (const steps of lines.offers) {
        for (const [, amountMinor] of steps) expectedMinor += (kind === 'C' ? -1 : 1) * amountMinor
      }
    }
  }
  expect(expectedMinor).toBeGreaterThan(100_000)
  expect(givenMinor).toBe(expectedMinor)
})

test('[PRC-11c] a budget says what was given out of it, and an offer nobody took stands at nothing', async () => {
  const takeUp = await takeUpOf(coupon)
  expect(takeUp.bills).toBeGreaterThan(0)
  expect(takeUp.budget).toEqual({ budgetMinor: 50_000_000, usedMinor: takeUp.givenMinor, excessMinor: 0 })
  expect(takeUp.total).toBe(null)
  const limits = { total: 10, budgetMinor: 5 }
  const definition = { name: 'New', effect: 'unit-off', selector: { everything: true }, limits }
  const { row } = await shop.call(createOffer, { body: { definition } })
  expect(await takeUpOf(row.id)).toEqual({
    bills: 0,
    givenMinor: 0,
    budget: { budgetMinor: 5, usedMinor: 0, excessMinor: 0 },
    total: { applications: 10, used: 0, excess: 0 },
    days: [],
    stores: [],
  })
  await expect(takeUpOf(99)).rejects.toMatchObject({ code: 'offer/not-found' })
})

test('whoever is bound to a store sees what was given there', async () => {
  const whole = await takeUpOf(coupon)
  const [store] = whole.stores
  if (store === undefined) throw new Error('the coupon was used')
  const bound = shop.as({ ...administrator, storeIds: [store.storeId] })
  const own = await takeUpOf(coupon, bound)
  expect(own.stores).toEqual([store])
  expect(own.givenMinor).toBe(store.givenMinor)
  expect(own.days.reduce((sum, day) => sum + day.givenMinor, 0)).toBe(store.givenMinor)
  expect((await takeUpOf(coupon, shop.as({ ...administrator, storeIds: [] }))).days).toEqual([])
})

test('[PRC-11a] a till is told of published offers that are limited in all', async () => {
  const till = shop.as(tillCaller('r', 's', 'e'))
  const before = await till.call(tillOfferUses, {})
  expect(before.asOf).toBe(shop.clock.now())
  expect(before.uses.map(({ offerId }) => offerId)).toEqual([coupon, 9])
  expect(before.uses[0]?.givenMinor).toBe((await takeUpOf(coupon)).givenMinor)
  const definition = {
    name: 'First hundred',
    effect: 'unit-off',
    selector: { everything: true },
    off: { percentBp: 500 },
    limits: { total: 100 },
    priority: 0,
    from: 0,
  }
  const { row } = await shop.call(createOffer, { body: { definition } })
  await shop.call(publishOffer, { params: { offerId: row.id } })
  expect((await till.call(tillOfferUses, {})).uses.at(-1)).toEqual({
    offerId: row.id,
    total: 0,
    givenMinor: 0,
  })
})
