import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import type { Job } from '../../jobs/index.ts'
import {
  deleteUnfolded,
  replaceBalances,
  type Slot,
  selectBalances,
  sumOfMoves,
  unfoldedSlots,
} from './sql.ts'
import type { StockBalanceTable } from './tables.ts'

const slotsMax = 1000
const productsMax = 5000

/**
 * Adds the next moves that are not in the balances yet, and answers how many slots it took; 0 means that
 * balances equal the ledger. One caller at a time: the worker by its lease, or a program alone on the
 * database. Sums do not depend on the order of moves.
 */
export async function foldStock(tx: Tx): Promise<number> {
  const slots = await unfoldedSlots(tx, slotsMax)
  const added = new Map<number, Map<number, { quantityMilli: number; changedAt: number }>>()
  for (const { storeNo, epochNo, seqs } of byEpoch(slots)) {
    const store = added.get(storeNo) ?? new Map()
    added.set(storeNo, store)
    for (const { product, quantityMilli, changedAt } of await sumOfMoves(tx, { storeNo, epochNo }, seqs)) {
      const known = store.get(product)
      store.set(product, {
        quantityMilli: quantityMilli + (known?.quantityMilli ?? 0),
        changedAt: Math.max(changedAt, known?.changedAt ?? 0),
      })
    }
    await deleteUnfolded(tx, { storeNo, epochNo }, seqs)
  }
  for (const [storeNo, products] of added) await addToBalances(tx, storeNo, products)
  return slots.length
}

function byEpoch(slots: readonly Slot[]): { storeNo: number; epochNo: number; seqs: number[] }[] {
  const groups = Map.groupBy(slots, (slot) => `${slot.storeNo}/${slot.epochNo}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first ? [{ ...first, seqs: group.map((slot) => slot.seq) }] : []
  })
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
        return {
          store_no: storeNo,
          product,
          quantity_milli: (old?.quantity_milli ?? 0) + (sum?.quantityMilli ?? 0),
          changed_at: Math.max(old?.changed_at ?? 0, sum?.changedAt ?? 0),
        }
      }),
    )
  }
}

/** The worker's job that keeps balances up with the ledger. */
export function stockFoldJob(context: Pick<Context, 'database'>): Job {
  return {
    name: 'stock-fold',
    everyMs: 1000,
    async run(lease) {
      const folded = await context.database.write(async (tx) => {
        await lease.hold(tx)
        return await foldStock(tx)
      })
      return folded === slotsMax
    },
  }
}
