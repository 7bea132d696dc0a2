import { localDate, type Rulebook } from '@nexus/domain'
import { type Chain, inventChain, tradingDays } from '@nexus/seed'
import type { Context } from '../context.ts'
import { claimInstallation } from '../modules/platform/index.ts'
import { newestVersion, publishRulebook, rulebookReader } from '../modules/rulebook/index.ts'
import { readProgress, type SeedProgress, writeProgress } from './progress.ts'
import { seedBills } from './seed-bills.ts'
import { type Say, seedCatalogue, seedPlaces, seedStaff, seedStock } from './seed-masters.ts'
import { seedOffers } from './seed-offers.ts'

/** The small chain that `nexus start` makes in an empty folder: five stores in three States. */
export const demoChain = {
  seed: 7,
  stores: 5,
  registersPerStore: 2,
  products: 2000,
  staff: 23,
  days: 30,
  billsPerDay: 20,
}
export type ChainSize = typeof demoChain

/**
 * Makes the invented chain in this installation and lives its days up to yesterday. A seeding that was
 * stopped goes on with its own numbers. Answers the number of bills written now.
 *
 * Throws when the installation holds a real shop.
 */
export async function seedChain(
  context: Context,
  size: ChainSize,
  say: Say,
): Promise<{ bills: number; size: ChainSize }> {
  await claimInstallation(context, 'demo')
  const begun = readProgress(context.config)
  const progress: SeedProgress = begun ?? {
    options: { ...size, today: localDate(context.clock.now()) },
    codes: {},
    finished: [],
  }
  const { options } = progress
  if (begun) say(`going on with the chain of ${options.stores} stores that was begun …`)
  else writeProgress(context.config, progress)
  const chain = inventChain(options)
  const firstDay = tradingDays(options.today, Math.max(1, options.days))[0] ?? options.today
  await seedPlaces(context, chain, say)
  await seedStaff(context, chain, say)
  await seedCatalogue(context, chain, firstDay, say)
  const rulebook = await publish(context, chain, firstDay, say)
  await seedStock(context, chain, options.seed, say)
  const bills = options.days === 0 ? 0 : await seedBills(context, chain, rulebook, progress, say)
  return { bills, size: options }
}

/** The chain's rulebook with its offers, published once. */
async function publish(context: Context, chain: Chain, firstDay: string, say: Say): Promise<Rulebook> {
  say('the rulebook …')
  const { read } = context.database
  if (!(await newestVersion(read))) {
    await seedOffers(context, chain, firstDay)
    await publishRulebook(context, { note: 'First version', by: null })
  }
  const newest = await newestVersion(read)
  const ids = chain.products.map((_, index) => index + 1)
  const rulebook = newest && (await rulebookReader(context).find(newest.version, ids))
  if (!rulebook) throw new Error('a published rulebook can be read')
  return rulebook
}
