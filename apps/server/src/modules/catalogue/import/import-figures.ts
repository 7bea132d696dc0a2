import type { BadRow, ImportChange, ImportMapping, PriceListRow } from '@nexus/contract'
import { productOfInternalCode, type TaxClass } from '@nexus/domain'
import type { Context } from '../../../context.ts'
import type { Db } from '../../../db/database.ts'
import { chainListOf } from '../add-price-list.ts'
import { tidyProduct } from '../check-product.ts'
import { changing, type Saving, saveProducts } from '../save-products.ts'
import {
  allPriceLists,
  allTaxClasses,
  productsById,
  productsOfCodes,
  productsOfSkus,
  type StoredProduct,
} from '../sql.ts'
import { applyMrp } from './apply-mrp.ts'
import { type Applied, applyPrice, type Masters } from './apply-price.ts'
import { checkMapping, type FieldPlan } from './check-mapping.ts'
import { type ImportCounts, type ImportOptions, noCounts, pause } from './import-products.ts'
import { isBad, textOf } from './read-fields.ts'
import { type FigureRow, readFigures } from './read-figures.ts'
import { type FileRow, openRows, type RowFile, readRows } from './read-rows.ts'

type FigureOptions = ImportOptions & {
  /** Instant from which prices without a beginning hold: one for the whole file. */
  at: number
  /** Takes each change, in the order of the file; of a run, once it is written. */
  onChange?: (change: ImportChange) => Promise<void> | void
}
/** A row of a portion with the product that it names, or why it cannot be taken. */
type Named = { row: FigureRow; productId: number; list: PriceListRow | undefined } | Omit<BadRow, 'value'>
type Outcome = Omit<BadRow, 'value'> | { line: number; applied: Exclude<Applied, { kind: 'bad' }> }

/**
 * Imports prices or MRPs from a CSV file, for products that exist. The file is read twice, as products are:
 * first to find rows that contradict each other, then to write, in portions of one transaction each. Running it
 * again changes only what differs. Nothing reaches a till before the next published rulebook.
 *
 * Throws Problem `import/unreadable` or `import/mapping-invalid` before anything is written.
 */
export async function importFigures(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  path: string,
  mapping: ImportMapping,
  options: FigureOptions,
): Promise<ImportCounts> {
  const file = await openRows(path)
  const plan = checkMapping(mapping, file.columns)
  const counts = noCounts()
  const masters = await mastersAt(database.read, options.at)
  const claims = new FigureClaims()
  let total = 0
  for await (const portion of readRows(file)) {
    for (const named of await namePortion(database.read, plan, file, portion, masters)) {
      if ('row' in named) claims.add(named.row, named.productId, named.list)
    }
    total += portion.length
    await options.onProgress?.(counts)
    await pause(options.signal)
  }
  counts.rowsTotal = total

  const earlier = new Map<number, StoredProduct>()
  for await (const portion of readRows(file)) {
    const rows = await namePortion(database.read, plan, file, portion, masters)
    const outcomes = options.dryRun
      ? await judge(database.read, rows, masters, claims, earlier)
      : await database.write(
          async (tx) =>
            await changing(tx, async (numbers) => {
              const changed = new Map<number, StoredProduct>()
              const judged = await judge(tx, rows, masters, claims, changed)
              const before = await productsById(tx, [...changed.keys()])
              const savings = [...changed].map(([id, body]): Saving => ({ before: before.get(id), body }))
              await saveProducts(tx, numbers, { ...options.author, at: clock.now() }, savings)
              return judged
            }),
        )
    if (options.dryRun) claims.forget(rows, earlier)
    await report(plan, portion, outcomes, counts, options)
    await pause(options.signal)
  }
  await options.onProgress?.(counts)
  return counts
}

async function mastersAt(db: Db, at: number): Promise<Masters> {
  const [lists, classes] = [await allPriceLists(db), await allTaxClasses(db)]
  const taxClasses = new Map(classes.map((taxClass): [string, TaxClass] => [taxClass.id, taxClass]))
  return { lists, taxClasses, at }
}

/** Reads a portion and finds the product and the list of each row. */
async function namePortion(
  db: Db,
  plan: FieldPlan,
  file: RowFile,
  portion: readonly FileRow[],
  { lists }: Masters,
): Promise<Named[]> {
  const read = portion.map((row) => readFigures(plan, file.columns, row))
  const rows = read.flatMap((row) => (isBad(row) ? [] : row))
  const skus = await productsOfSkus(
    db,
    rows.flatMap((row) => row.sku || []),
  )
  const codes = await productsOfCodes(
    db,
    rows.flatMap((row) => row.barcode || []),
  )
  const internal = rows.flatMap((row) => productOfInternalCode(row.barcode) ?? [])
  const own = internal.length === 0 ? new Map() : await productsById(db, internal)
  return read.map((row): Named => {
    if (isBad(row)) return row
    const bad = (field: string, reason: string, remedy: string) => ({ line: row.line, field, reason, remedy })
    const bySku = skus.get(row.sku.toLowerCase())
    if (row.sku !== '' && bySku === undefined) {
      return bad(
        'sku',
        `There is no product with the SKU ${row.sku}.`,
        'Correct it, or add the product first.',
      )
    }
    const internalId = productOfInternalCode(row.barcode)
    const byCode = internalId !== undefined && own.has(internalId) ? internalId : codes.get(row.barcode)
    if (row.barcode !== '' && byCode === undefined) {
      const reason = `No product on sale has the barcode ${row.barcode}.`
      return bad('barcode', reason, 'Correct it, or add the product first.')
    }
    if (bySku !== undefined && byCode !== undefined && bySku !== byCode) {
      return bad('barcode', 'The SKU is of one product and the barcode of another.', 'Correct one of them.')
    }
    const productId = bySku ?? byCode ?? 0
    if (row.kind === 'mrp') return { row, productId, list: undefined }
    const list = findList(lists, row.list)
    if (typeof list === 'string') {
      const names = lists.map(({ id, name }) => `${name} (${id})`).join(', ')
      return bad('list', list, `Use one of: ${names.slice(0, 300)}.`)
    }
    return { row, productId, list }
  })
}

