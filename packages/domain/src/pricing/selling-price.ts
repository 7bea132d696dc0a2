import type { PriceList, PriceRow, PricingContext, Rulebook, RulebookProduct } from './types.ts'

/** The more specific list wins (PRC-4). */
const RANK = { chain: 1, region: 2, store: 3 } as const

/**
 * The row that gives a product its price at `context.pricedAt` (PRC-4, PRC-5): of the ordinary lists
 * the most specific one, unless a list of the customer's tier is cheaper. undefined when no list has
 * a price.
 *
 * Of several rows of one list in force the one that began last counts: a promotion within an open
 * row ends by itself. Lists of equal rank compete on price; the lower id wins a tie.
 */
export function sellingPrice(
  product: RulebookProduct,
  rulebook: Rulebook,
  context: PricingContext,
): PriceRow | undefined {
  let ordinary: PriceRow | undefined
  let ordinaryRank = 0
  let tiered: PriceRow | undefined
  for (const row of product.prices) {
    if (!isInForce(row, context.pricedAt) || isReplaced(row, product.prices, context.pricedAt)) continue
    const list = rulebook.findPriceList(row.list)
    if (list === undefined || !covers(list, context)) continue
    if (list.tier !== undefined) {
      if (list.tier === context.tier && (tiered === undefined || isCheaper(row, tiered))) tiered = row
      continue
    }
    const rank = RANK[list.scope]
    if (
      ordinary === undefined ||
      rank > ordinaryRank ||
      (rank === ordinaryRank && isCheaper(row, ordinary))
    ) {
      ordinary = row
      ordinaryRank = rank
    }
  }
  if (tiered === undefined) return ordinary
  return ordinary === undefined || tiered.unitMinor < ordinary.unitMinor ? tiered : ordinary
}

/** In force in [from, until). */
export function isInForce(row: { from: number; until?: number }, at: number): boolean {
  return row.from <= at && (row.until === undefined || at < row.until)
}

/** Whether a later row of the same list is in force as well. */
function isReplaced(row: PriceRow, rows: readonly PriceRow[], at: number): boolean {
  if (rows.length === 1) return false
  for (const other of rows) {
    if (other.list === row.list && other.from > row.from && isInForce(other, at)) return true
  }
  return false
}

function covers(list: PriceList, context: PricingContext): boolean {
  if (list.scope === 'chain') return true
  return list.scopeId === (list.scope === 'store' ? context.storeId : context.regionId)
}

function isCheaper(row: PriceRow, than: PriceRow): boolean {
  return row.unitMinor < than.unitMinor || (row.unitMinor === than.unitMinor && row.list < than.list)
}
