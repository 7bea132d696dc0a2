import { decodeEntry, type Entry, type EpochNote, type PrimaryCopy } from '@nexus/sync'
import { type ShiftState, shiftAfter } from '../shift-state.ts'

const PAGE = 200

/**
 * The shift that is open at the end of the journal, with what happened in it: reads back to the last
 * opening or closing, then forward. undefined when none is open.
 */
export async function readOpenShift(
  primary: PrimaryCopy,
  epochs: readonly EpochNote[],
  head: { epoch: string; seq: number },
): Promise<ShiftState | undefined> {
  const entries: Entry[] = []
  for (const { epoch, last, base } of epochs.toReversed()) {
    const baseSeq = base?.seq ?? 0
    const lastSeq = epoch === head.epoch ? head.seq : (last?.seq ?? 0)
    for (let to = lastSeq; to > baseSeq; to -= PAGE) {
      const from = Math.max(baseSeq + 1, to - PAGE + 1)
      for (const { bytes } of (await primary.readEntries(epoch, from, to - from + 1)).toReversed()) {
        const decoded = decodeEntry(bytes)
        if (decoded.kind !== 'ok') continue
        if (decoded.entry.type === 'shift-closed') return fold(entries)
        entries.push(decoded.entry)
        if (decoded.entry.type === 'shift-opened') return fold(entries)
      }
    }
  }
  return fold(entries)
}

/** Entries arrive newest first. */
function fold(entries: readonly Entry[]): ShiftState | undefined {
  return entries.reduceRight<ShiftState | undefined>(shiftAfter, undefined)
}
