import type { Context } from '../../context.ts'
import type { Job } from '../../jobs/index.ts'
import { randomCodes } from './random-codes.ts'
import { addCodes, findBatch, knownCodes, unfinishedBatch } from './sql.ts'

/** Codes of one transaction: enough for 100,000 in seconds, few enough for a sale to get in between. */
const portion = 1000

/** Makes the codes of batches that lack some, a portion a round, so that a restart goes on where it was. */
export function couponCodesJob({ database }: Pick<Context, 'database'>): Job {
  return {
    name: 'coupon-codes',
    everyMs: 1000,
    async run(lease) {
      const waiting = await unfinishedBatch(database.read)
      if (waiting === undefined) return false
      await database.write(async (tx) => {
        await lease.hold(tx)
        const batch = await findBatch(tx, waiting.id)
        if (batch === undefined || batch.void_at !== null) return
        const drawn = randomCodes(batch, Math.min(portion, batch.wanted - batch.made))
        const known = await knownCodes(tx, drawn)
        await addCodes(
          tx,
          batch,
          drawn.filter((code) => !known.has(code)),
        )
      })
      return true
    },
  }
}
