import type { PageOf } from '@nexus/contract'
import type { Db } from '../../../db/database.ts'
import { storeNosOf } from '../sql.ts'
import type { StoreNos } from './sql.ts'

/** Counting stops here; screens then say "more than". */
export const totalMax = 10_000

type Asked = { page?: number; pageSize?: number }

export function spanOf({ page = 1, pageSize = 50 }: Asked): { offset: number; limit: number } {
  return { offset: (page - 1) * pageSize, limit: pageSize }
}

export function pageOf<Row>({ page = 1, pageSize = 50 }: Asked, rows: Row[], total: number): PageOf<Row> {
  return { rows, page, pageSize, total: Math.min(total, totalMax), totalIsExact: total <= totalMax }
}

/** Small keys of the store asked for, or of those that the caller sees; `none`: nothing is here of any. */
export async function storesFor(
  db: Db,
  { store }: { store?: string },
  storeIds: readonly string[] | undefined,
): Promise<StoreNos | 'none'> {
  const wanted = store === undefined ? storeIds : [store]
  if (wanted === undefined) return undefined
  const [first, ...rest] = await storeNosOf(db, wanted)
  return first === undefined ? 'none' : [first, ...rest]
}
