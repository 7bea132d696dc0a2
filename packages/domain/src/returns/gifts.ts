import type { ReturnedSoFar, ReturnPick } from './credit-note.ts'
import { shareOfInterval, shareUpTo } from './share.ts'
import type { SoldLine } from './types.ts'

/** A gift offer as it stood when the bill was made. */
export type GiftTerms = {
  offerId: number
  /** Threshold that the net of `base` had to reach. */
  fromMinor: number
  /** The bill's lines in the offer's selector, with their net after layer 2 (PRC-6c); without gift lines. */
  base: readonly { uid: string; netMinor: number }[]
  /** Uids of the gift lines that it gave. */
  gifts: readonly string[]
}

/** Whether a gift whose threshold a return breaks comes back or is charged (RET-3b). */
export type GiftPolicy = 'take-back' | 'invoice'

/** A gift that a return breaks. */
export type BrokenGift = {
  offerId: number
  /** The gift's line on the bill, and the part of it that the customer still has. */
  uid: string
  fromMilli: number
  toMilli: number
  policy: GiftPolicy
  /**
   * `take-back`: what it was paid with, which a pick of this quantity gives back. `invoice`: its value less
   * what was paid, in the bill's prices (with or without tax), for a line of the exchange's invoice.
   */
  amountMinor: number
}

/**
 * The gifts that these picks break (RET-3b): their threshold was still reached by what the customer kept
 * before, and no longer is by what the customer keeps now. Gifts that are picked themselves are not named;
 * nor are gifts that an earlier return broke, since that return settled them.
 *
 * @param lines the bill's lines
 * @param picks valid ones: `creditNoteOf` refuses others
 * @param terms of each gift offer that applied
 */
export function giftsBrokenBy(
  lines: readonly SoldLine[],
  returnedSoFar: ReturnedSoFar,
  picks: readonly ReturnPick[],
  terms: readonly GiftTerms[],
  policy: GiftPolicy,
): BrokenGift[] {
  const sold = new Map(lines.map((line) => [line.uid, line]))
  const returned = new Map(returnedSoFar)
  for (const { of, quantityMilli } of picks) returned.set(of, (returned.get(of) ?? 0) + quantityMilli)

  const broken: BrokenGift[] = []
  for (const { offerId, fromMinor, base, gifts } of terms) {
    if (keptNet(base, sold, returnedSoFar) < fromMinor || keptNet(base, sold, returned) >= fromMinor) continue
    for (const uid of gifts) {
      const line = sold.get(uid)
      const fromMilli = returned.get(uid) ?? 0
      if (line === undefined || fromMilli >= line.quantityMilli) continue
      const toMilli = line.quantityMilli
      // Gross is what the line was worth, so what it was worth more than its price is its discount.
      const amountMinor = policy === 'take-back' ? line.paidMinor : line.discountMinor
      broken.push({
        offerId,
        uid,
        fromMilli,
        toMilli,
        policy,
        amountMinor: shareOfInterval(amountMinor, toMilli, fromMilli, toMilli),
      })
    }
  }
  return broken
}

function keptNet(
  base: GiftTerms['base'],
  sold: ReadonlyMap<string, SoldLine>,
  returned: ReturnedSoFar,
): number {
  let netMinor = 0
  for (const line of base) {
    const quantityMilli = sold.get(line.uid)?.quantityMilli
    if (quantityMilli === undefined) continue
    netMinor += line.netMinor - shareUpTo(line.netMinor, quantityMilli, returned.get(line.uid) ?? 0)
  }
  return netMinor
}
