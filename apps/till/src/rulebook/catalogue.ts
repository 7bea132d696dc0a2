import type { RulebookHead } from '@nexus/contract'
import type { RulebookProduct } from '@nexus/domain'
import { findCode } from './code-index.ts'
import { chunkOf, type Packed, placeOf, readRow } from './packed.ts'
import { searchIndex } from './search-index.ts'
import type { Catalogue } from './types.ts'

/** Brings the verified bytes of a chunk; rejects when this device cannot get them now. */
export type LoadChunk = (index: number) => Promise<Uint8Array>

export type CatalogueParts = {
  version: number
  checksum: string
  head: RulebookHead
  packed: Packed
  loadChunk: LoadChunk
}

export type OpenedCatalogue = {
  catalogue: Catalogue
  /** Loads a chunk ahead of need. */
  load(index: number): Promise<void>
}

/** Opens a version for selling. Holds chunks as bytes and parses single rows, when they are asked for. */
export function openCatalogue(parts: CatalogueParts): OpenedCatalogue {
  const { version, checksum, head, packed, loadChunk } = parts
  const chunks = new Map<number, Uint8Array>()
  const loading = new Map<number, Promise<void>>()
  const rows = new Map<number, RulebookProduct>()
  const brands = new Map(head.brands.map(({ id, name }) => [id, name]))
  const categories = new Map(head.categories.map(({ id, name }) => [id, name]))
  const offers = new Map(head.offers.map((offer) => [offer.id, offer]))
  const taxClasses = new Map(head.taxClasses.map((taxClass) => [taxClass.id, taxClass]))
  const priceLists = new Map(head.priceLists.map((list) => [list.id, list]))

  function load(index: number): Promise<void> {
    const running = loading.get(index)
    if (running !== undefined) return running
    const run = loadChunk(index)
      .then((bytes) => void chunks.set(index, bytes))
      .finally(() => loading.delete(index))
    loading.set(index, run)
    return run
  }

  function product(productId: number): RulebookProduct | undefined {
    const known = rows.get(productId)
    if (known) return known
    const place = placeOf(packed, productId)
    if (place === undefined) return undefined
    const chunk = chunks.get(chunkOf(productId))
    if (!chunk) throw new Error(`product ${productId} was not asked for by ensure`)
    const row = readRow(packed, place, chunk)
    rows.set(productId, row)
    return row
  }

  const ids = (places: readonly number[]) => places.map((place) => packed.ids[place] ?? 0)

  const catalogue: Catalogue = {
    version,
    checksum,
    products: packed.ids.length,
    findByCode: (code) => ids(findCode(packed.codes, code)),
    search: (text, limit) => ids(searchIndex(packed.search, text, limit)),
    async ensure(productIds) {
      const known = productIds.filter((id) => placeOf(packed, id) !== undefined)
      const missing = new Set(known.map(chunkOf).filter((index) => !chunks.has(index)))
      await Promise.all([...missing].map(load))
    },
    has: (productId) => rows.has(productId) || chunks.has(chunkOf(productId)),
    product,
    brandName: (brandId) => brands.get(brandId) ?? '',
    categoryName: (categoryId) => categories.get(categoryId) ?? '',
    offer: (offerId) => offers.get(offerId),
    rulebook: {
      version,
      checksum,
      rupeeRounding: head.rupeeRounding,
      offers: head.offers,
      findProduct: product,
      findTaxClass: (taxClassId) => taxClasses.get(taxClassId),
      findPriceList: (listId) => priceLists.get(listId),
    },
  }
  return { catalogue, load }
}
