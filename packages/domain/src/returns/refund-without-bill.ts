import { isMeasured } from '../quantity/quantity.ts'
import { goodsOf, mrpOfInterval } from './line-share.ts'
import { ReturnRefusal } from './refusal.ts'
import { addUpReturn } from './return-sums.ts'
import type { DocumentPricing, Goods, ReturnDocument, ReturnedLine } from './types.ts'

/** Goods that come back without a bill, with the value that policy gives them, taxes included. */
export type UnbilledLine = Goods & { uid: string; quantityMilli: number; valueMinor: number }

/**
 * The refund for goods whose bill is unknown (RET-4b): kind R, no tax anywhere. With rupee rounding on, the
 * total is rounded down, so that it never passes the value given.
 *
 * Throws ReturnRefusal for the first line that cannot be taken back as it stands.
 */
export function refundWithoutBill(
  goods: readonly UnbilledLine[],
  pricing: Omit<DocumentPricing, 'inclusive'>,
): ReturnDocument {
  if (goods.length === 0) throw new ReturnRefusal('return/nothing-picked')
  const uids = new Set<string>()
  const lines: ReturnedLine[] = []
  let valueMinor = 0
  let mrpTotalMinor = 0
  for (const line of goods) {
    const { uid, quantityMilli } = line
    if (uids.has(uid)) throw new ReturnRefusal('return/uid-repeated', uid)
    uids.add(uid)
    if (!Number.isSafeInteger(quantityMilli) || quantityMilli <= 0) {
      throw new ReturnRefusal('return/quantity-not-positive', uid)
    }
    if (quantityMilli % 1000 !== 0 && !isMeasured(line.uqc)) {
      throw new ReturnRefusal('return/quantity-fractional', uid)
    }
    if (!Number.isSafeInteger(line.valueMinor) || line.valueMinor < 0) {
      throw new ReturnRefusal('return/value-not-whole', uid)
    }
    lines.push({
      ...goodsOf(line),
      uid,
      quantityMilli,
      grossMinor: line.valueMinor,
      discountMinor: 0,
      paidMinor: line.valueMinor,
      taxKind: 'non-gst',
      rateBp: 0,
      taxableMinor: 0,
      cgstMinor: 0,
      igstMinor: 0,
      roundOffMinor: 0,
      rupeeMinor: 0,
      offers: [],
    })
    valueMinor += line.valueMinor
    mrpTotalMinor += mrpOfInterval(line.mrpMinor, 0, quantityMilli, line.valueMinor)
  }
  const totalMinor = pricing.rupeeRounding ? valueMinor - (valueMinor % 100) : valueMinor
  return {
    ...addUpReturn(lines, totalMinor),
    kind: 'R',
    pricing: { ...pricing, inclusive: true },
    taxes: [],
    mrpTotalMinor,
    buyerGstin: null,
    of: null,
  }
}
