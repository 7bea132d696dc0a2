import type { PriceListRow, ProductBody, TaxClassRow } from '@nexus/contract'
import type { Db, Tx } from '../../db/database.ts'
import { isDuplicateKey } from '../../db/errors.ts'
import { insertRows } from '../../db/rows.ts'
import { nameKey, splitWords } from './search/split-words.ts'
import type { ProductBatchTable, ProductPriceTable } from './tables.ts'

/** A product as the catalogue holds it: what people edit, and what the catalogue knows of it. */
export type StoredProduct = ProductBody & {
  id: number
  brandId: number
  categoryId: number
  revision: number
  /** The chain's number of the product's last change. */
  changeNo: number
  changedAt: number
  /** Its words between blanks, as searched. */
  search: string
}

/** Numbers of the change under way and the last ids given; `endChange` writes them back. */
export type Numbers = {
  changeNo: number
  productNo: number
  batchNo: number
  brandNo: number
  categoryNo: number
}

/** Parameters in one IN (…): texts stay short on both dialects. */
const idsMax = 2000

/**
 * Begins a change of master data. Call it first in the transaction: it makes changes queue behind
 * each other, so what is read afterwards stays true until the commit.
 */
export async function beginChange(tx: Tx): Promise<Numbers> {
  if (!(await raiseChangeNo(tx))) {
    try {
      await tx
        .insertInto('catalogue_counter')
        .values({ id: 1, change_no: 0, product_no: 0, batch_no: 0, brand_no: 0, category_no: 0 })
        .execute()
    } catch (error) {
      // The very first two changes of a chain at once: the other one made the row.
      if (!isDuplicateKey(error)) throw error
    }
    await raiseChangeNo(tx)
  }
  const row = await tx.selectFrom('catalogue_counter').selectAll().executeTakeFirstOrThrow()
  return {
    changeNo: row.change_no,
    productNo: row.product_no,
    batchNo: row.batch_no,
    brandNo: row.brand_no,
    categoryNo: row.category_no,
  }
}

async function raiseChangeNo(tx: Tx): Promise<boolean> {
  const done = await tx
    .updateTable('catalogue_counter')
    .set((update) => ({ change_no: update('change_no', '+', 1) }))
    .where('id', '=', 1)
    .executeTakeFirstOrThrow()
  return Number(done.numUpdatedRows) === 1
}

/** Number of the last change, after which none follows before the transaction ends. */
export async function holdChanges(tx: Tx): Promise<number> {
  // Setting the row to itself locks it on MySQL; on SQLite a writer is alone anyway.
  await tx
    .updateTable('catalogue_counter')
    .set(({ ref }) => ({ change_no: ref('change_no') }))
    .where('id', '=', 1)
    .execute()
  return await lastChangeNo(tx)
}

/** Keeps the ids that the change gave out. */
export async function endChange(tx: Tx, numbers: Numbers): Promise<void> {
  await tx
    .updateTable('catalogue_counter')
    .set({
      product_no: numbers.productNo,
      batch_no: numbers.batchNo,
      brand_no: numbers.brandNo,
      category_no: numbers.categoryNo,
    })
    .where('id', '=', 1)
    .execute()
}

/** Number of the last change of master data; 0 before the first. */
export async function lastChangeNo(db: Db): Promise<number> {
  const row = await db.selectFrom('catalogue_counter').select('change_no').executeTakeFirst()
  return row?.change_no ?? 0
}

export type Named = { id: number; name: string }
const nameless: Named = { id: 0, name: '' }

/**
 * Brands or categories by `nameKey`, made where they are missing. `lastNo` is the last id given; the
 * answer has the new one. What is written without letters has no key and is none.
 */
export async function ensureNames(
  tx: Tx,
  table: 'brand' | 'category',
  names: readonly string[],
  lastNo: number,
): Promise<{ find(name: string): Named; lastNo: number }> {
  const wanted = new Map<string, string>()
  for (const name of names) {
    const key = nameKey(name)
    if (key !== '' && !wanted.has(key)) wanted.set(key, name)
  }
  const known = await findNames(tx, table, [...wanted.keys()])
  const made = [...wanted]
    .filter(([key]) => !known.has(key))
    .map(([key, name], index) => ({ id: lastNo + 1 + index, name, name_key: key }))
  await insertRows(tx, table, made)
  for (const { id, name, name_key } of made) known.set(name_key, { id, name })
  return { find: (name) => known.get(nameKey(name)) ?? nameless, lastNo: lastNo + made.length }
}

