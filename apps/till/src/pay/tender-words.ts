import type { I18n } from '@lingui/core'
import { formatRupees } from '@nexus/domain'
import type { PayState, PrintState } from '../app/state.ts'
import { CASH_LIMIT_MINOR } from '../pay/tenders.ts'

/** Why a tender was not taken, and what to do. */
export function tenderFaultWords(i18n: I18n, fault: NonNullable<PayState['fault']>): string {
  switch (fault) {
    case 'not-an-amount':
      return i18n._(
        'fault.not-an-amount',
        {},
        { message: 'This is not an amount. Type it like 500 or 499.50.' },
      )
    case 'nothing-left':
      return i18n._('fault.nothing-left', {}, { message: 'Nothing is left to pay.' })
    case 'more-than-left':
      return i18n._(
        'fault.more-than-left',
        {},
        {
          message: 'More than is left to pay. Only cash gives change: lower the amount.',
        },
      )
    case 'cash-limit':
      return i18n._(
        'fault.cash-limit',
        { limit: formatRupees(CASH_LIMIT_MINOR) },
        {
          message: 'The law forbids {limit} or more in cash for one bill. Take a part by UPI or card.',
        },
      )
    case 'too-much-cash':
      return i18n._('fault.too-much-cash', {}, { message: 'So much cash at once? Check the amount.' })
    case 'card-number':
      return i18n._(
        'fault.card-number',
        {},
        {
          message:
            'This looks like a card number. Never type one: use the approval code and the last four digits.',
        },
      )
    case 'approval-code':
      return i18n._(
        'fault.approval-code',
        {},
        {
          message: 'Type the approval code of the slip: 4 to 8 letters and digits.',
        },
      )
    case 'last-four':
      return i18n._('fault.last-four', {}, { message: 'Type the last four digits of the card.' })
    case 'upi-reference':
      return i18n._(
        'fault.upi-reference',
        {},
        {
          message: 'Type the reference that the phone shows: 4 to 35 letters and digits.',
        },
      )
    case 'refund-reference':
      return i18n._(
        'fault.refund-reference',
        {},
        { message: 'Type the reference of the refund: 4 to 35 letters and digits.' },
      )
    case 'upi-in-doubt':
      return i18n._(
        'fault.upi-in-doubt',
        {},
        { message: 'Nobody knows yet what became of the first UPI payment. Take cash or a card.' },
      )
    case 'not-saved':
      return i18n._(
        'fault.not-saved',
        {},
        {
          message:
            'This device could not save. Try again, or reload the page: the bill is kept and cannot be made twice.',
        },
      )
  }
}

/** Name of a way of paying; unknown kinds of later versions show as they are. */
export function tenderName(i18n: I18n, kind: string): string {
  switch (kind) {
    case 'cash':
      return i18n._('tender.cash', {}, { message: 'Cash' })
    case 'upi':
      return i18n._('tender.upi', {}, { message: 'UPI' })
    case 'card':
      return i18n._('tender.card', {}, { message: 'Card' })
    default:
      return kind
  }
}

/** What became of the paper. */
export function printWords(i18n: I18n, print: PrintState): string {
  switch (print) {
    case 'printing':
      return i18n._('print.printing', {}, { message: 'Printing…' })
    case 'printed':
      return i18n._('print.printed', {}, { message: 'Printed' })
    case 'not-connected':
      return i18n._('print.not-connected', {}, { message: 'Not printed: the printer is not connected' })
    case 'out-of-paper':
      return i18n._('print.out-of-paper', {}, { message: 'Not printed: the printer is out of paper' })
    case 'cover-open':
      return i18n._('print.cover-open', {}, { message: 'Not printed: the printer’s cover is open' })
    case 'failed':
      return i18n._('print.failed', {}, { message: 'Not printed: something went wrong' })
  }
}
