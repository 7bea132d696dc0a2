import { type EntryRecord, type PrimaryChange, toBase64Url } from '@nexus/sync'
import { type Disk, nodeSha256, readSegment } from '@nexus/sync/testing'

/** A copy of a device's disk. Records are replaced, never changed, so they are shared. */
export function copyOfDisk(disk: Disk): Disk {
  return {
    head: disk.head,
    notes: disk.notes,
    entries: new Map(disk.entries),
    lastSeqs: new Map(disk.lastSeqs),
    endings: new Map(disk.endings),
    personal: new Map(disk.personal),
    segments: new Map(disk.segments),
    keys: new Map(disk.keys),
  }
}

/** Puts the state of one disk on another, which running tills hold by reference. */
export function putBack(disk: Disk, state: Disk): void {
  Object.assign(disk, copyOfDisk(state))
}

/** Remembers what a change of the first copy will replace; calling the answer puts it back: it was lost. */
export function rememberPrimary(disk: Disk, { entries, personal }: PrimaryChange): () => void {
  const { head, notes } = disk
  const before = entries.map(({ epoch, seq, ending }) => {
    const key = `${epoch}/${seq}`
    return { key, epoch, ending, record: disk.entries.get(key), lastSeq: disk.lastSeqs.get(epoch) }
  })
  const known = personal.filter(({ identity }) => disk.personal.has(identity))
  return () => {
    Object.assign(disk, { head, notes })
    for (const { key, epoch, ending, record, lastSeq } of before.toReversed()) {
      if (record === undefined) disk.entries.delete(key)
      else disk.entries.set(key, record)
      if (lastSeq === undefined) disk.lastSeqs.delete(epoch)
      else disk.lastSeqs.set(epoch, lastSeq)
      if (ending !== undefined && record === undefined) disk.endings.delete(ending)
    }
    for (const item of personal) if (!known.includes(item)) disk.personal.delete(item.identity)
  }
}

/** The same of the second copy. */
export function rememberTwin(disk: Disk): () => void {
  const segments = new Map(disk.segments)
  return () => {
    disk.segments = segments
  }
}

/** Everything that the second copy can give back, by identity. */
export function twinEntries(disk: Disk): Map<string, Uint8Array> {
  const held = new Map<string, Uint8Array>()
  for (const bytes of disk.segments.values()) {
    for (const entry of readSegment(bytes).entries) held.set(entry.hash, entry.bytes)
  }
  return held
}

/** Whether both copies hold the same entries, undamaged, so that either may be lost. */
export function areEqual(disk: Disk): boolean {
  const twin = twinEntries(disk)
  const isSame = ({ hash, bytes }: EntryRecord) => {
    const held = twin.get(hash)
    return held !== undefined && Buffer.compare(held, bytes) === 0
  }
  return disk.entries.size === twin.size && [...disk.entries.values()].every(isSame)
}

/** Whether an entry stands in either copy. */
export function holds(disk: Disk, identity: string): boolean {
  for (const record of disk.entries.values()) if (record.hash === identity && isIntact(record)) return true
  return twinEntries(disk).has(identity)
}

/** Whether a record's bytes are still what was written. */
export function isIntact({ bytes, hash }: EntryRecord): boolean {
  return toBase64Url(nodeSha256(bytes)) === hash
}

/** Somebody deletes the first copy, or the browser does; keys lie beside it. */
export function wipePrimary(disk: Disk): void {
  Object.assign(disk, {
    head: undefined,
    notes: undefined,
    entries: new Map(),
    lastSeqs: new Map(),
    endings: new Map(),
    personal: new Map(),
    keys: new Map(),
  })
}

/** A copy of some bytes with one of them altered. */
export function altered(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = (copy[at] ?? 0) ^ 0x20
  return copy
}
