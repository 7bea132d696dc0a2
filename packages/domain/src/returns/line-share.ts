import { multiplyDivideDown } from '../money/round.ts'
import { shareOfInterval } from './share.ts'
import type { Goods, ReturnedLine, SoldLine } from './types.ts'

/**
 * The figures of an interval [from, to) of a sold line (RET-2a): what was paid, T, each head, the rupee
 * rounding and each discount are cumulative over the quantity; the round-off is what is left of paid.
 * Gross is value and discount, so that the line adds up on paper as the sold one did.
 *
 * @param uid names the new line on its document
 * @param inclusive the bill's prices include tax, so that its value before discounts does too
 */
export function lineShare(
  line: SoldLine,
  uid: string,
  fromMilli: number,
  toMilli: number,
  inclusive: boolean,
): ReturnedLine {
  const share = (amountMinor: number) => shareOfInterval(amountMinor, line.quantityMilli, fromMilli, toMilli)
  const paidMinor = share(line.paidMinor)
  const taxableMinor = share(line.taxableMinor)
  const cgstMinor = share(line.cgstMinor)
  const igstMinor = share(line.igstMinor)
  const rupeeMinor = share(line.rupeeMinor)
  const offers: ReturnedLine['offers'] = []
  let namedMinor = 0
  let discountMinor = 0
  const take = (amountMinor: number) => {
    const partMinor = share(amountMinor)
    namedMinor += amountMinor
    discountMinor += partMinor
    return partMinor
  }
  for (const { id, amountMinor, code } of line.offers) {
    const partMinor = take(amountMinor)
    if (partMinor !== 0) offers.push({ id, amountMinor: partMinor, ...(code !== undefined && { code }) })
  }
  const manualMinor = take(line.manualMinor ?? 0)
  const pointsMinor = take(line.pointsMinor ?? 0)
  // What nothing is named for is the step of the ceiling.
  discountMinor += share(line.discountMinor - namedMinor)
  const valueMinor = inclusive ? paidMinor - rupeeMinor : taxableMinor
  return {
    ...goodsOf(line),
    uid,
    quantityMilli: toMilli - fromMilli,
    // Where a line of some paise carries more rupee rounding than value, the two may round apart.
    grossMinor: Math.max(0, valueMinor + discountMinor),
    discountMinor,
    paidMinor,
    taxKind: line.taxKind,
    rateBp: line.rateBp,
    taxableMinor,
    cgstMinor,
    igstMinor,
    roundOffMinor: paidMinor - rupeeMinor - taxableMinor - 2 * cgstMinor - igstMinor,
    rupeeMinor,
    offers,
    ...(manualMinor !== 0 && { manualMinor }),
    ...(pointsMinor !== 0 && { pointsMinor }),
  }
}

/** The same line without GST (RET-4b): what comes back is money only. */
export function withoutTax(line: ReturnedLine): ReturnedLine {
  return {
    ...line,
    grossMinor: Math.max(0, line.paidMinor - line.rupeeMinor + line.discountMinor),
    taxKind: 'non-gst',
    rateBp: 0,
    taxableMinor: 0,
    cgstMinor: 0,
    igstMinor: 0,
    roundOffMinor: 0,
  }
}

/** MRP of an interval, rounded as a bill's is, or `elseMinor` where the goods have none. */
export function mrpOfInterval(
  mrpMinor: number | null,
  fromMilli: number,
  toMilli: number,
  elseMinor: number,
): number {
  if (mrpMinor === null) return elseMinor
  return multiplyDivideDown(mrpMinor, toMilli, 1000) - multiplyDivideDown(mrpMinor, fromMilli, 1000)
}

/** Member by member, so that no figure of a sold line slips into a return unshared. */
export function goodsOf(line: Goods): Goods {
  const { product, batch, code, name, hsn, uqc, list, unitMinor, mrpMinor, salesperson } = line
  return {
    product,
    batch,
    code,
    name,
    hsn,
    uqc,
    list,
    unitMinor,
    mrpMinor,
    ...(salesperson !== undefined && { salesperson }),
  }
}
