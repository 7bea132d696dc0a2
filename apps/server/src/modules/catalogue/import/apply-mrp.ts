import { formatRupees } from '@nexus/domain'
import { highestCeiling } from '../check-product.ts'
import type { StoredProduct } from '../sql.ts'
import { type Applied, type Masters, withTax } from './apply-price.ts'
import type { MrpRow } from './read-figures.ts'

const unknownBatch = { id: 0, mrpMinor: null, revisedMrpMinor: null, expiryKind: null, expiryMonth: null }
/** As many batches as a product may have. */
const batchesMax = 200

/**
 * Puts a row's MRPs into a product's batch: the one of that number, made where it is new, or the only one. No
 * price that holds or will hold may lie above what is then the highest MRP.
 *
 * @param product with what earlier rows of the file made of it
 */
export function applyMrp(product: StoredProduct, row: MrpRow, { lists, taxClasses, at }: Masters): Applied {
  const { batches } = product
  if (row.batchNo === undefined && batches.length > 1) {
    const numbers = batches.map((batch) => batch.batchNo || '(none)').join(', ')
    return bad('batchNo', 'The product has more than one batch.', `Name one: ${numbers.slice(0, 200)}.`)
  }
  const wanted = row.batchNo?.toLowerCase()
  const known = batches.find((batch) => wanted === undefined || batch.batchNo.toLowerCase() === wanted)
  if (!known && batches.length >= batchesMax) {
    return bad('batchNo', `The product has ${batchesMax} batches.`, 'Take old ones out of it first.')
  }
  const before = known ?? { ...unknownBatch, batchNo: row.batchNo ?? '' }
  const after = {
    ...before,
    mrpMinor: row.mrpMinor ?? before.mrpMinor,
    revisedMrpMinor: row.revisedMrpMinor ?? before.revisedMrpMinor,
  }
  if (known && after.mrpMinor === before.mrpMinor && after.revisedMrpMinor === before.revisedMrpMinor) {
    return { kind: 'same' }
  }
  const changed = known ? batches.map((batch) => (batch === known ? after : batch)) : [...batches, after]
  const ceiling = highestCeiling(changed) ?? Number.POSITIVE_INFINITY
  for (const { listId, unitMinor, from, until } of product.prices) {
    if (until !== null && until <= at) continue
    const list = lists.find(({ id }) => id === listId)
    const paidMinor = withTax(unitMinor, list, taxClasses.get(product.taxClassId), Math.max(from, at))
    if (paidMinor <= ceiling) continue
    return bad(
      row.mrpMinor === undefined ? 'revisedMrp' : 'mrp',
      `The price ${formatRupees(paidMinor)} on ${list?.name} would be above the MRP, which the law forbids.`,
      'Lower the price first, or correct the MRP.',
    )
  }
  return {
    kind: 'save',
    body: { ...product, batches: changed },
    isNew: known === undefined,
    change: {
      kind: 'mrp',
      line: row.line,
      sku: product.sku,
      name: product.names.en,
      batchNo: after.batchNo,
      isNewBatch: known === undefined,
      beforeMinor: before.mrpMinor,
      afterMinor: after.mrpMinor,
      revisedBeforeMinor: before.revisedMrpMinor,
      revisedAfterMinor: after.revisedMrpMinor,
    },
  }
}

function bad(field: string, reason: string, remedy: string): Applied {
  return { kind: 'bad', fault: { field, reason, remedy } }
}
