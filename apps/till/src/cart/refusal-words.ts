import type { I18n } from '@lingui/core'
import type { LineRefusal } from '../cart/cart.ts'
import { monthWords } from '../words/date-words.ts'

/** Why a scanned code is not on the bill, and what to do. */
export function refusalWords(i18n: I18n, refusal: LineRefusal): string {
  switch (refusal.code) {
    case 'unknown-code':
      return i18n._('refusal.unknown-code', {}, { message: 'Not known here: find it by name' })
    case 'damaged-code':
      return i18n._(
        'refusal.damaged-code',
        {},
        { message: 'Digits do not add up: scan again or find it by name' },
      )
    case 'not-loaded':
      return i18n._('refusal.not-loaded', {}, { message: 'Could not be read from this device: scan again' })
    case 'expired':
      return refusal.kind === 'use-before'
        ? i18n._(
            'refusal.use-before',
            { month: monthWords(i18n.locale, refusal.month) },
            {
              message: 'Use before {month}: may not be sold',
            },
          )
        : i18n._(
            'refusal.expired',
            { month: monthWords(i18n.locale, refusal.month) },
            {
              message: 'Expired {month}: may not be sold',
            },
          )
    case 'product/unknown':
      return i18n._('refusal.product-unknown', {}, { message: 'No longer in the catalogue' })
    case 'product/unclassified':
      return i18n._(
        'refusal.product-unclassified',
        {},
        {
          message: 'No tax class yet: headquarters must set one',
        },
      )
    case 'product/no-price':
      return i18n._('refusal.product-no-price', {}, { message: 'No price today: ask headquarters' })
    case 'batch/unknown':
      return i18n._('refusal.batch-unknown', {}, { message: 'This batch is not known: scan again' })
    case 'quantity/not-positive':
      return i18n._(
        'refusal.quantity-not-positive',
        {},
        { message: 'The quantity must be more than nothing' },
      )
    case 'quantity/fractional':
      return i18n._('refusal.quantity-fractional', {}, { message: 'Sold in whole pieces only' })
    case 'quantity/too-large':
      return i18n._('refusal.quantity-too-large', {}, { message: 'The quantity is too large' })
    case 'line/uid-repeated':
    case 'line/mixed-inclusive':
      return i18n._(
        'refusal.line-mixed',
        {},
        {
          message: 'Priced in another way than the rest: sell it on its own bill',
        },
      )
  }
}