/** A list by number or name; a sentence where it is not one. */
function findList(lists: readonly PriceListRow[], text: string): PriceListRow | string {
  if (text === '')
    return chainListOf(lists) ?? 'The row names no price list, and the chain has none of its own.'
  const named = lists.filter(({ name }) => name.toLowerCase() === text.toLowerCase())
  const [list = lists.find(({ id }) => String(id) === text), second] = named
  if (second) return `More than one price list is called ${text}; its number tells which.`
  return list ?? `There is no price list ${text}.`
}

/**
 * What each row does to its product, after the rows before it. Products that change stand in `changed`, which
 * may hold what earlier portions made of them.
 */
async function judge(
  db: Db,
  rows: readonly Named[],
  masters: Masters,
  claims: FigureClaims,
  changed: Map<number, StoredProduct>,
): Promise<Outcome[]> {
  const stored = await productsById(db, [
    ...new Set(rows.flatMap((one) => ('row' in one ? one.productId : []))),
  ])
  return rows.map((one): Outcome => {
    if (!('row' in one)) return one
    const { row, productId, list } = one
    const { line } = row
    const product = changed.get(productId) ?? stored.get(productId)
    // Products are never removed.
    if (!product) throw new Error(`product ${productId} was found a moment ago`)
    const clash = claims.clashOf(row, productId, list)
    if (clash) return clash
    const applied = apply(product, row, list, masters)
    if (applied.kind === 'bad') return { line, ...applied.fault }
    if (applied.kind === 'save') changed.set(productId, { ...product, ...tidyProduct(applied.body) })
    return { line, applied }
  })
}

function apply(
  product: StoredProduct,
  row: FigureRow,
  list: PriceListRow | undefined,
  masters: Masters,
): Applied {
  if (row.kind === 'mrp') return applyMrp(product, row, masters)
  if (!list) throw new Error('a row of prices has a list')
  return applyPrice(product, row, list, masters)
}

async function report(
  plan: FieldPlan,
  portion: readonly FileRow[],
  outcomes: readonly Outcome[],
  counts: ImportCounts,
  options: FigureOptions,
): Promise<void> {
  const rows = new Map(portion.map((row) => [row.line, row.values]))
  for (const outcome of outcomes) {
    const values = rows.get(outcome.line) ?? []
    if ('reason' in outcome) {
      counts.rowsBad++
      await options.onBadRow?.(
        { ...outcome, value: (textOf(plan, values, outcome.field) ?? '').slice(0, 200) },
        values,
      )
    } else if (outcome.applied.kind === 'same') counts.rowsSame++
    else {
      counts[outcome.applied.isNew ? 'rowsCreated' : 'rowsChanged']++
      await options.onChange?.(outcome.applied.change)
    }
  }
  counts.rowsRead += portion.length
  await options.onProgress?.(counts)
}

type Claim = { line: number; says: string; other: number | undefined }

/** Remembers what rows say of one price or batch: of those that contradict each other none is taken. */
class FigureClaims {
  readonly #claims = new Map<string, Claim>()
  /** Rows that are still to come, by product. */
  readonly #left = new Map<number, number>()

  add(row: FigureRow, productId: number, list: PriceListRow | undefined): void {
    this.#left.set(productId, (this.#left.get(productId) ?? 0) + 1)
    const { name, says } = claimOf(row, productId, list)
    const first = this.#claims.get(name)
    if (first === undefined) this.#claims.set(name, { line: row.line, says, other: undefined })
    else if (first.says !== says) first.other ??= row.line
  }

  clashOf(
    row: FigureRow,
    productId: number,
    list: PriceListRow | undefined,
  ): Omit<BadRow, 'value'> | undefined {
    const claim = this.#claims.get(claimOf(row, productId, list).name)
    if (claim?.other === undefined) return undefined
    const other = claim.line === row.line ? claim.other : claim.line
    return {
      line: row.line,
      field: row.kind === 'mrp' ? 'mrp' : 'price',
      reason: `Line ${other} says something else of the same ${row.kind === 'mrp' ? 'batch' : 'price'}, and nothing says which is right.`,
      remedy: 'Keep one of them.',
    }
  }

  /** Drops the products of a dry run of which nothing more comes: a file may name every product there is. */
  forget(rows: readonly Named[], products: Map<number, StoredProduct>): void {
    for (const one of rows) {
      if (!('row' in one)) continue
      const left = (this.#left.get(one.productId) ?? 0) - 1
      this.#left.set(one.productId, left)
      if (left <= 0) products.delete(one.productId)
    }
  }
}

function claimOf(row: FigureRow, productId: number, list: PriceListRow | undefined) {
  return row.kind === 'mrp'
    ? { name: `${productId} ${row.batchNo?.toLowerCase()}`, says: `${row.mrpMinor} ${row.revisedMrpMinor}` }
    : { name: `${productId} ${list?.id} ${row.from}`, says: `${row.priceMinor} ${row.until}` }
}
