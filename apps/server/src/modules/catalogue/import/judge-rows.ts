import type { BadRow, ProductBody } from '@nexus/contract'
import type { Db } from '../../../db/database.ts'
import { faultsOf, type Known } from '../check-product.ts'
import { isSameProduct } from '../save-products.ts'
import { productsById, productsOfCodes, productsOfSkus, type StoredProduct } from '../sql.ts'
import type { FieldPlan } from './check-mapping.ts'
import { mergeRow } from './merge-row.ts'
import type { ReadRow } from './read-fields.ts'
import { productsOfKeys } from './sql.ts'

/** What an import does with a row. `isKeyNew`: its key is to be remembered. */
export type Verdict =
  | { kind: 'bad'; row: ReadRow; bad: Omit<BadRow, 'value'> }
  | { kind: 'same'; row: ReadRow; before: StoredProduct; isKeyNew: boolean }
  | { kind: 'save'; row: ReadRow; before: StoredProduct | undefined; body: ProductBody; isKeyNew: boolean }

/**
 * Compares rows with the catalogue: which product each is, what would change, what stands in the way.
 * Rows have different keys. Writes nothing.
 *
 * @param listId price list of the chain
 */
export async function judgeRows(
  db: Db,
  plan: FieldPlan,
  rows: readonly ReadRow[],
  known: Known,
  listId: number,
  at: number,
): Promise<Verdict[]> {
  const skus = await productsOfSkus(
    db,
    rows.flatMap((row) => row.fields.sku || []),
  )
  const codes = await productsOfCodes(
    db,
    rows.flatMap((row) => row.fields.barcode || []),
  )
  // A key that is the SKU needs no memory of its own; other keys are remembered, and one that is the
  // barcode also finds what was made by hand.
  const only = plan.key.length === 1 ? plan.key[0]?.name : undefined
  const keys =
    only === 'sku'
      ? new Map(rows.flatMap((row) => entryOf(row, skus.get(row.fields.sku?.toLowerCase() ?? ''))))
      : await productsOfKeys(
          db,
          rows.map((row) => row.key),
        )
  const idOf = (row: ReadRow) =>
    keys.get(row.key) ?? (only === 'barcode' ? codes.get(row.fields.barcode ?? '') : undefined)
  const products = await productsById(db, [...new Set(rows.flatMap((row) => idOf(row) ?? []))])

  const taken = new Map<number, number>()
  return rows.map((row): Verdict => {
    const before = products.get(idOf(row) ?? 0)
    const otherLine = before && taken.get(before.id)
    if (otherLine !== undefined) return { kind: 'bad', row, bad: sameProduct(row, otherLine) }
    if (before) taken.set(before.id, row.line)
    const isKeyNew = only !== 'sku' && !keys.has(row.key)
    const body = mergeRow(row.fields, before, listId, at)
    if (before && isSameProduct(before, body)) return { kind: 'same', row, before, isKeyNew }
    const bad = faultOf(row, body, before, known, at) ?? takenBy(row, body, before, skus, codes)
    return bad ? { kind: 'bad', row, bad } : { kind: 'save', row, before, body, isKeyNew }
  })
}

/** By its key one row is the product, by its SKU or barcode another. */
function sameProduct(row: ReadRow, otherLine: number): Omit<BadRow, 'value'> {
  return {
    line: row.line,
    field: 'key',
    reason: `Line ${otherLine} is the same product, whose SKU or barcode was changed since the last import.`,
    remedy: 'Keep the line that says what the product is now.',
  }
}

function entryOf(row: ReadRow, id: number | undefined): [string, number][] {
  return id === undefined ? [] : [[row.key, id]]
}

function faultOf(
  row: ReadRow,
  body: ProductBody,
  before: StoredProduct | undefined,
  known: Known,
  at: number,
): Omit<BadRow, 'value'> | undefined {
  const [fault] = faultsOf(body, before, known, at)
  if (!fault) return undefined
  return { line: row.line, field: fieldOf(fault.field), reason: fault.reason, remedy: fault.remedy }
}

/** Fields of a product in the words of a mapping. */
const fields: readonly [pattern: RegExp, field: string][] = [
  [/^names/, 'name'],
  [/^taxClassId/, 'taxClass'],
  [/^barcodes/, 'barcode'],
  [/^batches.*\.(?:mrp|revisedMrp)Minor/, 'mrp'],
  [/^batches.*\.expiry/, 'expiryMonth'],
  [/^batches/, 'batchNo'],
  [/^prices/, 'price'],
]

function fieldOf(field: string): string {
  return fields.find(([pattern]) => pattern.test(field))?.[1] ?? field
}

function takenBy(
  row: ReadRow,
  body: ProductBody,
  before: StoredProduct | undefined,
  skus: ReadonlyMap<string, number>,
  codes: ReadonlyMap<string, number>,
): Omit<BadRow, 'value'> | undefined {
  const ofSku = skus.get(body.sku.toLowerCase())
  if (ofSku !== undefined && ofSku !== before?.id) {
    return {
      line: row.line,
      field: 'sku',
      reason: `Product ${ofSku} has this SKU under another key.`,
      remedy: 'Correct the SKU, or change that product in the back office.',
    }
  }
  const code = row.fields.barcode
  const ofCode = code === undefined ? undefined : codes.get(code)
  if (!body.active || ofCode === undefined || ofCode === before?.id) return undefined
  return {
    line: row.line,
    field: 'barcode',
    reason: `Product ${ofCode} has this barcode and is on sale.`,
    remedy: 'Correct the barcode, take it off that product, or make that product inactive.',
  }
}
