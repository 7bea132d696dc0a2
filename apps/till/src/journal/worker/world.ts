import { type Clock, fromBase64Url, type Random, type Sha256, type Verify } from '@nexus/sync'

/** Time of this worker: its monotonic clock starts with it, and so does its boot id (JRN-13). */
export function openClock(random: Random): Clock {
  return {
    wallMs: () => Date.now(),
    monotonicMs: () => Math.floor(performance.now()),
    bootId: random.uuid(Date.now()),
    after: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  }
}

export const browserRandom: Random = {
  uuid: (atMs) => uuidV7(atMs, crypto.getRandomValues(new Uint8Array(10))),
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
}

/** UUIDv7 (RFC 9562): 48 bits of time, version, variant, the rest random. */
function uuidV7(atMs: number, random: Uint8Array): string {
  const time = atMs.toString(16).padStart(12, '0')
  const hex = [...random].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const variant = (0x8 | ((random[0] ?? 0) & 0x3)).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(2, 5)}-${variant}${hex.slice(5, 8)}-${hex.slice(8, 20)}`
}

export const sha256: Sha256 = async (bytes) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', plain(bytes)))

/** ECDSA P-256 with SHA-256; the key as SubjectPublicKeyInfo. Anything malformed is no signature. */
export const verify: Verify = async (publicKey, bytes, signature) => {
  try {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const key = await crypto.subtle.importKey('spki', plain(fromBase64Url(publicKey)), algorithm, false, [
      'verify',
    ])
    const scheme = { name: 'ECDSA', hash: 'SHA-256' }
    return await crypto.subtle.verify(scheme, key, plain(fromBase64Url(signature)), plain(bytes))
  } catch {
    return false
  }
}

/** as: SubtleCrypto refuses shared memory, and nothing here makes any. */
const plain = (bytes: Uint8Array) => bytes as Uint8Array<ArrayBuffer>
