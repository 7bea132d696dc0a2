import type { I18n } from '@lingui/core'
import { phraseOf } from './coded-words.ts'

/** What an incident, a quarantined entry or a discrepancy is about, as a sentence. */
export function incidentKindName(i18n: I18n, kind: string): string {
  switch (kind) {
    case 'copy-failed':
      return i18n._('incident.copy-failed', {}, { message: 'One copy of the bills failed on the till' })
    case 'chain-broken':
      return i18n._('incident.chain-broken', {}, { message: 'The chain of entries was broken on the till' })
    case 'damaged':
      return i18n._('incident.damaged', {}, { message: 'An entry was damaged on the till' })
    case 'two-entries':
      return i18n._('incident.two-entries', {}, { message: 'The two copies on the till disagree' })
    case 'primary-lost':
    case 'primary-poorer':
      return i18n._(
        'incident.primary',
        {},
        { message: 'The till lost entries of its first copy and took the second' },
      )
    case 'twin-lost':
    case 'twin-poorer':
      return i18n._('incident.twin', {}, { message: 'The till lost entries of its second copy' })
    case 'hop-forgot':
      return i18n._(
        'incident.hop-forgot',
        {},
        { message: 'The server had forgotten entries that the till still has' },
      )
    case 'issue-date-held':
      return i18n._(
        'incident.issue-date-held',
        {},
        { message: 'The till’s clock went back; the bill kept the later date' },
      )
    case 'schema-failed':
      return i18n._(
        'incident.schema-failed',
        {},
        { message: 'An entry does not have the form that entries have' },
      )
    case 'unreadable':
      return i18n._('incident.unreadable', {}, { message: 'An entry cannot be read' })
    case 'unknown-type':
      return i18n._(
        'incident.unknown-type',
        {},
        { message: 'An entry of a newer till; this server must be updated first' },
      )
    case 'too-large':
      return i18n._('incident.too-large', {}, { message: 'An entry is larger than entries may be' })
    case 'stolen-entry':
      return i18n._('incident.stolen-entry', {}, { message: 'An entry of a till that was reported stolen' })
    case 'stolen':
      return i18n._('incident.stolen', {}, { message: 'Of a till that was reported stolen' })
    case 'inner-mismatch':
      return i18n._('incident.inner-mismatch', {}, { message: 'What an entry wraps is not what it says' })
    case 'underivable':
      return i18n._('incident.underivable', {}, { message: 'The server could not work an entry out' })
    case 'fork':
    case 'forked':
      return i18n._('incident.fork', {}, { message: 'The till has gone two ways' })
    case 'two-devices':
      return i18n._('incident.two-devices', {}, { message: 'Two devices sell as one register' })
    case 'hole-lost':
      return i18n._('incident.hole-lost', {}, { message: 'Lost entries were given up' })
    case 'tail-lost':
      return i18n._('incident.tail-lost', {}, { message: 'A device is gone, perhaps with bills on it' })
    case 'device-stolen':
      return i18n._('incident.device-stolen', {}, { message: 'A device was reported stolen' })
    case 'wrong-place':
      return i18n._(
        'incident.wrong-place',
        {},
        { message: 'An entry names another place than the one it came for' },
      )
    case 'wrong-writer':
      return i18n._(
        'incident.wrong-writer',
        {},
        { message: 'An entry that this kind of device may not write' },
      )
    case 'cart-closed-twice':
      return i18n._('incident.cart-closed-twice', {}, { message: 'Two sales came of one cart' })
    case 'number-twice':
      return i18n._('incident.number-twice', {}, { message: 'Two bills have one number' })
    case 'number-foreign':
      return i18n._(
        'incident.number-foreign',
        {},
        { message: 'A bill’s number is not of its register’s series' },
      )
    case 'totals-missing':
    case 'totals-unexpected':
      return i18n._('incident.totals', {}, { message: 'The running totals of the register do not add up' })
    case 'personal-mismatch':
      return i18n._('incident.personal-mismatch', {}, { message: 'Personal data do not fit their entry' })
    case 'certificate-mismatch':
      return i18n._(
        'incident.certificate-mismatch',
        {},
        { message: 'The till’s certificate does not fit its journal' },
      )
    case 'invariant-broken':
      return i18n._('incident.invariant-broken', {}, { message: 'The books do not agree with the tills' })
    case 'closing-differs':
      return i18n._(
        'incident.closing-differs',
        {},
        { message: 'A closing states other totals than its entries add up to' },
      )
    case 'told-head-fell':
      return i18n._(
        'incident.told-head-fell',
        {},
        { message: 'The till announced entries and then fewer: its end is gone' },
      )
    case 'day-settled-twice':
      return i18n._('incident.day-settled-twice', {}, { message: 'The day had been settled already' })
    case 'month-closed-twice':
      return i18n._('incident.month-closed-twice', {}, { message: 'The month had been closed already' })
    case 'closing-of-nothing':
      return i18n._('incident.closing-of-nothing', {}, { message: 'A closing that names no shift or day' })
    case 'hole-declared':
      return i18n._('incident.hole-declared', {}, { message: 'The till declared lost entries' })
    case 'archive-damaged':
      return i18n._(
        'incident.archive-damaged',
        {},
        { message: 'A file of the archive was damaged and is being made anew' },
      )
    case 'archive-lost':
      return i18n._(
        'incident.archive-lost',
        {},
        { message: 'Entries are neither in a damaged file of the archive nor in the database' },
      )
    case 'archive-not-replayed':
      return i18n._(
        'incident.archive-not-replayed',
        {},
        { message: 'The archive holds entries of a till that this database does not know' },
      )
    case 'entry-damaged':
      return i18n._(
        'incident.entry-damaged',
        {},
        { message: 'An entry is not what the till wrote any more: its bytes changed in the database' },
      )
    case 'hole-filled':
      return i18n._('incident.hole-filled', {}, { message: 'Lost entries were found again' })
    case 'payment-contrary':
      return i18n._(
        'incident.payment-contrary',
        {},
        { message: 'Two answers about one payment contradict each other' },
      )
    case 'payment-settled-twice':
    case 'payment-not-open':
      return i18n._(
        'incident.payment-settled-twice',
        {},
        { message: 'A bill was paid with a payment that was used before' },
      )
    case 'payment-not-intended':
      return i18n._('incident.payment-not-intended', {}, { message: 'A payment that no till had asked for' })
    case 'payment-without-result':
    case 'payment-in-doubt':
      return i18n._(
        'incident.payment-without-result',
        {},
        { message: 'Nobody knows whether a payment was made' },
      )
    case 'payment-without-sale':
      return i18n._('incident.payment-without-sale', {}, { message: 'A payment was made, and no bill' })
    case 'payment-not-paid':
      return i18n._('incident.payment-not-paid', {}, { message: 'A bill was made, and its payment was not' })
    case 'slip-invoiced-twice':
      return i18n._(
        'incident.slip-invoiced-twice',
        {},
        { message: 'Two invoices were issued for one provisional slip; the first one counts' },
      )
    case 'coupon-twice':
      return i18n._(
        'incident.coupon-twice',
        {},
        { message: 'A coupon code was redeemed on another bill too' },
      )
    case 'coupon-not-given-out':
      return i18n._(
        'incident.coupon-not-given-out',
        {},
        { message: 'A coupon code was redeemed that nobody gave out' },
      )
    case 'coupon-void':
      return i18n._(
        'incident.coupon-void',
        {},
        { message: 'A coupon code was redeemed that was void already' },
      )
    default:
      return phraseOf(kind)
  }
}
