import { Problem } from '@nexus/contract'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { writeRacing } from '../../db/write-racing.ts'
import { recordAudit } from '../audit/index.ts'
import { type CouponSeries, couponSeries } from '../rulebook/index.ts'
import { codesMax } from './random-codes.ts'
import { batchesOf, findBatch, insertBatch } from './sql.ts'
import type { CouponBatchTable } from './tables.ts'

export type Author = { by: string | null; how: string }
export type BatchBody = { offerId: number; name: string; count: number; expiresAt: number | null }

/**
 * Asks for codes of a coupon series; the worker makes them. The same id with the same content is harmless.
 *
 * Throws `coupon/no-series`, `coupon/offer-over`, `coupon/space-too-small`, `coupon/batch-reused`,
 * `request/invalid` for an expiry that is past.
 */
export async function putBatch(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  id: string,
  body: BatchBody,
  author: Author,
): Promise<void> {
  await writeRacing(database, async (tx) => {
    const before = await findBatch(tx, id)
    if (before !== undefined) {
      if (isSame(before, body)) return
      throw new Problem(
        'coupon/batch-reused',
        'Other codes were asked for under this id. Open the list of codes and ask again.',
        { batchId: id },
      )
    }
    const now = clock.now()
    const [series] = await couponSeries(tx, now, body.offerId)
    if (series === undefined) {
      throw new Problem(
        'coupon/no-series',
        'This offer has no coupon series. Make a coupon offer whose codes are a series first.',
        { offerId: body.offerId },
      )
    }
    refuseOver(series)
    refuseExpired(body.expiresAt, now)
    await refuseGuessable(tx, series, body.count)
    const { prefix, length } = series
    await insertBatch(tx, {
      id,
      offer_id: body.offerId,
      name: body.name,
      prefix,
      length,
      wanted: body.count,
      made: 0,
      expires_at: body.expiresAt,
      void_at: null,
      created_at: now,
      created_by: author.by,
    })
    const { name: batch, count, expiresAt } = body
    await recordAudit(tx, {
      ...author,
      at: now,
      subject: 'coupon-series',
      subjectId: String(body.offerId),
      label: series.name,
      before: null,
      after: { batch, count, expiresAt },
    })
  })
}

function isSame(before: CouponBatchTable, { offerId, name, count, expiresAt }: BatchBody): boolean {
  return (
    before.offer_id === offerId &&
    before.name === name &&
    before.wanted === count &&
    before.expires_at === expiresAt
  )
}

function refuseOver({ offerId, status }: CouponSeries): void {
  if (status !== 'ended' && status !== 'stopped') return
  throw new Problem(
    'coupon/offer-over',
    'This offer is over, so its codes would buy nothing. Copy the offer, and make codes for the copy.',
    { offerId },
  )
}

function refuseExpired(expiresAt: number | null, now: number): void {
  if (expiresAt === null || expiresAt > now) return
  const message = 'The codes would have expired already. Choose a later day, or none.'
  throw new Problem('request/invalid', message, {}, [{ field: 'expiresAt', message }])
}

async function refuseGuessable(tx: Tx, series: CouponSeries, count: number): Promise<void> {
  const { prefix, length } = series
  const alike = (await batchesOf(tx, [series.offerId])).filter(
    (batch) => batch.prefix === prefix && batch.length === length,
  )
  const given = alike.reduce((sum, { wanted }) => sum + wanted, 0)
  const max = codesMax(series)
  if (given + count <= max) return
  const room = `Codes of ${length} characters that begin with ${prefix} are safe from guessing up to ${max} of them, and there are ${given}.`
  throw new Problem(
    'coupon/space-too-small',
    `${room} Ask for fewer, or copy the offer with longer codes.`,
    { codesMax: max, given },
    [{ field: 'count', message: 'Ask for fewer.' }],
  )
}
