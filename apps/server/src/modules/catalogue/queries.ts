import {
  type Label,
  type PageOf,
  type PriceListRow,
  Problem,
  type Product,
  type ProductRow,
  type TaxClassRow,
} from '@nexus/contract'
import { internalCode } from '@nexus/domain'
import type { Db } from '../../db/database.ts'
import { chainListOf } from './add-price-list.ts'
import { bodyOf } from './save-products.ts'
import { nameKey, splitWords } from './search/split-words.ts'
import {
  countProducts,
  findProductIds,
  type ProductFilter,
  type ProductOrder,
  planSearch,
  productColumns,
  type SearchPlan,
} from './search/sql.ts'
import {
  allPriceLists,
  allTaxClasses,
  countByTaxClass,
  findNames,
  namesInUse,
  productsById,
  type StoredProduct,
} from './sql.ts'

export type ProductQuery = {
  page?: number
  pageSize?: number
  /** A column of the list, `-` in front for descending; by name when absent. */
  sort?: string
  q?: string
  brand?: string
  category?: string
  taxClass?: string
  active?: boolean
  unclassified?: boolean
}

/** Counting stops here; screens then say "more than". */
const totalMax = 10_000

/** What the API answers of a stored product. */
export function productOf(product: StoredProduct): Product {
  return {
    id: product.id,
    ...bodyOf(product),
    internalCode: internalCode(product.id),
    revision: product.revision,
    changedAt: product.changedAt,
  }
}

/** One product. Throws Problem `product/not-found`. */
export async function getProductById(db: Db, productId: number): Promise<Product> {
  const product = (await productsById(db, [productId])).get(productId)
  if (product) return productOf(product)
  throw new Problem('product/not-found', 'There is no such product. Go back to the list.', { productId })
}

/** A page of the list of products. Throws Problem `request/invalid` for a column that it does not sort by. */
export async function productPage(db: Db, query: ProductQuery, at: number): Promise<PageOf<ProductRow>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const search = await prepare(db, query)
  if (search === undefined) return { rows: [], page, pageSize, total: 0, totalIsExact: true }
  const [rows, count] = await Promise.all([
    rowsOf(db, search, { limit: pageSize, offset: (page - 1) * pageSize }, at),
    countProducts(db, search.plan, totalMax),
  ])
  return { rows, page, pageSize, total: count.total, totalIsExact: count.isExact }
}

/** Rows of one reading of the export: few enough not to stop the event loop, many enough to be quick. */
const exportPage = 1000

/** All rows that the list would show, in its order, in portions. */
export async function* productRows(db: Db, query: ProductQuery, at: number): AsyncGenerator<ProductRow[]> {
  const search = await prepare(db, query)
  if (search === undefined) return
  for (let offset = 0; ; offset += exportPage) {
    const rows = await rowsOf(db, search, { limit: exportPage, offset }, at)
    if (rows.length > 0) yield rows
    if (rows.length < exportPage) return
  }
}

type Search = { plan: SearchPlan; order: ProductOrder }

/** undefined when nothing can match. */
async function prepare(db: Db, query: ProductQuery): Promise<Search | undefined> {
  const order = orderOf(query.sort ?? 'name')
  const filter: ProductFilter = {
    words: splitWords([query.q ?? '']),
    taxClassId: query.unclassified ? '' : query.taxClass,
    active: query.active,
  }
  for (const table of ['brand', 'category'] as const) {
    const name = query[table]
    if (name === undefined) continue
    const known = (await findNames(db, table, [nameKey(name)])).get(nameKey(name))
    if (known === undefined) return undefined
    filter[table] = known.name
  }
  return { plan: await planSearch(db, filter), order }
}

function orderOf(sort: string): ProductOrder {
  const descending = sort.startsWith('-')
  const column = productColumns.find((known) => known === (descending ? sort.slice(1) : sort))
  if (column !== undefined) return { column, descending }
  throw new Problem(
    'request/invalid',
    `Products cannot be sorted by ${sort}. Choose one of: ${productColumns.join(', ')}.`,
    {},
    [{ field: 'sort', message: `Choose one of: ${productColumns.join(', ')}.` }],
  )
}

