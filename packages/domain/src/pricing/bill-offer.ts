import { shareOf } from '../money/round.ts'
import { isInForce } from './selling-price.ts'
import type { FailedCondition, NotApplied, Offer, PercentOffBill, PricingContext } from './types.ts'

/** What became of the offers on a bill, in one answer. */
type BillOffer = {
  /** The one that applies; undefined when none does. */
  applied: PercentOffBill | undefined
  /** What it takes off the bill; 0 when none applies. */
  discountMinor: number
  /** By offer id. */
  notApplied: NotApplied[]
}

/** An offer that waits for nothing but a net value. */
type Candidate = { offer: PercentOffBill; neededMinor: number }

const WRONG_STORE: FailedCondition = Object.freeze({ kind: 'store' })
const WRONG_TIME: FailedCondition = Object.freeze({ kind: 'calendar' })
const UNKNOWN_EFFECT: FailedCondition = Object.freeze({ kind: 'unknown-effect' })

/**
 * Chooses the bill offer of layer 3 (PRC-6): at most one, the highest priority first, then the lowest
 * id. Every other offer of the rulebook names the first condition that it failed (PRC-8).
 *
 * An offer that would take off less than half a paisa has not reached its minimum. An effect that
 * this engine does not know is skipped and named.
 *
 * @param netMinor what is left of the bill after layer 2
 */
export function chooseBillOffer(
  offers: readonly Offer[],
  netMinor: number,
  context: PricingContext,
): BillOffer {
  const notApplied: NotApplied[] = []
  const candidates: Candidate[] = []
  for (const offer of offers) {
    const condition = firstFailed(offer, context)
    if (condition !== undefined) notApplied.push({ offerId: offer.id, condition })
    // A newer rulebook may name effects that this engine never heard of.
    else if (!isKnown(offer)) notApplied.push({ offerId: offer.id, condition: UNKNOWN_EFFECT })
    else candidates.push({ offer, neededMinor: neededFor(offer) })
  }
  if (candidates.length > 1) candidates.sort(byRank)

  let applied: PercentOffBill | undefined
  for (const { offer, neededMinor } of candidates) {
    if (neededMinor > netMinor) {
      notApplied.push({
        offerId: offer.id,
        condition: { kind: 'minimum', missingMinor: neededMinor - netMinor },
      })
    } else if (applied === undefined) {
      applied = offer
    } else {
      notApplied.push({ offerId: offer.id, condition: { kind: 'conflict', withOfferId: applied.id } })
    }
  }
  if (notApplied.length > 1) notApplied.sort((one, other) => one.offerId - other.offerId)
  return {
    applied,
    discountMinor: applied === undefined ? 0 : shareOf(netMinor, applied.percentBp),
    notApplied,
  }
}

/** Store and calendar, in the order of PRC-8. */
function firstFailed(offer: Offer, context: PricingContext): FailedCondition | undefined {
  if (offer.storeIds !== undefined && !offer.storeIds.includes(context.storeId)) return WRONG_STORE
  if (!isInForce(offer, context.pricedAt)) return WRONG_TIME
  return undefined
}

function isKnown(offer: Offer): offer is PercentOffBill {
  if (offer.effect !== 'percent-off-bill') return false
  const { percentBp } = offer
  return Number.isInteger(percentBp) && percentBp >= 1 && percentBp <= 10_000
}

/** The smallest net of which the offer takes off at least one paisa. */
function neededFor(offer: PercentOffBill): number {
  const leastMinor = Math.ceil(5000 / offer.percentBp)
  return Math.max(offer.minimumMinor ?? 0, leastMinor)
}

function byRank(one: Candidate, other: Candidate): number {
  return other.offer.priority - one.offer.priority || one.offer.id - other.offer.id
}
