import type { I18n } from '@lingui/core'
import type { OpenPaymentKind, SettlementField } from '@nexus/contract'

/** What is the matter with a payment. */
export function paymentKindName(i18n: I18n, kind: OpenPaymentKind): string {
  switch (kind) {
    case 'contrary':
      return i18n._('payment.contrary', {}, { message: 'Two answers contradict each other' })
    case 'settled-twice':
      return i18n._('payment.settled-twice', {}, { message: 'Two bills were paid with one payment' })
    case 'not-intended':
      return i18n._('payment.not-intended', {}, { message: 'No till had asked for it' })
    case 'no-result':
      return i18n._('payment.no-result', {}, { message: 'Nobody knows whether it was paid' })
    case 'no-sale':
      return i18n._('payment.no-sale', {}, { message: 'Paid, and no bill was made' })
    case 'not-paid':
      return i18n._('payment.not-paid', {}, { message: 'A bill was made, and it was not paid' })
    case 'amount-differs':
      return i18n._('payment.amount-differs', {}, { message: 'The provider settled another amount' })
    case 'settled-not-paid':
      return i18n._('payment.settled-not-paid', {}, { message: 'Settled, and not paid here' })
    case 'not-settled':
      return i18n._('payment.not-settled', {}, { message: 'Paid here, and not settled' })
    case 'unknown-to-us':
      return i18n._('payment.unknown-to-us', {}, { message: 'Settled, and unknown here' })
  }
}

/** What a person does about it. */
export function paymentRemedy(i18n: I18n, kind: OpenPaymentKind): string {
  switch (kind) {
    case 'contrary':
      return i18n._(
        'payment.contrary-do',
        {},
        {
          message:
            'The first answer counts here. Ask the provider by the reference what is true; give back what was taken twice, or ask the customer for what is missing.',
        },
      )
    case 'settled-twice':
      return i18n._(
        'payment.settled-twice-do',
        {},
        {
          message:
            'Both bills stand. Look at both: if one was rung up twice, take it back as a return; if not, money for one is missing.',
        },
      )
    case 'not-intended':
      return i18n._(
        'payment.not-intended-do',
        {},
        {
          message:
            'The till’s own entry may still be on its way. If it does not come, ask the provider by the reference.',
        },
      )
    case 'no-result':
      return i18n._(
        'payment.no-result-do',
        {},
        {
          message:
            'Ask the provider or the bank by the reference. If the money came and the bill was paid otherwise, give it back.',
        },
      )
    case 'no-sale':
      return i18n._(
        'payment.no-sale-do',
        {},
        {
          message:
            'Ask the store whether the customer left without the goods. Then give the money back; otherwise the bill may still be on a till that is offline.',
        },
      )
    case 'not-paid':
      return i18n._(
        'payment.not-paid-do',
        {},
        { message: 'Compare the bank’s statement. If the money did not come, it is a loss of the store.' },
      )
    case 'amount-differs':
      return i18n._(
        'payment.amount-differs-do',
        {},
        { message: 'Open the bill, compare both amounts, and claim the difference from the provider.' },
      )
    case 'settled-not-paid':
      return i18n._(
        'payment.settled-not-paid-do',
        {},
        {
          message:
            'The money came. If the customer paid the bill otherwise, give it back; if not, it pays the bill.',
        },
      )
    case 'not-settled':
      return i18n._(
        'payment.not-settled-do',
        {},
        { message: 'Claim it from the provider by the reference, or bring the file that has it.' },
      )
    case 'unknown-to-us':
      return i18n._(
        'payment.unknown-to-us-do',
        {},
        {
          message:
            'The till may be offline still, or the payment was made by another way, e.g. a card with a typed approval code. Ask the store of that terminal.',
        },
      )
  }
}

/** What a field of a settlement file holds. */
export function settlementFieldName(i18n: I18n, field: SettlementField): string {
  switch (field) {
    case 'reference':
      return i18n._('settlement.reference', {}, { message: 'Our reference' })
    case 'amount':
      return i18n._('settlement.amount', {}, { message: 'Amount' })
    case 'fee':
      return i18n._('settlement.fee', {}, { message: 'Fee' })
    case 'date':
      return i18n._('settlement.date', {}, { message: 'Date of payment' })
    case 'utr':
      return i18n._('settlement.utr', {}, { message: 'Bank’s reference (UTR)' })
  }
}

/** Why a line of a settlement file was not taken. */
export function badLineReason(i18n: I18n, reason: string): string {
  switch (reason) {
    case 'missing':
      return i18n._('settlement.missing', {}, { message: 'It is missing.' })
    case 'too-long':
      return i18n._('settlement.too-long', {}, { message: 'It is longer than 64 characters.' })
    case 'not-an-amount':
      return i18n._('settlement.not-an-amount', {}, { message: 'It is no amount in rupees, e.g. 118.00.' })
    case 'not-a-date':
      return i18n._('settlement.not-a-date', {}, { message: 'It is no date, e.g. 22/11/2026.' })
    default:
      return i18n._(
        'settlement.differs',
        {},
        { message: 'An earlier line says something else of this payment. That one stays.' },
      )
  }
}
