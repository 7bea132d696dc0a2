import { normaliseGtin } from '@nexus/domain'

/** Codes and what bears them, sorted by key: 12 bytes a code. */
export type CodeIndex = {
  /** A number for codes that are one, a hash for the others; see `codeKey`. */
  keys: Float64Array
  /** Place of the product in the table of products; same order as `keys`. */
  owners: Uint32Array
}

/** Hashes lie in [2^52, 2^53), numbers below 10^15: no number looks like a hash. */
const HASH_BASE = 2 ** 52

/**
 * Key of a code in any form it is scanned or typed. Different codes of one catalogue share a key with a
 * probability of 1 in 10^5 for 100,000 codes that are no numbers, so owners are candidates to be checked.
 */
export function codeKey(code: string): number {
  const plain = normaliseGtin(code) ?? code.trim().toUpperCase()
  // A number with zeros before it is another code than the number alone.
  if (/^(?:0|[1-9][0-9]{0,14})$/.test(plain)) return Number(plain)
  return HASH_BASE + hash52(plain)
}

/** Two rounds of a multiplicative 32-bit hash, 26 bits of each. Not for adversaries. */
function hash52(text: string): number {
  let high = 0x9e3779b9
  let low = 0x85ebca6b
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    high = Math.imul(high ^ unit, 0x01000193)
    low = Math.imul(low ^ unit, 0x5bd1e995)
    low ^= low >>> 15
  }
  high ^= high >>> 16
  high = Math.imul(high, 0xc2b2ae35)
  high ^= high >>> 13
  return (high >>> 6) * 2 ** 26 + (low >>> 6)
}

/** Builds the index; `codes[n]` are the codes of the product at place n. */
export function buildCodeIndex(codes: readonly (readonly string[])[]): CodeIndex {
  const pairs: { key: number; owner: number }[] = []
  codes.forEach((ofOne, owner) => {
    for (const key of new Set(ofOne.map(codeKey))) pairs.push({ key, owner })
  })
  pairs.sort((one, other) => one.key - other.key || one.owner - other.owner)
  return {
    keys: Float64Array.from(pairs, ({ key }) => key),
    owners: Uint32Array.from(pairs, ({ owner }) => owner),
  }
}

/** Places of the products that bear the code, ascending. */
export function findCode({ keys, owners }: CodeIndex, code: string): number[] {
  const key = codeKey(code)
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] ?? 0) < key) low = middle + 1
    else high = middle
  }
  const found: number[] = []
  for (; keys[low] === key; low++) found.push(owners[low] ?? 0)
  return found
}
