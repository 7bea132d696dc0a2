import type { I18n } from '@lingui/core'

export const documentKinds = ['I', 'B', 'C', 'R', 'P', 'G'] as const

/** Name of a kind of document (JRN-14); a kind of a later version shows as it is. */
export function documentKindName(i18n: I18n, kind: string): string {
  switch (kind) {
    case 'I':
      return i18n._('document.invoice', {}, { message: 'Tax invoice' })
    case 'B':
      return i18n._('document.bill-of-supply', {}, { message: 'Bill of supply' })
    case 'C':
      return i18n._('document.credit-note', {}, { message: 'Credit note' })
    case 'R':
      return i18n._('document.refund', {}, { message: 'Refund voucher' })
    case 'P':
      return i18n._('document.provisional', {}, { message: 'Provisional slip' })
    case 'G':
      return i18n._('document.gift-card', {}, { message: 'Gift card receipt' })
    default:
      return kind
  }
}

/** How goods stand under GST. */
export function taxKindName(i18n: I18n, kind: string): string {
  switch (kind) {
    case 'taxable':
      return i18n._('tax.taxable', {}, { message: 'Taxable' })
    case 'nil':
      return i18n._('tax.nil', {}, { message: 'Nil-rated' })
    case 'exempt':
      return i18n._('tax.exempt', {}, { message: 'Exempt' })
    case 'non-gst':
      return i18n._('tax.non-gst', {}, { message: 'Outside GST' })
    default:
      return kind
  }
}
