import { expect, test } from 'vitest'
import { startOfDate } from '../calendar/calendar.ts'
import { context, NOW, percentOff } from '../testing/corner-shop.ts'
import { applicationsLeft, failedBefore } from './offer-conditions.ts'
import type { Limits, OfferUses, PercentOffBill, PricingContext } from './types.ts'

const failed = (offer: Partial<PercentOffBill>, changes: Partial<PricingContext> = {}) =>
  failedBefore(percentOff(1000, offer), context(changes))?.kind
/** An instant in the store's zone. */
const at = (date: string, hour: number, minute = 0) => ({
  pricedAt: startOfDate(date) + (hour * 60 + minute) * 60_000,
})

test('[PRC-8d] the first failing condition is named, in the order store, calendar, audience, limit', () => {
  const uses = { uses: { 1: { total: 5 } } }
  const all = {
    storeIds: ['elsewhere'],
    from: NOW + 1,
    audience: { kind: 'staff' },
    limits: { total: 5 },
  } as const
  expect(failed(all, uses)).toBe('store')
  expect(failed({ ...all, storeIds: ['koramangala'] }, uses)).toBe('calendar')
  expect(failed({ ...all, storeIds: ['koramangala'], from: NOW }, uses)).toBe('audience')
  expect(failed({ ...all, storeIds: ['koramangala'], from: NOW }, { ...uses, isStaff: true })).toBe('limit')
  expect(failed({ limits: { total: 6 } }, uses)).toBe(undefined)
})

test('[PRC-5a] an offer is on from its first instant, and no longer at its last', () => {
  expect([failed({ from: NOW, until: NOW + 1 }), failed({ from: 0, until: NOW })]).toEqual([
    undefined,
    'calendar',
  ])
})

test("weekdays are the store's: Sunday begins at its midnight, while UTC still has Saturday", () => {
  const sundays = { weekdays: [7] }
  expect(failed(sundays, at('2026-11-21', 23, 59))).toBe('calendar')
  expect(failed(sundays, at('2026-11-22', 0))).toBe(undefined)
  expect(failed(sundays, at('2026-11-22', 23, 59))).toBe(undefined)
  expect(failed(sundays, at('2026-11-23', 0))).toBe('calendar')
})

test('hours are from their first minute on and no longer at their last', () => {
  const happy = { hours: { fromMinute: 15 * 60, untilMinute: 17 * 60 + 30 } }
  const states = [
    at('2026-11-22', 14, 59),
    at('2026-11-22', 15),
    at('2026-11-22', 17, 29),
    at('2026-11-22', 17, 30),
  ]
  expect(states.map((when) => failed(happy, when))).toEqual(['calendar', undefined, undefined, 'calendar'])
})

test('[PRC-5d] hours over midnight belong to the day on which they began', () => {
  const night = { weekdays: [6], hours: { fromMinute: 22 * 60, untilMinute: 2 * 60 } }
  const kinds = [
    at('2026-11-20', 23),
    at('2026-11-21', 1),
    at('2026-11-21', 21, 59),
    at('2026-11-21', 22),
    at('2026-11-22', 1, 59),
    at('2026-11-22', 2),
    at('2026-11-22', 22),
  ].map((when) => failed(night, when))
  expect(kinds).toEqual(['calendar', 'calendar', 'calendar', undefined, undefined, 'calendar', 'calendar'])
  // From ten until ten is a whole day that begins at ten.
  const round = { weekdays: [6], hours: { fromMinute: 600, untilMinute: 600 } }
  const ends = [at('2026-11-21', 9, 59), at('2026-11-21', 10), at('2026-11-22', 9, 59), at('2026-11-22', 10)]
  expect(ends.map((when) => failed(round, when))).toEqual(['calendar', undefined, undefined, 'calendar'])
  // Sunday's night reaches into Monday.
  expect(failed({ ...night, weekdays: [7] }, at('2026-11-23', 1))).toBe(undefined)
})

test('an audience is the customer that the context names, and nobody where it names none', () => {
  const members = { audience: { kind: 'tier', tiers: ['gold', 'member'] } } as const
  expect([failed(members), failed(members, { tier: 'silver' }), failed(members, { tier: 'member' })]).toEqual(
    ['audience', 'audience', undefined],
  )
  const first = { audience: { kind: 'first-purchase' } } as const
  expect([
    failed(first),
    failed(first, { isFirstPurchase: false }),
    failed(first, { isFirstPurchase: true }),
  ]).toEqual(['audience', 'audience', undefined])
  const staff = { audience: { kind: 'staff' } } as const
  expect([failed(staff), failed(staff, { isStaff: true })]).toEqual(['audience', undefined])
})

const left = (limits: Limits, uses?: OfferUses) =>
  applicationsLeft(percentOff(1000, { limits }), context(uses === undefined ? {} : { uses: { 1: uses } }))

test('[PRC-11a] what is left is the least of bill, customer and total, by the uses that are known', () => {
  expect(left({ perBill: 2 })).toBe(2)
  expect(left({ perBill: 9, perCustomer: 3, total: 100 }, { customer: 1, total: 50 })).toBe(2)
  expect(left({ perBill: 9, perCustomer: 30, total: 53 }, { customer: 1, total: 50 })).toBe(3)
  expect(left({ perCustomer: 1 }, { customer: 4 })).toBe(0)
  expect(left({ perCustomer: 1 }, { total: 4 })).toBe(1)
})

test('[PRC-11c] a budget that is not given out yet admits a bill whole', () => {
  expect([
    left({ budgetMinor: 100, perBill: 2 }, { givenMinor: 99 }),
    left({ budgetMinor: 100 }, { givenMinor: 100 }),
  ]).toEqual([2, 0])
})

test('complimentary goods and gifts are one a bill unless the offer names a number', () => {
  const common = { id: 1, name: 'Bag', priority: 1, from: 0, selector: { products: [1] } }
  const bag = { ...common, effect: 'complimentary' } as const
  const gift = { ...common, effect: 'gift', fromMinor: 0, gifts: [1], unitMinor: 0 } as const
  expect([bag, gift].map((offer) => applicationsLeft(offer, context()))).toEqual([1, 1])
  expect(applicationsLeft({ ...bag, limits: { perBill: 3 } }, context())).toBe(3)
  expect(applicationsLeft({ ...bag, limits: { total: 9 } }, context())).toBe(1)
})
