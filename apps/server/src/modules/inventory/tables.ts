export type StockMoveKind = 'sale' | 'return' | 'opening'
export type StockMoveTable = {
  store_no: number
  epoch_no: number
  seq: number
  line: number
  product: number
  batch: number | null
  quantity_milli: number
  kind: StockMoveKind
  at: number
}
export type StockUnfoldedTable = { store_no: number; epoch_no: number; seq: number }
export type StockBalanceTable = {
  store_no: number
  product: number
  quantity_milli: number
  is_negative: number
  changed_at: number
}
export type StockCardTable = {
  store_no: number
  product: number
  at: number
  epoch_no: number
  seq: number
  line: number
}
export type StockOpeningTable = {
  store_no: number
  opening_no: number
  id: string
  fingerprint: Uint8Array
  at: number
  by_id: string | null
}

declare module '../../db/database.ts' {
  interface Schema {
    stock_move: StockMoveTable
    stock_unfolded: StockUnfoldedTable
    stock_balance: StockBalanceTable
    stock_card: StockCardTable
    stock_opening: StockOpeningTable
  }
}
