import { type Batch, batchState, firstToExpire, type RulebookProduct } from '@nexus/domain'
import type { LineRefusal } from './cart.ts'

/** What a scan says about the pack, beyond its product (GS1 symbols). */
export type PackFacts = { batchNo?: string; expiryDate?: string }

/** What the batches of a product allow: a batch, an open question, or a refusal. */
export type BatchAnswer =
  | { kind: 'batch'; batchId: number | undefined }
  | { kind: 'ask'; choices: readonly BatchChoice[] }
  | { kind: 'refused'; refusal: LineRefusal }

/** One MRP on the shelf; its batch is the one of that MRP which expires first. */
export type BatchChoice = { batchId: number; mrpMinor: number; batch: Batch }

/**
 * Decides the batch of a scanned pack. Expired goods are refused without override. A plain barcode
 * says nothing about the batch: one known batch is taken, several of one MRP leave it open, and
 * several MRPs are a question, because the pack in the hand names its own ceiling (PRC-3).
 */
export function batchOfPack(product: RulebookProduct, pack: PackFacts, tradingDay: string): BatchAnswer {
  if (pack.expiryDate !== undefined && tradingDay > pack.expiryDate) {
    return {
      kind: 'refused',
      refusal: { code: 'expired', kind: 'expiry', month: pack.expiryDate.slice(0, 7) },
    }
  }
  const named = product.batches.find((batch) => batch.batchNo === pack.batchNo)
  if (named !== undefined) {
    return refusalOfBatch(named, tradingDay) ?? { kind: 'batch', batchId: named.id }
  }
  const sellable = product.batches.filter((batch) => batchState(batch, tradingDay) === 'sellable')
  const [first] = product.batches
  if (first === undefined) return { kind: 'batch', batchId: undefined }
  if (sellable.length === 0) {
    return refusalOfBatch(latestOf(product.batches), tradingDay) ?? { kind: 'batch', batchId: undefined }
  }
  if (product.batches.length === 1) return { kind: 'batch', batchId: first.id }
  const choices = mrpChoices(product, tradingDay)
  return choices.length > 1 ? { kind: 'ask', choices } : { kind: 'batch', batchId: undefined }
}

/** The different MRPs of the batches that may be sold, lowest first; one entry when there is no choice. */
export function mrpChoices(product: RulebookProduct, tradingDay: string): BatchChoice[] {
  const byMrp = new Map<number, Batch[]>()
  for (const batch of product.batches) {
    const mrpMinor = mrpOf(batch)
    if (mrpMinor === undefined) continue
    byMrp.set(mrpMinor, [...(byMrp.get(mrpMinor) ?? []), batch])
  }
  const choices: BatchChoice[] = []
  for (const [mrpMinor, batches] of byMrp) {
    const batch = firstToExpire(batches, tradingDay)
    if (batch !== undefined) choices.push({ batchId: batch.id, mrpMinor, batch })
  }
  return choices.toSorted((one, other) => one.mrpMinor - other.mrpMinor)
}

/** True when some batch of the product has expired and nobody knows whether this pack is of it. */
export function needsExpiryLook(product: RulebookProduct, tradingDay: string): boolean {
  return product.batches.some((batch) => batchState(batch, tradingDay) === 'expired')
}

/** The lower of the printed and the revised MRP, in paise. */
function mrpOf({ mrpMinor, revisedMrpMinor }: Batch): number | undefined {
  if (mrpMinor === undefined) return revisedMrpMinor
  return revisedMrpMinor === undefined ? mrpMinor : Math.min(mrpMinor, revisedMrpMinor)
}

function refusalOfBatch(batch: Batch | undefined, tradingDay: string): BatchAnswer | undefined {
  if (batch?.expiry === undefined || batchState(batch, tradingDay) === 'sellable') return undefined
  return { kind: 'refused', refusal: { code: 'expired', ...batch.expiry } }
}

function latestOf(batches: readonly Batch[]): Batch | undefined {
  return batches.toSorted((one, other) =>
    (other.expiry?.month ?? '').localeCompare(one.expiry?.month ?? ''),
  )[0]
}
