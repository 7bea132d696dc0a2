import { indexRulebook } from '@nexus/domain'
import { expect, test } from 'vitest'
import { goods, TEN } from '../testing/counter.ts'
import { addLine, openDraft } from './cart.ts'
import { explainLine } from './explain-line.ts'
import { priceDraft } from './price-draft.ts'
import { rowsOf } from './rows.ts'

const rulebook = indexRulebook(goods)
const catalogue = { rulebook, offer: () => undefined }
const context = { pricedAt: TEN, storeId: 's', regionId: 'south', storeState: '29', placeOfSupply: '29' }

function draftOf(...ids: number[]) {
  return ids.reduce(
    (draft, productId) =>
      addLine(draft, { code: `code-${productId}`, productId, quantityMilli: 1000 })?.draft ?? draft,
    openDraft('cart'),
  )
}

test('[TAX-1] a product without a tax class is marked and the rest is sold', () => {
  const { draft, priced } = priceDraft(draftOf(1, 5, 4), rulebook, context)
  expect(priced.toPayMinor).toBe(10_000 + 25_000_000)
  expect(draft.lines.map((line) => line.refusal?.code)).toEqual([
    undefined,
    'product/unclassified',
    undefined,
  ])
})

test('a refusal by price is tried anew: what can be sold later is sold later', () => {
  const marked = priceDraft(draftOf(1, 5), rulebook, context).draft
  const classified = indexRulebook({
    ...goods,
    taxClasses: [
      ...goods.taxClasses,
      { id: 'none', name: 'now set', rates: [{ from: 0, kind: 'nil', rateBp: 0 }] },
    ],
  })
  expect(priceDraft(marked, classified, context).priced.toPayMinor).toBe(20_000)
})

test('an expired pack stays refused however often the cart is priced', () => {
  const refusal = { code: 'expired', kind: 'use-before', month: '2026-11' } as const
  const added = addLine(draftOf(1), { code: 'x', productId: 3, quantityMilli: 1000, refusal })
  const { draft, priced } = priceDraft(added?.draft ?? draftOf(), rulebook, context)
  expect(priced.toPayMinor).toBe(10_000)
  expect(draft.lines[1]?.refusal).toEqual(refusal)
})

test('rows that did not change keep their identity, so that only the others are drawn', () => {
  const first = priceDraft(draftOf(1, 4), rulebook, context)
  const before = rowsOf(first.draft, first.priced, catalogue, '2026-11-22', [])
  const second = priceDraft(
    addLine(first.draft, { code: 'code-4', productId: 4, quantityMilli: 1000 })?.draft ?? first.draft,
    rulebook,
    context,
  )
  const after = rowsOf(second.draft, second.priced, catalogue, '2026-11-22', before)
  expect(after[0]).toBe(before[0])
  expect(after[1]).not.toBe(before[1])
  expect(after[1]?.quantityMilli).toBe(2000)
})

test('[PRC-3a] an open MRP question stands on its row until it is answered', () => {
  const open = priceDraft(draftOf(2), rulebook, context)
  const [row] = rowsOf(open.draft, open.priced, catalogue, '2026-11-22', [])
  expect(row?.asksMrp).toBe(true)
  expect(row?.paidMinor).toBe(55_000)
})

test('[PRC-8a] the explanation of a line ends at exactly what is paid', () => {
  const { priced } = priceDraft(draftOf(2), rulebook, context)
  const [line] = priced.lines
  const reasons = line === undefined ? [] : explainLine(line, catalogue)
  expect(reasons.map((reason) => reason.code)).toEqual(['list', 'at-ceiling', 'times', 'tax', 'paid'])
  const tax = reasons.find((reason) => reason.code === 'tax')
  expect(tax && 'taxMinor' in tax && tax.taxableMinor + tax.taxMinor + (line?.roundOffMinor ?? 0)).toBe(
    55_000,
  )
  expect(reasons.at(-1)).toEqual({ code: 'paid', paidMinor: 55_000 })
})
