export type ShiftTable = {
  store_no: number
  id: Uint8Array
  register_no: number
  trading_day: string | null
  cashier: Uint8Array | null
  opened_at: number | null
  float_minor: number
  closed_at: number | null
  counted_minor: number | null
  expected_minor: number | null
  difference_minor: number | null
}
export type ShiftSumTable = {
  store_no: number
  shift: Uint8Array
  bills: number
  sold_minor: number
  returned_minor: number
  cash_sales_minor: number
  cash_refunds_minor: number
  cash_in_minor: number
  cash_out_minor: number
  safe_drops_minor: number
}

/** What a closing ends. */
export type ClosingKind = 'shift' | 'day' | 'month'
export type ClosingTable = {
  store_no: number
  epoch_no: number
  seq: number
  identity: Uint8Array
  kind: ClosingKind
  subject: string
  gstin: string | null
  place_epoch: Uint8Array
  place_seq: number
  received_at: number
  /** JSON {figure: number} */
  stated: string
}
export type ClosingCoverTable = {
  store_no: number
  epoch_no: number
  seq: number
  kind: ClosingKind
  covered: Uint8Array
  last_seq: number
  /** JSON number[] */
  excepted: string
}

declare module '../../db/database.ts' {
  interface Schema {
    shift: ShiftTable
    shift_sum: ShiftSumTable
    closing: ClosingTable
    closing_cover: ClosingCoverTable
  }
}
