import { expect, test } from 'vitest'
import { context } from '../testing/corner-shop.ts'
import { compileOffers } from './compile-offers.ts'
import { applyCoupons, type CouponBill } from './coupons.ts'
import type { Left } from './take-off.ts'
import type { CouponOffer, PricingContext } from './types.ts'

const leftWith = (...minor: number[]): Left => ({ minor, steps: minor.map(() => []) })

const coupon = (id: number, text: string, changes: Partial<CouponOffer> = {}): CouponOffer => ({
  id,
  name: 'Coupon',
  priority: 1,
  from: 0,
  effect: 'coupon',
  code: { kind: 'public', text },
  selector: { everything: true },
  off: { amountMinor: 10_000 },
  ...changes,
})
/** Enters codes on a bill of two lines, 600.00 and 400.00, and a gift line of 100.00. */
const enter = (
  codes: string[],
  offers: CouponOffer[],
  changes: Partial<PricingContext> = {},
  bill: Partial<CouponBill> = {},
) => {
  const left = leftWith(60_000, 40_000, 10_000)
  const seen: CouponBill = {
    netMinor: 100_000,
    linesOf: () => [0, 1, 2],
    isGiftLine: (line) => line === 2,
    ...bill,
  }
  const told = applyCoupons(codes, compileOffers(offers), seen, left, context(changes))
  return { told, left: left.minor, steps: left.steps, outcomes: told.map(({ outcome }) => outcome) }
}

test('[PRC-2a, PRC-6h] a coupon is spread over its lines by value, gift lines only where it says so', () => {
  const { told, left, steps } = enter(['diwali'], [coupon(1, 'DIWALI')])
  expect(told).toEqual([{ code: 'DIWALI', offerId: 1, outcome: { kind: 'applied', amountMinor: 10_000 } }])
  expect(left).toEqual([54_000, 36_000, 10_000])
  expect(steps[0]).toEqual([{ kind: 'coupon', offerId: 1, code: 'DIWALI', amountMinor: 6000 }])
  const onGifts = coupon(1, 'DIWALI', { onGifts: true, off: { amountMinor: 11_000 } })
  expect(enter(['diwali'], [onGifts]).left).toEqual([54_000, 36_000, 9000])
})

test('a percentage coupon stops at its cap', () => {
  const capped = coupon(1, 'A', { off: { percentBp: 5000, capMinor: 20_000 } })
  expect(enter(['A'], [capped]).outcomes).toEqual([{ kind: 'applied', amountMinor: 20_000 }])
})

test('[PRC-8b, PRC-6m] each entered code is told why not', () => {
  const offers = [
    coupon(1, 'WIN', { priority: 9 }),
    coupon(2, 'LATE', { until: 1 }),
    coupon(3, 'STAFF', { audience: { kind: 'staff' } }),
    coupon(4, 'GONE', { limits: { total: 7 } }),
    coupon(5, 'BIG', { minimumMinor: 100_001 }),
    coupon(6, 'SECOND'),
    coupon(7, 'SPENT'),
    coupon(8, 'HERE', { storeIds: ['elsewhere'] }),
    coupon(9, '', { code: { kind: 'series', prefix: 'NX', length: 4 } }),
  ]
  const codes = [
    'LATE',
    'STAFF',
    'GONE',
    'BIG',
    'SECOND',
    'SPENT',
    'HERE',
    'WIN',
    'win ',
    'NX11',
    'NX12',
    'what',
  ]
  const states = { uses: { 4: { total: 7 } }, couponStates: { SPENT: 'used', NX12: 'usable' } } as const
  const { told, outcomes } = enter(codes, offers, states)
  expect(outcomes).toEqual([
    { kind: 'calendar' },
    { kind: 'audience' },
    { kind: 'limit' },
    { kind: 'minimum', missingMinor: 1 },
    { kind: 'conflict', withOfferId: 1 },
    { kind: 'used' },
    { kind: 'store' },
    { kind: 'applied', amountMinor: 10_000 },
    { kind: 'repeated' },
    { kind: 'unknown' },
    { kind: 'conflict', withOfferId: 1 },
    { kind: 'unknown' },
  ])
  expect(told.map(({ offerId }) => offerId)).toEqual([2, 3, 4, 5, 6, 7, 8, 1, 1, 9, 9, undefined])
  expect(enter(['WIN'], offers, {}, { linesOf: () => [] }).outcomes).toEqual([{ kind: 'no-goods' }])
})

