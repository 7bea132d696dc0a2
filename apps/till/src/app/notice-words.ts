import type { I18n } from '@lingui/core'
import type { Notice } from '../app/state.ts'

/** The sentence of a notice: what happened and the way out. */
export function noticeWords(i18n: I18n, { code, params }: Notice): string {
  switch (code) {
    case 'line-voided':
      return i18n._('notice.line-voided', params, { message: '{name} taken off' })
    case 'cart-voided':
      return i18n._('notice.cart-voided', params, {
        message: 'Bill voided, {lines, plural, one {# line} other {# lines}}',
      })
    case 'cart-full':
      return i18n._('notice.cart-full', params, {
        message: 'A bill holds 200 lines. Take payment for these and start the next bill.',
      })
    case 'returned-meanwhile':
      return i18n._('notice.returned-meanwhile', params, {
        message:
          'Goods of bill {number} came back in another cart, so this return was taken out. Press F6 to look at the bill again.',
      })
    case 'nothing-found':
      return i18n._('notice.nothing-found', params, {
        message: 'Nothing is called “{text}”. Try fewer letters, the brand, or scan the pack.',
      })
    case 'quantity-refused':
      return i18n._('notice.quantity-refused', params, {
        message: 'This product cannot be sold as {quantity}. The quantity stays as it was.',
      })
    case 'codes-not-on-bill':
      return i18n._('notice.codes-not-on-bill', params, {
        message:
          '{count, plural, one {One scanned code is} other {# scanned codes are}} not on the bill. Find it by name, or take it off with Del.',
      })
    case 'cart-empty':
      return i18n._('notice.cart-empty', params, { message: 'Nothing to pay yet. Scan the first product.' })
    case 'scan-while-paying':
      return i18n._('notice.scan-while-paying', params, {
        message: 'Money was taken for this bill, so {code} was not added. Finish it; then scan again.',
      })
    case 'scan-before-sign-in':
      return i18n._('notice.scan-before-sign-in', params, {
        message: 'Sign in first, then scan {code} again.',
      })
    case 'scan-before-shift':
      return i18n._('notice.scan-before-shift', params, {
        message: 'Open the shift first, then scan {code} again.',
      })
    case 'scan-while-closed':
      return i18n._('notice.scan-while-closed', params, {
        message: '{code} was scanned, but this till cannot sell now.',
      })
    case 'no-products':
      return i18n._('notice.no-products', params, {
        message: 'The products are still on their way to this till. Scan {code} again in a moment.',
      })
    case 'tenders-taken':
      return i18n._('notice.tenders-taken', params, {
        message: 'Money was taken. Give it back in the list, or finish the bill.',
      })
    case 'upi-waits':
      return i18n._('notice.upi-waits', params, {
        message: 'A UPI payment waits. Say first whether the customer has paid.',
      })
    case 'upi-off':
      return i18n._('notice.upi-off', params, {
        message: 'This company has no UPI address. Headquarters can set one; take cash or card.',
      })
    case 'priced-again':
      return i18n._('notice.priced-again', params, {
        message: 'Payment stood open for 15 minutes, so the bill was priced again.',
      })
    case 'journal-failed':
      return i18n._('notice.journal-failed', params, {
        message: 'This device could not save. Try once more; if it stays so, call support.',
      })
    case 'no-camera':
      return i18n._('notice.no-camera', params, {
        message: 'No camera could be opened. Allow it in the browser, or type the digits.',
      })
    case 'printer-refused':
      return i18n._('notice.printer-refused', params, {
        message: 'No printer was chosen. Bills are printed as before.',
      })
    case 'printer-chosen':
      return i18n._('notice.printer-chosen', params, { message: 'Bills now come from this printer.' })
    case 'sold-before':
      return i18n._('notice.sold-before', params, {
        message: 'These lines were sold before, as bill {number}. Give back what was taken just now.',
      })
    case 'price-moved':
      return i18n._('notice.price-moved', params, {
        message: 'A price or offer changed just now: the bill was {before} and is {now}. Tell the customer.',
      })
    case 'by-hand-taken-back':
      return i18n._('notice.by-hand-taken-back', params, {
        message:
          'A discount by hand was taken back: what it is on changed, and it came to more than was allowed. Give it again.',
      })
    case 'coupon-unknown':
      return i18n._('notice.coupon-unknown', params, {
        message: 'No coupon has the code {code}. Check each letter, or sell without it.',
      })
    case 'coupon-repeated':
      return i18n._('notice.coupon-repeated', params, { message: 'Coupon {code} is on this bill already.' })
    case 'coupons-full':
      return i18n._('notice.coupons-full', params, {
        message: 'A bill takes {max} coupons. Take one off before adding {code}.',
      })
    case 'coupon-offline':
      return i18n._('notice.coupon-offline', params, {
        message:
          'Coupon {code} cannot be checked without headquarters. Sell without it, or try again when the till is online.',
      })
    case 'coupon-asking':
      return i18n._('notice.coupon-asking', params, {
        message: 'Headquarters is being asked about a coupon. One moment, or take the coupon off.',
      })
    case 'gift-not-sellable':
      return i18n._('notice.gift-not-sellable', params, {
        message: 'This gift cannot be given out: it has expired or is not known here. Choose another.',
      })
    case 'storage-full':
      return i18n._('notice.storage-full', params, {
        message:
          'This device has no room to save another bill. Take no money yet: free some space (downloads, pictures), and the till goes on by itself. The open bill is kept.',
      })
    case 'update-elsewhere':
      return i18n._('notice.update-elsewhere', params, {
        message: 'Another window owns this register. Start the new version there.',
      })
    case 'cart-open':
      return i18n._('notice.cart-open', params, {
        message: 'A bill is open. Take payment or void it first.',
      })
  }
}
