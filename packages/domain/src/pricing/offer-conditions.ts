import { localMinute, localWeekday } from '../calendar/calendar.ts'
import { isInForce } from './selling-price.ts'
import type { FailedCondition, Offer, PricingContext } from './types.ts'

/** Stands for "as often as there is anything to apply it to". */
const UNLIMITED_APPLICATIONS = Number.MAX_SAFE_INTEGER

const WRONG_STORE: FailedCondition = Object.freeze({ kind: 'store' })
const WRONG_TIME: FailedCondition = Object.freeze({ kind: 'calendar' })
const WRONG_AUDIENCE: FailedCondition = Object.freeze({ kind: 'audience' })
const USED_UP: FailedCondition = Object.freeze({ kind: 'limit' })

/**
 * What keeps an offer from this customer, here and now, whatever is in the cart: the first that fails
 * of store, calendar, audience and limit (PRC-8d). undefined where the offer is live.
 */
export function failedBefore(offer: Offer, context: PricingContext): FailedCondition | undefined {
  if (offer.storeIds !== undefined && !offer.storeIds.includes(context.storeId)) return WRONG_STORE
  if (!isOn(offer, context.pricedAt)) return WRONG_TIME
  if (!isFor(offer.audience, context)) return WRONG_AUDIENCE
  return applicationsLeft(offer, context) > 0 ? undefined : USED_UP
}

/**
 * How often an offer may still be applied on this bill: the least of what is left per bill, for the
 * customer and in all; 0 once its budget is given out. A budget that is not used up admits a bill whole.
 * Complimentary goods and gifts are one a bill where the offer names no number.
 */
export function applicationsLeft({ id, effect, limits }: Offer, context: PricingContext): number {
  const oneABill = effect === 'complimentary' || effect === 'gift'
  let left = limits?.perBill ?? (oneABill ? 1 : UNLIMITED_APPLICATIONS)
  if (limits === undefined) return left
  const uses = usesOf(id, context)
  if (limits.perCustomer !== undefined) left = Math.min(left, limits.perCustomer - (uses?.customer ?? 0))
  if (limits.total !== undefined) left = Math.min(left, limits.total - (uses?.total ?? 0))
  if (limits.budgetMinor !== undefined && (uses?.givenMinor ?? 0) >= limits.budgetMinor) return 0
  return Math.max(0, left)
}

/** In force, on one of its days, within its hours; hours over midnight belong to the day they began on. */
function isOn(offer: Offer, at: number): boolean {
  if (!isInForce(offer, at)) return false
  const { weekdays, hours } = offer
  let weekday = localWeekday(at)
  if (hours !== undefined) {
    const minute = localMinute(at)
    const { fromMinute, untilMinute } = hours
    if (fromMinute < untilMinute) {
      if (minute < fromMinute || minute >= untilMinute) return false
    } else if (minute < fromMinute) {
      if (minute >= untilMinute) return false
      weekday = weekday === 1 ? 7 : weekday - 1
    }
  }
  return weekdays === undefined || weekdays.includes(weekday)
}

function isFor(audience: Offer['audience'], context: PricingContext): boolean {
  switch (audience?.kind) {
    case undefined:
      return true
    case 'tier':
      return context.tier !== undefined && audience.tiers.includes(context.tier)
    case 'staff':
      return context.isStaff === true
    case 'first-purchase':
      return context.isFirstPurchase === true
  }
}

function usesOf(offerId: number, { uses }: PricingContext) {
  return uses !== undefined && Object.hasOwn(uses, offerId) ? uses[offerId] : undefined
}
