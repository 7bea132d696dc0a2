import type { Offer, Reduction, Selector } from './types.ts'

/**
 * Whether engine 2 can compute an offer: a known effect, whole and sensible figures. Publishing refuses
 * the rest with a sentence; what reaches a till all the same is set aside, never thrown (PRC-6j).
 */
export function isWellFormed(offer: Offer): boolean {
  return hasCommonParts(offer) && hasEffect(offer)
}

function hasCommonParts({ id, priority, weekdays, hours, storeIds, audience, limits }: Offer): boolean {
  if (!isWhole(id) || !Number.isSafeInteger(priority)) return false
  if (weekdays !== undefined && !isListOf(weekdays, (day) => isWhole(day) && day >= 1 && day <= 7))
    return false
  if (hours !== undefined && !(isMinute(hours?.fromMinute) && isMinute(hours.untilMinute))) return false
  if (storeIds !== undefined && !isListOf(storeIds, isText)) return false
  if (audience !== undefined && !isAudience(audience)) return false
  return limits === undefined || isLimits(limits)
}

function isAudience(audience: NonNullable<Offer['audience']>): boolean {
  switch (audience?.kind) {
    case 'tier':
      return isListOf(audience.tiers, isText)
    case 'staff':
    case 'first-purchase':
      return true
    default:
      return false
  }
}

function isLimits(limits: NonNullable<Offer['limits']>): boolean {
  if (typeof limits !== 'object' || limits === null) return false
  for (const limit of [limits.perBill, limits.perCustomer, limits.total, limits.budgetMinor]) {
    if (limit !== undefined && !isCount(limit)) return false
  }
  return true
}

function hasEffect(offer: Offer): boolean {
  switch (offer.effect) {
    case 'unit-off':
      if (!isSelector(offer.selector) || !isReduction(offer.off)) return false
      return offer.minimumUnits === undefined || isCount(offer.minimumUnits)
    case 'buy-get':
      return (
        isSelector(offer.selector) && isCount(offer.buy) && isCount(offer.get) && isShare(offer.percentBp)
      )
    case 'buy-other':
      return (
        isSelector(offer.buy?.selector) &&
        isCount(offer.buy.units) &&
        isSelector(offer.get?.selector) &&
        isCount(offer.get.units) &&
        isShare(offer.percentBp)
      )
    case 'bundle':
      return isListOf(offer.parts, isSelector) && offer.parts.length >= 2 && isWhole(offer.priceMinor)
    case 'markdown':
      return isSelector(offer.selector) && hasMarkdownSteps(offer.steps)
    case 'complimentary':
      return isSelector(offer.selector)
    case 'percent-off-bill':
      return isShare(offer.percentBp)
    case 'threshold':
      if (offer.on !== 'selector' && offer.on !== 'bill') return false
      return isSelector(offer.selector) && hasTiers(offer.tiers)
    case 'gift':
      return (
        isSelector(offer.selector) &&
        isWhole(offer.fromMinor) &&
        isListOf(offer.gifts, isWhole) &&
        isWhole(offer.unitMinor)
      )
    case 'coupon':
      if (offer.minimumMinor !== undefined && !isWhole(offer.minimumMinor)) return false
      return isCode(offer.code) && isSelector(offer.selector) && isReduction(offer.off)
    default:
      // A newer rulebook names effects that this engine never heard of.
      return false
  }
}

function hasMarkdownSteps(steps: readonly { withinDays: number; percentBp: number }[]): boolean {
  if (!isListOf(steps, (step) => isWhole(step?.withinDays) && isShare(step.percentBp))) return false
  return steps.every(
    (step, at) => at === 0 || step.withinDays > (steps[at - 1]?.withinDays ?? Number.POSITIVE_INFINITY),
  )
}

function hasTiers(tiers: readonly { fromMinor: number; off: Reduction }[]): boolean {
  if (!isListOf(tiers, (tier) => isWhole(tier?.fromMinor) && isReduction(tier.off))) return false
  return tiers.every(
    (tier, at) => at === 0 || tier.fromMinor > (tiers[at - 1]?.fromMinor ?? Number.POSITIVE_INFINITY),
  )
}

function isCode(code: Extract<Offer, { effect: 'coupon' }>['code']): boolean {
  if (code?.kind === 'public') return isText(code.text)
  return (
    code?.kind === 'series' && isText(code.prefix) && isWhole(code.length) && code.length > code.prefix.length
  )
}

function isReduction(off: Reduction): boolean {
  if (typeof off !== 'object' || off === null) return false
  if ('amountMinor' in off) return !('percentBp' in off) && isCount(off.amountMinor)
  return isShare(off.percentBp) && (off.capMinor === undefined || isCount(off.capMinor))
}

const ID_LISTS = ['products', 'brands', 'categories', 'departments'] as const

/** At least one member, and lists that hold something: an empty one would select nothing, or all by mistake. */
function isSelector(selector: Selector): boolean {
  if (typeof selector !== 'object' || selector === null) return false
  let members = selector.everything === true ? 1 : 0
  for (const name of ID_LISTS) {
    const ids = selector[name]
    if (ids === undefined) continue
    if (!isListOf(ids, isWhole)) return false
    members += 1
  }
  if (selector.tags !== undefined) {
    if (!isListOf(selector.tags, isText)) return false
    members += 1
  }
  for (const bound of [selector.unitFromMinor, selector.unitUntilMinor, selector.expiresWithinDays]) {
    if (bound === undefined) continue
    if (!isWhole(bound)) return false
    members += 1
  }
  return members > 0 && (selector.except === undefined || isExcept(selector.except))
}

function isExcept(except: NonNullable<Selector['except']>): boolean {
  if (typeof except !== 'object' || except === null) return false
  for (const name of ID_LISTS) {
    const ids = except[name]
    if (ids !== undefined && !isListOf(ids, isWhole)) return false
  }
  return except.tags === undefined || isListOf(except.tags, isText)
}

function isListOf<T>(list: readonly T[], isOne: (one: T) => boolean): boolean {
  return Array.isArray(list) && list.length > 0 && list.every(isOne)
}

function isText(text: string): boolean {
  return typeof text === 'string' && text !== ''
}

function isWhole(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0
}

function isCount(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 1
}

function isShare(percentBp: number): boolean {
  return isCount(percentBp) && percentBp <= 10_000
}

function isMinute(minute: number | undefined): boolean {
  return minute !== undefined && isWhole(minute) && minute <= 1440
}
