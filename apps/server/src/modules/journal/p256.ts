import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { fromBase64Url } from '@nexus/sync'

/** An ECDSA P-256 key of SPKI bytes, base64url; undefined for anything else: strangers send any text. */
export function parseP256(publicKey: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' })
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    return undefined
  }
}

/** Whether a signature (r ‖ s, base64url) is the key's over the bytes; false also for a malformed one. */
export function isSignedBy(key: KeyObject | undefined, bytes: Uint8Array, signature: string): boolean {
  if (key === undefined) return false
  let raw: Uint8Array
  try {
    raw = fromBase64Url(signature)
  } catch {
    return false
  }
  return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, raw)
}
