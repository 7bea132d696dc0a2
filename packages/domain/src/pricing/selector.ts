import { daysToExpiry } from '../batches/batch-state.ts'
import type { CartLine, RulebookProduct, Selector } from './types.ts'

/** What a selector looks at. */
export type SelectedLine = {
  product: RulebookProduct
  /** Layer-1 price of a unit. */
  unitMinor: number
  /** Days to the last sale day of the line's batch; undefined where batch or date is unknown. */
  daysToExpiry: number | undefined
}

/** Whether a line's units are in a selector; a band or an expiry alone narrows nothing but itself. */
export function isSelected(selector: Selector, { product, unitMinor, daysToExpiry }: SelectedLine): boolean {
  if (selector.products !== undefined && !selector.products.includes(product.id)) return false
  if (selector.brands !== undefined && !selector.brands.includes(product.brandId)) return false
  if (selector.categories !== undefined && !selector.categories.includes(product.categoryId)) return false
  if (selector.departments !== undefined && !holds(selector.departments, product.departmentId)) return false
  if (selector.tags !== undefined && !share(selector.tags, product.tags)) return false
  if (selector.unitFromMinor !== undefined && unitMinor < selector.unitFromMinor) return false
  if (selector.unitUntilMinor !== undefined && unitMinor >= selector.unitUntilMinor) return false
  if (selector.expiresWithinDays !== undefined) {
    // Expired goods are no bargain: they are blocked from sale (batchState).
    if (daysToExpiry === undefined || daysToExpiry < 0 || daysToExpiry > selector.expiresWithinDays) {
      return false
    }
  }
  return selector.except === undefined || !isExcepted(selector.except, product)
}

/** Days to the last sale day of the batch that was chosen for a line, counted from a local date. */
export function daysLeftOf(line: CartLine, product: RulebookProduct, date: string): number | undefined {
  if (line.batchId === undefined) return undefined
  for (const batch of product.batches) if (batch.id === line.batchId) return daysToExpiry(batch, date)
  return undefined
}

function isExcepted(except: NonNullable<Selector['except']>, product: RulebookProduct): boolean {
  return (
    holds(except.products, product.id) ||
    holds(except.brands, product.brandId) ||
    holds(except.categories, product.categoryId) ||
    holds(except.departments, product.departmentId) ||
    share(except.tags, product.tags)
  )
}

function holds(ids: readonly number[] | undefined, id: number | undefined): boolean {
  return ids !== undefined && id !== undefined && ids.includes(id)
}

function share(tags: readonly string[] | undefined, own: readonly string[] | undefined): boolean {
  if (tags === undefined || own === undefined) return false
  for (const tag of own) if (tags.includes(tag)) return true
  return false
}
