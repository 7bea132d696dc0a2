import { type PricingContext, PricingRefusal, price, type Rulebook } from '@nexus/domain'
import type { Core } from '../app/core.ts'
import type { SearchResult } from '../app/state.ts'
import type { Catalogue } from '../rulebook/index.ts'

/** A product as the search shows it: its names, and what one of it costs now. */
export function searchResultOf(core: Core, catalogue: Catalogue, productId: number): SearchResult {
  const product = catalogue.product(productId)
  const names = product?.names ?? { en: String(productId) }
  const unit = unitOf(productId, catalogue.rulebook, core.pricingContext(core.now()))
  return {
    productId,
    names,
    brand: product === undefined ? '' : catalogue.brandName(product.brandId),
    sku: product?.sku ?? '',
    unitMinor: unit?.unitMinor,
    mrpMinor: unit?.mrpMinor,
  }
}

/** Price and MRP of one unit now; undefined where it cannot be sold. */
function unitOf(
  productId: number,
  rulebook: Rulebook,
  context: PricingContext,
): { unitMinor: number; mrpMinor: number | undefined } | undefined {
  try {
    const [line] = price({ lines: [{ uid: '1', productId, quantityMilli: 1000 }] }, rulebook, context).lines
    return line && { unitMinor: line.unitMinor, mrpMinor: line.mrpMinor }
  } catch (cause) {
    if (cause instanceof PricingRefusal) return undefined
    throw cause
  }
}
