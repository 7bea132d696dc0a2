import { type PreparedEntry, prepareEntry } from '@nexus/sync'
import type { Database, Dialect, Tx } from '../../../db/database.ts'
import { project } from '../project.ts'
import type { Fact, Projector } from '../projector.ts'
import { hashBytes } from '../rows.ts'
import { sha256 } from '../sha256.ts'
import {
  acceptedDiscrepancies,
  actedThemselves,
  type EpochKey,
  lockAllEpochs,
  readEffects,
  readSlotsAfter,
  releasedBytes,
  removeProjectorDiscrepancies,
  type StoredSlot,
} from './sql.ts'

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
      const found = await factsOf(tx, epoch, slots, registerNos)
      await project(tx, projectors, found)
      entries += slots.length
      facts += found.length
      onProgress(entries)
    }
  }
  return { entries, facts }
}

/** What acts on these slots: their own entries, re-homed ones inside them, released ones. */
async function factsOf(
  tx: Tx,
  epoch: EpochKey,
  slots: readonly StoredSlot[],
  registerNos: ReadonlyMap<string, number>,
): Promise<Fact[]> {
  const prepared = slots.map((slot) => ({ ...slot, entry: prepareEntry(slot.bytes, sha256) }))
  const others = await readEffects(tx, epoch, slots[0]?.seq ?? 0, slots.at(-1)?.seq ?? 0)
  const ownHashes = prepared.map(({ entry }) => entry.hash)
  const acted = await actedThemselves(tx, ownHashes)
  const released = await releasedBytes(
    tx,
    others.map(({ identity }) => identity),
  )
  const flagged = await acceptedDiscrepancies(tx, [...acted, ...others.map(({ identity }) => identity)])
  const facts: Fact[] = []
  const add = (seq: number, one: PreparedEntry | null | undefined, receivedAt: number) => {
    if (one?.decoded.kind !== 'ok') return
    const discrepancies = flagged.get(one.hash)
    facts.push({
      storeNo: epoch.storeNo,
      registerNo: registerNos.get(one.decoded.entry.epoch) ?? epoch.registerNo,
      epochNo: epoch.epochNo,
      seq,
      identity: hashBytes(one.hash),
      entry: one.decoded.entry,
      receivedAt,
      ...(discrepancies ? { discrepancies } : {}),
    })
  }
  const othersBySlot = Map.groupBy(others, ({ seq }) => seq)
  for (const { seq, entry, receivedAt } of prepared) {
    if (acted.has(entry.hash)) add(seq, entry, receivedAt)
    for (const other of othersBySlot.get(seq) ?? []) {
      const bytes = released.get(other.identity)
      if (bytes !== undefined) add(seq, prepareEntry(bytes, sha256), other.receivedAt)
      else if (entry.inner?.hash === other.identity) add(seq, entry.inner, other.receivedAt)
    }
  }
  return facts
}
