import { invariant } from '../invariant.ts'

/** One movement of goods in a store. The balance of a key is the sum of its moves, in any order. */
export type StockMove = {
  productId: number
  /** undefined while the batch is not known. */
  batchId?: number
  /** Positive into the store, negative out of it; never 0. */
  quantityMilli: number
}

/** Names what a balance is kept for: a product, and its batch where known. */
export function stockKey(productId: number, batchId?: number): string {
  return batchId === undefined ? `${productId}` : `${productId}:${batchId}`
}

/** The moves that a sale's lines make: out of the store, one a line. */
export function movesOfSale(lines: readonly StockMove[]): StockMove[] {
  return lines.map((line) => {
    invariant(line.quantityMilli > 0, 'a sold quantity is more than nothing')
    const move = { productId: line.productId, quantityMilli: -line.quantityMilli }
    return line.batchId === undefined ? move : { ...move, batchId: line.batchId }
  })
}

/** Balances after the moves, by `stockKey`. May be negative: a till sells what the ledger does not know. */
export function balancesAfter(
  moves: Iterable<StockMove>,
  before: ReadonlyMap<string, number> = new Map(),
): Map<string, number> {
  const balances = new Map(before)
  for (const move of moves) {
    invariant(Number.isSafeInteger(move.quantityMilli), 'a quantity is a whole number of thousandths')
    const key = stockKey(move.productId, move.batchId)
    balances.set(key, (balances.get(key) ?? 0) + move.quantityMilli)
  }
  return balances
}
