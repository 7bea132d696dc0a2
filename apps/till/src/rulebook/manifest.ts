import type { RulebookManifest } from '@nexus/contract'
import type { RulebookProduct } from '@nexus/domain'
import { canonicalBytes, toBase64Url } from '@nexus/sync'
import { chunkOf, readRows } from './packed.ts'

/** SHA-256 as unpadded base64url. */
export async function hashOf(bytes: Uint8Array): Promise<string> {
  // as: SubtleCrypto refuses shared memory, and nothing here makes any.
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)))
}

/** Whether a manifest's checksum is the one of what it lists. */
export async function isWhole({ version, checksum, headHash, chunks }: RulebookManifest): Promise<boolean> {
  const listed = { version, head: headHash, chunks: chunks.map(({ index, hash }) => [index, hash]) }
  return (await hashOf(canonicalBytes(listed))) === checksum
}

/** Hashes of everything that a version consists of: the head, then the chunks. */
export function partsOf({ headHash, chunks }: RulebookManifest): string[] {
  return [headHash, ...chunks.map(({ hash }) => hash)]
}

export type Delta = { rows: readonly RulebookProduct[]; removed: readonly number[] }

/** Bytes of a chunk after a delta. They are the new ones only if their hash says so. */
export function applyDelta(index: number, old: Uint8Array | undefined, delta: Delta): Uint8Array {
  const rows = new Map((old ? readRows(old) : []).map((row) => [row.id, row]))
  for (const id of delta.removed) rows.delete(id)
  for (const row of delta.rows) if (chunkOf(row.id) === index) rows.set(row.id, row)
  return canonicalBytes([...rows.values()].sort((one, other) => one.id - other.id))
}