/** Brands or categories by `nameKey`; unknown ones are left out. */
export async function findNames(
  db: Db,
  table: 'brand' | 'category',
  keys: readonly string[],
): Promise<Map<string, Named>> {
  const found = new Map<string, Named>()
  for (const part of slices(keys, idsMax)) {
    const rows = await db.selectFrom(table).selectAll().where('name_key', 'in', part).execute()
    for (const { id, name, name_key } of rows) found.set(name_key, { id, name })
  }
  return found
}

/** All brands or categories, by id. */
export async function allNames(db: Db, table: 'brand' | 'category'): Promise<Named[]> {
  return await db.selectFrom(table).select(['id', 'name']).orderBy('id').execute()
}

/** Names of brands or categories that products have, in alphabetical order. */
export async function namesInUse(db: Db, table: 'brand' | 'category'): Promise<string[]> {
  const column = table === 'brand' ? 'product.brand' : 'product.category'
  const rows = await db
    .selectFrom(table)
    .select('name')
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('product').select('product.id').whereRef(column, '=', `${table}.name`)),
    )
    .orderBy('name')
    .execute()
  return rows.map((row) => row.name)
}

/** Products by id with everything they have; unknown ids are left out. */
export async function productsById(db: Db, ids: readonly number[]): Promise<Map<number, StoredProduct>> {
  const found = new Map<number, StoredProduct>()
  for (const part of slices(ids, idsMax)) await addProducts(db, part, found)
  return found
}

async function addProducts(db: Db, ids: readonly number[], found: Map<number, StoredProduct>): Promise<void> {
  const [rows, barcodes, batches, prices] = await Promise.all([
    db.selectFrom('product').selectAll().where('id', 'in', ids).execute(),
    db
      .selectFrom('product_barcode')
      .select(['product_id', 'code'])
      .where('product_id', 'in', ids)
      .orderBy('product_id')
      .orderBy('position')
      .execute(),
    db
      .selectFrom('product_batch')
      .selectAll()
      .where('product_id', 'in', ids)
      .orderBy('product_id')
      .orderBy('id')
      .execute(),
    db
      .selectFrom('product_price')
      .selectAll()
      .where('product_id', 'in', ids)
      .orderBy('product_id')
      .orderBy('list_id')
      .orderBy('from_at')
      .execute(),
  ])
  for (const row of rows) {
    found.set(row.id, {
      sku: row.sku,
      names: JSON.parse(row.names_json),
      brand: row.brand,
      category: row.category,
      hsn: row.hsn,
      uqc: row.uqc,
      taxClassId: row.tax_class_id,
      active: row.active === 1,
      barcodes: [],
      batches: [],
      prices: [],
      id: row.id,
      brandId: row.brand_id,
      categoryId: row.category_id,
      revision: row.revision,
      changeNo: row.change_no,
      changedAt: row.changed_at,
      search: row.search,
    })
  }
  for (const row of barcodes) found.get(row.product_id)?.barcodes.push(row.code)
  for (const row of batches) found.get(row.product_id)?.batches.push(batchOf(row))
  for (const row of prices) found.get(row.product_id)?.prices.push(priceOf(row))
}

/** SKUs and English names by product id; unknown ids are left out. */
export async function productNames(
  db: Db,
  ids: readonly number[],
): Promise<Map<number, { sku: string; name: string }>> {
  const found = new Map<number, { sku: string; name: string }>()
  for (const part of slices(ids, idsMax)) {
    const rows = await db
      .selectFrom('product')
      .select(['id', 'sku', 'name'])
      .where('id', 'in', part)
      .execute()
    for (const { id, sku, name } of rows) found.set(id, { sku, name })
  }
  return found
}

/** What decides whether a selector holds a product. */
export type ProductKind = { id: number; brandId: number; categoryId: number }

/**
 * Products on sale, by id: all of them, or those of the narrowest list that is given. A caller who gives
 * several lists still has to look at the others.
 */
export async function productKinds(
  db: Db,
  { products, brands, categories }: { products?: number[]; brands?: number[]; categories?: number[] },
): Promise<ProductKind[]> {
  const [column, ids] = products
    ? (['id', products] as const)
    : brands
      ? (['brand_id', brands] as const)
      : (['category_id', categories] as const)
  const found: ProductKind[] = []
  for (const part of ids ? slices([...new Set(ids)], idsMax) : [undefined]) {
    let query = db.selectFrom('product').select(['id', 'brand_id', 'category_id']).where('active', '=', 1)
    if (part) query = query.where(column, 'in', part)
    for (const row of await query.execute()) {
      found.push({ id: row.id, brandId: row.brand_id, categoryId: row.category_id })
    }
  }
  return found.sort((one, other) => one.id - other.id)
}

