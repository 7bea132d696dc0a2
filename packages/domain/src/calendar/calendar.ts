import { invariant } from '../invariant.ts'

/**
 * Dates of the chain. India has one zone and no summer time, so Asia/Kolkata is a fixed +05:30 here:
 * exact for every date since 1945, and free of the cost and the data of `Intl`.
 *
 * A date is text `YYYY-MM-DD`, so that dates compare as texts do; an instant is ms since 1970 UTC.
 */
const OFFSET_MS = 330 * 60_000
const DAY_MS = 86_400_000

/** The date in Asia/Kolkata at an instant. */
export function localDate(instant: number): string {
  return dateOfDay(Math.floor((instant + OFFSET_MS) / DAY_MS))
}

/** The time of day in Asia/Kolkata at an instant, `HH:MM`. */
export function localTime(instant: number): string {
  const minutes = Math.floor((((instant + OFFSET_MS) % DAY_MS) + DAY_MS) / 60_000) % 1440
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}

/** Day of the week in Asia/Kolkata at an instant: 1 Monday … 7 Sunday. */
export function localWeekday(instant: number): number {
  // 1 January 1970 was a Thursday.
  const day = Math.floor((instant + OFFSET_MS) / DAY_MS)
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** Whole minutes since midnight in Asia/Kolkata at an instant. */
export function localMinute(instant: number): number {
  return Math.floor(((((instant + OFFSET_MS) % DAY_MS) + DAY_MS) % DAY_MS) / 60_000)
}

/** The instant at which a date begins in Asia/Kolkata. */
export function startOfDate(date: string): number {
  return dayOfDate(date) * DAY_MS - OFFSET_MS
}

/** A date some days later, or earlier when negative. */
export function addDays(date: string, days: number): string {
  return dateOfDay(dayOfDate(date) + days)
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return dayOfDate(to) - dayOfDate(from)
}

/** True for a text that names a day of the calendar. */
export function isDate(text: string): boolean {
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && dateOfDay(dayNumber(text)) === text
}

/**
 * The trading day at an instant: the local date, or the one before while it is earlier than the
 * cut-over, so that a shop open past midnight closes one day.
 *
 * @param cutOverMinutes minutes after midnight at which the next trading day begins, e.g. 240
 */
export function tradingDayAt(instant: number, cutOverMinutes: number): string {
  return localDate(instant - cutOverMinutes * 60_000)
}

/** The instant at which a trading day is over. */
export function endOfTradingDay(tradingDay: string, cutOverMinutes: number): number {
  return startOfDate(addDays(tradingDay, 1)) + cutOverMinutes * 60_000
}

/** The year in which the financial year of a date begins: 2025 for 31 March 2026. */
export function financialYear(date: string): number {
  const year = Number(date.slice(0, 4))
  return date.slice(5, 7) < '04' ? year - 1 : year
}

/** A financial year as forms write it: 2025 → `2025-26`. */
export function formatFinancialYear(startYear: number): string {
  return `${startYear}-${pad((startYear + 1) % 100)}`
}

/** A date as bills and returns print it: `22-11-2026`. */
export function formatDate(date: string): string {
  return `${date.slice(8, 10)}-${date.slice(5, 7)}-${date.slice(0, 4)}`
}

/** Date and time of an instant as bills print it: `22-11-2026 18:42`. */
export function formatDateTime(instant: number): string {
  return `${formatDate(localDate(instant))} ${localTime(instant)}`
}

function dayOfDate(date: string): number {
  invariant(isDate(date), 'a date is a day of the calendar, YYYY-MM-DD')
  return dayNumber(date)
}

/** Days since 1970-01-01, Gregorian. Years begin in March here, so that the leap day comes last. */
function dayNumber(date: string): number {
  const month = Number(date.slice(5, 7))
  const year = Number(date.slice(0, 4)) - (month <= 2 ? 1 : 0)
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + Number(date.slice(8, 10)) - 1
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400)
  return year * 365 + leapDays + dayOfYear - 719_468
}

function dateOfDay(day: number): string {
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
  return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(dayOfMonth)}`
}

function pad(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}
