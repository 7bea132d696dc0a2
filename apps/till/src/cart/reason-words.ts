import type { I18n } from '@lingui/core'
import { formatQuantity, formatRupees } from '@nexus/domain'
import type { PriceReason } from '../cart/explain-line.ts'
import type { VoidReason } from '../cart/void-commands.ts'

/** One sentence of "why this price?". */
export function priceReasonWords(i18n: I18n, reason: PriceReason): string {
  switch (reason.code) {
    case 'list':
      return i18n._(
        'why.list',
        { list: reason.listName, price: formatRupees(reason.unitMinor) },
        {
          message: 'Price list “{list}”: {price} each',
        },
      )
    case 'mrp':
      return i18n._(
        'why.mrp',
        { mrp: formatRupees(reason.mrpMinor) },
        {
          message: 'MRP {mrp}: the price is below it',
        },
      )
    case 'at-ceiling':
      return i18n._(
        'why.at-ceiling',
        { mrp: formatRupees(reason.mrpMinor) },
        {
          message: 'MRP {mrp}: the price is exactly that, never more',
        },
      )
    case 'times':
      return i18n._(
        'why.times',
        { quantity: formatQuantity(reason.quantityMilli), amount: formatRupees(reason.grossMinor) },
        { message: 'Times {quantity}: {amount}' },
      )
    case 'offer':
      return i18n._(
        'why.offer',
        { offer: reason.offerName, amount: formatRupees(reason.amountMinor) },
        {
          message: 'Offer “{offer}” takes off {amount}',
        },
      )
    case 'ceiling':
      return i18n._(
        'why.ceiling',
        { amount: formatRupees(reason.amountMinor) },
        {
          message: 'Held at the MRP: {amount} less',
        },
      )
    case 'manual':
      return i18n._(
        'why.manual',
        { amount: formatRupees(reason.amountMinor) },
        { message: 'Discount given by hand: {amount} less' },
      )
    case 'points':
      return i18n._(
        'why.points',
        { amount: formatRupees(reason.amountMinor) },
        { message: 'Paid with points: {amount} less' },
      )
    case 'rupee':
      return i18n._(
        'why.rupee',
        { amount: formatRupees(reason.rupeeMinor) },
        {
          message: 'Its share of the rounding to the rupee: {amount}',
        },
      )
    case 'tax':
      return taxWords(i18n, reason)
    case 'paid':
      return i18n._(
        'why.paid',
        { amount: formatRupees(reason.paidMinor) },
        {
          message: 'The customer pays {amount}',
        },
      )
  }
}

function taxWords(i18n: I18n, reason: Extract<PriceReason, { code: 'tax' }>): string {
  switch (reason.taxKind) {
    case 'taxable':
      return i18n._(
        'why.tax',
        {
          rate: formatQuantity(reason.rateBp * 10),
          tax: formatRupees(reason.taxMinor),
          taxable: formatRupees(reason.taxableMinor),
        },
        { message: 'GST {rate}%: {tax} on {taxable}' },
      )
    case 'nil':
      return i18n._('why.tax-nil', {}, { message: 'GST: nil-rated' })
    case 'exempt':
      return i18n._('why.tax-exempt', {}, { message: 'GST: exempt' })
    case 'non-gst':
      return i18n._('why.tax-none', {}, { message: 'Outside GST' })
  }
}

/** Why a bill is voided. */
export function voidReasonWords(i18n: I18n, reason: VoidReason): string {
  switch (reason) {
    case 'customer-left':
      return i18n._('void.customer-left', {}, { message: 'Customer left' })
    case 'wrong-goods':
      return i18n._('void.wrong-goods', {}, { message: 'Wrong products' })
    case 'cannot-pay':
      return i18n._('void.cannot-pay', {}, { message: 'Customer cannot pay' })
    case 'mistake':
      return i18n._('void.mistake', {}, { message: 'Mistake at the till' })
    case 'test':
      return i18n._('void.test', {}, { message: 'Trying the till' })
  }
}
