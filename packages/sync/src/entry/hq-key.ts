import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import { canonicalBytes } from '../canonical/json.ts'
import { fromUtf8 } from '../canonical/utf8.ts'
import { Hash } from './schema.ts'

/** HQ's key for marks, as the tenant's enrolment key certifies it to tills and hops (JRN-9). */
export const HqKey = Type.Object({
  /** Tells it from an enrolment, which the same key signs. */
  use: Type.Literal('hq-marks'),
  /** SubjectPublicKeyInfo, base64url. */
  publicKey: Type.String({ minLength: 1, maxLength: 400, pattern: '^[A-Za-z0-9_-]+$' }),
  keyId: Hash,
})
export type HqKey = Static<typeof HqKey>

const validator = Compile(HqKey)

/** The bytes that the enrolment key signs. */
export function hqKeyBytes(key: HqKey): Uint8Array {
  return canonicalBytes(key)
}

/** Key and signature as messages carry them. */
export function signedHqKey(key: HqKey, signature: string): { key: string; signature: string } {
  return { key: toBase64Url(hqKeyBytes(key)), signature }
}

/** Reads a certified key without checking its signature; undefined where it is none. */
export function readHqKey(text: string): { key: HqKey; bytes: Uint8Array } | undefined {
  try {
    const bytes = fromBase64Url(text)
    const key: unknown = JSON.parse(fromUtf8(bytes))
    return validator.Check(key) ? { key, bytes } : undefined
  } catch {
    // Bytes of strangers: what is no key is answered as none, whatever is wrong with it.
    return undefined
  }
}