test('[PRC-6e, PRC-6f] combinable coupons go by priority and id, each on what is left', () => {
  const half = { off: { percentBp: 5000 }, combinable: true }
  const offers = [coupon(1, 'A', half), coupon(2, 'B', { ...half, priority: 2 }), coupon(3, 'C')]
  expect(enter(['C', 'A', 'B'], offers).outcomes).toEqual([
    { kind: 'conflict', withOfferId: 2 },
    { kind: 'applied', amountMinor: 25_000 },
    { kind: 'applied', amountMinor: 50_000 },
  ])
})

test('[PRC-6e, PRC-6f] a coupon that does not combine keeps the later ones out, and is kept out itself', () => {
  const half = { off: { percentBp: 5000 } }
  const run = (...combinable: boolean[]) => {
    const offers = combinable.map((each, at) =>
      coupon(at + 1, `C${at}`, { ...half, combinable: each, priority: 9 - at }),
    )
    return enter(['C0', 'C1', 'C2'], offers).outcomes.map(({ kind }) => kind)
  }
  expect(run(true, true, true)).toEqual(['applied', 'applied', 'applied'])
  expect(run(true, false, true)).toEqual(['applied', 'conflict', 'applied'])
  expect(run(false, true, true)).toEqual(['applied', 'conflict', 'conflict'])
  // Of equal priority the lower id goes first, and of one series the code that was entered first.
  const equal = [coupon(2, 'B'), coupon(1, 'A')]
  expect(enter(['B', 'A'], equal).outcomes.map(({ kind }) => kind)).toEqual(['conflict', 'applied'])
  const series = coupon(1, '', { code: { kind: 'series', prefix: 'NX', length: 4 } })
  const couponStates = { NX11: 'usable', NX12: 'usable' } as const
  expect(enter(['NX12', 'NX11'], [series], { couponStates }).outcomes).toMatchObject([
    { kind: 'applied' },
    { kind: 'conflict', withOfferId: 1 },
  ])
})

test('[PRC-6i, PRC-8b] a minimum is missed by its paise, and so is half a paisa of a percentage', () => {
  const minimum = (minimumMinor: number) => enter(['A'], [coupon(1, 'A', { minimumMinor })]).outcomes
  expect(minimum(100_000)).toEqual([{ kind: 'applied', amountMinor: 10_000 }])
  expect(minimum(100_250)).toEqual([{ kind: 'minimum', missingMinor: 250 }])
  const little = coupon(2, 'B', { off: { percentBp: 1 } })
  const all = coupon(1, 'A', { off: { percentBp: 9999 }, priority: 9, combinable: true })
  expect(enter(['A', 'B'], [all, { ...little, combinable: true }]).outcomes).toEqual([
    { kind: 'applied', amountMinor: 99_990 },
    { kind: 'minimum', missingMinor: 4990 },
  ])
  // Whoever keeps it out is asked only after its own minimum.
  expect(
    enter(['A', 'B'], [coupon(1, 'A', { off: { percentBp: 9999 }, priority: 9 }), little]).outcomes[1],
  ).toEqual({
    kind: 'minimum',
    missingMinor: 4990,
  })
})

test('codes of one series are as many a bill as its limit says', () => {
  const series = coupon(1, '', {
    code: { kind: 'series', prefix: 'NX', length: 4 },
    combinable: true,
    limits: { perBill: 2 },
  })
  const couponStates = { NX11: 'usable', NX12: 'usable', NX13: 'usable' } as const
  expect(
    enter(['NX13', 'NX11', 'NX12'], [series], { couponStates }).outcomes.map(({ kind }) => kind),
  ).toEqual(['applied', 'applied', 'limit'])
})

test('[PRC-6m] a public code that the till was told not to know counts for nothing', () => {
  const couponStates = { SAVE: 'unknown' } as const
  expect(enter(['SAVE'], [coupon(1, 'SAVE')], { couponStates }).outcomes).toEqual([{ kind: 'unknown' }])
})

test('a code named like a member of every object has no state of its own', () => {
  const { outcomes } = enter(['constructor'], [coupon(1, 'CONSTRUCTOR')], { couponStates: {} })
  expect(outcomes).toEqual([{ kind: 'applied', amountMinor: 10_000 }])
})
