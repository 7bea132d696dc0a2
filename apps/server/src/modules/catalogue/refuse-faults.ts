import { Problem, type ProductBody } from '@nexus/contract'
import type { Db } from '../../db/database.ts'
import { faultsOf, type Known } from './check-product.ts'
import {
  allPriceLists,
  allTaxClasses,
  productsById,
  productsOfCodes,
  productsOfSkus,
  type StoredProduct,
} from './sql.ts'

/** Tax classes and price lists that products may refer to now. */
export async function knownReferences(db: Db): Promise<Known> {
  const [taxClasses, lists] = [await allTaxClasses(db), await allPriceLists(db)]
  return {
    taxClassIds: new Set(taxClasses.map((taxClass) => taxClass.id)),
    priceListIds: new Set(lists.map((list) => list.id)),
  }
}

/** Throws the first fault's Problem with all faults by field; see `faultsOf`. */
export function refuseFaults(
  body: ProductBody,
  before: StoredProduct | undefined,
  known: Known,
  at: number,
): void {
  const faults = faultsOf(body, before, known, at)
  const [first] = faults
  if (!first) return
  throw new Problem(
    first.code,
    `${first.reason} ${first.remedy}`,
    {},
    faults.map(({ field, reason, remedy }) => ({ field, message: `${reason} ${remedy}` })),
  )
}

/** Throws `product/sku-taken` or `product/barcode-taken` when another product has what this one wants. */
export async function refuseTaken(
  db: Db,
  body: ProductBody,
  before: StoredProduct | undefined,
): Promise<void> {
  const skuOf = (await productsOfSkus(db, [body.sku])).get(body.sku.toLowerCase())
  if (skuOf !== undefined && skuOf !== before?.id) {
    throw new Problem(
      'product/sku-taken',
      `${await nameOf(db, skuOf)} has the SKU ${body.sku}. Choose another SKU.`,
      { productId: skuOf },
      [{ field: 'sku', message: 'Another product has this SKU.' }],
    )
  }
  // Products that are no longer sold may share a code with the one that took their place.
  if (!body.active) return
  const codes = await productsOfCodes(db, body.barcodes)
  for (const [index, code] of body.barcodes.entries()) {
    const productId = codes.get(code)
    if (productId === undefined || productId === before?.id) continue
    throw new Problem(
      'product/barcode-taken',
      `${await nameOf(db, productId)} has the barcode ${code}. Take it off that product first, or make that product inactive.`,
      { productId, code },
      [{ field: `barcodes.${index}`, message: 'Another active product has this barcode.' }],
    )
  }
}

async function nameOf(db: Db, productId: number): Promise<string> {
  return (await productsById(db, [productId])).get(productId)?.names.en ?? `Product ${productId}`
}
