import type { Offer, PriceList, Rulebook, RulebookProduct, TaxClass } from './types.ts'

/** A rulebook as it travels: plain arrays. */
export type RulebookData = {
  version: number
  checksum: string
  rupeeRounding: boolean
  products: readonly RulebookProduct[]
  taxClasses: readonly TaxClass[]
  priceLists: readonly PriceList[]
  offers: readonly Offer[]
}

/** Makes a rulebook that finds things by their ids. Reads the arrays once; the last of equal ids counts. */
export function indexRulebook(data: RulebookData): Rulebook {
  const products = new Map(data.products.map((product) => [product.id, product]))
  const taxClasses = new Map(data.taxClasses.map((taxClass) => [taxClass.id, taxClass]))
  const priceLists = new Map(data.priceLists.map((list) => [list.id, list]))
  return {
    version: data.version,
    checksum: data.checksum,
    rupeeRounding: data.rupeeRounding,
    offers: data.offers,
    findProduct: (productId) => products.get(productId),
    findTaxClass: (taxClassId) => taxClasses.get(taxClassId),
    findPriceList: (listId) => priceLists.get(listId),
  }
}
