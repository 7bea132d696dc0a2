import { type PreparedEntry, prepareEntry } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import type { Fact } from '../projector.ts'
import { hashBytes } from '../rows.ts'
import { sha256 } from '../sha256.ts'
import {
  acceptedDiscrepancies,
  actedThemselves,
  type EpochKey,
  readEffects,
  releasedBytes,
  type StoredSlot,
} from './sql.ts'

/** A slot whose bytes were hashed and decoded. */
export type PreparedSlot = StoredSlot & { entry: PreparedEntry }

export function prepareSlots(slots: readonly StoredSlot[]): PreparedSlot[] {
  return slots.map((slot) => ({ ...slot, entry: prepareEntry(slot.bytes, sha256) }))
}

/**
 * What acts on these slots: their own entries, re-homed ones inside them, released ones. `registerNos` by
 * epoch: what a server re-homed belongs to the register that sold it.
 */
export async function factsOf(
  db: Db,
  epoch: EpochKey,
  slots: readonly PreparedSlot[],
  registerNos: ReadonlyMap<string, number>,
): Promise<Fact[]> {
  const others = await readEffects(db, epoch, slots[0]?.seq ?? 0, slots.at(-1)?.seq ?? 0)
  const ownHashes = slots.map(({ entry }) => entry.hash)
  const acted = await actedThemselves(db, ownHashes)
  const released = await releasedBytes(
    db,
    others.map(({ identity }) => identity),
  )
  const flagged = await acceptedDiscrepancies(db, [...acted, ...others.map(({ identity }) => identity)])
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
  for (const { seq, entry, receivedAt } of slots) {
    if (acted.has(entry.hash)) add(seq, entry, receivedAt)
    for (const other of othersBySlot.get(seq) ?? []) {
      const bytes = released.get(other.identity)
      if (bytes !== undefined) add(seq, prepareEntry(bytes, sha256), other.receivedAt)
      else if (entry.inner?.hash === other.identity) add(seq, entry.inner, other.receivedAt)
    }
  }
  return facts
}