function batchOf(row: ProductBatchTable): StoredProduct['batches'][number] {
  return {
    id: row.id,
    batchNo: row.batch_no,
    mrpMinor: row.mrp_minor,
    revisedMrpMinor: row.revised_mrp_minor,
    expiryKind: row.expiry_kind,
    expiryMonth: row.expiry_month,
  }
}

function priceOf(row: ProductPriceTable): StoredProduct['prices'][number] {
  return { listId: row.list_id, unitMinor: row.unit_minor, from: row.from_at, until: row.until_at }
}

/** Products that have these SKUs, by SKU in lower case. */
export async function productsOfSkus(db: Db, skus: readonly string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const part of slices(skus, idsMax)) {
    const rows = await db.selectFrom('product').select(['id', 'sku']).where('sku', 'in', part).execute()
    for (const row of rows) found.set(row.sku.toLowerCase(), row.id)
  }
  return found
}

/** Active products that have these codes, by code. */
export async function productsOfCodes(db: Db, codes: readonly string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const part of slices(codes, idsMax)) {
    const rows = await db
      .selectFrom('product_barcode')
      .select(['product_id', 'active_code'])
      .where('active_code', 'in', part)
      .execute()
    for (const row of rows) if (row.active_code !== null) found.set(row.active_code, row.product_id)
  }
  return found
}

/** Words that find a product: names in every language, brand, SKU and barcodes. */
export function searchTextOf(product: Pick<StoredProduct, 'sku' | 'names' | 'brand' | 'barcodes'>): string {
  return ` ${splitWords([...Object.values(product.names), product.brand, product.sku, ...product.barcodes]).join(' ')} `
}

const wordsOf = (search: string) => (search.trim() === '' ? [] : search.trim().split(' '))

/** Writes products that are new to the catalogue. */
export async function insertProducts(tx: Tx, products: readonly StoredProduct[]): Promise<void> {
  await writeProducts(tx, products)
  await insertRows(
    tx,
    'product_word',
    products.flatMap((product) => wordsOf(product.search).map((word) => ({ word, product_id: product.id }))),
  )
}

/** Writes changed products in place of what `before` was read. */
export async function replaceProducts(
  tx: Tx,
  changes: readonly { before: StoredProduct; after: StoredProduct }[],
): Promise<void> {
  for (const part of slices(changes, idsMax)) {
    const ids = part.map(({ after }) => after.id)
    for (const table of ['product_barcode', 'product_batch', 'product_price'] as const) {
      await tx.deleteFrom(table).where('product_id', 'in', ids).execute()
    }
    await tx.deleteFrom('product').where('id', 'in', ids).execute()
  }
  await writeProducts(
    tx,
    changes.map(({ after }) => after),
  )
  await replaceWords(tx, changes)
}

async function replaceWords(
  tx: Tx,
  changes: readonly { before: StoredProduct; after: StoredProduct }[],
): Promise<void> {
  const gone: { word: string; product_id: number }[] = []
  const come: { word: string; product_id: number }[] = []
  for (const { before, after } of changes) {
    if (before.search === after.search) continue
    const had = new Set(wordsOf(before.search))
    const has = new Set(wordsOf(after.search))
    for (const word of had.difference(has)) gone.push({ word, product_id: after.id })
    for (const word of has.difference(had)) come.push({ word, product_id: after.id })
  }
  for (const part of slices(gone, 100)) {
    await tx
      .deleteFrom('product_word')
      .where(({ or, and }) => or(part.map((row) => and(row))))
      .execute()
  }
  await insertRows(tx, 'product_word', come)
}

