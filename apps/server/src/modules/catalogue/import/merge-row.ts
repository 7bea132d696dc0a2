import type { ProductBody } from '@nexus/contract'
import { tidyProduct } from '../check-product.ts'
import type { RowFields } from './read-fields.ts'

const blank: ProductBody = {
  sku: '',
  names: { en: '' },
  brand: '',
  category: '',
  hsn: '',
  uqc: 'NOS',
  taxClassId: '',
  active: true,
  barcodes: [],
  batches: [],
  prices: [],
}

/**
 * The product as a row wants it: fed fields take the place of what was there, others stay. The row's
 * barcode becomes the first one, the others stay; its MRP goes to the batch of its number ('' where
 * the file has none); its price to the list.
 *
 * @param listId price list of the chain
 */
export function mergeRow(
  fields: RowFields,
  before: ProductBody | undefined,
  listId: number,
  at: number,
): ProductBody {
  const base = before ?? blank
  return tidyProduct({
    ...base,
    // An empty SKU keeps the one that the product has, or lets it get one.
    sku: fields.sku || base.sku,
    names: { ...base.names, en: fields.name, ...(fields.nameHi ? { hi: fields.nameHi } : {}) },
    brand: fields.brand ?? base.brand,
    category: fields.category ?? base.category,
    hsn: fields.hsn ?? base.hsn,
    uqc: fields.uqc || base.uqc,
    taxClassId: fields.taxClassId ?? base.taxClassId,
    barcodes: fields.barcode
      ? [fields.barcode, ...base.barcodes.filter((code) => code !== fields.barcode)]
      : base.barcodes,
    batches: withBatch(base.batches, fields),
    prices:
      fields.priceMinor === undefined ? base.prices : withPrice(base.prices, listId, fields.priceMinor, at),
  })
}

type Batch = ProductBody['batches'][number]

function withBatch(batches: readonly Batch[], fields: RowFields): Batch[] {
  const batchNo = fields.batchNo ?? ''
  const known = batches.find((batch) => batch.batchNo === batchNo)
  const said: Partial<Batch> = {
    ...(fields.mrpMinor !== undefined ? { mrpMinor: fields.mrpMinor } : {}),
    // Of the two kinds of label this one ends sooner, so nothing is sold too late.
    ...(fields.expiryMonth !== undefined
      ? { expiryMonth: fields.expiryMonth, expiryKind: fields.expiryMonth === null ? null : 'use-before' }
      : {}),
  }
  if (known) {
    const after = { ...known, ...said }
    // A label of the other kind with the same month was written by a person who looked at it.
    if (known.expiryMonth === after.expiryMonth) after.expiryKind = known.expiryKind
    return batches.map((batch) => (batch === known ? after : batch))
  }
  if (batchNo === '' && (said.mrpMinor ?? said.expiryMonth ?? null) === null) return [...batches]
  const made = { id: 0, batchNo, mrpMinor: null, revisedMrpMinor: null, expiryKind: null, expiryMonth: null }
  return [...batches, { ...made, ...said }]
}

type Price = ProductBody['prices'][number]

/**
 * The first price of a list holds from ever, so that a till whose clock is behind has one too. A
 * change holds from now on; where a price for some days is running, from its end, and from the end of the last
 * where such prices follow one another. A new row stands last.
 */
export function withPrice(prices: readonly Price[], listId: number, unitMinor: number, at: number): Price[] {
  const own = prices.filter((row) => row.listId === listId)
  if (own.length === 0) return [...prices, { listId, unitMinor, from: 0, until: null }]
  const start = endOfPassing(own, at)
  const standing = own
    .filter((row) => row.until === null && row.from <= start)
    .reduce<Price | undefined>((last, row) => (last && last.from > row.from ? last : row), undefined)
  if (standing?.unitMinor === unitMinor) return [...prices]
  const kept = prices
    .filter((row) => row !== standing || row.from < start)
    .map((row) => (row === standing ? { ...row, until: start } : row))
  return [...kept, { listId, unitMinor, from: start, until: null }]
}

/** When no price that ends is in force any more, counted from `at`. */
function endOfPassing(own: readonly Price[], at: number): number {
  const ends = own.flatMap(({ from, until }) => (until !== null && from <= at && until > at ? [until] : []))
  return ends.length === 0 ? at : endOfPassing(own, Math.max(...ends))
}
