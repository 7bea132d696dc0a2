import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import type { Job } from '../../jobs/index.ts'
import {
  addToBalances,
  deleteUnfolded,
  insertCards,
  type Move,
  unfoldedMoves,
  unfoldedOpening,
} from './sql.ts'
import type { StockBalanceTable } from './tables.ts'

const slotsMax = 2000
const seqsAtOnce = 500

/**
 * Adds the next moves that are not in balances and cards yet, and answers how many slots of the ledger
 * they fill (an entry, or one opening); 0 means that nothing waits. One caller at a time: the worker by
 * its lease, or a program alone on the database. The order of moves does not matter.
 */
export async function foldStock(tx: Tx, max: number = slotsMax): Promise<number> {
  let moves = await unfoldedMoves(tx, max)
  if (moves.length === 0) moves = await unfoldedOpening(tx)
  let slots = 0
  for (const ofEpoch of Map.groupBy(moves, epochOf).values()) {
    const [{ store_no: storeNo, epoch_no: epochNo } = { store_no: 0, epoch_no: 0 }] = ofEpoch
    const seqs = [...new Set(ofEpoch.map((move) => move.seq))]
    slots += seqs.length
    for (let from = 0; from < seqs.length; from += seqsAtOnce)
      await deleteUnfolded(tx, { storeNo, epochNo }, seqs.slice(from, from + seqsAtOnce))
  }
  moves.sort(byCard)
  await insertCards(
    tx,
    moves.map(({ quantity_milli: _, ...card }) => card),
  )
  await addToBalances(tx, sumsOf(moves))
  return slots
}

const epochOf = (move: Move) => `${move.store_no}/${move.epoch_no}`

/** In the order of the card's key, so that rows land on neighbouring pages. */
function byCard(a: Move, b: Move): number {
  return (
    a.store_no - b.store_no ||
    a.product - b.product ||
    a.at - b.at ||
    a.epoch_no - b.epoch_no ||
    a.seq - b.seq ||
    a.line - b.line
  )
}

/** What sorted moves add up to, by store and product in this order, so that two writers lock rows in one order. */
function sumsOf(moves: readonly Move[]): StockBalanceTable[] {
  const sums: StockBalanceTable[] = []
  for (const { store_no, product, quantity_milli, at } of moves) {
    let sum = sums.at(-1)
    if (sum?.store_no !== store_no || sum.product !== product) {
      sum = { store_no, product, quantity_milli: 0, is_negative: 0, changed_at: at }
      sums.push(sum)
    }
    sum.quantity_milli += quantity_milli
    sum.is_negative = sum.quantity_milli < 0 ? 1 : 0
    sum.changed_at = Math.max(sum.changed_at, at)
  }
  return sums
}

/** The worker's job that keeps balances and cards up with the ledger. */
export function stockFoldJob(context: Pick<Context, 'database'>): Job {
  return {
    name: 'stock-fold',
    everyMs: 1000,
    async run(lease) {
      const folded = await context.database.write(async (tx) => {
        await lease.hold(tx)
        return await foldStock(tx)
      })
      return folded > 0
    },
  }
}