async function writeProducts(tx: Tx, products: readonly StoredProduct[]): Promise<void> {
  await insertRows(
    tx,
    'product',
    products.map((product) => ({
      id: product.id,
      sku: product.sku,
      name: product.names.en,
      names_json: JSON.stringify(product.names),
      brand_id: product.brandId,
      brand: product.brand,
      category_id: product.categoryId,
      category: product.category,
      hsn: product.hsn,
      uqc: product.uqc,
      tax_class_id: product.taxClassId,
      active: product.active ? 1 : 0,
      revision: product.revision,
      change_no: product.changeNo,
      changed_at: product.changedAt,
      search: product.search,
    })),
  )
  await insertRows(
    tx,
    'product_barcode',
    products.flatMap((product) =>
      product.barcodes.map((code, position) => ({
        product_id: product.id,
        position,
        code,
        active_code: product.active ? code : null,
      })),
    ),
  )
  await insertRows(
    tx,
    'product_batch',
    products.flatMap((product) =>
      product.batches.map((batch) => ({
        product_id: product.id,
        id: batch.id,
        batch_no: batch.batchNo,
        mrp_minor: batch.mrpMinor,
        revised_mrp_minor: batch.revisedMrpMinor,
        expiry_kind: batch.expiryKind,
        expiry_month: batch.expiryMonth,
      })),
    ),
  )
  await insertRows(
    tx,
    'product_price',
    products.flatMap((product) =>
      product.prices.map((row) => ({
        product_id: product.id,
        list_id: row.listId,
        from_at: row.from,
        until_at: row.until,
        unit_minor: row.unitMinor,
      })),
    ),
  )
}

/** Tax classes with their rates in order of time, by id. */
export async function allTaxClasses(db: Db): Promise<Omit<TaxClassRow, 'products'>[]> {
  const [classes, rates] = await Promise.all([
    db.selectFrom('tax_class').selectAll().orderBy('id').execute(),
    db.selectFrom('tax_rate').selectAll().orderBy('tax_class_id').orderBy('from_at').execute(),
  ])
  return classes.map(({ id, name }) => ({
    id,
    name,
    rates: rates
      .filter((rate) => rate.tax_class_id === id)
      .map((rate) => ({ from: rate.from_at, kind: rate.kind, rateBp: rate.rate_bp })),
  }))
}

/** How many products each tax class has; classes without one are left out. */
export async function countByTaxClass(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('product')
    .select(({ fn }) => ['tax_class_id', fn.countAll<number | string>().as('products')])
    .groupBy('tax_class_id')
    .execute()
  return new Map(rows.map((row) => [row.tax_class_id, Number(row.products)]))
}

/** Writes a tax class as a whole, new or in place of what it was. */
export async function replaceTaxClass(tx: Tx, taxClass: Omit<TaxClassRow, 'products'>): Promise<void> {
  await tx.deleteFrom('tax_rate').where('tax_class_id', '=', taxClass.id).execute()
  await tx.deleteFrom('tax_class').where('id', '=', taxClass.id).execute()
  await tx.insertInto('tax_class').values({ id: taxClass.id, name: taxClass.name }).execute()
  await insertRows(
    tx,
    'tax_rate',
    taxClass.rates.map((rate) => ({
      tax_class_id: taxClass.id,
      from_at: rate.from,
      kind: rate.kind,
      rate_bp: rate.rateBp,
    })),
  )
}

/** Price lists by id. */
export async function allPriceLists(db: Db): Promise<PriceListRow[]> {
  const rows = await db.selectFrom('price_list').selectAll().orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scope: row.scope,
    scopeId: row.scope_id,
    tier: row.tier,
    inclusive: row.inclusive === 1,
  }))
}

export async function insertPriceList(tx: Tx, list: PriceListRow): Promise<void> {
  await insertRows(tx, 'price_list', [
    {
      id: list.id,
      name: list.name,
      scope: list.scope,
      scope_id: list.scopeId,
      tier: list.tier,
      inclusive: list.inclusive ? 1 : 0,
    },
  ])
}

/** Gives a price list another name. */
export async function updatePriceListName(tx: Tx, id: number, name: string): Promise<void> {
  await tx.updateTable('price_list').set({ name }).where('id', '=', id).execute()
}

/** Ids of products changed after a change number, ascending. */
export async function productsChangedSince(db: Db, changeNo: number): Promise<number[]> {
  const rows = await db
    .selectFrom('product')
    .select('id')
    .where('change_no', '>', changeNo)
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

/** How many products changed after a change number. */
export async function countChangedSince(db: Db, changeNo: number): Promise<number> {
  const row = await db
    .selectFrom('product')
    .select(({ fn }) => fn.countAll<number | string>().as('products'))
    .where('change_no', '>', changeNo)
    .executeTakeFirstOrThrow()
  return Number(row.products)
}

function* slices<T>(items: readonly T[], size: number): Iterable<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size)
}
