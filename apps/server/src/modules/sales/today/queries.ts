import { type Answer, type getToday, Problem } from '@nexus/contract'
import { addDays, isDate, localDate, startOfDate } from '@nexus/domain'
import type { Db } from '../../../db/database.ts'
import type { StaffCaller } from '../../../http/serve.ts'
import { attentionCounts } from '../../journal/index.ts'
import { selectRegisters } from '../../stores/index.ts'
import { readPlaces, storeNosFor } from '../bill-list/queries.ts'
import { type HourTakings, takingsByHour, takingsByStore, takingsByTender } from './sql.ts'

type Today = Answer<typeof getToday>

/** A till tells of itself every 30 s; after so long without a word somebody should look. */
const quietMs = 15 * 60_000

/**
 * Takings of a day beside the same weekday a week before. The day is a trading day; today's by default.
 * Throws `session/not-allowed`, `request/invalid`.
 */
export async function todayOf(
  db: Db,
  caller: Pick<StaffCaller, 'storeIds'>,
  query: { store?: string; day?: string },
  now: number,
): Promise<Today> {
  const day = query.day ?? localDate(now)
  if (!isDate(day)) {
    throw new Problem('request/invalid', `${day} is no day of the calendar. Write it as YYYY-MM-DD.`)
  }
  const before = addDays(day, -7)
  const places = await readPlaces(db)
  const stores = storeNosFor(places, caller, query.store)
  const storeIds = query.store === undefined ? caller.storeIds : [query.store]
  const [hours, byStore, tenders, attention] = await Promise.all([
    stores === 'nothing' ? [] : takingsByHour(db, stores, [day, before]),
    stores === 'nothing' ? [] : takingsByStore(db, stores, [day, before]),
    stores === 'nothing' ? [] : takingsByTender(db, stores, day),
    attentionOf(db, storeIds, now),
  ])
  const byDay = Map.groupBy(hours, (row) => row.day)
  return {
    day,
    asOf: now,
    figures: figuresOf(byDay.get(day) ?? []),
    lastWeek: figuresOf(byDay.get(before) ?? []),
    hours: hoursOf(byDay.get(day) ?? [], byDay.get(before) ?? []),
    stores: [...Map.groupBy(byStore, (row) => row.storeNo)]
      .map(([storeNo, rows]) => {
        const today = rows.find((row) => row.day === day)
        const store = places.stores.get(storeNo)
        return {
          storeId: store?.id ?? '',
          name: store?.name ?? '',
          soldMinor: today?.soldMinor ?? 0,
          bills: today?.bills ?? 0,
          lastWeekMinor: rows.find((row) => row.day === before)?.soldMinor ?? 0,
        }
      })
      .sort((a, b) => b.soldMinor - a.soldMinor || (a.name < b.name ? -1 : 1)),
    tenders,
    attention,
  }
}

function figuresOf(rows: readonly HourTakings[]): Today['figures'] {
  const sum = (of: (row: HourTakings) => number) => rows.reduce((total, row) => total + of(row), 0)
  const bills = sum((row) => row.bills)
  const soldMinor = sum((row) => row.soldMinor)
  return {
    bills,
    soldMinor,
    units: Math.round(sum((row) => row.unitsMilli) / 1000),
    averageMinor: bills === 0 ? 0 : Math.round(soldMinor / bills),
    discountMinor: sum((row) => row.discountMinor),
    taxMinor: sum((row) => row.taxMinor),
  }
}

function hoursOf(today: readonly HourTakings[], before: readonly HourTakings[]): Today['hours'] {
  const hours = [...new Set([...today, ...before].map((row) => row.hour))].sort((a, b) => a - b)
  return hours.map((hour) => {
    const row = today.find((one) => one.hour === hour)
    return {
      hour,
      soldMinor: row?.soldMinor ?? 0,
      bills: row?.bills ?? 0,
      lastWeekMinor: before.find((one) => one.hour === hour)?.soldMinor ?? 0,
    }
  })
}

async function attentionOf(
  db: Db,
  storeIds: readonly string[] | undefined,
  now: number,
): Promise<Today['attention']> {
  const [counts, registers] = await Promise.all([
    attentionCounts(db, storeIds),
    selectRegisters(db, storeIds ? { storeIds } : {}),
  ])
  // A till that was switched off in the evening is no news; one that sold today, or holds bills, is.
  const quiet = registers.filter(({ active, status: { lastSeenAt, queuedEntries } }) => {
    if (!active || lastSeenAt === null || now - lastSeenAt < quietMs) return false
    return lastSeenAt >= startOfDate(localDate(now)) || (queuedEntries ?? 0) > 0
  })
  return { ...counts, quietRegisters: quiet.length }
}
