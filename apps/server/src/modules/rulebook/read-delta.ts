import { Problem } from '@nexus/contract'
import type { RulebookProduct } from '@nexus/domain'
import type { Db } from '../../db/database.ts'
import { ownListsOf } from './make-head.ts'
import { rowForPlace } from './make-rows.ts'
import { headOf } from './read-part.ts'
import { findVersion, productsChangedBetween, rowsOfProducts } from './sql.ts'

export type Delta = { from: number; to: number; rows: RulebookProduct[]; removed: number[] }

/** More changed products than this are fetched as chunks, which are compressed and cached. */
const productsMax = 5000

/**
 * What a store's view gained, changed and lost between two versions. The rows put into the old chunks,
 * and the removed ones taken out, give the bytes of the new chunks.
 *
 * Throws Problem `rulebook/version-unknown` for a version that is not kept, or when so much changed that
 * chunks are the better way.
 */
export async function readDelta(db: Db, storeId: string, from: number, to: number): Promise<Delta> {
  const [before, after] = [await findVersion(db, from), await findVersion(db, to)]
  if (!before || !after || from > to) {
    throw new Problem(
      'rulebook/version-unknown',
      'One of these versions is not kept here. Fetch the chunks of the newest manifest.',
      { from, to },
    )
  }
  const changed = await productsChangedBetween(db, from, to, productsMax + 1)
  if (changed.length > productsMax) {
    throw new Problem(
      'rulebook/version-unknown',
      'Too much changed between these versions. Fetch the chunks of the newest manifest.',
      { from, to },
    )
  }
  const ownLists = ownListsOf((await headOf(db, after.headHash)).priceLists)
  const standing = await rowsOfProducts(db, changed, to)
  const rows = standing
    .flatMap(({ json }) => {
      const row = rowForPlace(json, ownLists, storeId)
      return row === undefined ? [] : [JSON.parse(row) as RulebookProduct]
    })
    .sort((one, other) => one.id - other.id)
  const kept = new Set(rows.map((row) => row.id))
  return { from, to, rows, removed: changed.filter((id) => !kept.has(id)) }
}
