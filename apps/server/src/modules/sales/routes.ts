import { Readable } from 'node:stream'
import {
  type BillExplanation,
  type BillRow,
  explainBill,
  exportBills,
  findTillBill,
  getBill as getBillEndpoint,
  getToday,
  listBills,
  searchAll,
} from '@nexus/contract'
import { formatDateTime, formatPlain } from '@nexus/domain'
import type { BillDocument } from '@nexus/sync'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { csvLine, csvStart } from '../../http/csv.ts'
import { requireStore, serve } from '../../http/serve.ts'
import { allBills, billPage } from './bill-list/queries.ts'
import { getBill } from './bill-page/queries.ts'
import { getSoldBill, type SoldEntry } from './bill-page/sold-bill.ts'
import { tillBills } from './bill-page/till-bills.ts'
import { numberRoutes } from './numbers/routes.ts'
import { searchEverything } from './search.ts'
import { todayOf } from './today/queries.ts'

/** Why a sold document cost what it did. */
export type ExplainSale = (entry: SoldEntry, document: BillDocument) => Promise<BillExplanation>

/** HTTP face of the sales module. */
export function salesRoutes(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  explain: ExplainSale,
): (app: FastifyInstance) => void {
  const db = database.read
  return (app) => {
    numberRoutes({ database })(app)
    serve(app, listBills, async ({ caller, query }) => await billPage(db, caller, query))
    serve(app, exportBills, async ({ caller, query, reply }) => {
      const portions = allBills(db, caller, query)
      // The first portion before the answer begins: a refusal must still be one.
      const first = await portions.next()
      reply.header('content-disposition', 'attachment; filename="bills.csv"')
      return Readable.from(csvOf(first, portions))
    })
    serve(app, getBillEndpoint, async ({ caller, params }) => await getBill(db, caller, params))
    serve(app, explainBill, async ({ caller, params }) => {
      const { entry, document } = await getSoldBill(db, params)
      requireStore(caller, entry.store)
      return await explain(entry, document)
    })
    serve(app, findTillBill, async ({ params }) => ({ bills: await tillBills(db, params.number) }))
    serve(app, getToday, async ({ caller, query }) => await todayOf(db, caller, query, clock.now()))
    serve(app, searchAll, async ({ caller, query }) => ({
      hits: await searchEverything(db, caller, query.q),
    }))
  }
}

const columns: readonly [string, (row: BillRow) => string | number | null][] = [
  ['number', (row) => row.number],
  ['kind', (row) => row.kind],
  ['store', (row) => row.storeName],
  ['register', (row) => row.registerNumber],
  ['trading day', (row) => row.tradingDay],
  ['issue date', (row) => row.issueDate],
  ['sold at', (row) => formatDateTime(row.at)],
  ['received at', (row) => formatDateTime(row.receivedAt)],
  ['cashier', (row) => row.cashier],
  ['lines', (row) => row.lines],
  ['discount', (row) => formatPlain(row.discountMinor)],
  ['tax', (row) => formatPlain(row.taxMinor)],
  ['total', (row) => formatPlain(row.totalMinor)],
  ['paid by', (row) => row.tenders],
  ['discrepancies', (row) => row.discrepancies],
  ['entry', (row) => row.identity],
]

async function* csvOf(
  first: IteratorResult<BillRow[]>,
  rest: AsyncGenerator<BillRow[]>,
): AsyncGenerator<string> {
  yield csvStart + csvLine(columns.map(([name]) => name))
  const lines = (rows: readonly BillRow[]) =>
    rows.map((row) => csvLine(columns.map(([, cellOf]) => cellOf(row)))).join('')
  if (!first.done) yield lines(first.value)
  for await (const rows of rest) yield lines(rows)
}
