import type { I18n } from '@lingui/core'

export const tenderKinds = ['cash', 'upi', 'card', 'gift-card', 'credit-note', 'points', 'voucher'] as const

/** Name of a way of paying; a kind of a later version shows as it is. */
export function tenderName(i18n: I18n, kind: string): string {
  switch (kind) {
    case 'cash':
      return i18n._('tender.cash', {}, { message: 'Cash' })
    case 'upi':
      return i18n._('tender.upi', {}, { message: 'UPI' })
    case 'card':
      return i18n._('tender.card', {}, { message: 'Card' })
    case 'gift-card':
      return i18n._('tender.gift-card', {}, { message: 'Gift card' })
    case 'credit-note':
      return i18n._('tender.credit-note', {}, { message: 'Credit note' })
    case 'points':
      return i18n._('tender.points', {}, { message: 'Points' })
    case 'voucher':
      return i18n._('tender.voucher', {}, { message: 'Voucher' })
    default:
      return kind
  }
}

/** Names of the ways of paying that a list of kinds, `cash,upi`, holds. */
export function tenderNames(i18n: I18n, kinds: string): string {
  return kinds
    .split(/[\s,+]+/)
    .filter((kind) => kind !== '')
    .map((kind) => tenderName(i18n, kind))
    .join(', ')
}
