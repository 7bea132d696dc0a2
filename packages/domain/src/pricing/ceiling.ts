import { PricingRefusal } from './refusal.ts'
import type { Batch, CartLine, RulebookProduct } from './types.ts'

/** Stands for "no ceiling" where ceilings are compared and added. */
export const UNLIMITED = Number.MAX_SAFE_INTEGER

/**
 * The ceiling of one unit of a line: the MRP of its batch, or the lowest in stock while no batch is
 * chosen (PRC-3). undefined for goods without MRP.
 *
 * Throws PricingRefusal `batch/unknown` when the product has no such batch.
 */
export function unitCeiling(line: CartLine, product: RulebookProduct): number | undefined {
  let lowest: number | undefined
  let known = line.batchId === undefined
  for (const batch of product.batches) {
    if (line.batchId !== undefined && batch.id !== line.batchId) continue
    known = true
    const ceiling = batchCeiling(batch)
    if (ceiling !== undefined && (lowest === undefined || ceiling < lowest)) lowest = ceiling
  }
  if (!known) throw new PricingRefusal('batch/unknown', line.uid, line.productId)
  return lowest
}

/** The lower of a batch's printed and its revised MRP, in paise a unit. */
export function batchCeiling(batch: Batch): number | undefined {
  const { mrpMinor, revisedMrpMinor } = batch
  if (mrpMinor === undefined) return revisedMrpMinor
  return revisedMrpMinor === undefined || mrpMinor < revisedMrpMinor ? mrpMinor : revisedMrpMinor
}