async function rowsOf(
  db: Db,
  search: Search,
  page: { limit: number; offset: number },
  at: number,
): Promise<ProductRow[]> {
  const ids = await findProductIds(db, search.plan, search.order, page)
  const products = await productsById(db, ids)
  const chainList = chainListOf(await allPriceLists(db))
  return ids.flatMap((id) => {
    const product = products.get(id)
    return product ? [rowOf(product, chainList?.id, at)] : []
  })
}

function rowOf(product: StoredProduct, listId: number | undefined, at: number): ProductRow {
  const batch = product.batches.at(-1)
  return {
    id: product.id,
    sku: product.sku,
    name: product.names.en,
    brand: product.brand,
    category: product.category,
    hsn: product.hsn,
    taxClassId: product.taxClassId,
    barcode: product.barcodes[0] ?? internalCode(product.id),
    mrpMinor: batch === undefined ? null : ceilingOf(batch),
    priceMinor: listId === undefined ? null : (priceOn(product, listId, at) ?? null),
    active: product.active,
    batches: product.batches.length,
    changedAt: product.changedAt,
  }
}

/** The lower of printed and revised MRP (PRC-3b). */
function ceilingOf(batch: StoredProduct['batches'][number]): number | null {
  if (batch.mrpMinor === null || batch.revisedMrpMinor === null)
    return batch.mrpMinor ?? batch.revisedMrpMinor
  return Math.min(batch.mrpMinor, batch.revisedMrpMinor)
}

/** Price on one list at an instant: of the rows in force the one that began last (PRC-4e). */
function priceOn(product: Pick<StoredProduct, 'prices'>, listId: number, at: number): number | undefined {
  return product.prices
    .filter((row) => row.listId === listId && row.from <= at && (row.until === null || at < row.until))
    .at(-1)?.unitMinor
}

/**
 * Texts and codes of labels, in the order asked for; unknown products are left out. The MRP is that of
 * the newest batch; the price is the store's, with the chain's where no store is named. A product
 * without a barcode gets its internal code.
 */
export async function labelsOf(
  db: Db,
  productIds: readonly number[],
  store: { id: string; regionId: string } | undefined,
  at: number,
): Promise<Label[]> {
  const [products, lists] = [await productsById(db, [...new Set(productIds)]), await allPriceLists(db)]
  return productIds.flatMap((id) => {
    const product = products.get(id)
    if (!product) return []
    const batch = product.batches.at(-1)
    return [
      {
        productId: id,
        name: product.names.en,
        brand: product.brand,
        sku: product.sku,
        barcode: product.barcodes[0] ?? internalCode(id),
        mrpMinor: batch === undefined ? null : ceilingOf(batch),
        priceMinor: shelfPrice(product, lists, store, at),
        uqc: product.uqc,
        batchNo: batch?.batchNo || null,
      },
    ]
  })
}

/** What a stranger pays in a store: the most specific list with a price wins, of equal ones the cheapest (PRC-4). */
function shelfPrice(
  product: StoredProduct,
  lists: readonly PriceListRow[],
  store: { id: string; regionId: string } | undefined,
  at: number,
): number | null {
  const places = { store: store?.id, region: store?.regionId, chain: '' }
  for (const scope of ['store', 'region', 'chain'] as const) {
    const prices = lists
      .filter((list) => list.tier === null && list.scope === scope && list.scopeId === places[scope])
      .flatMap((list) => priceOn(product, list.id, at) ?? [])
    if (prices.length > 0) return Math.min(...prices)
  }
  return null
}

/** Brands and categories that products have. */
export async function facets(db: Db): Promise<{ brands: string[]; categories: string[] }> {
  const [brands, categories] = await Promise.all([namesInUse(db, 'brand'), namesInUse(db, 'category')])
  return { brands, categories }
}

/** Tax classes with their rates and how many products have them. */
export async function taxClasses(db: Db): Promise<TaxClassRow[]> {
  const [classes, counts] = await Promise.all([allTaxClasses(db), countByTaxClass(db)])
  return classes.map((taxClass) => ({ ...taxClass, products: counts.get(taxClass.id) ?? 0 }))
}

/** Ids of the first products that a search text finds, by name: for searches of other modules. */
export async function searchProductIds(db: Db, q: string, max: number): Promise<number[]> {
  const words = splitWords([q])
  if (words.length === 0) return []
  const plan = await planSearch(db, { words })
  return await findProductIds(db, plan, { column: 'name', descending: false }, { limit: max, offset: 0 })
}
