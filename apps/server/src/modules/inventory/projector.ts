import type { BillDocument } from '@nexus/sync'
import type { Fact, Projector } from '../journal/projector.ts'
import { clearDerived, insertMoves } from './sql.ts'
import type { StockMoveTable } from './tables.ts'

/**
 * Writes one move for each line of a bill, in the transaction that stores the entry; balances follow in
 * the worker. The key of a move is the slot of its entry, so that a rebuild makes the same rows.
 */
export const stockProjector: Projector = {
  name: 'inventory',
  types: ['sale', 'recovered-bill'],
  async apply(tx, facts) {
    await insertMoves(tx, facts.flatMap(movesOfFact))
  },
  clear: clearDerived,
}

function documentsOf({ entry }: Fact): readonly BillDocument[] {
  if (entry.type === 'sale') return entry.body.documents
  return entry.type === 'recovered-bill' ? [entry.body.document] : []
}

function movesOfFact(fact: Fact): StockMoveTable[] {
  const moves: StockMoveTable[] = []
  for (const document of documentsOf(fact)) {
    const direction = directionOf(document)
    if (direction === 0) continue
    for (const line of document.lines) {
      moves.push({
        store_no: fact.storeNo,
        epoch_no: fact.epochNo,
        seq: fact.seq,
        line: moves.length,
        product: line.product,
        batch: line.batch,
        quantity_milli: direction * line.quantityMilli,
        kind: direction < 0 ? 'sale' : 'return',
        at: fact.entry.at,
      })
    }
  }
  return moves
}

/** Invoices, bills of supply and provisional slips take goods out, refunds bring them back, gift cards are no goods. */
function directionOf(document: BillDocument): -1 | 0 | 1 {
  if (document.kind === 'G') return 0
  return document.kind === 'C' || document.kind === 'R' ? 1 : -1
}
