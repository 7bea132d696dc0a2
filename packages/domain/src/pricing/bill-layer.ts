import { type Left, leastFor, leftOf, reductionOf, takeOff } from './take-off.ts'
import type {
  AppliedOffer,
  BillOffer,
  GiftOffer,
  NotApplied,
  OpenGift,
  PercentOffBill,
  Reduction,
  ThresholdOffer,
} from './types.ts'

/** A line as the bill's offers see it; its place in the array is its name. */
export type BillLine = {
  productId: number
  quantityMilli: number
  /** Layer-1 price of a unit. */
  unitMinor: number
  /** The gift offer that the cashier took it from. */
  giftOf: number | undefined
}

/** An offer that is live here and now; `lines` are those in its selector that are not marked as gifts. */
export type LiveBillOffer = { offer: BillOffer; lines: readonly number[]; applicationsMax: number }

/** What layer 3 did, coupons apart. */
export type BillLayer = {
  /** In order of application. */
  applied: readonly AppliedOffer[]
  notApplied: readonly NotApplied[]
  gifts: readonly OpenGift[]
  /** Units of gift lines that cost the gift's price. */
  gifted: readonly { line: number; units: number }[]
}

/**
 * Layer 3 but for coupons: offers of the bill by priority, then id; the first that has reached its
 * minimum applies, and others after it only where all of them are combinable, each on what is left
 * (PRC-6d, 6f). Minimums test the net after layer 2 without gift lines (PRC-6c). Writes into `left`.
 *
 * A gift whose threshold is reached takes the bill's place only when one of its units is in the cart;
 * until then it is an open gift, and offers after it go on.
 *
 * @param sold places of the lines that count towards the bill and that it reduces, ascending
 */
export function applyBillOffers(
  offers: readonly LiveBillOffer[],
  lines: readonly BillLine[],
  sold: readonly number[],
  left: Left,
): BillLayer {
  const layer = {
    applied: [] as AppliedOffer[],
    notApplied: [] as NotApplied[],
    gifts: [] as OpenGift[],
    gifted: [] as { line: number; units: number }[],
  }
  const net: Left = { minor: [...left.minor], steps: [] }
  let combinable = true
  for (const { offer, lines: touched, applicationsMax } of offers.toSorted(byRank)) {
    const { id } = offer
    const [first] = layer.applied
    const joins = first === undefined || (combinable && offer.combinable === true)
    const conflict = {
      offerId: id,
      condition: { kind: 'conflict', withOfferId: first?.offerId ?? id },
    } as const
    const netMinor = leftOf(net, offer.effect === 'percent-off-bill' ? sold : touched)
    if (offer.effect === 'gift') {
      if (netMinor < offer.fromMinor) {
        const missingMinor = offer.fromMinor - netMinor
        layer.notApplied.push({ offerId: id, condition: { kind: 'minimum', missingMinor } })
      } else if (!joins) {
        layer.notApplied.push(conflict)
      } else if (giveGifts(offer, applicationsMax, lines, left, layer)) {
        combinable &&= offer.combinable === true
      }
      continue
    }
    const reached = reachedBy(offer, netMinor)
    if ('missingMinor' in reached) {
      layer.notApplied.push({ offerId: id, condition: { kind: 'minimum', ...reached } })
      continue
    }
    const { off } = reached
    const target = offer.effect === 'threshold' && offer.on === 'selector' ? touched : sold
    const baseMinor = leftOf(joins ? left : net, target)
    const amountMinor = reductionOf(off, baseMinor)
    if (amountMinor === 0) {
      const missingMinor = Math.max(1, leastFor(off) - baseMinor)
      layer.notApplied.push({ offerId: id, condition: { kind: 'minimum', missingMinor } })
    } else if (joins) {
      takeOff(left, target, amountMinor, (part) => ({ kind: 'offer', offerId: id, amountMinor: part }))
      layer.applied.push({ offerId: id, applications: 1, amountMinor })
      combinable &&= offer.combinable === true
    } else {
      layer.notApplied.push(conflict)
    }
  }
  return layer
}

/** The reduction that a net has reached, or what it misses. */
function reachedBy(
  offer: PercentOffBill | ThresholdOffer,
  netMinor: number,
): { off: Reduction } | { missingMinor: number } {
  if (offer.effect === 'percent-off-bill') {
    const off = { percentBp: offer.percentBp }
    const neededMinor = Math.max(offer.minimumMinor ?? 0, leastFor(off))
    return netMinor < neededMinor ? { missingMinor: neededMinor - netMinor } : { off }
  }
  let off: Reduction | undefined
  let lowestMinor: number | undefined
  for (const tier of offer.tiers) {
    lowestMinor ??= tier.fromMinor
    if (tier.fromMinor <= netMinor) off = tier.off
  }
  return off === undefined ? { missingMinor: (lowestMinor ?? 0) - netMinor } : { off }
}

/** Brings the offer's gift lines to the gift's price, as many units as its limits leave; false where none was. */
function giveGifts(
  offer: GiftOffer,
  unitsMax: number,
  lines: readonly BillLine[],
  left: Left,
  layer: { applied: AppliedOffer[]; gifts: OpenGift[]; gifted: { line: number; units: number }[] },
): boolean {
  let given = 0
  let givenMinor = 0
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]
    if (line?.giftOf !== offer.id || !offer.gifts.includes(line.productId)) continue
    if (line.quantityMilli % 1000 !== 0 || line.unitMinor <= offer.unitMinor) continue
    const units = Math.min(line.quantityMilli / 1000, unitsMax - given)
    if (units <= 0) continue
    const amountMinor = units * (line.unitMinor - offer.unitMinor)
    const takenMinor = takeOff(left, [at], amountMinor, (part) => ({
      kind: 'offer',
      offerId: offer.id,
      amountMinor: part,
    }))
    given += units
    givenMinor += takenMinor
    layer.gifted.push({ line: at, units })
  }
  if (given < unitsMax) {
    layer.gifts.push({ offerId: offer.id, products: offer.gifts, unitsLeft: unitsMax - given })
  }
  if (given === 0) return false
  layer.applied.push({ offerId: offer.id, applications: given, amountMinor: givenMinor })
  return true
}

function byRank(one: LiveBillOffer, other: LiveBillOffer): number {
  return other.offer.priority - one.offer.priority || one.offer.id - other.offer.id
}
