import { type NotApplied, offersOnLine, type PricedCart, type PricedLine, type TaxKind } from '@nexus/domain'
import type { Catalogue } from '../rulebook/index.ts'
import { cartOfDraft, type Draft } from './cart.ts'

/** One sentence of "why this price?", as a code and its figures; reason-words.ts has the sentences. Amounts in paise. */
export type PriceReason =
  | { code: 'list'; listName: string; unitMinor: number }
  | { code: 'mrp'; mrpMinor: number }
  | { code: 'at-ceiling'; mrpMinor: number }
  | { code: 'times'; quantityMilli: number; grossMinor: number }
  /** `units` of the line took part, where the offer counts units. */
  | { code: 'offer'; offerName: string; units: number | undefined; amountMinor: number }
  | { code: 'coupon'; coupon: string; offerName: string; amountMinor: number }
  | { code: 'ceiling'; amountMinor: number }
  | {
      code: 'by-hand'
      on: 'line' | 'bill'
      amountMinor: number
      reason: string | undefined
      approved: boolean
    }
  | { code: 'points'; amountMinor: number }
  | { code: 'rupee'; rupeeMinor: number }
  | { code: 'tax'; taxKind: TaxKind; rateBp: number; taxMinor: number; taxableMinor: number }
  | { code: 'paid'; paidMinor: number }

type Offers = Pick<Catalogue, 'rulebook' | 'offer'>

/**
 * The trace of a line in reading order, from the price list to what is paid (PRC-8a): gross less the
 * amounts of its steps, and with the rounding to the rupee, is what is paid; a tax-exclusive price has its
 * tax on top.
 */
export function explainLine(line: PricedLine, { rulebook, offer }: Offers, draft?: Draft): PriceReason[] {
  const reasons: PriceReason[] = [
    { code: 'list', listName: rulebook.findPriceList(line.listId)?.name ?? '', unitMinor: line.unitMinor },
  ]
  if (line.mrpMinor !== undefined) {
    const code = line.unitMinor >= line.mrpMinor ? 'at-ceiling' : 'mrp'
    reasons.push({ code, mrpMinor: line.mrpMinor })
  }
  reasons.push({ code: 'times', quantityMilli: line.quantityMilli, grossMinor: line.grossMinor })
  const nameOf = (offerId: number) => offer(offerId)?.name ?? ''
  for (const step of line.steps) reasons.push(reasonOf(step, line.uid, nameOf, draft))
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

function reasonOf(
  step: PricedLine['steps'][number],
  uid: string,
  nameOf: (offerId: number) => string,
  draft: Draft | undefined,
): PriceReason {
  const { amountMinor } = step
  switch (step.kind) {
    case 'offer':
      return { code: 'offer', offerName: nameOf(step.offerId), units: step.units, amountMinor }
    case 'coupon':
      return { code: 'coupon', coupon: step.code, offerName: nameOf(step.offerId), amountMinor }
    case 'manual': {
      const given = step.on === 'bill' ? draft?.manual : draft?.lines.find((one) => one.uid === uid)?.manual
      const approved = given !== undefined && given.approval !== null
      return { code: 'by-hand', on: step.on, amountMinor, reason: given?.reason, approved }
    }
    case 'ceiling':
    case 'points':
      return { code: step.kind, amountMinor }
  }
}

/** The offers that look at a line and took nothing off the bill, each with its one condition (PRC-8d). */
export function notAppliedOn(
  line: PricedLine,
  draft: Draft,
  priced: PricedCart,
  { rulebook }: Offers,
  pricedAt: number,
): NotApplied[] {
  const cartLine = cartOfDraft(draft).lines.find(({ uid }) => uid === line.uid)
  if (cartLine === undefined) return []
  const ids = offersOnLine(cartLine, line, rulebook, pricedAt)
  return priced.notApplied.filter(({ offerId }) => ids.has(offerId))
}
