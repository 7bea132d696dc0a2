import type { I18n } from '@lingui/core'
import { phraseOf } from './coded-words.ts'

/** Why somebody took something off by hand; a code of a later till reads as a phrase. */
export function byHandReasonName(i18n: I18n, reason: string): string {
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
    case 'not-given':
      return i18n._('by-hand.not-given', {}, { message: 'No reason given' })
    default:
      return phraseOf(reason)
  }
}

/** Why goods came back; a code of a later till reads as a phrase. */
export function returnReasonName(i18n: I18n, reason: string): string {
  switch (reason) {
    case 'not-wanted':
      return i18n._('return.not-wanted', {}, { message: 'Customer does not want it' })
    case 'faulty':
      return i18n._('return.faulty', {}, { message: 'Faulty or leaking' })
    case 'wrong-goods':
      return i18n._('return.wrong-goods', {}, { message: 'Wrong shade, size or product' })
    case 'reaction':
      return i18n._('return.reaction', {}, { message: 'Skin reaction' })
    case 'near-expiry':
      return i18n._('return.near-expiry', {}, { message: 'Expired or about to' })
    default:
      return phraseOf(reason)
  }
}

/** In what state goods came back. */
export function conditionName(i18n: I18n, condition: string): string {
  switch (condition) {
    case 'sellable':
      return i18n._('return.sellable', {}, { message: 'Sellable' })
    case 'damaged':
      return i18n._('return.damaged', {}, { message: 'Damaged' })
    case 'tester':
      return i18n._('return.tester', {}, { message: 'Tester' })
    default:
      return phraseOf(condition)
  }
}
