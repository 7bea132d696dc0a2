import { type Static, Type } from 'typebox'
import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import { canonicalBytes } from '../canonical/json.ts'
import { DateText, Hash, Instant, OrNull, Positive, Uuid, Whole } from '../entry/schema.ts'
import { Generation } from '../messages.ts'
import type { Sha256Sync } from '../ports.ts'

/**
 * What HQ signs over the journals (JRN-17c): ECDSA P-256 by its key, over the canonical JSON of the
 * record. `kind` keeps one record from passing for another; `keyId` is the SHA-256 of the key's
 * SubjectPublicKeyInfo.
 */

/**
 * Countersignature: HQ received the slots fromSeq..toSeq of an epoch, in one row and by the end of the
 * day (Asia/Kolkata). Its canonical JSON is a leaf of the day's tree.
 */
export const ReceivedRecord = Type.Object({
  kind: Type.Literal('received'),
  register: Uuid,
  epoch: Uuid,
  day: DateText,
  fromSeq: Positive,
  toSeq: Positive,
  /** Of the slot toSeq: the head that HQ countersigns. */
  hash: Hash,
  /** Running hash over all of the slots, which holds also where a slot names no predecessor. */
  entries: Hash,
  /** When the slot toSeq was received, ms UTC. */
  receivedAt: Instant,
  keyId: Hash,
})
export type ReceivedRecord = Static<typeof ReceivedRecord>

/** Root of one day over all registers; `previous` is the hash of the record of the day before. */
export const DayRoot = Type.Object({
  kind: Type.Literal('day-root'),
  day: DateText,
  /** Life of HQ's data: after a restore days may be signed a second time, in a new one. */
  generation: Generation,
  leaves: Whole,
  root: Hash,
  previous: OrNull(Hash),
  keyId: Hash,
})
export type DayRoot = Static<typeof DayRoot>

/** What HQ held of a register when it exported: nothing of the file can be taken away or exchanged. */
export const ExportStatement = Type.Object({
  kind: Type.Literal('export'),
  tenant: Uuid,
  store: Uuid,
  register: Uuid,
  exportedAt: Instant,
  /** Hash of the newest day root in the file. */
  lastDay: OrNull(Hash),
  epochs: Type.Array(
    Type.Object({
      epoch: Uuid,
      /** Head: the last slot, also where it is a declared hole. */
      seq: Whole,
      hash: Hash,
      /** Running hashes over the entries, and over the epoch's other lines (without data of people). */
      entries: Hash,
      lines: Hash,
    }),
  ),
  keyId: Hash,
})
export type ExportStatement = Static<typeof ExportStatement>

/** Name of a record, e.g. of a day root: SHA-256 of its canonical JSON. */
export function recordHash(record: DayRoot, sha256: Sha256Sync): string {
  return toBase64Url(sha256(canonicalBytes(record)))
}

/** Begin of every running hash: 32 bytes of zero. */
export const noHash = toBase64Url(new Uint8Array(32))

/** A running hash one step on: SHA-256 of the hash so far and the next 32 bytes. */
export function runOn(running: string, next: string, sha256: Sha256Sync): string {
  const bytes = new Uint8Array(64)
  bytes.set(fromBase64Url(running))
  bytes.set(fromBase64Url(next), 32)
  return toBase64Url(sha256(bytes))
}

/** The same for a line of a journal file, by its canonical JSON. */
export function runOnLine(running: string, line: object, sha256: Sha256Sync): string {
  return runOn(running, toBase64Url(sha256(canonicalBytes(line))), sha256)
}
