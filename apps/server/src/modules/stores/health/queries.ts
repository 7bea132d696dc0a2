import {
  type Answer,
  type getRegisterHealth,
  type PageOf,
  Problem,
  type Register,
  type RegisterHealthRow,
} from '@nexus/contract'
import { healthLevels, newestApp, registerHealth } from '@nexus/domain'
import type { Db } from '../../../db/database.ts'
import type { StaffCaller } from '../../../http/serve.ts'
import type { JournalView } from '../enrolment/ports.ts'
import { storesWithRegisters } from '../queries.ts'
import { contactsOf, enrolledQuotas, selectToldHeads } from '../sql.ts'

export type HealthQuery = {
  page?: number
  pageSize?: number
  /** `level` (the worst first, the default), `lastSeenAt`, `queuedMinor`; `-` in front turns it round. */
  sort?: string
  q?: string
  store?: string
  level?: string
}

type Caller = Pick<StaffCaller, 'storeIds'>

/** A page of tills with how each is; those of stores that the caller sees. */
export async function healthPage(
  db: Db,
  journal: JournalView,
  caller: Caller,
  query: HealthQuery,
  now: number,
): Promise<PageOf<RegisterHealthRow>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const wanted = query.q?.trim().toLowerCase() ?? ''
  const rows = (await healthRows(db, journal, caller.storeIds, now))
    .filter((row) => query.store === undefined || row.storeId === query.store)
    .filter((row) => query.level === undefined || row.level === query.level)
    .filter((row) =>
      [row.storeName, row.name, row.seriesCode ?? ''].some((text) => text.toLowerCase().includes(wanted)),
    )
    .toSorted(orderOf(query.sort))
  return {
    rows: rows.slice((page - 1) * pageSize, page * pageSize),
    page,
    pageSize,
    total: rows.length,
    totalIsExact: true,
  }
}

/** One till, its epochs and when it was in touch. Throws `register/not-found`, also for another store's. */
export async function healthOf(
  db: Db,
  journal: JournalView,
  caller: Caller,
  registerId: string,
  now: number,
): Promise<Answer<typeof getRegisterHealth>> {
  const rows = await healthRows(db, journal, caller.storeIds, now)
  const register = rows.find(({ id }) => id === registerId)
  if (!register) {
    throw new Problem('register/not-found', 'There is no such register. Choose one from the list of tills.', {
      registerId,
    })
  }
  const epochs = await journal.epochStandings(db, registerId)
  return {
    register,
    epochs: epochs.toReversed().map(({ register: _, durableAt: __, ...epoch }) => epoch),
    contacts: await contactsOf(db, registerId, 200),
  }
}

/** Every till, in memory: there are as many as counters, and the level needs all of them for the newest release. */
async function healthRows(
  db: Db,
  journal: JournalView,
  storeIds: readonly string[] | undefined,
  now: number,
): Promise<RegisterHealthRow[]> {
  const stores = await storesWithRegisters(db, journal, storeIds)
  const standings = Map.groupBy(await journal.epochStandings(db), ({ register }) => register)
  const told = await selectToldHeads(db)
  const quotas = await enrolledQuotas(db)
  const newest = newestApp(stores.flatMap((store) => store.registers))
  return stores.flatMap((store) =>
    store.registers.map((register: Register) => {
      const epochs = standings.get(register.id) ?? []
      const current = epochs.at(-1)
      const sum = (of: 'quarantined' | 'forked' | 'missing') => epochs.reduce((all, one) => all + one[of], 0)
      const aside = { quarantined: sum('quarantined'), forked: sum('forked'), missing: sum('missing') }
      const facts = { ...register, setAside: aside.quarantined + aside.forked, missing: aside.missing }
      return {
        ...register,
        storeName: store.name,
        level: registerHealth(facts, now, newest).level,
        headMovedAt: current?.headMovedAt ?? null,
        toldSeq: told.get(register.id)?.seq ?? null,
        durableSeq: current?.durableSeq ?? null,
        durableAt: current?.durableAt ?? null,
        ...aside,
        quotaBytes: quotas.get(register.id) ?? null,
      }
    }),
  )
}

function orderOf(sort = 'level'): (one: RegisterHealthRow, other: RegisterHealthRow) => number {
  const sign = sort.startsWith('-') ? -1 : 1
  const compare = comparisons[sort.replace(/^-/, '')] ?? comparisons.level
  const byName = (one: RegisterHealthRow, other: RegisterHealthRow) =>
    one.storeName.localeCompare(other.storeName) || one.number - other.number
  return (one, other) => sign * (compare?.(one, other) ?? 0) || byName(one, other)
}

const comparisons: Record<string, (one: RegisterHealthRow, other: RegisterHealthRow) => number> = {
  level: (one, other) =>
    healthLevels.indexOf(one.level) - healthLevels.indexOf(other.level) ||
    (other.queuedMinor ?? 0) - (one.queuedMinor ?? 0),
  lastSeenAt: (one, other) => (one.lastSeenAt ?? 0) - (other.lastSeenAt ?? 0),
  queuedMinor: (one, other) => (one.queuedMinor ?? 0) - (other.queuedMinor ?? 0),
}
