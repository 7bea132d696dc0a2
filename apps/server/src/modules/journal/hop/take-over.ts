import { firstPrevHashSync, type Hole, type PushAnswer, type PushRequest, prepareEntry } from '@nexus/sync'
import type { Tx } from '../../../db/database.ts'
import type { DeviceCaller } from '../../../http/serve.ts'
import { type PushTools, prepareOffered } from '../accept/accept-push.ts'
import { decideAndWrite, type GroupTools } from '../accept/write-group.ts'
import { startNewGeneration } from '../generation.ts'
import { slotHash } from '../queries.ts'
import { projectAnew } from '../rebuild/rebuild.ts'
import { sha256 } from '../sha256.ts'
import {
  findParcelEpoch,
  keepAside,
  keepCheckpoint,
  removeBranch,
  selectBranch,
  selectWrappedEffects,
} from './sql.ts'

/**
 * Headquarters chose another branch of an epoch (JRN-7n): in one transaction the own slots from the first
 * entry of the push on are kept aside as forks, the push takes their place, what is derived is derived
 * anew from the slots, and a new generation begins, so that every till compares its heads again (JRN-7o).
 * Answers the push; its `generation` is the new one.
 */
export async function takeOverBranch(
  tools: PushTools & GroupTools,
  caller: DeviceCaller,
  request: PushRequest,
): Promise<PushAnswer> {
  const { database, clock, projectors } = tools
  const offered = await prepareOffered(tools, caller, request)
  const { epoch: id, firstSeq, hole } = request
  const from = hole?.fromSeq ?? firstSeq
  return await database.write(async (tx) => {
    const epoch = await findParcelEpoch(tx, id)
    const linked = offered.push.entries[0]?.decoded.outline.prevHash ?? null
    const prevHash = hole === null ? linked : await hashBefore(tx, id, from, epoch?.holes ?? [])
    if (epoch === undefined || !prevHash) throw new Error(`epoch ${id} cannot be taken over`)
    const wrapped = new Set(await selectWrappedEffects(tx, epoch, from))
    const branch = (await selectBranch(tx, epoch, from)).map((slot) => ({
      ...slot,
      prepared: prepareEntry(slot.bytes, sha256),
    }))
    const forks = branch.flatMap(({ seq, prepared }) => {
      const { hash, bytes, inner, decoded } = prepared
      const own = { identity: hash, epoch: id, seq, prevHash: decoded.outline.prevHash, bytes }
      if (inner === null || !wrapped.has(inner.hash)) return [own]
      // What it wrote again acts no more by it: its till writes it once more.
      const { outline } = inner.decoded
      const place = { epoch: outline.epoch ?? id, seq: outline.seq ?? seq }
      return [own, { identity: inner.hash, ...place, prevHash: outline.prevHash, bytes: inner.bytes }]
    })
    // It signs the branch that leaves: forwarding its forks needs it.
    if (epoch.checkpoint) await keepCheckpoint(tx, epoch.storeNo, id, epoch.checkpoint)
    await removeBranch(tx, epoch, { seq: from - 1, hash: prevHash })
    await keepAside(tx, epoch.storeNo, forks, clock.now())
    const generation = await startNewGeneration(tx, clock.now())
    const [decision] = await decideAndWrite(tx, { database, projectors: [], generation }, [offered])
    await projectAnew(tx, database.dialect, projectors)
    if (decision === undefined) throw new Error('a push has an answer')
    return decision.answer
  })
}

/** Of the last entry that both branches share, also where a hole ends with it; undefined where nobody knows it. */
async function hashBefore(
  tx: Tx,
  epoch: string,
  seq: number,
  holes: readonly Hole[],
): Promise<string | undefined> {
  if (seq === 1) return firstPrevHashSync(epoch, sha256)
  const slot = await slotHash(tx, epoch, seq - 1)
  return slot ?? holes.find(({ toSeq }) => toSeq === seq - 1)?.lastHash
}
