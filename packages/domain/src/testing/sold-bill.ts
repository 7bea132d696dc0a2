import fc from 'fast-check'
import { price } from '../pricing/engines.ts'
import { indexRulebook } from '../pricing/rulebook.ts'
import type { PricedCart, PricingContext, Rulebook, Step } from '../pricing/types.ts'
import type { SoldDocument, SoldLine } from '../returns/types.ts'
import { everyEffectCase } from './arbitrary-offers.ts'
import { pricingCase } from './arbitrary-shop.ts'

/** The bill of a priced cart, as its entry holds it. */
export function billOf(priced: PricedCart, rulebook: Rulebook, context: PricingContext): SoldDocument {
  const lines = priced.lines.map(({ productId, batchId, listId, steps, ...line }): SoldLine => {
    return {
      ...line,
      product: productId,
      batch: batchId ?? null,
      list: listId,
      mrpMinor: line.mrpMinor ?? null,
      code: `SKU-${productId}`,
      name: rulebook.findProduct(productId)?.names.en ?? '',
      hsn: '330499',
      uqc: rulebook.findProduct(productId)?.uqc ?? 'NOS',
      offers: steps.flatMap((step) => {
        if (step.kind === 'offer') return [{ id: step.offerId, amountMinor: step.amountMinor }]
        const { kind, amountMinor } = step
        return kind === 'coupon' ? [{ id: step.offerId, amountMinor, code: step.code }] : []
      }),
      manualMinor: takenBy(steps, 'manual'),
      pointsMinor: takenBy(steps, 'points'),
    }
  })
  return {
    number: 'KOR2AI26-000001',
    identity: 'sold',
    kind: lines.some((line) => line.taxKind === 'taxable') ? 'I' : 'B',
    issueDate: '2026-11-22',
    pricing: {
      pricedAt: context.pricedAt,
      region: context.regionId,
      storeState: context.storeState,
      placeOfSupply: context.placeOfSupply,
      tier: context.tier ?? null,
      inclusive: priced.inclusive,
      rupeeRounding: rulebook.rupeeRounding,
    },
    lines,
    buyerGstin: null,
  }
}

function takenBy(steps: readonly Step[], by: Step['kind']): number {
  return steps.reduce((sum, { kind, amountMinor }) => (kind === by ? sum + amountMinor : sum), 0)
}

/** Any bill that the engine makes, beside the priced cart that it came from. */
export const soldBill: fc.Arbitrary<{ bill: SoldDocument; priced: PricedCart }> = fc
  .oneof(pricingCase, everyEffectCase)
  .filter(({ cart }) => cart.lines.length > 0)
  .map(({ data, cart, context }) => {
    const rulebook = indexRulebook(data)
    const priced = price(cart, rulebook, context)
    return { bill: billOf(priced, rulebook, context), priced }
  })

/** One part return after another, until everything is back: lines cut anywhere they may be, in any order. */
export function partReturnsOf(bill: SoldDocument): fc.Arbitrary<{ of: string; quantityMilli: number }[][]> {
  const cuts = bill.lines.map((line) => {
    const step = line.uqc === 'GMS' ? 1 : 1000
    return fc
      .uniqueArray(fc.integer({ min: 1, max: line.quantityMilli / step }), { maxLength: 4 })
      .map((inside) => {
        const ends = [...new Set([...inside, line.quantityMilli / step])].sort((one, other) => one - other)
        return ends.map((end, at) => ({ of: line.uid, quantityMilli: (end - (ends[at - 1] ?? 0)) * step }))
      })
  })
  return fc
    .tuple(...cuts)
    .map((lines) => lines.flat())
    .chain((parts) =>
      fc.tuple(
        fc.shuffledSubarray(parts, { minLength: parts.length }),
        fc.array(fc.boolean(), { minLength: parts.length, maxLength: parts.length }),
      ),
    )
    .map(([parts, together]) => {
      const notes: { of: string; quantityMilli: number }[][] = []
      parts.forEach((part, at) => {
        const last = notes.at(-1)
        if (last !== undefined && together[at]) last.push(part)
        else notes.push([part])
      })
      return notes
    })
}
