import { setupI18n } from '@lingui/core'
import { expect, test } from 'vitest'
import { serverFault, typedFaults, unfinished } from './offer-faults.ts'
import { emptyOffer, emptyTier, type OfferValues, withSelectors } from './offer-values.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: {} } })
const empty = { ...emptyOffer(0), name: 'Offer' }
const typed = (change: Partial<OfferValues>) => Object.keys(typedFaults(i18n, { ...empty, ...change }))
const lacks = (change: Partial<OfferValues>) => Object.keys(unfinished(i18n, { ...empty, ...change }))
const goods = empty.selectors.map((selector) => ({ ...selector, everything: true }))

test('a draft needs a name; what is typed must be readable', () => {
  expect(typed({})).toEqual([])
  expect(typed({ name: '  ' })).toEqual(['name'])
  expect(
    typed({ off: { kind: 'percent', percent: '101', amount: 'x', cap: '' }, buy: '0', budget: '-5' }),
  ).toEqual(['buy', 'budget', 'off.percent', 'off.amount'])
  expect(typed({ thresholds: [{ ...emptyTier(), from: 'much' }] })).toEqual(['thresholds.0.from'])
})

test('what keeps an offer from being published is told field by field, in the order of the page', () => {
  expect(lacks({})).toEqual(['selectors.0.categories', 'off.percent'])
  const off = { kind: 'percent', percent: '5', amount: '', cap: '' } as const
  expect(lacks({ selectors: goods, off })).toEqual([])
  expect(lacks({ selectors: goods, off, lastDay: empty.firstDay, lastTime: '00:00' })).toEqual(['lastDay'])
  expect(lacks({ selectors: goods, off, everyStore: false, audience: 'tier' })).toEqual(['storeIds', 'tiers'])
  const [first] = goods
  if (!first) throw new Error('there is one')
  expect(lacks({ selectors: [{ ...first, priceFrom: '100', priceBelow: '100' }], off })).toEqual([
    'selectors.0.priceBelow',
  ])
  const tiers = ['500', '500'].map((from) => ({ ...emptyTier(), from, percent: '5' }))
  expect(lacks({ effect: 'threshold', selectors: goods, thresholds: tiers })).toEqual(['thresholds.1.from'])
  const series = { codeKind: 'series', code: 'LUCKY-', codeLength: '6' } as const
  expect(lacks({ effect: 'coupon', selectors: goods, off, ...series })).toEqual(['codeLength'])
  const bundle = { ...empty, effect: 'bundle' } as const
  expect(lacks({ ...bundle, selectors: withSelectors(bundle, 'bundle') })).toEqual([
    'selectors.0.categories',
    'selectors.1.categories',
    'bundlePrice',
  ])
})

test('the server’s own sentence is English; in another language the catalogue speaks', () => {
  const fault = { field: 'code/text', message: 'The offer "A" has the same code X as "B".' }
  expect(serverFault(i18n, fault)).toBe(fault.message)
  const hindi = setupI18n({ locale: 'hi', messages: { hi: { 'offer.code-taken': ['लिया हुआ'] } } })
  expect(serverFault(hindi, fault)).toBe('लिया हुआ')
})
