import { uuidText } from '../../db/uuid.ts'
import type { FoundIncident } from '../journal/index.ts'
import type { PaymentAttemptTable } from './tables.ts'

/** What people are told about an attempt; each kind at most once. */
export type PaymentTrouble =
  | 'payment-contrary'
  | 'payment-settled-twice'
  | 'payment-not-intended'
  | 'payment-without-result'
  | 'payment-without-sale'
  | 'payment-not-paid'

type Attempt = Pick<PaymentAttemptTable, 'attempt' | 'store_no' | 'own_epoch' | 'own_seq' | 'amount_minor'>

/** The incident of an attempt; noted again it is the same. */
export function incidentOf(kind: PaymentTrouble, attempt: Attempt, at: number): FoundIncident {
  const id = uuidText(attempt.attempt)
  return {
    kind,
    about: id,
    storeNo: attempt.store_no,
    epoch: uuidText(attempt.own_epoch),
    seq: attempt.own_seq,
    params: { attempt: id, amountMinor: attempt.amount_minor },
    at,
  }
}
