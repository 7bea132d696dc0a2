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

declare module '../../db/database.ts' {
  interface Schema {
    shift: ShiftTable
    shift_sum: ShiftSumTable
  }
}
