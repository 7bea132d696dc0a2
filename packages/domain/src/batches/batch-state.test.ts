import { expect, test } from 'vitest'
import thresholds from '../../../../docs/spec/cases/thresholds.json' with { type: 'json' }
import { batchState, daysToExpiry, firstToExpire, lastSaleDay } from './batch-state.ts'

const labelled = (kind: 'use-before' | 'expiry', month: string, id = 1) => {
  return { id, batchNo: `B${id}`, expiry: { kind, month } }
}

test('use before a month ends on the day before its first, expiry of a month on its last', () => {
  expect(lastSaleDay(labelled('use-before', '2027-03'))).toBe('2027-02-28')
  expect(lastSaleDay(labelled('use-before', '2027-01'))).toBe('2026-12-31')
  expect(lastSaleDay(labelled('expiry', '2027-03'))).toBe('2027-03-31')
  expect(lastSaleDay(labelled('expiry', '2028-02'))).toBe('2028-02-29')
  expect(lastSaleDay(labelled('expiry', '2026-12'))).toBe('2026-12-31')
  expect(lastSaleDay({})).toBeUndefined()
})

test('a batch is sold on its last day and blocked on the next', () => {
  const batch = labelled('use-before', '2027-03')
  expect(batchState(batch, '2027-02-28')).toBe('sellable')
  expect(batchState(batch, '2027-03-01')).toBe('expired')
  expect(batchState({}, '2999-01-01')).toBe('sellable')
})

test('days to expiry count down to 0 and below', () => {
  const batch = labelled('expiry', '2027-03')
  expect(['2027-03-01', '2027-03-31', '2027-04-02'].map((day) => daysToExpiry(batch, day))).toEqual([
    30, 0, -2,
  ])
  expect(daysToExpiry({}, '2027-01-01')).toBeUndefined()
})

test('the batch that ends soonest goes first, expired ones never, undated ones last', () => {
  const batches = [
    { id: 1, batchNo: 'undated' },
    labelled('expiry', '2027-06', 2),
    labelled('use-before', '2027-06', 3),
    labelled('expiry', '2027-05', 4),
    labelled('expiry', '2026-01', 5),
  ]
  expect(firstToExpire(batches, '2026-11-22')?.id).toBe(3)
  expect(firstToExpire(batches.toReversed(), '2026-11-22')?.id).toBe(3)
  expect(firstToExpire(batches, '2027-06-30')?.id).toBe(2)
  expect(firstToExpire(batches, '2027-07-01')?.id).toBe(1)
  expect(firstToExpire([labelled('expiry', '2026-01')], '2026-11-22')).toBeUndefined()
})

/** Labels with a day: our batches keep the month that cosmetics print. */
const notOurs = ['EXP-07', 'EXP-08']
test.each(thresholds.groups.expiry.filter((given) => !notOurs.includes(given.id)))(
  'reference case $id',
  (given) => {
    const { label_kind, label_value, sale_date } = given.input
    const kind = label_kind === 'expiry' ? 'expiry' : 'use-before'
    expect(batchState(labelled(kind, label_value), sale_date)).toBe(
      given.expected.may_sell ? 'sellable' : 'expired',
    )
  },
)
