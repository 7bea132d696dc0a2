import { setupI18n } from '@lingui/core'
import { startOfDate } from '@nexus/domain'
import { expect, test } from 'vitest'
import { bodyOf, taxClassFaults, valuesOf } from './tax-class-values.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: {} } })
const noon = startOfDate('2025-09-22') + 12 * 3_600_000
const stored = {
  id: 'GST18',
  name: 'Cosmetics',
  products: 3,
  rates: [
    { from: startOfDate('2017-07-01'), kind: 'taxable' as const, rateBp: 2800 },
    { from: noon, kind: 'taxable' as const, rateBp: 250 },
    { from: startOfDate('2030-01-01'), kind: 'exempt' as const, rateBp: 0 },
  ],
}

test('[TAX-1] a class that is opened and saved unchanged is the same, to the millisecond', () => {
  expect(bodyOf(valuesOf(stored))).toEqual({ name: stored.name, rates: stored.rates })
})

test('rates are per cent on the screen, in order of their days behind it, and none where nothing is taxed', () => {
  const values = valuesOf(stored)
  expect(values.rates.map(({ rate }) => rate)).toEqual(['28', '2.5', '0'])
  const rates = [
    { key: 'b', fromDay: '2027-01-01', kind: 'nil' as const, rate: '12', stored: null },
    { key: 'a', fromDay: '2026-01-01', kind: 'taxable' as const, rate: '40%', stored: null },
  ]
  expect(bodyOf({ ...values, rates }).rates).toEqual([
    { from: startOfDate('2026-01-01'), kind: 'taxable', rateBp: 4000 },
    { from: startOfDate('2027-01-01'), kind: 'nil', rateBp: 0 },
  ])
})

test('two rates do not begin on one day, and a rate is at most the whole price', () => {
  const [first] = valuesOf(stored).rates
  if (!first) throw new Error('the class has rates')
  const values = { id: 'G', name: '', rates: [first, { ...first, rate: '100.01' }] }
  expect(Object.keys(taxClassFaults(i18n, values))).toEqual(['id', 'name', 'rates.1.fromDay', 'rates.1.rate'])
  expect(taxClassFaults(i18n, valuesOf(stored))).toEqual({})
})
