import type { NumberGapRow, numberGapQuery, PageOf, StaticOf } from '@nexus/contract'
import type { Db } from '../../../db/database.ts'
import type { StaffCaller } from '../../../http/serve.ts'
import { epochsOfStores } from '../../journal/index.ts'
import { selectRegisterKeys, selectStoreKeys } from '../../stores/index.ts'
import type { NumberGapTable } from '../tables.ts'
import { countGaps, type GapFilter, gapsPage } from './sql.ts'

export type GapQuery = Partial<StaticOf<typeof numberGapQuery>>
type Caller = Pick<StaffCaller, 'storeIds'>

/** Counting stops here; screens then say "more than". */
const totalMax = 10_000
const exportPage = 1000

/** A page of numbers left to explain, and of those that were, in the stores that the caller sees. */
export async function gapPage(db: Db, caller: Caller, query: GapQuery): Promise<PageOf<NumberGapRow>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const filter = await filterOf(db, caller, query)
  if (filter.storeNos?.length === 0) return { rows: [], page, pageSize, total: 0, totalIsExact: true }
  const [total, gaps] = await Promise.all([
    countGaps(db, filter, totalMax + 1),
    gapsPage(db, filter, { offset: (page - 1) * pageSize, limit: pageSize }),
  ])
  return {
    rows: await rowsOf(db, gaps),
    page,
    pageSize,
    total: Math.min(total, totalMax),
    totalIsExact: total <= totalMax,
  }
}

/** All of them, in portions. */
export async function* allGaps(db: Db, caller: Caller, query: GapQuery): AsyncGenerator<NumberGapRow[]> {
  const filter = await filterOf(db, caller, query)
  if (filter.storeNos?.length === 0) return
  for (let offset = 0; ; offset += exportPage) {
    const gaps = await gapsPage(db, filter, { offset, limit: exportPage })
    if (gaps.length === 0) return
    yield await rowsOf(db, gaps)
  }
}

async function filterOf(db: Db, caller: Caller, query: GapQuery): Promise<GapFilter> {
  const stores = (await selectStoreKeys(db)).filter(
    ({ id }) => (query.store === undefined || query.store === id) && (caller.storeIds?.includes(id) ?? true),
  )
  return { storeNos: stores.map(({ no }) => no), open: query.open, q: query.q || undefined }
}

async function rowsOf(db: Db, gaps: readonly NumberGapTable[]): Promise<NumberGapRow[]> {
  const stores = new Map((await selectStoreKeys(db)).map((store) => [store.no, store]))
  const registers = new Map((await selectRegisterKeys(db)).map((register) => [register.no, register]))
  const epochs = new Map(
    (await epochsOfStores(db, [...new Set(gaps.map((gap) => gap.store_no))])).map((one) => [
      one.epochNo,
      one,
    ]),
  )
  return gaps.map((gap) => {
    const register = registers.get(epochs.get(gap.epoch_no)?.registerNo ?? -1)
    return {
      number: gap.number,
      series: gap.prefix.slice(0, -1),
      kind: gap.kind,
      state: gap.state,
      storeId: stores.get(gap.store_no)?.id ?? '',
      storeName: stores.get(gap.store_no)?.name ?? '',
      registerId: register?.id ?? null,
      registerNumber: register?.number ?? null,
      foundAt: gap.found_at,
      settledAt: gap.settled_at,
    }
  })
}
