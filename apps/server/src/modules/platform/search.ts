import type { Permission, StaticOf, searchAll } from '@nexus/contract'
import type { Db } from '../../db/database.ts'
import type { StaffCaller } from '../../http/serve.ts'
import { productNames, searchProductIds } from '../catalogue/index.ts'
import { staffPage } from '../staff/index.ts'
import { selectStores } from '../stores/index.ts'

export type Hit = StaticOf<NonNullable<(typeof searchAll)['answer']>>['hits'][number]
type Caller = Pick<StaffCaller, 'permissions' | 'storeIds'>

/** Finds the first few things of one kind that the caller may see. */
export type Searcher = {
  /** Without it nothing of this kind is found; undefined: everybody who is signed in. */
  permission: Permission | undefined
  find(db: Db, caller: Caller, q: string, max: number): Promise<Hit[]>
}

const hitsMax = 5

/** The first few hits of each kind, kind by kind in the order of the searchers. */
export async function searchEverything(
  db: Db,
  searchers: readonly Searcher[],
  caller: Caller,
  q: string,
): Promise<Hit[]> {
  const wanted = q.trim()
  if (wanted === '') return []
  const allowed = searchers.filter(({ permission }) => !permission || caller.permissions.has(permission))
  const found = await Promise.all(allowed.map((searcher) => searcher.find(db, caller, wanted, hitsMax)))
  return found.flat()
}

export const productSearcher: Searcher = {
  permission: 'products.read',
  async find(db, _caller, q, max) {
    const ids = await searchProductIds(db, q, max)
    const names = await productNames(db, ids)
    return ids.flatMap((id) => {
      const product = names.get(id)
      return product
        ? [{ kind: 'product' as const, id: String(id), title: product.name, detail: product.sku }]
        : []
    })
  },
}

export const staffSearcher: Searcher = {
  permission: 'staff.read',
  async find(db, caller, q, max) {
    const { rows } = await staffPage(db, caller, { q, pageSize: max })
    return rows.map(({ id, name, login }) => ({ kind: 'staff' as const, id, title: name, detail: login }))
  },
}

export const storeSearcher: Searcher = {
  permission: undefined,
  async find(db, caller, q, max) {
    const wanted = q.toLowerCase()
    const isHit = (text: string) => text.toLowerCase().includes(wanted)
    const stores = await selectStores(db, caller.storeIds)
    return stores
      .filter(({ code, name, city }) => isHit(code) || isHit(name) || isHit(city))
      .slice(0, max)
      .map(({ id, code, name, city }) => ({
        kind: 'store' as const,
        id,
        title: name,
        detail: `${code} · ${city}`,
      }))
  },
}
