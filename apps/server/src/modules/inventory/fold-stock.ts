import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import type { Job } from '../../jobs/index.ts'
import {
  deleteUnfolded,
  insertCards,
  movesOfSlots,
  replaceBalances,
  type Slot,
  selectBalances,
  unfoldedSlots,
} from './sql.ts'
import type { StockBalanceTable } from './tables.ts'

const slotsMax = 2000
/** Openings have thousands of lines a slot: more than this on average end a round early. */
const movesPerSlot = 10
const slotsAtOnce = 500
const productsMax = 5000

/**
 * Adds the next moves that are not in balances and cards yet, and answers how many slots it took; 0
 * means that nothing waits. One caller at a time: the worker by its lease, or a program alone on the
 * database, which folds faster with a larger `max`. The order of moves does not matter.
 */
export async function foldStock(tx: Tx, max: number = slotsMax): Promise<number> {
  let taken = 0
  let moved = 0
  for (const { storeNo, epochs } of byStore(await unfoldedSlots(tx, max))) {
    const moves: Move[] = []
    for (const { epochNo, seqs } of epochs) {
      if (moved >= max * movesPerSlot) break
      const found = await movesOfSlots(tx, { storeNo, epochNo }, seqs)
      await deleteUnfolded(tx, { storeNo, epochNo }, seqs)
      // Not spread into push: a hundred thousand arguments overflow the stack.
      for (const move of found) moves.push(move)
      taken += seqs.length
      moved += found.length
    }
    moves.sort(byCard)
    await insertCards(
      tx,
      moves.map(({ quantity_milli: _, ...card }) => card),
    )
    await addToBalances(tx, storeNo, sumsOf(moves))
  }
  return taken
}

/** Slots of each store in portions of one epoch; openings one by one. */
function byStore(
  slots: readonly Slot[],
): { storeNo: number; epochs: { epochNo: number; seqs: number[] }[] }[] {
  return [...Map.groupBy(slots, (slot) => slot.storeNo)].map(([storeNo, ofStore]) => ({
    storeNo,
    epochs: [...Map.groupBy(ofStore, (slot) => slot.epochNo)].flatMap(([epochNo, ofEpoch]) => {
      const step = epochNo === 0 ? 1 : slotsAtOnce
      return Array.from({ length: Math.ceil(ofEpoch.length / step) }, (_, portion) => ({
        epochNo,
        seqs: ofEpoch.slice(portion * step, (portion + 1) * step).map((slot) => slot.seq),
      }))
    }),
  }))
}

type Move = Awaited<ReturnType<typeof movesOfSlots>>[number]

/** In the order of the card's key, so that rows land on neighbouring pages. */
function byCard(a: Move, b: Move): number {
  return a.product - b.product || a.at - b.at || a.epoch_no - b.epoch_no || a.seq - b.seq || a.line - b.line
}

function sumsOf(moves: readonly Move[]): Map<number, { quantityMilli: number; changedAt: number }> {
  const sums = new Map<number, { quantityMilli: number; changedAt: number }>()
  for (const { product, quantity_milli, at } of moves) {
    const sum = sums.get(product)
    sums.set(product, {
      quantityMilli: quantity_milli + (sum?.quantityMilli ?? 0),
      changedAt: Math.max(at, sum?.changedAt ?? 0),
    })
  }
  return sums
}

async function addToBalances(
  tx: Tx,
  storeNo: number,
  added: ReadonlyMap<number, { quantityMilli: number; changedAt: number }>,
): Promise<void> {
  // Ascending, so that two writers lock rows in one order.
  const products = [...added.keys()].sort((a, b) => a - b)
  for (let start = 0; start < products.length; start += productsMax) {
    const part = products.slice(start, start + productsMax)
    const before = new Map((await selectBalances(tx, storeNo, part)).map((row) => [row.product, row]))
    await replaceBalances(
      tx,
      part.map((product): StockBalanceTable => {
        const old = before.get(product)
        const sum = added.get(product)
        const quantityMilli = (old?.quantity_milli ?? 0) + (sum?.quantityMilli ?? 0)
        return {
          store_no: storeNo,
          product,
          quantity_milli: quantityMilli,
          is_negative: quantityMilli < 0 ? 1 : 0,
          changed_at: Math.max(old?.changed_at ?? 0, sum?.changedAt ?? 0),
        }
      }),
    )
  }
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
