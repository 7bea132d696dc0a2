import type { ProductBody } from '@nexus/contract'
import type { Tx } from '../../db/database.ts'
import { recordAudit } from '../audit/index.ts'
import { givenSku } from './check-product.ts'
import { nameKey } from './search/split-words.ts'
import {
  beginChange,
  endChange,
  ensureNames,
  insertProducts,
  type Numbers,
  replaceProducts,
  type StoredProduct,
  searchTextOf,
} from './sql.ts'

/** Who changes master data, when and by which way in; it goes into the audit trail. */
export type Author = { at: number; by: string | null; how: string }

/** A tidy, checked product to store: new without `before`. An empty SKU of a new one is given here. */
export type Saving = { before: StoredProduct | undefined; body: ProductBody }

/**
 * Runs `work` as one change of master data and keeps the numbers that it gave out. Changes queue:
 * what `work` reads stays true until the transaction ends.
 */
export async function changing<T>(tx: Tx, work: (numbers: Numbers) => Promise<T>): Promise<T> {
  const numbers = await beginChange(tx)
  const result = await work(numbers)
  await endChange(tx, numbers)
  return result
}

/**
 * Stores products with their barcodes, batches, prices, words and audit records, by multi-row
 * statements. The caller has checked them (`faultsOf`) and that SKUs and active barcodes are free;
 * the database's unique keys refuse the rest.
 *
 * @returns the products as stored, in the order given
 */
export async function saveProducts(
  tx: Tx,
  numbers: Numbers,
  author: Author,
  savings: readonly Saving[],
): Promise<StoredProduct[]> {
  const brands = await ensureNames(
    tx,
    'brand',
    savings.map(({ body }) => body.brand),
    numbers.brandNo,
  )
  numbers.brandNo = brands.lastNo
  const categories = await ensureNames(
    tx,
    'category',
    savings.map(({ body }) => body.category),
    numbers.categoryNo,
  )
  numbers.categoryNo = categories.lastNo

  const stored = savings.map(({ before, body }): StoredProduct => {
    const id = before?.id ?? ++numbers.productNo
    const sku = body.sku === '' ? givenSku(id) : body.sku
    return {
      ...body,
      sku,
      batches: body.batches.map((batch) => (batch.id === 0 ? { ...batch, id: ++numbers.batchNo } : batch)),
      id,
      brandId: brands.find(body.brand).id,
      brand: brands.find(body.brand).name,
      categoryId: categories.find(body.category).id,
      category: categories.find(body.category).name,
      revision: (before?.revision ?? 0) + 1,
      changeNo: numbers.changeNo,
      changedAt: author.at,
      search: searchTextOf({ ...body, sku }),
    }
  })
  for (let from = 0; from < stored.length; from += slice) {
    await write(tx, author, savings.slice(from, from + slice), stored.slice(from, from + slice))
  }
  return stored
}

/** Products whose rows are made at once: few enough to keep nobody else waiting. */
const slice = 250

async function write(
  tx: Tx,
  author: Author,
  savings: readonly Saving[],
  stored: readonly StoredProduct[],
): Promise<void> {
  const changed = stored.flatMap((after, index) => {
    const before = savings[index]?.before
    return before === undefined ? [] : [{ before, after }]
  })
  const created = stored.filter((_, index) => savings[index]?.before === undefined)
  if (created.length > 0) await insertProducts(tx, created)
  if (changed.length > 0) await replaceProducts(tx, changed)
  await recordAudit(
    tx,
    stored.map((after, index) => {
      const before = savings[index]?.before
      return {
        ...author,
        subject: 'product',
        subjectId: String(after.id),
        label: after.names.en,
        before: before === undefined ? null : bodyOf(before),
        after: bodyOf(after),
      }
    }),
  )
}

/** What people edit of a stored product; tidy, since it was stored so. */
export function bodyOf(product: StoredProduct): ProductBody {
  const { sku, names, brand, category, hsn, uqc, taxClassId, active, barcodes, batches, prices } = product
  return { sku, names, brand, category, hsn, uqc, taxClassId, active, barcodes, batches, prices }
}

/** True when storing `body` over `before` would change nothing. A new batch is a change. */
export function isSameProduct(before: StoredProduct, body: ProductBody): boolean {
  return comparable(bodyOf(before)) === comparable(body)
}

/** Brands and categories keep their first spelling, so another one is no change. */
function comparable(body: ProductBody): string {
  return JSON.stringify({ ...body, brand: nameKey(body.brand), category: nameKey(body.category) })
}
