import fc from 'fast-check'
import { expect, test } from 'vitest'
import formats from '../../../../docs/spec/cases/formats.json' with { type: 'json' }
import { GST_2, NOW } from '../testing/corner-shop.ts'
import {
  addDays,
  daysBetween,
  endOfTradingDay,
  financialYear,
  formatDate,
  formatDateTime,
  formatFinancialYear,
  isDate,
  localDate,
  localTime,
  startOfDate,
  tradingDayAt,
} from './calendar.ts'

const instant = fc.integer({ min: Date.UTC(1950, 0, 1), max: Date.UTC(2199, 11, 31) })
const inKolkata = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Kolkata',
  dateStyle: 'short',
  timeStyle: 'short',
})

test('date and time are those of Asia/Kolkata, as Intl knows it', () => {
  fc.assert(
    fc.property(instant, (at) => {
      expect(`${localDate(at)} ${localTime(at)}`).toBe(inKolkata.format(at))
    }),
    { numRuns: 1000 },
  )
})

test('midnight in Kolkata is half past six in the evening, UTC', () => {
  expect(startOfDate('2026-04-01')).toBe(Date.UTC(2026, 2, 31, 18, 30))
  expect(localDate(Date.UTC(2026, 2, 31, 18, 30))).toBe('2026-04-01')
  expect(localDate(Date.UTC(2026, 2, 31, 18, 30) - 1)).toBe('2026-03-31')
  expect(startOfDate('2025-09-22')).toBe(GST_2)
  expect(formatDateTime(NOW)).toBe('22-11-2026 10:00')
})

test('days are added over months, years and leap days', () => {
  fc.assert(
    fc.property(instant, fc.integer({ min: -50_000, max: 50_000 }), (at, days) => {
      const date = localDate(at)
      expect(addDays(date, days)).toBe(
        new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10),
      )
      expect(daysBetween(date, addDays(date, days))).toBe(days)
    }),
  )
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  expect(addDays('2027-02-28', 1)).toBe('2027-03-01')
})

test('a day that the calendar does not have is no date', () => {
  expect(['2026-11-22', '2028-02-29', '2000-02-29'].every(isDate)).toBe(true)
  expect(
    ['2027-02-29', '1900-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '2026-4-1', '', '22-11-2026'].some(
      isDate,
    ),
  ).toBe(false)
  expect(() => addDays('2027-02-29', 1)).toThrow('day of the calendar')
})

test('[JRN-14a] a financial year begins on 1 April', () => {
  expect(financialYear('2026-03-31')).toBe(2025)
  expect(financialYear('2026-04-01')).toBe(2026)
  expect(financialYear('2027-01-15')).toBe(2026)
  expect(formatFinancialYear(2099)).toBe('2099-00')
})

test.each(formats.financial_year)('reference case $id: $input', ({ input, expected }) => {
  expect(formatFinancialYear(financialYear(input))).toBe(expected)
})

test('a shop open past midnight stays on its trading day until the cut-over', () => {
  const cutOver = 240
  const at = (day: number, hour: number, minute: number) =>
    Date.UTC(2026, 10, day, hour, minute) - 330 * 60_000
  expect(tradingDayAt(at(22, 23, 59), cutOver)).toBe('2026-11-22')
  expect(tradingDayAt(at(23, 3, 59), cutOver)).toBe('2026-11-22')
  expect(tradingDayAt(at(23, 4, 0), cutOver)).toBe('2026-11-23')
  expect(endOfTradingDay('2026-11-22', cutOver)).toBe(at(23, 4, 0))
})

test('bills print the day first', () => {
  expect(formatDate('2026-11-22')).toBe('22-11-2026')
})
