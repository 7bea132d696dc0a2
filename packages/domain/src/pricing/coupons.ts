import { type CompiledOffers, couponCode, couponOf } from './compile-offers.ts'
import { failedBefore } from './offer-conditions.ts'
import { type Left, leastFor, leftOf, reductionOf, takeOff } from './take-off.ts'
import type { CouponOffer, CouponOutcome, EnteredCoupon, PricingContext } from './types.ts'

/** What coupons look at: which lines are in an offer's selector, gift lines among them. */
export type CouponBill = {
  /** Net after layer 2 without gift lines (PRC-6c). */
  netMinor: number
  /** Ascending; empty where the offer touches nothing. */
  linesOf(offer: CouponOffer): readonly number[]
  isGiftLine(line: number): boolean
}

type Usable = { at: number; code: string; offer: CouponOffer }

/**
 * The coupons of layer 3: one, unless all are combinable; then by priority, offer id and order of
 * entering, each on what is left of its lines (PRC-6e, 6f). Every entered code is told what became of
 * it (PRC-8b), in the order of entering. Writes into `left`.
 *
 * A code of a series counts only while the context says that it is usable: nobody can tell from its
 * letters whether it was ever given out.
 */
export function applyCoupons(
  entered: readonly string[],
  compiled: CompiledOffers,
  bill: CouponBill,
  left: Left,
  context: PricingContext,
): EnteredCoupon[] {
  const usable: Usable[] = []
  const seen = new Set<string>()
  const told = entered.map((text, at): EnteredCoupon => {
    const code = couponCode(text)
    const offer = couponOf(compiled, code)
    const known = offer === undefined ? {} : { offerId: offer.id }
    if (seen.has(code)) return { code, ...known, outcome: { kind: 'repeated' } }
    seen.add(code)
    if (offer === undefined) return { code, outcome: { kind: 'unknown' } }
    const outcome = refusedBefore(code, offer, bill, context)
    if (outcome !== undefined) return { code, ...known, outcome }
    usable.push({ at, code, offer })
    return { code, ...known, outcome: { kind: 'unknown' } }
  })
  usable.sort(byRank)
  const uses = new Map<number, number>()
  let first: CouponOffer | undefined
  let combinable = true
  for (const { at, code, offer } of usable) {
    const lines = bill.linesOf(offer).filter((line) => offer.onGifts === true || !bill.isGiftLine(line))
    const used = uses.get(offer.id) ?? 0
    const outcome = tryCoupon(offer, lines, left, bill.netMinor, used, {
      first,
      joins: first === undefined || (combinable && offer.combinable === true),
    })
    if (outcome.kind === 'applied') {
      const { id: offerId } = offer
      takeOff(left, lines, outcome.amountMinor, (amountMinor) => ({
        kind: 'coupon',
        offerId,
        code,
        amountMinor,
      }))
      first ??= offer
      combinable &&= offer.combinable === true
      uses.set(offerId, used + 1)
    }
    told[at] = { code, offerId: offer.id, outcome }
  }
  return told
}

/** What keeps a code from this bill before any sum is looked at. */
function refusedBefore(
  code: string,
  offer: CouponOffer,
  bill: CouponBill,
  context: PricingContext,
): CouponOutcome | undefined {
  const state =
    context.couponStates !== undefined && Object.hasOwn(context.couponStates, code)
      ? context.couponStates[code]
      : undefined
  if (state === 'used') return { kind: 'used' }
  if (state === 'unknown' || (state === undefined && offer.code.kind === 'series')) return { kind: 'unknown' }
  return failedBefore(offer, context) ?? (bill.linesOf(offer).length === 0 ? { kind: 'no-goods' } : undefined)
}

function tryCoupon(
  offer: CouponOffer,
  lines: readonly number[],
  left: Left,
  netMinor: number,
  used: number,
  { first, joins }: { first: CouponOffer | undefined; joins: boolean },
): CouponOutcome {
  if (used >= (offer.limits?.perBill ?? Number.POSITIVE_INFINITY)) return { kind: 'limit' }
  const minimumMinor = offer.minimumMinor ?? 0
  if (netMinor < minimumMinor) return { kind: 'minimum', missingMinor: minimumMinor - netMinor }
  const baseMinor = leftOf(left, lines)
  const amountMinor = reductionOf(offer.off, baseMinor)
  if (amountMinor === 0) {
    return { kind: 'minimum', missingMinor: Math.max(1, leastFor(offer.off) - baseMinor) }
  }
  return joins ? { kind: 'applied', amountMinor } : { kind: 'conflict', withOfferId: first?.id ?? offer.id }
}

function byRank(one: Usable, other: Usable): number {
  return other.offer.priority - one.offer.priority || one.offer.id - other.offer.id || one.at - other.at
}
