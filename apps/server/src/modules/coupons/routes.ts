import { Readable } from 'node:stream'
import {
  type CouponCodeRow,
  claimCoupon as claimCouponEndpoint,
  exportCouponCodes,
  getCouponSeries,
  listCouponCodes,
  listCouponSeries,
  putCouponBatch,
  releaseCoupon as releaseCouponEndpoint,
  voidCouponBatch,
  voidCouponCode,
} from '@nexus/contract'
import { formatDateTime, formatPlain } from '@nexus/domain'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { csvLine, csvStart } from '../../http/csv.ts'
import { type StaffCaller, serve } from '../../http/serve.ts'
import { claimCoupon, releaseCoupon } from './claim-coupon.ts'
import { noteExport } from './note-export.ts'
import { putBatch } from './put-batch.ts'
import { allCodes, batchOf, codeOf, codePage, seriesPage, seriesSheet } from './queries.ts'
import { voidBatch, voidCode } from './void-codes.ts'

/** HTTP face of the coupons module. */
export function couponsRoutes(context: Context): (app: FastifyInstance) => void {
  const { clock } = context
  const db = context.database.read
  return (app) => {
    serve(app, listCouponSeries, async ({ query }) => await seriesPage(db, query, clock.now()))
    serve(app, getCouponSeries, async ({ params }) => await seriesSheet(db, params.offerId, clock.now()))
    serve(app, putCouponBatch, async ({ params, body, caller }) => {
      await putBatch(context, params.batchId, body, authorOf(caller))
      return await batchOf(db, params.batchId, clock.now())
    })
    serve(app, voidCouponBatch, async ({ params, caller }) => {
      await voidBatch(context, params.batchId, authorOf(caller))
      return await batchOf(db, params.batchId, clock.now())
    })
    serve(app, listCouponCodes, async ({ query }) => await codePage(db, query, clock.now()))
    serve(app, exportCouponCodes, async ({ query, caller, reply }) => {
      await noteExport(context, query, authorOf(caller))
      reply.header('content-disposition', 'attachment; filename="coupons.csv"')
      return Readable.from(csvOf(allCodes(db, query, clock.now())))
    })
    serve(app, voidCouponCode, async ({ params, caller }) => {
      await voidCode(context, params.code, authorOf(caller))
      return await codeOf(db, params.code, clock.now())
    })
    serve(app, claimCouponEndpoint, async ({ body, caller }) => {
      return await claimCoupon(context, body.code, caller.registerId)
    })
    serve(app, releaseCouponEndpoint, async ({ body, caller }) => {
      await releaseCoupon(context, body.code, caller.registerId)
    })
  }
}

function authorOf({ staffId }: StaffCaller) {
  return { by: staffId, how: 'back-office' }
}

const columns: readonly [string, (row: CouponCodeRow) => string | number | null][] = [
  ['code', (row) => row.code],
  ['state', (row) => row.state],
  ['batch', (row) => row.batchName],
  ['expires', (row) => (row.expiresAt === null ? null : formatDateTime(row.expiresAt))],
  [
    'reserved by',
    ({ reserved }) => (reserved === null ? null : `${reserved.storeName} ${reserved.registerNumber}`),
  ],
  ['reserved until', ({ reserved }) => (reserved === null ? null : formatDateTime(reserved.until))],
  ['bills', ({ redemptions }) => redemptions.map(({ number }) => number).join(' ')],
  ['store', ({ redemptions }) => redemptions[0]?.storeName ?? null],
  ['redeemed', ({ redemptions }) => (redemptions[0] ? formatDateTime(redemptions[0].at) : null)],
  ['amount', ({ redemptions }) => (redemptions[0] ? formatPlain(redemptions[0].amountMinor) : null)],
]

async function* csvOf(portions: AsyncGenerator<CouponCodeRow[]>): AsyncGenerator<string> {
  yield csvStart + csvLine(columns.map(([name]) => name))
  for await (const rows of portions) {
    yield rows.map((row) => csvLine(columns.map(([, cellOf]) => cellOf(row)))).join('')
  }
}
