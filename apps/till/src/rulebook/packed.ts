import type { RulebookHead } from '@nexus/contract'
import type { RulebookProduct } from '@nexus/domain'
import { fromUtf8 } from '@nexus/sync'
import { buildCodeIndex, type CodeIndex } from './code-index.ts'
import { rowStarts } from './row-spans.ts'
import { buildSearchIndex, type SearchIndex } from './search-index.ts'

/** Raised when the form of the index changes: kept indexes of another form are built again. */
export const PACK_FORM = 1
/** Products of a chunk have ids in [index × this, (index + 1) × this). */
const CHUNK_IDS = 1000

/**
 * Everything that finds products of one rulebook version, in typed arrays: it is kept and loaded as
 * bytes, so that a start parses nothing. A product's place is its position in `ids`.
 */
export type Packed = {
  form: number
  /** Product ids, ascending. */
  ids: Uint32Array
  /** Where each product's row begins in its chunk's bytes. */
  starts: Uint32Array
  codes: CodeIndex
  search: SearchIndex
}

/** One chunk as published: canonical JSON of its rows, ascending by id. */
export type Chunk = { index: number; bytes: Uint8Array }

/** Builds the index of a version. Chunks come one at a time, ascending; takes about 2 s for 100,000 products. */
export async function buildPacked(head: RulebookHead, chunks: AsyncIterable<Chunk>): Promise<Packed> {
  const brands = new Map(head.brands.map(({ id, name }) => [id, name]))
  const ids: number[] = []
  const starts: number[] = []
  const codes: (readonly string[])[] = []
  const texts: (readonly string[])[] = []
  for await (const { bytes } of chunks) {
    starts.push(...rowStarts(bytes))
    for (const product of readRows(bytes)) {
      ids.push(product.id)
      codes.push(product.barcodes)
      const { en, ...others } = product.names
      texts.push([en, ...Object.values(others), brands.get(product.brandId) ?? '', product.sku])
    }
  }
  return {
    form: PACK_FORM,
    ids: Uint32Array.from(ids),
    starts: Uint32Array.from(starts),
    codes: buildCodeIndex(codes),
    search: buildSearchIndex(texts),
  }
}

/** Rows of a chunk whose hash was verified: the server's schema stands behind them. */
export function readRows(bytes: Uint8Array): RulebookProduct[] {
  // The hash makes these the bytes that HQ published; its schema is RulebookProduct.
  return JSON.parse(fromUtf8(bytes)) as RulebookProduct[]
}

/** Place of a product; undefined for an id that this version does not have. */
export function placeOf({ ids }: Packed, productId: number): number | undefined {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ids[middle] ?? 0) < productId) low = middle + 1
    else high = middle
  }
  return ids[low] === productId ? low : undefined
}

/** Reads the one row at a place out of its chunk's bytes. */
export function readRow(packed: Packed, place: number, chunk: Uint8Array): RulebookProduct {
  const start = packed.starts[place] ?? 0
  const next = packed.ids[place + 1]
  const isLast = next === undefined || chunkOf(next) !== chunkOf(packed.ids[place] ?? 0)
  const end = (isLast ? chunk.length : (packed.starts[place + 1] ?? 0)) - 1
  return JSON.parse(fromUtf8(chunk.subarray(start, end))) as RulebookProduct // as: part of verified bytes
}

export function chunkOf(productId: number): number {
  return Math.floor(productId / CHUNK_IDS)
}
