import { expect, test } from 'vitest'
import type { Context } from '../context.ts'
import { openShop } from '../testing/index.ts'
import { type ChainSize, seedChain } from './seed-chain.ts'

const size: ChainSize = {
  seed: 3,
  stores: 3,
  registersPerStore: 1,
  products: 60,
  staff: 9,
  days: 3,
  billsPerDay: 6,
}
const quiet = () => undefined

/** Numbers without their series code, and totals: what a chain sold, whatever its epochs are called. */
async function sold(context: Context): Promise<string[]> {
  const rows = await context.database.read
    .selectFrom('bill')
    .select(['store_no', 'day', 'serial', 'total_minor', 'tax_minor', 'discrepancies'])
    .orderBy('store_no')
    .orderBy('serial')
    .execute()
  expect(rows.filter((row) => row.discrepancies > 0)).toEqual([])
  return rows.map((row) => `${row.store_no} ${row.day} ${row.serial} ${row.total_minor} ${row.tax_minor}`)
}

test('a seeded chain sells by the real till core, and the server agrees with every figure', async () => {
  await using shop = await openShop()
  const made = await seedChain(shop.context, size, quiet)
  const bills = await sold(shop.context)
  expect(bills.length).toBe(made.bills)
  expect(made.bills).toBeGreaterThan(20)
  const incidents = await shop.context.database.read.selectFrom('incident').selectAll().execute()
  expect(incidents).toEqual([])
  const shifts = await shop.context.database.read.selectFrom('shift').select(['closed_at']).execute()
  expect(shifts.length).toBe(9)
  expect(shifts.every((shift) => shift.closed_at !== null)).toBe(true)
})

test('equal numbers give equal chains, and a second run adds nothing', async () => {
  await using one = await openShop()
  await using other = await openShop()
  await seedChain(one.context, size, quiet)
  await seedChain(other.context, size, quiet)
  expect(await sold(other.context)).toEqual(await sold(one.context))
  expect((await seedChain(one.context, size, quiet)).bills).toBe(0)
  expect(await sold(one.context)).toEqual(await sold(other.context))
})

test('a seeding that was stopped anywhere goes on and ends as one that was not', async () => {
  await using whole = await openShop()
  await seedChain(whole.context, size, quiet)
  for (const stopAt of ['people', 'products', 'rulebook', 'stock']) {
    await using shop = await openShop()
    const stopping = (line: string) => {
      if (line.includes(stopAt)) throw new Error('stopped')
    }
    await expect(seedChain(shop.context, size, stopping)).rejects.toThrow('stopped')
    await seedChain(shop.context, size, quiet)
    expect(await sold(shop.context)).toEqual(await sold(whole.context))
  }
})

test('a register that was half pushed is lived again by the same device, and no bill is there twice', async () => {
  await using whole = await openShop()
  await seedChain(whole.context, size, quiet)
  await using shop = await openShop()
  const { database } = shop.context
  let isOut = false
  const failing: Context = {
    ...shop.context,
    database: {
      ...database,
      async write(work) {
        const entries = await database.read.selectFrom('journal_entry').select('seq').limit(30).execute()
        isOut ||= entries.length === 30
        if (isOut) throw new Error('the power is out')
        return await database.write(work)
      },
    },
  }
  await expect(seedChain(failing, size, quiet)).rejects.toThrow()
  await seedChain(shop.context, size, quiet)
  expect(await sold(shop.context)).toEqual(await sold(whole.context))
})
