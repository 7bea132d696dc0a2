import { type PageOf, Problem, type StaticOf, type StockMoveRow, type StockRow } from '@nexus/contract'
import type { Db } from '../../db/database.ts'
import type { StaffCaller } from '../../http/serve.ts'
import { findStore, selectStoreKeys } from '../stores/index.ts'
import { type BalanceFilter, balancesPage, countBalances, countMoves, movesPage } from './sql.ts'

/** What lists of stock show of products and bills; other modules' functions, handed in by `build-app`. */
export type StockNames = {
  /** SKU and name by product id; unknown ids are left out. */
  productsByIds(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, { sku: string; name: string }>>
  /** Ids of the products that a search text finds, best first, at most `max`. */
  searchProducts(db: Db, q: string, max: number): Promise<readonly number[]>
  /** Numbers of bills by the slot of their entry, keyed `epochNo/seq`. */
  billNumbers(
    db: Db,
    storeNo: number,
    slots: readonly { epochNo: number; seq: number }[],
  ): Promise<ReadonlyMap<string, string>>
}

export type StockQuery = {
  page?: number
  pageSize?: number
  /** Finds products by name, SKU or barcode. */
  q?: string
  store?: string
  product?: number
  negative?: boolean
}

/** Counting stops here; screens then say "more than". */
const totalMax = 10_000
/** A search text that finds more products than this shows the best ones. */
const foundMax = 200

/** A page of balances in the stores that the caller sees, by store and product. */
export async function stockPage(
  db: Db,
  names: StockNames,
  caller: Pick<StaffCaller, 'storeIds'>,
  query: StockQuery,
): Promise<PageOf<StaticOf<typeof StockRow>>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const stores = (await selectStoreKeys(db)).filter(
    (store) =>
      (query.store === undefined || store.id === query.store) &&
      (caller.storeIds === undefined || caller.storeIds.includes(store.id)),
  )
  const found = query.q ? await names.searchProducts(db, query.q, foundMax) : undefined
  const products =
    query.product === undefined
      ? found
      : found === undefined || found.includes(query.product)
        ? [query.product]
        : []
  if (stores.length === 0 || products?.length === 0) {
    return { rows: [], page, pageSize, total: 0, totalIsExact: true }
  }
  const seesAll = query.store === undefined && caller.storeIds === undefined && products === undefined
  const filter: BalanceFilter = {
    // Naming every store helps only to reach single products by the key.
    storeNos: seesAll ? undefined : stores.map((store) => store.no),
    products,
    negative: query.negative,
  }
  const [total, balances] = await Promise.all([
    countBalances(db, filter, totalMax + 1),
    balancesPage(db, filter, {
      offset: (page - 1) * pageSize,
      limit: pageSize,
    }),
  ])
  const shown = await names.productsByIds(db, [...new Set(balances.map((balance) => balance.product))])
  const storeIds = new Map(stores.map((store) => [store.no, store.id]))
  return {
    rows: balances.map((balance) => ({
      storeId: storeIds.get(balance.store_no) ?? '',
      productId: balance.product,
      sku: shown.get(balance.product)?.sku ?? '',
      name: shown.get(balance.product)?.name ?? `#${balance.product}`,
      quantityMilli: balance.quantity_milli,
      changedAt: balance.changed_at,
    })),
    page,
    pageSize,
    total: Math.min(total, totalMax),
    totalIsExact: total <= totalMax,
  }
}

/** Every move behind a balance, newest first: those that are folded, so that both agree. Throws `store/not-found`. */
export async function stockMovesPage(
  db: Db,
  names: Pick<StockNames, 'billNumbers'>,
  query: { store: string; product: number; page?: number; pageSize?: number },
): Promise<PageOf<StaticOf<typeof StockMoveRow>>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const store = await findStore(db, query.store)
  if (!store) {
    throw new Problem('store/not-found', 'There is no such store. Choose one from the list of stores.', {
      storeId: query.store,
    })
  }
  const [total, moves] = await Promise.all([
    countMoves(db, store.no, query.product, totalMax + 1),
    movesPage(db, store.no, query.product, { offset: (page - 1) * pageSize, limit: pageSize }),
  ])
  const numbers = await names.billNumbers(
    db,
    store.no,
    moves
      .filter((move) => move.kind !== 'opening')
      .map((move) => ({ epochNo: move.epoch_no, seq: move.seq })),
  )
  return {
    rows: moves.map((move) => ({
      id: `${move.epoch_no}.${move.seq}.${move.line}`,
      storeId: store.id,
      productId: move.product,
      batchId: move.batch,
      quantityMilli: move.quantity_milli,
      kind: move.kind,
      at: move.at,
      billNumber: numbers.get(`${move.epoch_no}/${move.seq}`) ?? null,
    })),
    page,
    pageSize,
    total: Math.min(total, totalMax),
    totalIsExact: total <= totalMax,
  }
}
