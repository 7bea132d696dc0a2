import { Readable } from 'node:stream'
import { exportNumberGaps, listNumberGaps, type NumberGapRow } from '@nexus/contract'
import { formatDateTime } from '@nexus/domain'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { csvLine, csvStart } from '../../../http/csv.ts'
import { requireStore, serve } from '../../../http/serve.ts'
import { allGaps, gapPage } from './queries.ts'

/** Numbers left to explain, over HTTP. */
export function numberRoutes({ database }: Pick<Context, 'database'>): (app: FastifyInstance) => void {
  const db = database.read
  return (app) => {
    serve(app, listNumberGaps, async ({ caller, query }) => {
      if (query.store !== undefined) requireStore(caller, query.store)
      return await gapPage(db, caller, query)
    })
    serve(app, exportNumberGaps, async ({ caller, query, reply }) => {
      if (query.store !== undefined) requireStore(caller, query.store)
      reply.header('content-disposition', 'attachment; filename="numbers-to-explain.csv"')
      return Readable.from(csvOf(allGaps(db, caller, query)))
    })
  }
}

const columns: readonly [string, (row: NumberGapRow) => string | number | null][] = [
  ['number', (row) => row.number],
  ['series', (row) => row.series],
  ['kind', (row) => row.kind],
  ['state', (row) => row.state],
  ['store', (row) => row.storeName],
  ['register', (row) => row.registerNumber],
  ['found', (row) => formatDateTime(row.foundAt)],
  ['settled', (row) => (row.settledAt === null ? null : formatDateTime(row.settledAt))],
]

async function* csvOf(portions: AsyncGenerator<NumberGapRow[]>): AsyncGenerator<string> {
  yield csvStart + csvLine(columns.map(([name]) => name))
  for await (const rows of portions) {
    yield rows.map((row) => csvLine(columns.map(([, cellOf]) => cellOf(row)))).join('')
  }
}
