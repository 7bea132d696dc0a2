import type { OfferTakeUp, OfferUsesForTills } from '@nexus/contract'
import type { Limits } from '@nexus/domain'
import type { Db } from '../../../db/database.ts'
import type { StaffCaller } from '../../../http/serve.ts'
import { selectStoreKeys } from '../../stores/index.ts'
import { offerOf } from '../desk/queries.ts'
import { activeOffers } from '../sql.ts'
import { takeUpByDay, takeUpByStore, takeUpOf } from './sql.ts'

const daysMax = 366

/**
 * What an offer gave in the stores that the caller sees; limits are the chain's. Throws `offer/not-found`.
 */
export async function offerTakeUp(
  db: Db,
  { storeIds }: Pick<StaffCaller, 'storeIds'>,
  offerId: number,
): Promise<OfferTakeUp> {
  const { definition } = await offerOf(db, offerId)
  const keys = await selectStoreKeys(db)
  const seen = storeIds === undefined ? keys : keys.filter(({ id }) => storeIds.includes(id))
  const byNo = new Map(seen.map((store) => [store.no, store]))
  const [days, stores, whole] = await Promise.all([
    takeUpByDay(db, offerId, storeIds === undefined ? undefined : [...byNo.keys()], daysMax),
    takeUpByStore(db, offerId),
    takeUpOf(db, [offerId]),
  ])
  const mine = stores.flatMap(({ storeNo, bills, givenMinor }) => {
    const store = byNo.get(storeNo)
    return store === undefined ? [] : [{ storeId: store.id, storeName: store.name, bills, givenMinor }]
  })
  const used = whole.get(offerId)
  return {
    bills: mine.reduce((sum, store) => sum + store.bills, 0),
    givenMinor: mine.reduce((sum, store) => sum + store.givenMinor, 0),
    ...limitsOf(definition.limits, used?.applications ?? 0, used?.givenMinor ?? 0),
    days: days.map(({ day, bills, givenMinor }) => ({ day, bills, givenMinor })).reverse(),
    stores: mine.sort((one, other) => other.givenMinor - one.givenMinor),
  }
}

/** A draft may hold anything where limits belong. */
function limitsOf(
  limits: unknown,
  applications: number,
  givenMinor: number,
): Pick<OfferTakeUp, 'budget' | 'total'> {
  // as: what is no number is left out below.
  const { budgetMinor, total } = (limits ?? {}) as { budgetMinor?: unknown; total?: unknown }
  return {
    budget: isWhole(budgetMinor)
      ? { budgetMinor, usedMinor: givenMinor, excessMinor: Math.max(0, givenMinor - budgetMinor) }
      : null,
    total: isWhole(total)
      ? { applications: total, used: applications, excess: Math.max(0, applications - total) }
      : null,
  }
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

/** What tills must know of published offers that are limited in all (PRC-11a). */
export async function usesForTills(db: Db, now: number): Promise<OfferUsesForTills> {
  const limited = (await activeOffers(db)).filter(({ limits }) => isLimitedInAll(limits))
  const taken = await takeUpOf(
    db,
    limited.map(({ id }) => id),
  )
  return {
    asOf: now,
    uses: limited.map(({ id }) => {
      const { applications = 0, givenMinor = 0 } = taken.get(id) ?? {}
      // A day with returns only may stand below nothing.
      return { offerId: id, total: applications, givenMinor: Math.max(0, givenMinor) }
    }),
  }
}

function isLimitedInAll(limits: Limits | undefined): boolean {
  return limits?.total !== undefined || limits?.budgetMinor !== undefined
}
