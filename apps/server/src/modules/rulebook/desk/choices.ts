import type { Answer, getOfferChoices, getOfferGoods } from '@nexus/contract'
import type { Db } from '../../../db/database.ts'
import { allNames, allPriceLists, productNames } from '../../catalogue/index.ts'
import { offerOf } from './queries.ts'

/** What an offer may name, each list by name. Brands and categories without a name are nobody's choice. */
export async function offerChoices(db: Db): Promise<Answer<typeof getOfferChoices>> {
  const [brands, categories, lists] = await Promise.all([
    allNames(db, 'brand'),
    allNames(db, 'category'),
    allPriceLists(db),
  ])
  const named = (rows: typeof brands) =>
    rows.filter(({ name }) => name !== '').sort((one, other) => one.name.localeCompare(other.name))
  return {
    brands: named(brands),
    categories: named(categories),
    tiers: [...new Set(lists.flatMap(({ tier }) => tier ?? []))].sort(),
  }
}

/** Products that a stored offer names, by name; an unfinished draft's too. Throws `offer/not-found`. */
export async function offerGoods(db: Db, offerId: number): Promise<Answer<typeof getOfferGoods>> {
  const { definition } = await offerOf(db, offerId)
  const found = await productNames(db, [...new Set(productsIn(definition))])
  const products = [...found].map(([id, { sku, name }]) => ({ id, sku, name }))
  return { products: products.sort((one, other) => one.name.localeCompare(other.name)) }
}

/** Members of this name hold ids of products, wherever they stand. */
function productsIn(value: unknown, depth = 0): number[] {
  if (typeof value !== 'object' || value === null || depth > 4) return []
  return Object.entries(value).flatMap(([name, member]) =>
    (name === 'products' || name === 'gifts') && Array.isArray(member)
      ? member.filter((id) => Number.isSafeInteger(id) && id > 0)
      : productsIn(member, depth + 1),
  )
}
