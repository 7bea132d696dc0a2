import { hash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Batch, internalCode, type PriceRow, type RulebookProduct } from '@nexus/domain'
import { canonicalJson } from '@nexus/sync'
import type { StoredProduct } from '../catalogue/index.ts'

/** Store of each price list that belongs to one; lists of chain and regions are not in it. */
export type OwnLists = ReadonlyMap<number, string>
/** The chain's view: what stores without prices of their own share. */
export const chainPlace = ''

/** Bytes of a part, compressed; `bytes` before compression. */
export type Part = { hash: Buffer; gzip: Buffer; bytes: number }

/**
 * A product as tills hold it; undefined when none may sell it: inactive, not classified (TAX-1b), or
 * without any price.
 */
export function tillProduct(product: StoredProduct): RulebookProduct | undefined {
  if (!product.active || product.taxClassId === '' || product.prices.length === 0) return undefined
  return {
    id: product.id,
    sku: product.sku,
    names: product.names,
    brandId: product.brandId,
    categoryId: product.categoryId,
    hsn: product.hsn,
    uqc: product.uqc,
    taxClassId: product.taxClassId,
    // Its internal code scans for ever, also from labels older than its GTIN.
    barcodes: [...product.barcodes, internalCode(product.id)],
    batches: product.batches.map(tillBatch),
    prices: product.prices.map(tillPrice),
  }
}

function tillBatch(batch: StoredProduct['batches'][number]): Batch {
  return {
    id: batch.id,
    batchNo: batch.batchNo,
    ...(batch.mrpMinor !== null && { mrpMinor: batch.mrpMinor }),
    ...(batch.revisedMrpMinor !== null && { revisedMrpMinor: batch.revisedMrpMinor }),
    ...(batch.expiryKind !== null &&
      batch.expiryMonth !== null && { expiry: { kind: batch.expiryKind, month: batch.expiryMonth } }),
  }
}

function tillPrice(row: StoredProduct['prices'][number]): PriceRow {
  return {
    list: row.listId,
    unitMinor: row.unitMinor,
    from: row.from,
    ...(row.until !== null && { until: row.until }),
  }
}

/** Canonical JSON of rows, one portion at a time, so that other work runs in between. */
export async function canonicalRows(products: readonly RulebookProduct[]): Promise<string[]> {
  const rows: string[] = []
  for (const product of products) {
    rows.push(canonicalJson(product))
    if (rows.length % 250 === 0) await breathe()
  }
  return rows
}

/**
 * A row as one place sees it: without the prices of other stores' lists. undefined when no price is
 * left. The same for the same version, for ever: whose a list is never changes.
 *
 * @param json canonical JSON of the row with all prices
 */
export function rowForPlace(json: string, ownLists: OwnLists, place: string): string | undefined {
  if (ownLists.size === 0) return json
  const product = JSON.parse(json) as RulebookProduct
  const prices = product.prices.filter((row) => (ownLists.get(row.list) ?? place) === place)
  if (prices.length === product.prices.length) return json
  return prices.length === 0 ? undefined : canonicalJson({ ...product, prices })
}

/** Stores that have prices of their own among rows. */
export function storesWithOwnPrices(rows: Iterable<string>, ownLists: OwnLists): Set<string> {
  const stores = new Set<string>()
  if (ownLists.size === 0) return stores
  for (const json of rows) {
    for (const { list } of (JSON.parse(json) as RulebookProduct).prices) {
      const store = ownLists.get(list)
      if (store !== undefined) stores.add(store)
    }
  }
  return stores
}

const compress = promisify(gzip)

/** Text as a part: hashed and compressed, the latter beside the event loop. */
export async function partOf(text: string): Promise<Part> {
  const bytes = Buffer.from(text)
  return { hash: hashOf(bytes), gzip: await compress(bytes), bytes: bytes.length }
}

/** SHA-256, 32 bytes. */
export function hashOf(bytes: Uint8Array | string): Buffer {
  return hash('sha256', bytes, 'buffer')
}

/** Text of a chunk: canonical JSON array of its rows, ascending by id. */
export function chunkText(rows: readonly string[]): string {
  return `[${rows.join(',')}]`
}
