import type { Database, Dialect, Tx } from '../../../db/database.ts'
import { project } from '../project.ts'
import type { Projector } from '../projector.ts'
import { factsOf, prepareSlots } from './facts.ts'
import { lockAllEpochs, readSlotsAfter, removeProjectorDiscrepancies } from './sql.ts'

const slotsMax = 500

/**
 * Empties every projection and derives it again from the journals' bytes, in one transaction: it either
 * ends with all rows new or leaves the old ones. Pushes wait, or are told to come again, meanwhile.
 * Answers how many entries were read and how many of them act.
 *
 * @param onProgress told of entries read so far
 */
export async function rebuildProjections(
  database: Database,
  projectors: readonly Projector[],
  onProgress: (entries: number) => void = () => {},
): Promise<{ entries: number; facts: number }> {
  return await database.write((tx) => projectAnew(tx, database.dialect, projectors, onProgress))
}

/** The same inside a transaction that also changes the journals. */
export async function projectAnew(
  tx: Tx,
  dialect: Dialect,
  projectors: readonly Projector[],
  onProgress: (entries: number) => void = () => {},
): Promise<{ entries: number; facts: number }> {
  const epochs = await lockAllEpochs(tx, dialect)
  for (const projector of projectors) await projector.clear(tx)
  await removeProjectorDiscrepancies(tx)
  const registerNos = new Map(epochs.map(({ epoch, registerNo }) => [epoch, registerNo]))
  let entries = 0
  let facts = 0
  for (const epoch of epochs) {
    for (let afterSeq = 0; ; ) {
      const slots = await readSlotsAfter(tx, epoch, afterSeq, slotsMax)
      const last = slots.at(-1)
      if (last === undefined) break
      afterSeq = last.seq
      const found = await factsOf(tx, epoch, prepareSlots(slots), registerNos)
      await project(tx, projectors, found)
      entries += slots.length
      facts += found.length
      onProgress(entries)
    }
  }
  return { entries, facts }
}
