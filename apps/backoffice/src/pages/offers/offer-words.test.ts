import { setupI18n } from '@lingui/core'
import { startOfDate } from '@nexus/domain'
import { expect, test } from 'vitest'
import {
  type EffectName,
  effects,
  emptyOffer,
  emptySelector,
  emptyStep,
  emptyTier,
  type OfferValues,
  type SelectorValues,
} from './offer-values.ts'
import { placeAndTime, sentenceOf, spanWords, weekdayName } from './offer-words.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: {} } })
const now = startOfDate('2026-11-23')
const called = (names: Record<string, string>) => (id: string) => names[id] ?? `#${id}`
const names = {
  product: called({ 1: 'Kajal', 2: 'Pouch', 3: 'Soap', 4: 'Serum', 5: 'Oil' }),
  brand: called({ 1: 'NY Bae' }),
  category: called({ 1: 'Lips', 2: 'Eyes' }),
  store: called({ a: 'Koramangala', b: 'Airport' }),
}
const goods = (change: Partial<SelectorValues>) => ({ ...emptySelector(), ...change })
const lips = goods({ categories: ['1'] })
const says = (effect: EffectName, change: Partial<OfferValues>) =>
  sentenceOf(i18n, { ...emptyOffer(now), selectors: [lips], effect, ...change }, names)
const percent = (text: string, cap = '') => ({ kind: 'percent', percent: text, amount: '', cap }) as const

test('an offer says what it gives as a merchandiser would', () => {
  expect(says('unit-off', { off: percent('25'), minimumUnits: '2' })).toBe(
    'Any 2 or more from Lips: 25% off each',
  )
  expect(says('unit-off', { off: { kind: 'amount', percent: '', amount: '50', cap: '' } })).toBe(
    'Lips: ₹50 off each',
  )
  expect(says('buy-get', { buy: '2', get: '1' })).toBe('Buy 2, get 1 free from Lips')
  const two = { selectors: [lips, goods({ products: ['1'] })] }
  expect(says('buy-other', { ...two, getPercent: '50' })).toBe('Buy 1 from Lips: 1 from Kajal at 50% off')
  expect(says('bundle', { ...two, bundlePrice: '599' })).toBe('Lips + Kajal: together for ₹599')
  expect(says('markdown', { markdowns: [{ ...emptyStep(), days: '60', percent: '30' }] })).toBe(
    'Lips: 30% off in the last 60 days',
  )
  expect(says('complimentary', {})).toBe('Lips: free on any bill')
  expect(says('percent-off-bill', { off: percent('10'), minimum: '1499' })).toBe('10% off bills from ₹1,499')
  const tiers = [
    { ...emptyTier(), from: '999', percent: '5' },
    { ...emptyTier(), from: '1999', percent: '10' },
  ]
  expect(says('threshold', { thresholds: tiers, thresholdOn: 'selector' })).toBe(
    'For what is bought from Lips: 5% off from ₹999, 10% off from ₹1,999, off these goods',
  )
  expect(says('gift', { giftFrom: '1500', gifts: ['2', '3'], giftPrice: '1' })).toBe(
    'From ₹1,500 of Lips: Pouch or Soap for ₹1',
  )
  expect(says('coupon', { code: 'LUCKY15', off: percent('15', '300'), minimum: '500' })).toBe(
    'With the code LUCKY15: 15% off (at most ₹300) Lips, from ₹500',
  )
})

test('goods are named by category, brand, product, price, expiry and exception', () => {
  const of = (change: Partial<SelectorValues>) =>
    says('complimentary', { selectors: [goods(change)] }).replace(': free on any bill', '')
  expect(of({})).toBe('…')
  expect(of({ everything: true, exceptBrands: ['1'], exceptProducts: ['3'] })).toBe(
    'everything (not Soap and NY Bae)',
  )
  expect(of({ categories: ['1', '2'], brands: ['1'] })).toBe('Lips or Eyes · NY Bae')
  expect(of({ products: ['1', '2', '3', '4', '5'] })).toBe('Kajal, Pouch and 3 more')
  expect(of({ priceFrom: '100', priceBelow: '500' })).toBe('everything from ₹100 to below ₹500')
  expect(of({ categories: ['1'], expiresWithin: '30' })).toBe('Lips in the last 30 days before expiry')
})

test('whatever is filled in, each effect has a sentence in which nothing is undefined', () => {
  for (const effect of effects) {
    const sentence = says(effect, { selectors: [emptySelector(), emptySelector()] })
    expect(sentence).not.toMatch(/undefined|NaN|\{/)
    expect(sentence).toContain('…')
  }
})

test('where, when and for whom, before publishing and after', () => {
  const told = (change: Partial<OfferValues>, status: 'draft' | 'live' | 'stopped' = 'draft') =>
    placeAndTime(i18n, { ...emptyOffer(now), ...change }, { status, now, names, stores: 12 })
  expect(told({ firstDay: '2026-12-01' })).toBe(
    'Goes live in all 12 stores on 01-12-2026 00:00. Without an end.',
  )
  expect(
    told({ firstDay: '2026-11-01', everyStore: false, storeIds: ['a', 'b'], lastDay: '2026-12-24' }),
  ).toBe('Goes live in Koramangala and Airport as soon as it is published. Until 24-12-2026.')
  expect(
    told(
      {
        weekdays: ['7', '6'],
        hourFrom: '22:00',
        hourUntil: '02:00',
        audience: 'staff',
        lastDay: '2026-12-24',
        lastTime: '12:00',
      },
      'live',
    ),
  ).toBe(
    'Is live in all 12 stores. Until 24-12-2026 12:00. Only on Sat, Sun. From 22:00 to 02:00. Only for staff.',
  )
  expect(told({ audience: 'tier', tiers: ['gold'] }, 'stopped')).toBe(
    'Was stopped in all 12 stores. Without an end. Only for customers of gold.',
  )
  expect(weekdayName(i18n, 1, 'long')).toBe('Monday')
})

test('a span without a beginning or an end says so', () => {
  const [from, until] = [startOfDate('2026-12-01'), startOfDate('2026-12-25')]
  expect(spanWords(i18n, { from: 0, until: null })).toBe('Always')
  expect(spanWords(i18n, { from, until: null })).toBe('From 01-12-2026 00:00')
  expect(spanWords(i18n, { from: 0, until })).toBe('Until 24-12-2026.')
  expect(spanWords(i18n, { from, until })).toBe('01-12-2026 00:00 – 24-12-2026')
})
