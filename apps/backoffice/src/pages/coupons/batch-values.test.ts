import { setupI18n } from '@lingui/core'
import { startOfDate } from '@nexus/domain'
import { expect, test } from 'vitest'
import { batchBody, batchFaults, countOf } from './batch-values.ts'

const i18n = setupI18n({ locale: 'en', messages: { en: {} } })
const now = startOfDate('2026-11-23') + 12 * 3_600_000
const values = { name: ' Letter ', count: '1,00,000', lastDay: '2026-11-23' }
const faultsOf = (change: Partial<typeof values>, room = 1_000_000) =>
  Object.keys(batchFaults(i18n, { ...values, ...change }, { room, now }))

test('codes count to the end of their last day, and without one as long as their offer', () => {
  expect(batchBody(values, 7)).toEqual({
    offerId: 7,
    name: 'Letter',
    count: 100_000,
    expiresAt: startOfDate('2026-11-24'),
  })
  expect(batchBody({ ...values, lastDay: '' }, 7).expiresAt).toBeNull()
})

test('a number of codes is read with and without Indian grouping, and nothing else is', () => {
  expect(['500', '1,00,000', ' 2 000 ', '1.5', '-3', 'many', ''].map(countOf)).toEqual([
    500,
    100_000,
    2000,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test('each fault stands at its field', () => {
  expect(faultsOf({})).toEqual([])
  expect(faultsOf({ name: ' ' })).toEqual(['name'])
  expect(faultsOf({ count: '0' })).toEqual(['count'])
  expect(faultsOf({ count: '100001' })).toEqual(['count'])
  expect(faultsOf({ count: '431' }, 430)).toEqual(['count'])
  expect(faultsOf({ count: '430' }, 430)).toEqual([])
  expect(faultsOf({ lastDay: '2026-11-22' })).toEqual(['lastDay'])
  expect(faultsOf({ lastDay: '2026-02-31' })).toEqual(['lastDay'])
})
