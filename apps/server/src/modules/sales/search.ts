import type { Answer, searchAll } from '@nexus/contract'
import { formatRupees } from '@nexus/domain'
import { toBase64Url } from '@nexus/sync'
import type { Db } from '../../db/database.ts'
import type { StaffCaller } from '../../http/serve.ts'
import { productsById, searchProductIds } from '../catalogue/index.ts'
import { staffPage } from '../staff/index.ts'
import { selectStores } from '../stores/index.ts'
import { numberFilter, readPlaces, storeNosFor } from './bill-list/queries.ts'
import { billKeys, billsByKeys, planBills } from './bill-list/sql.ts'

type Hit = Answer<typeof searchAll>['hits'][number]
const hitsMax = 5

/** The first few bills by number, products by code or name, people and stores that the caller may see. */
export async function searchEverything(db: Db, caller: StaffCaller, q: string): Promise<Hit[]> {
  const text = q.trim()
  if (text === '') return []
  const may = (permission: Parameters<typeof caller.permissions.has>[0]) => caller.permissions.has(permission)
  const lists = await Promise.all([
    may('bills.read') ? bills(db, caller, text) : [],
    may('products.read') ? products(db, text) : [],
    may('staff.read') ? people(db, caller, text) : [],
    stores(db, caller, text),
  ])
  return lists.flat()
}

async function bills(db: Db, caller: StaffCaller, q: string): Promise<Hit[]> {
  const places = await readPlaces(db)
  const storeNos = storeNosFor(places, caller, undefined)
  if (storeNos === 'nothing') return []
  const order = { by: 'at', descending: true } as const
  const plan = await planBills(db, { storeNos, ...numberFilter(q) }, order)
  const keys = await billKeys(db, plan, order, { offset: 0, limit: hitsMax })
  return (await billsByKeys(db, keys)).map((bill) => ({
    kind: 'bill',
    id: `${toBase64Url(bill.identity)}/${bill.document}`,
    title: bill.number,
    detail: `${places.stores.get(bill.store_no)?.name ?? ''} · ${bill.day} · ${formatRupees(bill.total_minor)}`,
  }))
}

async function products(db: Db, q: string): Promise<Hit[]> {
  const ids = await searchProductIds(db, q, hitsMax)
  const found = await productsById(db, ids)
  return ids.flatMap((id) => {
    const product = found.get(id)
    return product ? { kind: 'product', id: String(id), title: product.names.en, detail: product.sku } : []
  })
}

async function people(db: Db, caller: StaffCaller, q: string): Promise<Hit[]> {
  const { rows } = await staffPage(db, caller, { q, pageSize: hitsMax })
  return rows.map(({ id, name, login }) => ({ kind: 'staff', id, title: name, detail: login }))
}

async function stores(db: Db, caller: StaffCaller, q: string): Promise<Hit[]> {
  const wanted = q.toLowerCase()
  const seen = await selectStores(db, caller.storeIds)
  return seen
    .filter(({ name, code, city }) => [name, code, city].some((text) => text.toLowerCase().includes(wanted)))
    .slice(0, hitsMax)
    .map(({ id, name, code, city }) => ({ kind: 'store', id, title: name, detail: `${code} · ${city}` }))
}
