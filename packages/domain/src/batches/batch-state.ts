import { addDays, daysBetween } from '../calendar/calendar.ts'
import type { Batch } from '../pricing/types.ts'

/**
 * The last day on which a batch may be sold, by its label (Cosmetics Rules 2020 as amended from
 * 29 July 2025): `use before` a month ends before its first day, `expiry` of a month on its last day.
 * undefined for goods that carry no such date.
 */
export function lastSaleDay(batch: Pick<Batch, 'expiry'>): string | undefined {
  if (batch.expiry === undefined) return undefined
  const { kind, month } = batch.expiry
  if (kind === 'use-before') return addDays(`${month}-01`, -1)
  const next = month.slice(5) === '12' ? `${Number(month.slice(0, 4)) + 1}-01` : nextMonth(month)
  return addDays(`${next}-01`, -1)
}

/** Whether a batch may be sold on a day. An expired one is blocked without override. */
export function batchState(batch: Pick<Batch, 'expiry'>, tradingDay: string): 'sellable' | 'expired' {
  const last = lastSaleDay(batch)
  return last !== undefined && tradingDay > last ? 'expired' : 'sellable'
}

/** Days until the last sale day: 0 on that day, negative afterwards, undefined without a date. */
export function daysToExpiry(batch: Pick<Batch, 'expiry'>, tradingDay: string): number | undefined {
  const last = lastSaleDay(batch)
  return last === undefined ? undefined : daysBetween(tradingDay, last)
}

/**
 * The batch to sell first: the sellable one that ends soonest, batches without a date last, the
 * lower id where both end on the same day. undefined when none may be sold.
 */
export function firstToExpire(batches: readonly Batch[], tradingDay: string): Batch | undefined {
  let first: Batch | undefined
  for (const batch of batches) {
    if (batchState(batch, tradingDay) === 'expired') continue
    if (first === undefined || endsBefore(batch, first)) first = batch
  }
  return first
}

function endsBefore(one: Batch, other: Batch): boolean {
  const oneDay = lastSaleDay(one) ?? '9999-99-99'
  const otherDay = lastSaleDay(other) ?? '9999-99-99'
  return oneDay < otherDay || (oneDay === otherDay && one.id < other.id)
}

function nextMonth(month: string): string {
  return `${month.slice(0, 5)}${String(Number(month.slice(5)) + 1).padStart(2, '0')}`
}
