import type { I18n } from '@lingui/core'
import { formatDate } from '@nexus/domain'
import { LINES_MAX } from '../cart/cart.ts'
import type { Condition, ReturnReason } from './draft-return.ts'
import { RETURN_WINDOW_DAYS } from './return-policy.ts'
import type { ReturnFault } from './return-state.ts'

export function returnReasonWords(i18n: I18n, reason: ReturnReason): string {
  switch (reason) {
    case 'not-wanted':
      return i18n._('return.reason.not-wanted', {}, { message: 'Customer does not want it' })
    case 'faulty':
      return i18n._('return.reason.faulty', {}, { message: 'Faulty or leaking' })
    case 'wrong-goods':
      return i18n._('return.reason.wrong-goods', {}, { message: 'Wrong shade, size or product' })
    case 'reaction':
      return i18n._('return.reason.reaction', {}, { message: 'Skin reaction' })
    case 'near-expiry':
      return i18n._('return.reason.near-expiry', {}, { message: 'Expired or about to' })
  }
}

export function conditionWords(i18n: I18n, condition: Condition): string {
  switch (condition) {
    case 'sellable':
      return i18n._('return.condition.sellable', {}, { message: 'Sellable' })
    case 'damaged':
      return i18n._('return.condition.damaged', {}, { message: 'Damaged' })
    case 'tester':
      return i18n._('return.condition.tester', {}, { message: 'Tester' })
  }
}

/** Why the return does not go on, and the way out. Policies are named (RET-4a). */
export function returnFaultWords(i18n: I18n, fault: ReturnFault): string {
  switch (fault.code) {
    case 'no-number':
      return i18n._(
        'return.fault.no-number',
        {},
        { message: 'Scan the code on the bill, or type its number.' },
      )
    case 'bill-unknown':
      return i18n._(
        'return.fault.bill-unknown',
        { number: fault.number },
        { message: 'No bill has the number {number}. Compare it with the paper and type it again.' },
      )
    case 'bill-elsewhere':
      return i18n._(
        'return.fault.bill-elsewhere',
        { number: fault.number },
        {
          message:
            'Bill {number} was not made on this till, and headquarters does not answer. Try again when the till is online, or at the till that made it.',
        },
      )
    case 'not-a-sale':
      return i18n._(
        'return.fault.not-a-sale',
        { number: fault.number },
        { message: '{number} is no bill of a sale. Use the bill that the goods were sold with.' },
      )
    case 'one-bill':
      return i18n._(
        'return.fault.one-bill',
        { number: fault.number },
        {
          message:
            'A cart takes back goods of one bill, and this one has bill {number}. Finish it first, or take its lines out.',
        },
      )
    case 'all-returned':
      return i18n._(
        'return.fault.all-returned',
        { number: fault.number },
        { message: 'Everything on bill {number} came back already. Look for another bill of the customer.' },
      )
    case 'window-over':
      return i18n._(
        'return.fault.window-over',
        { days: RETURN_WINDOW_DAYS, day: formatDate(fault.lastDay) },
        {
          message:
            'Return window: goods come back within {days} days, for this bill until {day}. Headquarters decides about later ones.',
        },
      )
    case 'not-read':
      return i18n._(
        'return.fault.not-read',
        {},
        { message: 'This device could not read the bill. Try again, or reload the page.' },
      )
    case 'not-on-bill':
      return i18n._(
        'return.fault.not-on-bill',
        { scanned: fault.scanned },
        { message: '{scanned} is not on this bill. Check the pack, or look for another bill.' },
      )
    case 'nothing-left':
      return i18n._(
        'return.fault.nothing-left',
        { name: fault.name },
        { message: 'No more of {name} can come back with this bill.' },
      )
    case 'nothing-picked':
      return i18n._(
        'return.fault.nothing-picked',
        {},
        { message: 'Nothing is chosen yet. Scan the goods that come back, or press + on their line.' },
      )
    case 'gifts-come-back':
      return i18n._(
        'return.fault.gifts-come-back',
        {},
        {
          message:
            'Gift policy: with these goods their gift comes back. Add the gift, or let the customer keep enough goods.',
        },
      )
    case 'cart-full':
      return i18n._(
        'return.fault.cart-full',
        { lines: LINES_MAX },
        { message: 'A bill holds {lines} lines. Take payment for the cart first, then return.' },
      )
  }
}
