import type { Offer, UnitOffer } from '@nexus/domain'
import { expect, test } from 'vitest'
import { TEN } from '../testing/counter.ts'
import { offersNow } from './offers-now.ts'

const plain: UnitOffer = {
  id: 1,
  name: 'Plain',
  priority: 1,
  from: 0,
  effect: 'unit-off',
  selector: { everything: true },
  off: { percentBp: 1000 },
}
const offers: Offer[] = [
  plain,
  { ...plain, id: 2, priority: 5 },
  { ...plain, id: 3, until: TEN },
  { ...plain, id: 4, storeIds: ['elsewhere'] },
  // A Sunday, at ten in the morning.
  { ...plain, id: 5, weekdays: [1, 2, 3] },
  { ...plain, id: 6, hours: { fromMinute: 17 * 60, untilMinute: 20 * 60 } },
  { ...plain, id: 7, audience: { kind: 'staff' } },
  { ...plain, id: 8, limits: { total: 2 } },
  {
    ...plain,
    id: 9,
    effect: 'coupon',
    code: { kind: 'series', prefix: 'VIP', length: 9 },
    selector: { everything: true },
  },
  // as: a newer rulebook than this till, as it may arrive.
  { ...plain, id: 10, effect: 'wheel-of-fortune' } as unknown as Offer,
]

test('[PRC-8d] before the first scan only what is on here, now and for anybody is praised, the first first', () => {
  const context = { pricedAt: TEN, storeId: 's', regionId: 'r', storeState: '29', placeOfSupply: '29' }
  const ids = offersNow(offers, { ...context, uses: { 8: { total: 2 } } }).map(({ id }) => id)
  expect(ids).toEqual([2, 1])
  expect(offersNow(offers, context).map(({ id }) => id)).toEqual([2, 1, 8])
})
