import type { RulebookHead } from '@nexus/contract'
import { indexRulebook, type Rulebook, type RulebookProduct } from '@nexus/domain'
import type { Database } from '../../db/database.ts'
import { headOf } from './read-part.ts'
import { findVersion, newestVersion, openEnd, productsChangedBetween, rowsOfProducts } from './sql.ts'

/** Reads published rulebooks for pricing on the server. */
export type RulebookReader = {
  /**
   * The rulebook of a version with the given products; undefined for a version that was never
   * published. Microseconds once its products were asked for before.
   */
  find(version: number, productIds: readonly number[]): Promise<Rulebook | undefined>
}

/** Products that are kept, about 1.5 KB each. */
const productsMax = 100_000
/** Heads that are kept; tills use the newest few. */
const headsMax = 20
/** Changed products that a new version drops one by one; above, everything is dropped. */
const changedMax = 20_000

/** A product in versions [from, until); `openEnd` reaches to the newest version that the reader knows. */
type Span = { from: number; until: number; product: RulebookProduct }

/**
 * A reader with a memory of its own. Rows are immutable and versions only rise, so what was read stays
 * true: a newer version drops just the products that it changed.
 */
export function rulebookReader({ database }: { database: Pick<Database, 'read'> }): RulebookReader {
  const db = database.read
  const products = new Map<number, Span[]>()
  const heads = new Map<number, Rulebook>()
  let newestKnown = 0

  return {
    async find(version, productIds) {
      const head = heads.get(version) ?? (await learn(version))
      if (!head) return undefined
      const missing = productIds.filter((id) => spanOf(id, version) === undefined)
      if (missing.length > 0) await load(missing, version)
      // Held by the answer itself: the memory may drop a product while the answer is in use.
      const found = new Map(productIds.map((id) => [id, spanOf(id, version)?.product]))
      return { ...head, findProduct: (id) => found.get(id) }
    },
  }

  function spanOf(id: number, version: number): Span | undefined {
    return products.get(id)?.find((span) => span.from <= version && version < span.until)
  }

  /** Takes up a version that was not asked for before. */
  async function learn(number: number): Promise<Rulebook | undefined> {
    if (number > newestKnown) {
      const newest = await newestVersion(db)
      if (!newest || newest.version < number) return undefined
      await forgetChanged(newest.version)
    }
    const version = await findVersion(db, number)
    if (!version) return undefined
    const head = withoutProducts(number, version.checksum, await headOf(db, version.headHash))
    if (heads.size >= headsMax) heads.delete(heads.keys().next().value ?? 0)
    heads.set(number, head)
    return head
  }

  async function forgetChanged(newest: number): Promise<void> {
    const since = newestKnown
    const changed = since === 0 ? [] : await productsChangedBetween(db, since, newest, changedMax + 1)
    if (changed.length > changedMax) products.clear()
    for (const id of changed) products.delete(id)
    // Another call may have been faster and know more.
    newestKnown = Math.max(newestKnown, newest)
  }

  async function load(ids: readonly number[], version: number): Promise<void> {
    const knownBefore = newestKnown
    for (const row of await rowsOfProducts(db, ids, version)) {
      if (spanOf(row.productId, version) !== undefined) continue
      // An end beyond what is known may belong to a publication under way, which may still fail. If a
      // version was learnt meanwhile, what it changed was dropped before this row came.
      const reaches = newestKnown === knownBefore ? openEnd : knownBefore + 1
      const until = row.untilVersion > knownBefore ? reaches : row.untilVersion
      const span = { from: row.fromVersion, until, product: JSON.parse(row.json) as RulebookProduct }
      const spans = products.get(row.productId)
      if (spans) spans.push(span)
      else {
        if (products.size >= productsMax) products.delete(products.keys().next().value ?? 0)
        products.set(row.productId, [span])
      }
    }
  }
}

function withoutProducts(version: number, checksum: string, head: RulebookHead): Rulebook {
  return indexRulebook({
    version,
    checksum,
    rupeeRounding: head.rupeeRounding,
    products: [],
    taxClasses: head.taxClasses,
    priceLists: head.priceLists,
    offers: head.offers,
  })
}
