import { localDate } from '../calendar/calendar.ts'
import { invariant } from '../invariant.ts'
import { isMeasured } from '../quantity/quantity.ts'
import { creditNoteDeadline } from './credit-note-deadline.ts'
import { lineShare, mrpOfInterval, withoutTax } from './line-share.ts'
import { ReturnRefusal, type ReturnRefusalCode } from './refusal.ts'
import { addUpReturn, rateTable } from './return-sums.ts'
import { shareOfInterval, shareUpTo } from './share.ts'
import type { ReturnDocument, ReturnedInterval, ReturnedLine, SoldDocument, SoldLine } from './types.ts'

/** Goods that come back: so much of the bill's line `of`. One line may be picked several times. */
export type ReturnPick = {
  /** Names the line on the credit note; unique among the picks. */
  uid: string
  /** Uid of the line on the bill. */
  of: string
  quantityMilli: number
}

/** Thousandths returned before, by uid of the bill's line; a line that is not there has none. */
export type ReturnedSoFar = ReadonlyMap<string, number>

export type ReturnSettings = {
  /** When Pay opened; dates the document. */
  pricedAt: number
}

/**
 * The credit note for goods of a bill (RET-2): its lines give back what was paid for them, with the tax
 * that was charged; nothing is priced or taxed again. With rupee rounding on, what the bill gave back in
 * all stays a whole number of rupees (RET-2b), so that the total may differ from the sum of the lines by
 * less than a rupee; the document's rupee rounding says by how much.
 *
 * After the last day for credit notes it is a refund without GST, kind R (RET-4c).
 *
 * Throws ReturnRefusal where a pick does not fit the bill and what came back of it before.
 */
export function creditNoteOf(
  original: SoldDocument,
  returnedSoFar: ReturnedSoFar,
  picks: readonly ReturnPick[],
  settings: ReturnSettings,
): ReturnDocument {
  if (original.kind !== 'I' && original.kind !== 'B') throw new ReturnRefusal('return/not-a-sale')
  if (picks.length === 0) throw new ReturnRefusal('return/nothing-picked')
  const { number, identity, issueDate } = original
  const withTax = localDate(settings.pricedAt) <= creditNoteDeadline(issueDate)
  const { inclusive } = original.pricing
  const returned = new Map(returnedSoFar)
  const refundedMinor = refundedFor(original, returned)

  const lines: ReturnedLine[] = []
  let mrpTotalMinor = 0
  for (const { line, uid, fromMilli, toMilli } of intervalsOf(original, returned, picks)) {
    const share = lineShare(line, uid, fromMilli, toMilli, inclusive)
    const back = withTax ? share : withoutTax(share)
    lines.push({ ...back, of: { number, identity, uid: line.uid, fromMilli, toMilli } })
    const grossMinor = shareOfInterval(line.grossMinor, line.quantityMilli, fromMilli, toMilli)
    mrpTotalMinor += mrpOfInterval(line.mrpMinor, fromMilli, toMilli, grossMinor)
  }
  const totalMinor = refundedFor(original, returned) - refundedMinor
  return {
    ...addUpReturn(lines, totalMinor),
    kind: withTax ? 'C' : 'R',
    pricing: {
      pricedAt: settings.pricedAt,
      region: original.pricing.region,
      storeState: original.pricing.storeState,
      placeOfSupply: original.pricing.placeOfSupply,
      tier: original.pricing.tier,
      // A refund without GST has no tax to put on its prices.
      inclusive: inclusive || !withTax,
      rupeeRounding: original.pricing.rupeeRounding,
    },
    taxes: withTax ? rateTable(lines) : [],
    mrpTotalMinor,
    buyerGstin: original.buyerGstin,
    of: { number, identity, issueDate },
  }
}

/**
 * How much of each line of a bill came back by these documents, each given once. Where two tills without a
 * network took back the same interval, both count, up to what was sold (RET-2h).
 */
export function quantitiesReturned(
  original: Pick<SoldDocument, 'number' | 'identity' | 'lines'>,
  documents: readonly { lines: readonly { of?: ReturnedInterval }[] }[],
): Map<string, number> {
  const sold = new Map(original.lines.map((line) => [line.uid, line.quantityMilli]))
  const returned = new Map<string, number>()
  for (const document of documents) {
    for (const { of } of document.lines) {
      if (of === undefined || of.number !== original.number) continue
      // A number may stand on two bills (JRN-14c); their identities tell them apart.
      if (of.identity !== null && original.identity !== null && of.identity !== original.identity) continue
      const sumMilli = (returned.get(of.uid) ?? 0) + of.toMilli - of.fromMilli
      returned.set(of.uid, Math.min(sumMilli, sold.get(of.uid) ?? 0))
    }
  }
  return returned
}

type Interval = { line: SoldLine; uid: string; fromMilli: number; toMilli: number }

/** The interval of each pick, in their order; `returned` is moved on. */
function intervalsOf(
  original: SoldDocument,
  returned: Map<string, number>,
  picks: readonly ReturnPick[],
): Interval[] {
  const sold = new Map(original.lines.map((line) => [line.uid, line]))
  const uids = new Set<string>()
  return picks.map((pick) => {
    const refuse = (code: ReturnRefusalCode, leftMilli?: number): never => {
      throw new ReturnRefusal(code, pick.uid, leftMilli)
    }
    if (uids.has(pick.uid)) refuse('return/uid-repeated')
    uids.add(pick.uid)
    const line = sold.get(pick.of) ?? refuse('return/line-unknown')
    const { quantityMilli } = pick
    if (!Number.isSafeInteger(quantityMilli) || quantityMilli <= 0) refuse('return/quantity-not-positive')
    if (quantityMilli % 1000 !== 0 && !isMeasured(line.uqc)) refuse('return/quantity-fractional')
    const fromMilli = returned.get(line.uid) ?? 0
    const toMilli = fromMilli + quantityMilli
    if (toMilli > line.quantityMilli) refuse('return/more-than-sold', line.quantityMilli - fromMilli)
    returned.set(line.uid, toMilli)
    return { line, uid: pick.uid, fromMilli, toMilli }
  })
}

/**
 * What a bill gives back in all for these quantities: what was paid for them (RET-2a), with rupee rounding
 * the whole rupees in it: the nearest rupee where that is not above, else the one below (RET-2b).
 */
function refundedFor(original: SoldDocument, returned: ReturnedSoFar): number {
  let paidMinor = 0
  for (const line of original.lines) {
    const toMilli = returned.get(line.uid) ?? 0
    invariant(toMilli >= 0 && toMilli <= line.quantityMilli, 'no more came back than was sold')
    paidMinor += shareUpTo(line.paidMinor, line.quantityMilli, toMilli)
  }
  return original.pricing.rupeeRounding ? paidMinor - (paidMinor % 100) : paidMinor
}
