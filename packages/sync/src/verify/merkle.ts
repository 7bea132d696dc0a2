import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import type { Sha256Sync } from '../ports.ts'

/**
 * Merkle tree as RFC 6962 hashes it: leaves behind a byte 0, inner nodes behind a byte 1, so that neither
 * passes for the other. Hashes are base64url.
 */

/** Hash of a leaf whose content is these bytes. */
export function leafHash(bytes: Uint8Array, sha256: Sha256Sync): string {
  const prefixed = new Uint8Array(bytes.length + 1)
  prefixed.set(bytes, 1)
  return toBase64Url(sha256(prefixed))
}

function nodeHash(left: string, right: string, sha256: Sha256Sync): string {
  const bytes = new Uint8Array(65)
  bytes[0] = 1
  bytes.set(fromBase64Url(left), 1)
  bytes.set(fromBase64Url(right), 33)
  return toBase64Url(sha256(bytes))
}

/** A tree over leaf hashes; of no leaves its root is the hash of nothing. */
export function merkleTree(
  leaves: readonly string[],
  sha256: Sha256Sync,
): { root: string; path(leaf: number): string[] } {
  const levels: (readonly string[])[] = [leaves]
  for (let level = leaves; level.length > 1; ) {
    const above: string[] = []
    for (let left = 0; left < level.length; left += 2) {
      const [a = '', b] = [level[left], level[left + 1]]
      above.push(b === undefined ? a : nodeHash(a, b, sha256))
    }
    levels.push(above)
    level = above
  }
  return {
    root: levels.at(-1)?.[0] ?? toBase64Url(sha256(new Uint8Array())),
    path(leaf) {
      const path: string[] = []
      let at = leaf
      for (const level of levels) {
        const sibling = level[at ^ 1]
        if (sibling !== undefined) path.push(sibling)
        at >>= 1
      }
      return path
    },
  }
}

/** The root to which a leaf's path leads; undefined where the path does not fit its place (RFC 9162, 2.1.3.2). */
export function rootOfPath(
  leaf: { hash: string; index: number; count: number; path: readonly string[] },
  sha256: Sha256Sync,
): string | undefined {
  if (leaf.index >= leaf.count) return undefined
  let at = leaf.index
  let last = leaf.count - 1
  let hash = leaf.hash
  for (const sibling of leaf.path) {
    if (last === 0) return undefined
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash, sha256)
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2)
        last = Math.floor(last / 2)
      }
    } else {
      hash = nodeHash(hash, sibling, sha256)
    }
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? hash : undefined
}
