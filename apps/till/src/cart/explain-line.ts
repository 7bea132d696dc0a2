import type { PricedLine, Rulebook, TaxKind } from '@nexus/domain'

/** One sentence of "why this price?", as a code and its figures; `words/` has the sentences. Amounts in paise. */
export type PriceReason =
  | { code: 'list'; listName: string; unitMinor: number }
  | { code: 'mrp'; mrpMinor: number }
  | { code: 'at-ceiling'; mrpMinor: number }
  | { code: 'times'; quantityMilli: number; grossMinor: number }
  | { code: 'offer'; offerName: string; amountMinor: number }
  | { code: 'ceiling'; amountMinor: number }
  | { code: 'manual'; amountMinor: number }
  | { code: 'points'; amountMinor: number }
  | { code: 'rupee'; rupeeMinor: number }
  | { code: 'tax'; taxKind: TaxKind; rateBp: number; taxMinor: number; taxableMinor: number }
  | { code: 'paid'; paidMinor: number }

/** The trace of a line in reading order, from the price list to what is paid (PRC-8). */
export function explainLine(line: PricedLine, rulebook: Rulebook): PriceReason[] {
  const reasons: PriceReason[] = [
    { code: 'list', listName: rulebook.findPriceList(line.listId)?.name ?? '', unitMinor: line.unitMinor },
  ]
  if (line.mrpMinor !== undefined) {
    const code = line.unitMinor >= line.mrpMinor ? 'at-ceiling' : 'mrp'
    reasons.push({ code, mrpMinor: line.mrpMinor })
  }
  reasons.push({ code: 'times', quantityMilli: line.quantityMilli, grossMinor: line.grossMinor })
  for (const step of line.steps) {
    if (step.kind === 'ceiling' || step.kind === 'manual' || step.kind === 'points') {
      reasons.push({ code: step.kind, amountMinor: step.amountMinor })
    } else {
      const offerName = rulebook.offers.find((offer) => offer.id === step.offerId)?.name ?? ''
      reasons.push({ code: 'offer', offerName, amountMinor: step.amountMinor })
    }
  }
  if (line.rupeeMinor !== 0) reasons.push({ code: 'rupee', rupeeMinor: line.rupeeMinor })
  reasons.push({
    code: 'tax',
    taxKind: line.taxKind,
    rateBp: line.rateBp,
    taxMinor: 2 * line.cgstMinor + line.igstMinor,
    taxableMinor: line.taxableMinor,
  })
  reasons.push({ code: 'paid', paidMinor: line.paidMinor })
  return reasons
}
