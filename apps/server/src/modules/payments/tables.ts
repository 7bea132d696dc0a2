/** What rows of an attempt's entries have in common. */
export interface PaymentStep {
  store_no: number
  epoch_no: number
  seq: number
  attempt: Uint8Array
  identity: Uint8Array
  at: number
  own_epoch: Uint8Array
  own_seq: number
  received_at: number
  register_no: number
  amount_minor: number
}
export interface PaymentIntentTable extends PaymentStep {
  cart: Uint8Array | null
  kind: string
  provider: string
  direction: string
  reference: string
  expires_at: number | null
}
export interface PaymentResultTable extends PaymentStep {
  state: 'paid' | 'failed' | 'expired'
  told_by: string
  reference: string | null
}
export interface PaymentTenderTable extends PaymentStep {
  n: number
  kind: string
  direction: string
  number: string
}
export interface PaymentAttemptTable {
  attempt: Uint8Array
  store_no: number
  register_no: number
  own_epoch: Uint8Array
  own_seq: number
  at: number
  day: string
  touched_at: number
  intended: number
  provider: string | null
  kind: string | null
  direction: string | null
  amount_minor: number
  reference: string | null
  state: 'open' | 'paid' | 'failed' | 'expired'
  result_at: number | null
  provider_reference: string | null
  is_contrary: number
  sales: number
  sale: Uint8Array | null
  number: string | null
  settled_minor: number
}
export interface SettlementFileTable {
  id: string
  provider: string
  name: string
  rows_total: number
  rows_added: number
  rows_bad: number
  /** JSON [{line, field, reason}] */
  bad_rows: string
  imported_at: number
  imported_by: string
}
export interface SettlementLineTable {
  provider: string
  direction: string
  reference: string
  amount_minor: number
  fee_minor: number
  day: string
  utr: string | null
  file: string
  line: number
  attempt: Uint8Array | null
}
declare module '../../db/database.ts' {
  interface Schema {
    payment_intent: PaymentIntentTable
    payment_result: PaymentResultTable
    payment_tender: PaymentTenderTable
    payment_attempt: PaymentAttemptTable
    settlement_file: SettlementFileTable
    settlement_line: SettlementLineTable
  }
}
