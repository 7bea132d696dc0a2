import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { fromBase64Url, toBase64Url } from '../canonical/base64url.ts'
import { canonicalBytes } from '../canonical/json.ts'
import { fromUtf8 } from '../canonical/utf8.ts'
import type { SignedCertificate } from '../messages.ts'
import { Hash, Uuid } from './schema.ts'

/** An epoch's enrolment, signed by the tenant's enrolment key (JRN-4). */
export const Certificate = Type.Object({
  tenant: Uuid,
  store: Uuid,
  register: Uuid,
  epoch: Uuid,
  /** Series code of the epoch: at most 6, first a letter (JRN-14a). */
  code: Type.String({ pattern: '^[A-Z][A-Z0-9]{0,5}$' }),
  /** SubjectPublicKeyInfo, base64url. */
  publicKey: Type.String({ minLength: 1, maxLength: 400, pattern: '^[A-Za-z0-9_-]+$' }),
  /** SHA-256 of the SubjectPublicKeyInfo. */
  keyId: Hash,
})
export type Certificate = Static<typeof Certificate>

const validator = Compile(Certificate)

/** The bytes that the enrolment key signs. */
export function certificateBytes(certificate: Certificate): Uint8Array {
  return canonicalBytes(certificate)
}

/** Certificate and signature as messages and entry 1 carry them. */
export function signedCertificate(certificate: Certificate, signature: string): SignedCertificate {
  return { certificate: toBase64Url(certificateBytes(certificate)), signature }
}

/** Reads a certificate without checking its signature; undefined where it is none. */
export function readCertificate(text: string): { certificate: Certificate; bytes: Uint8Array } | undefined {
  try {
    const bytes = fromBase64Url(text)
    const certificate: unknown = JSON.parse(fromUtf8(bytes))
    return validator.Check(certificate) ? { certificate, bytes } : undefined
  } catch {
    // Bytes of strangers: what is no certificate is answered as none, whatever is wrong with it.
    return undefined
  }
}
