import type { Context } from '../../context.ts'
import { recordAudit } from '../audit/index.ts'
import { couponSeries } from '../rulebook/index.ts'
import type { Author } from './put-batch.ts'
import type { CodeQuery } from './queries.ts'
import { findBatch } from './sql.ts'

/** Writes into the audit trail who takes a file of codes, and which: each code is worth money. */
export async function noteExport(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  { offer, batch: batchId, state, q }: CodeQuery,
  author: Author,
): Promise<void> {
  await database.write(async (tx) => {
    const at = clock.now()
    const batch = batchId === undefined ? undefined : await findBatch(tx, batchId)
    const offerId = offer ?? batch?.offer_id
    const [series] = offerId === undefined ? [] : await couponSeries(tx, at, offerId)
    await recordAudit(tx, {
      ...author,
      at,
      subject: 'coupon-series',
      subjectId: String(offerId ?? ''),
      label: series?.name ?? '',
      // An export makes nothing: it stands as a change from nobody having the file.
      before: { exported: null },
      after: { exported: batch?.name ?? true, state: state ?? null, search: q ?? null },
    })
  })
}
