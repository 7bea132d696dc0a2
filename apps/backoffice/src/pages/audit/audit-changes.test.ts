import { expect, test } from 'vitest'
import { changesBetween } from './audit-changes.ts'

test('nothing changed is no change', () => {
  const thing = { name: 'Lip', barcodes: ['1', '2'], batches: [{ id: 1, mrpMinor: null }] }
  expect(changesBetween(thing, structuredClone(thing))).toEqual([])
  expect(changesBetween({ a: null }, {})).toEqual([])
})

test('a changed member is told with both values, also deep inside', () => {
  expect(
    changesBetween(
      { name: 'Lip', names: { en: 'a', hi: 'b' } },
      { name: 'Lip', names: { en: 'a', hi: 'c' } },
    ),
  ).toEqual([{ path: ['names', 'hi'], before: 'b', after: 'c' }])
})

test('what was made has no before, what was taken away no after', () => {
  expect(changesBetween(null, { sku: 'A' })).toEqual([{ path: ['sku'], before: undefined, after: 'A' }])
  expect(changesBetween({ sku: 'A' }, null)).toEqual([{ path: ['sku'], before: 'A', after: undefined }])
})

test('a list of plain values is one member', () => {
  expect(changesBetween({ barcodes: ['1'] }, { barcodes: ['1', '2'] })).toEqual([
    { path: ['barcodes'], before: ['1'], after: ['1', '2'] },
  ])
})

test('a batch that was taken out does not change the ones behind it', () => {
  const before = {
    batches: [
      { id: 1, batchNo: 'A' },
      { id: 2, batchNo: 'B' },
    ],
  }
  expect(changesBetween(before, { batches: [{ id: 2, batchNo: 'C' }] })).toEqual([
    { path: ['batches', '2', 'batchNo'], before: 'B', after: 'C' },
    { path: ['batches', '1', 'id'], before: 1, after: undefined },
    { path: ['batches', '1', 'batchNo'], before: 'A', after: undefined },
  ])
})

test('prices are told apart by list and beginning, things without a name by their place', () => {
  expect(
    changesBetween(
      { prices: [{ listId: 1, from: 5, unitMinor: 100 }] },
      {
        prices: [
          { listId: 1, from: 3, unitMinor: 90 },
          { listId: 1, from: 5, unitMinor: 110 },
        ],
      },
    ).map((change) => change.path.join('.')),
  ).toEqual(['prices.1@3.listId', 'prices.1@3.from', 'prices.1@3.unitMinor', 'prices.1@5.unitMinor'])
  expect(changesBetween({ rates: [{ rateBp: 1 }] }, { rates: [{ rateBp: 2 }] })).toEqual([
    { path: ['rates', '1', 'rateBp'], before: 1, after: 2 },
  ])
})
