import { Problem } from '@nexus/contract'
import { couponCode } from '@nexus/domain'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { recordAudit } from '../audit/index.ts'
import { couponSeries } from '../rulebook/index.ts'
import type { Author } from './put-batch.ts'
import { batchMissing, codeMissing } from './queries.ts'
import { findBatch, findCode, lockCode, voidBatchAt, voidCodeAt } from './sql.ts'

type Parts = Pick<Context, 'database' | 'clock'>

/** Makes all codes of a batch void that are not redeemed; repeating changes nothing. Throws `coupon/batch-not-found`. */
export async function voidBatch({ database, clock }: Parts, id: string, author: Author): Promise<void> {
  await database.write(async (tx) => {
    const batch = await findBatch(tx, id)
    if (batch === undefined) throw batchMissing(id)
    if (batch.void_at !== null) return
    const at = clock.now()
    await voidBatchAt(tx, id, at)
    await audit(tx, author, at, batch.offer_id, { batch: batch.name })
  })
}

/** Makes one code void; repeating changes nothing. Throws `coupon/not-found`, `coupon/redeemed`. */
export async function voidCode({ database, clock }: Parts, entered: string, author: Author): Promise<void> {
  const code = couponCode(entered)
  await database.write(async (tx) => {
    const found = (await lockCode(tx, code)) ? await findCode(tx, code) : undefined
    if (found === undefined) throw codeMissing(code)
    if (found.void_at !== null) return
    if (found.uses !== null) {
      throw new Problem(
        'coupon/redeemed',
        'This code is redeemed already. It stays so; look at its bill instead.',
        { code },
      )
    }
    const at = clock.now()
    await voidCodeAt(tx, code, at)
    await audit(tx, author, at, found.offer_id, { code })
  })
}

async function audit(tx: Tx, author: Author, at: number, offerId: number, what: object): Promise<void> {
  const [series] = await couponSeries(tx, at, offerId)
  await recordAudit(tx, {
    ...author,
    at,
    subject: 'coupon-series',
    subjectId: String(offerId),
    label: series?.name ?? '',
    before: { ...what, void: false },
    after: { ...what, void: true },
  })
}
