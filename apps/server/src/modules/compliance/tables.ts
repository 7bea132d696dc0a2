export type LateDocumentTable = {
  identity: Uint8Array
  document: number
  store_no: number
  epoch_no: number
  seq: number
  number: string
  kind: string
  issue_date: string
  month: string
  tax_minor: number
  total_minor: number
  received_at: number
}
export type LateChoiceTable = {
  identity: Uint8Array
  document: number
  choice: 'amendment' | 'current-return'
  chosen_by: string
  chosen_at: number
}

declare module '../../db/database.ts' {
  interface Schema {
    late_document: LateDocumentTable
    late_choice: LateChoiceTable
  }
}
