import type { I18n } from '@lingui/core'
import {
  type EnteredCoupon,
  type FailedCondition,
  formatQuantity,
  formatRupees,
  type Nudge,
  type PricedLine,
  type RulebookProduct,
} from '@nexus/domain'
import type { DraftCoupon } from './cart.ts'
import type { Reduction } from './rows.ts'

/** Name of an offer; '' where the rulebook no longer has it. */
type NameOf = (offerId: number) => string

/** What took something off, in the few words that fit under a product's name. */
export function reductionWords(i18n: I18n, reduction: Reduction): string {
  switch (reduction.kind) {
    case 'offer':
      return reduction.name
    case 'coupon':
      return i18n._('reduction.coupon', { code: reduction.name }, { message: 'Coupon {code}' })
    case 'by-hand':
      return i18n._('reduction.by-hand', {}, { message: 'Discount by hand' })
    case 'points':
      return i18n._('reduction.points', {}, { message: 'Points' })
  }
}

/** Why an offer that looks at the cart took nothing off: the one condition that failed (PRC-8d). */
export function conditionWords(i18n: I18n, condition: FailedCondition, nameOf: NameOf): string {
  switch (condition.kind) {
    case 'store':
      return i18n._('condition.store', {}, { message: 'not in this store' })
    case 'calendar':
      return i18n._('condition.calendar', {}, { message: 'not on this day or at this hour' })
    case 'audience':
      return i18n._('condition.audience', {}, { message: 'not for this customer' })
    case 'limit':
      return i18n._('condition.limit', {}, { message: 'given as often as it may be' })
    case 'minimum':
      return 'missingUnits' in condition
        ? i18n._(
            'condition.units',
            { count: condition.missingUnits },
            {
              message:
                '{count, plural, one {needs # more of its products} other {needs # more of its products}}',
            },
          )
        : i18n._(
            'condition.amount',
            { amount: formatRupees(condition.missingMinor) },
            { message: 'needs {amount} more' },
          )
    case 'conflict':
      return i18n._(
        'condition.conflict',
        { offer: nameOf(condition.withOfferId) },
        { message: '“{offer}” saves more' },
      )
    case 'unknown-effect':
      return i18n._('condition.unknown-effect', {}, { message: 'newer than this till: update it' })
  }
}

/** Why units of a gift line are at full price. */
export function giftRefusalWords(
  i18n: I18n,
  refused: NonNullable<NonNullable<PricedLine['gift']>['refused']>,
  freeUnits: number,
  nameOf: NameOf,
): string {
  if (refused.kind === 'not-a-gift') {
    return i18n._('gift.not-a-gift', {}, { message: 'No gift any more: full price' })
  }
  if (freeUnits > 0) {
    return i18n._(
      'gift.part',
      { count: freeUnits },
      { message: '{count, plural, one {Only # is a gift} other {Only # are gifts}}' },
    )
  }
  return i18n._(
    'gift.refused',
    { reason: conditionWords(i18n, refused, nameOf) },
    { message: 'No gift: {reason}' },
  )
}

/** What became of an entered code (PRC-8b). */
export function couponWords(
  i18n: I18n,
  { outcome }: EnteredCoupon,
  entered: DraftCoupon,
  nameOf: NameOf,
): string {
  if (entered.asking) return i18n._('coupon.asking', {}, { message: 'asking headquarters…' })
  switch (outcome.kind) {
    case 'applied':
      return `−${formatRupees(outcome.amountMinor)}`
    case 'used':
      return entered.why === 'reserved'
        ? i18n._('coupon.reserved', {}, { message: 'another till is using it' })
        : i18n._('coupon.used', {}, { message: 'used already' })
    case 'unknown':
      return unknownWords(i18n, entered)
    case 'repeated':
      return i18n._('coupon.repeated', {}, { message: 'entered twice' })
    case 'no-goods':
      return i18n._('coupon.no-goods', {}, { message: 'nothing on this bill is meant by it' })
    case 'minimum':
      return 'missingMinor' in outcome
        ? i18n._(
            'coupon.minimum',
            { amount: formatRupees(outcome.missingMinor) },
            { message: 'needs {amount} more' },
          )
        : conditionWords(i18n, outcome, nameOf)
    default:
      return conditionWords(i18n, outcome, nameOf)
  }
}

function unknownWords(i18n: I18n, { why }: DraftCoupon): string {
  switch (why) {
    case 'void':
      return i18n._('coupon.void', {}, { message: 'taken back by headquarters' })
    case 'expired':
      return i18n._('coupon.expired', {}, { message: 'its time is over' })
    default:
      return i18n._('coupon.unknown', {}, { message: 'no such coupon' })
  }
}

/** What the cashier may say: it comes true when followed (PRC-8e). */
export function nudgeWords(
  i18n: I18n,
  nudge: Nudge,
  offerName: string,
  names: RulebookProduct['names'] | undefined,
): string {
  const saves = formatRupees(nudge.savesMinor)
  if ('missingMinor' in nudge) {
    return i18n._(
      'nudge.amount',
      { offer: offerName, missing: formatRupees(nudge.missingMinor), saves },
      { message: '{missing} more for “{offer}”: saves {saves}' },
    )
  }
  return i18n._(
    'nudge.units',
    {
      units: formatQuantity(nudge.missingUnits * 1000),
      name: names?.[i18n.locale] ?? names?.en ?? offerName,
      saves,
    },
    { message: 'Add {units} more {name}: saves {saves}' },
  )
}
