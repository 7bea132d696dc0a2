export interface BillTable {
  store_no: number
  epoch_no: number
  seq: number
  document: number
  identity: Uint8Array
  register_no: number
  number: string
  serial: number
  kind: string
  day: string
  trading_day: string | null
  issue_date: string
  at: number
  received_at: number
  staff: Uint8Array | null
  shift: Uint8Array | null
  line_count: number
  units_milli: number
  gross_minor: number
  discount_minor: number
  taxable_minor: number
  tax_minor: number
  total_minor: number
  tender_kinds: number
  discrepancies: number
}
export interface BillLineTable {
  store_no: number
  epoch_no: number
  seq: number
  document: number
  line: number
  product: number
  batch: number | null
  hsn: string
  uqc: string
  quantity_milli: number
  unit_minor: number
  gross_minor: number
  discount_minor: number
  paid_minor: number
  tax_kind: string
  rate_bp: number
  taxable_minor: number
  cgst_minor: number
  igst_minor: number
}
export interface BillReturnTable {
  store_no: number
  epoch_no: number
  seq: number
  document: number
  line: number
  of_number: string
  of_identity: Uint8Array | null
  of_uid: string
  from_milli: number
  to_milli: number
}

export interface BillTaxTable {
  store_no: number
  epoch_no: number
  seq: number
  document: number
  n: number
  tax_kind: string
  rate_bp: number
  taxable_minor: number
  cgst_minor: number
  igst_minor: number
  round_off_minor: number
}
export interface TenderTable {
  store_no: number
  epoch_no: number
  seq: number
  n: number
  kind: string
  direction: string
  amount_minor: number
  reference: string | null
}
export interface BillReprintTable {
  store_no: number
  epoch_no: number
  seq: number
  bill: Uint8Array
  number: string
  copy: number
  at: number
  staff: Uint8Array | null
}
export interface SlipInvoiceTable {
  slip: Uint8Array
  identity: Uint8Array
  store_no: number
  epoch_no: number
  seq: number
  at: number
  own_epoch: Uint8Array
  own_seq: number
}
export interface TakingsHourTable {
  store_no: number
  day: string
  hour: number
  bills: number
  sold_minor: number
  units_milli: number
  discount_minor: number
  tax_minor: number
}
export interface TakingsTenderTable {
  store_no: number
  day: string
  kind: string
  tenders: number
  amount_minor: number
}
export interface NumberExplainedTable {
  number: string
  how: 'cancelled' | 'lost' | 'recovered' | 'renumbered'
  store_no: number
  epoch_no: number
  seq: number
  reason: string
}
export interface NumberSeriesTable {
  prefix: string
  store_no: number
  epoch_no: number
  last_serial: number
  checked_at: number
}
export interface NumberGapTable {
  number: string
  prefix: string
  store_no: number
  epoch_no: number
  kind: 'missing' | 'doubled'
  state: 'unexplained' | 'waiting' | 'issued' | NumberExplainedTable['how']
  found_at: number
  settled_at: number | null
}
declare module '../../db/database.ts' {
  interface Schema {
    bill: BillTable
    bill_line: BillLineTable
    bill_return: BillReturnTable
    bill_tax: BillTaxTable
    tender: TenderTable
    bill_reprint: BillReprintTable
    slip_invoice: SlipInvoiceTable
    takings_hour: TakingsHourTable
    takings_tender: TakingsTenderTable
    number_explained: NumberExplainedTable
    number_series: NumberSeriesTable
    number_gap: NumberGapTable
  }
}
