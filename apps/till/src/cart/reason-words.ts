import type { I18n } from '@lingui/core'
import { formatQuantity, formatRupees } from '@nexus/domain'
import type { PriceReason } from '../cart/explain-line.ts'
import { BY_HAND_REASONS, type ByHandReason } from './by-hand-commands.ts'
import type { VoidReason } from './void-commands.ts'

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
      return reason.units === undefined
        ? i18n._(
            'why.offer',
            { offer: reason.offerName, amount: formatRupees(reason.amountMinor) },
            { message: 'Offer “{offer}” takes off {amount}' },
          )
        : i18n._(
            'why.offer-units',
            { offer: reason.offerName, count: reason.units, amount: formatRupees(reason.amountMinor) },
            {
              message:
                '{count, plural, one {Offer “{offer}” on # unit takes off {amount}} other {Offer “{offer}” on # units takes off {amount}}}',
            },
          )
    case 'coupon':
      return i18n._(
        'why.coupon',
        { code: reason.coupon, offer: reason.offerName, amount: formatRupees(reason.amountMinor) },
        { message: 'Its share of coupon {code} (“{offer}”): {amount} less' },
      )
    case 'ceiling':
      return i18n._(
        'why.ceiling',
        { amount: formatRupees(reason.amountMinor) },
        {
          message: 'Held at the MRP: {amount} less',
        },
      )
    case 'by-hand':
      return byHandWords(i18n, reason)
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

function byHandWords(i18n: I18n, reason: Extract<PriceReason, { code: 'by-hand' }>): string {
  const amount = formatRupees(reason.amountMinor)
  const why = BY_HAND_REASONS.find((one) => one === reason.reason)
  const text = why === undefined ? '' : byHandReasonWords(i18n, why)
  if (reason.on === 'bill') {
    return reason.approved
      ? i18n._(
          'why.by-hand-bill-approved',
          { amount, why: text },
          { message: 'Its share of the discount on the bill, approved ({why}): {amount} less' },
        )
      : i18n._(
          'why.by-hand-bill',
          { amount, why: text },
          { message: 'Its share of the discount on the bill ({why}): {amount} less' },
        )
  }
  return reason.approved
    ? i18n._(
        'why.by-hand-approved',
        { amount, why: text },
        { message: 'Discount by hand, approved ({why}): {amount} less' },
      )
    : i18n._('why.by-hand', { amount, why: text }, { message: 'Discount by hand ({why}): {amount} less' })
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

/** Why somebody takes something off. */
export function byHandReasonWords(i18n: I18n, reason: ByHandReason): string {
  switch (reason) {
    case 'shelf-price':
      return i18n._('by-hand.shelf-price', {}, { message: 'Lower price on the shelf' })
    case 'damaged-pack':
      return i18n._('by-hand.damaged-pack', {}, { message: 'Damaged pack' })
    case 'price-match':
      return i18n._('by-hand.price-match', {}, { message: 'Cheaper elsewhere' })
    case 'large-purchase':
      return i18n._('by-hand.large-purchase', {}, { message: 'Large purchase' })
    case 'complaint':
      return i18n._('by-hand.complaint', {}, { message: 'Complaint' })
    case 'goodwill':
      return i18n._('by-hand.goodwill', {}, { message: 'Goodwill' })
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
