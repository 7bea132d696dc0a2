import type { Batch, RulebookProduct } from '@nexus/domain'
import { expect, test } from 'vitest'
import { goods } from '../testing/counter.ts'
import { batchOfPack, needsExpiryLook } from './batches.ts'

const DAY = '2026-11-22'
const [lipstick] = goods.products
function withBatches(...batches: Batch[]): RulebookProduct {
  if (lipstick === undefined) throw new Error('the shop sells something')
  return { ...lipstick, batches }
}
const fresh: Batch = { id: 1, batchNo: 'A', mrpMinor: 10_000, expiry: { kind: 'expiry', month: '2027-01' } }
const dearer: Batch = { id: 2, batchNo: 'B', mrpMinor: 12_000, expiry: { kind: 'expiry', month: '2028-01' } }
const gone: Batch = { id: 3, batchNo: 'C', mrpMinor: 9000, expiry: { kind: 'use-before', month: '2026-11' } }

test('goods without batches, and goods with one, need no question', () => {
  expect(batchOfPack(withBatches(), {}, DAY)).toEqual({ kind: 'batch', batchId: undefined })
  expect(batchOfPack(withBatches(fresh), {}, DAY)).toEqual({ kind: 'batch', batchId: 1 })
})

test('[PRC-3a] one barcode with two MRPs on the shelf is a question, the lowest first', () => {
  const answer = batchOfPack(withBatches(dearer, fresh), {}, DAY)
  expect(answer.kind === 'ask' && answer.choices.map(({ batchId, mrpMinor }) => [batchId, mrpMinor])).toEqual(
    [
      [1, 10_000],
      [2, 12_000],
    ],
  )
})

test('[PRC-3b] a revised MRP counts where it is lower, so equal ceilings are no question', () => {
  const revised = { ...dearer, revisedMrpMinor: 10_000 }
  expect(batchOfPack(withBatches(fresh, revised), {}, DAY)).toEqual({ kind: 'batch', batchId: undefined })
})

test('a batch that expired is not offered as a choice', () => {
  expect(batchOfPack(withBatches(fresh, gone), {}, DAY)).toEqual({ kind: 'batch', batchId: undefined })
  expect(needsExpiryLook(withBatches(fresh, gone), DAY)).toBe(true)
})

test('when everything has expired, the pack may not be sold and the label says until when', () => {
  expect(batchOfPack(withBatches(gone), {}, DAY)).toEqual({
    kind: 'refused',
    refusal: { code: 'expired', kind: 'use-before', month: '2026-11' },
  })
})

test('a symbol that names its batch is believed, and refused when that batch expired', () => {
  expect(batchOfPack(withBatches(fresh, dearer), { batchNo: 'B' }, DAY)).toEqual({
    kind: 'batch',
    batchId: 2,
  })
  expect(batchOfPack(withBatches(fresh, gone), { batchNo: 'C' }, DAY).kind).toBe('refused')
})

test('a symbol whose own date is past is refused, whatever the batches say', () => {
  const pack = { expiryDate: '2026-11-21' }
  expect(batchOfPack(withBatches(fresh), pack, DAY)).toEqual({
    kind: 'refused',
    refusal: { code: 'expired', kind: 'expiry', month: '2026-11' },
  })
  expect(batchOfPack(withBatches(fresh), { expiryDate: DAY }, DAY).kind).toBe('batch')
})
