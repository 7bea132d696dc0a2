import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../db/database.ts'

export type ProductFilter = {
  /** Each begins a word of the product; as `splitWords` gives them. */
  words: readonly string[]
  brand?: string | undefined
  category?: string | undefined
  /** '' finds the unclassified. */
  taxClassId?: string | undefined
  active?: boolean | undefined
}

/** Each order has an index, so a page never sorts the whole catalogue. */
const orders = {
  id: ['id'],
  sku: ['sku'],
  name: ['name', 'id'],
  brand: ['brand', 'id'],
  category: ['category', 'id'],
  hsn: ['hsn', 'id'],
  taxClassId: ['tax_class_id', 'id'],
  active: ['active', 'id'],
  changedAt: ['change_no', 'id'],
} as const
export type ProductColumn = keyof typeof orders
/** Columns that the list sorts by. */
export const productColumns = Object.keys(orders) as readonly ProductColumn[]
export type ProductOrder = { column: ProductColumn; descending: boolean }

/** One thing that a product must be: how to find all that are, and how to tell of one. */
type Criterion = {
  hits: (max?: number) => RawBuilder<unknown>
  condition: RawBuilder<unknown>
}

/**
 * How to find what matches a filter. A criterion that few products meet finds them; ones that many
 * meet only test while the list is walked in its order, so that no page costs the whole catalogue.
 */
export type SearchPlan = {
  rarest: Criterion | undefined
  others: readonly Criterion[]
  /** Nothing meets one of the criteria. */
  empty: boolean
}

/** A criterion that more products meet is walked by, not looked up. */
const manyProducts = 10_000
/** After every word that begins with the same letters, in the order of code points and of UTF-8. */
const last = '\u{10ffff}'

/** Plans a search: counts what each criterion finds, no further than `many`. */
export async function planSearch(db: Db, filter: ProductFilter, many = manyProducts): Promise<SearchPlan> {
  const counted = await Promise.all(
    criteriaOf(filter).map(async (criterion) => ({
      criterion,
      hits: await countRows(db, criterion.hits(many + 1)),
    })),
  )
  counted.sort((one, other) => one.hits - other.hits)
  const [first, ...others] = counted
  const isRare = first !== undefined && first.hits <= many
  return {
    rarest: isRare ? first.criterion : undefined,
    others: (isRare ? others : counted).map(({ criterion }) => criterion),
    empty: first?.hits === 0,
  }
}

/** Ids of products that match, one page in order. */
export async function findProductIds(
  db: Db,
  plan: SearchPlan,
  order: ProductOrder,
  page: { limit: number; offset: number },
): Promise<number[]> {
  if (plan.empty) return []
  const direction = sql.raw(order.descending ? ' DESC' : '')
  const columns = orders[order.column].map((column) => sql`${sql.ref(`p.${column}`)}${direction}`)
  const query = plan.rarest ? among(plan.rarest.hits(), plan.others) : walk(plan.others)
  const found = await sql<{ id: number }>`${query}
    ORDER BY ${sql.join(columns)} LIMIT ${page.limit} OFFSET ${page.offset}`.execute(db)
  return found.rows.map((row) => row.id)
}

/** How many products match, counting no further than `max`; of several common criteria only a lower bound. */
export async function countProducts(
  db: Db,
  plan: SearchPlan,
  max: number,
): Promise<{ total: number; isExact: boolean }> {
  if (plan.empty) return { total: 0, isExact: true }
  const [first, ...others] = plan.others
  // Counting common criteria to the end would read the whole catalogue; the first products of one are enough.
  const sampled = plan.rarest === undefined && first !== undefined
  const query = sampled
    ? among(first.hits(max + 1), others)
    : plan.rarest
      ? among(plan.rarest.hits(), plan.others)
      : walk([])
  const total = await countRows(db, sql`${query} LIMIT ${max + 1}`)
  return { total: Math.min(total, max), isExact: total <= max && !sampled }
}

function criteriaOf(filter: ProductFilter): Criterion[] {
  const criteria = filter.words.map(wordCriterion)
  if (filter.brand !== undefined) criteria.push(columnCriterion('brand', filter.brand))
  if (filter.category !== undefined) criteria.push(columnCriterion('category', filter.category))
  if (filter.taxClassId !== undefined) criteria.push(columnCriterion('tax_class_id', filter.taxClassId))
  if (filter.active !== undefined) criteria.push(columnCriterion('active', filter.active ? 1 : 0))
  return criteria
}

function wordCriterion(word: string): Criterion {
  return {
    hits: (max) =>
      sql`SELECT DISTINCT product_id FROM product_word WHERE word >= ${word} AND word < ${word + last}${limit(max)}`,
    // A word is letters and digits only, so nothing in it is a pattern.
    condition: sql`p.search LIKE ${`% ${word}%`}`,
  }
}

function columnCriterion(
  column: 'brand' | 'category' | 'tax_class_id' | 'active',
  value: string | number,
): Criterion {
  return {
    hits: (max) => sql`SELECT id AS product_id FROM product WHERE ${sql.ref(column)} = ${value}${limit(max)}`,
    // No index is used for an expression: the walk keeps its order.
    condition: sql`COALESCE(${sql.ref(`p.${column}`)}, ${value}) = ${value}`,
  }
}

function limit(max: number | undefined): RawBuilder<unknown> {
  return max === undefined ? sql`` : sql` LIMIT ${max}`
}

function walk(criteria: readonly Criterion[]): RawBuilder<unknown> {
  const conditions = criteria.map(({ condition }) => condition)
  return conditions.length === 0
    ? sql`SELECT p.id FROM product p`
    : sql`SELECT p.id FROM product p WHERE ${sql.join(conditions, sql` AND `)}`
}

/** CROSS JOIN keeps SQLite from walking the products instead. */
function among(hits: RawBuilder<unknown>, criteria: readonly Criterion[]): RawBuilder<unknown> {
  const conditions = [sql`p.id = hit.product_id`, ...criteria.map(({ condition }) => condition)]
  return sql`SELECT p.id FROM (${hits}) hit CROSS JOIN product p WHERE ${sql.join(conditions, sql` AND `)}`
}

async function countRows(db: Db, query: RawBuilder<unknown>): Promise<number> {
  const counted = await sql<{
    total: number | string
  }>`SELECT COUNT(*) AS total FROM (${query}) found`.execute(db)
  return Number(counted.rows[0]?.total)
}
