import { type HoleReason, Problem } from '@nexus/contract'
import { requireStore, type StaffCaller } from '../../../http/serve.ts'
import { personalOf, settledAlready } from './decided.ts'
import type { DecisionTools } from './ports.ts'
import { findEpoch, lostHoles } from './sql.ts'

export type LostHoleWish = { fromSeq: number; toSeq: number; reason: HoleReason; remark: string }

/**
 * A named person says that these slots of a declared hole will never be filled (JRN-9d): `durable` passes
 * them then, and the loss has its incident (I10). Bytes that turn up all the same still fill them.
 *
 * Throws `entry/not-found`, `decision/too-late` when it was said before or the hole was filled.
 */
export async function loseHole(
  tools: DecisionTools,
  caller: StaffCaller,
  epochId: string,
  { fromSeq, toSeq, reason, remark }: LostHoleWish,
): Promise<void> {
  const epoch = await findEpoch(tools.database.read, epochId)
  if (epoch === undefined)
    throw new Problem('entry/not-found', 'No such epoch is known. Load the list again.')
  requireStore(caller, epoch.store)
  await tools.own.write({
    address: { kind: 'hq', storeNo: 0 },
    staff: caller.staffId,
    async compose(tx, { now }) {
      const lost = await lostHoles(tx, [epochId])
      if (lost.some((one) => one.fromSeq <= fromSeq && toSeq <= one.toSeq)) throw settledAlready('lost')
      const holes = (await findEpoch(tx, epochId))?.holes ?? []
      if (!holes.some((hole) => hole.fromSeq <= fromSeq && toSeq <= hole.toSeq))
        throw settledAlready('filled')
      await tools.noteAudit(tx, {
        by: caller.staffId,
        how: 'back-office',
        at: now,
        subject: 'hole',
        subjectId: epochId,
        label: `${epoch.code} ${fromSeq}–${toSeq}`,
        before: { state: 'declared', fromSeq, toSeq },
        after: { state: 'lost', fromSeq, toSeq, why: reason, remark: remark || null },
      })
      return [{ type: 'hole-lost', body: { epoch: epochId, fromSeq, toSeq, reason }, ...personalOf(remark) }]
    },
  })
}
