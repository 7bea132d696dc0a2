import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import {
  type Certificate,
  certificateBytes,
  readCertificate,
  requestBytes,
  type SignedCertificate,
  type SignedCheckpoint,
  signedCertificate,
  verifyCheckpoint,
} from '@nexus/sync'
import type { Secrets } from '../../../secrets.ts'

/** Signatures are r ‖ s, 64 bytes: the form that WebCrypto makes and reads. */
const dsaEncoding = 'ieee-p1363'

/** Signs an enrolment with the tenant's enrolment key (JRN-4). */
export function issueCertificate(
  secrets: Pick<Secrets, 'enrolment'>,
  certificate: Certificate,
): SignedCertificate {
  const bytes = certificateBytes(certificate)
  const signature = sign('sha256', bytes, { key: secrets.enrolment.privateKey, dsaEncoding })
  return signedCertificate(certificate, signature.toString('base64url'))
}

/** The certificate if the tenant's enrolment key signed it; undefined for any other bytes. */
export function proveCertificate(
  secrets: Pick<Secrets, 'enrolment'>,
  signed: SignedCertificate,
): Certificate | undefined {
  const read = readCertificate(signed.certificate)
  if (read === undefined) return undefined
  // A store server has the chain's public key and no private one.
  const key = deviceKey(secrets.enrolment.publicKeySpki)
  return key && isSignedBy(key, read.bytes, signed.signature) ? read.certificate : undefined
}

/** Whether a checkpoint is of this epoch's register and signed by the epoch's key. */
export function isCheckpointOf(
  epoch: { registerId: string; publicKey: string; keyId: string },
  signed: SignedCheckpoint,
): boolean {
  const { registerId: register, publicKey, keyId } = epoch
  return verifyCheckpoint(
    signed,
    { register, publicKey, keyId },
    {
      verify(spki, bytes, signature) {
        const key = deviceKey(spki)
        return key !== undefined && isSignedBy(key, bytes, signature)
      },
    },
  )
}

/** Whether this epoch's key signed the whole request: what was seen elsewhere proves nothing (ADR 0011). */
export function isRequestOf(
  epoch: { publicKey: string },
  request: { requestId: string; signature: string | null },
): boolean {
  const key = deviceKey(epoch.publicKey)
  return (
    key !== undefined &&
    request.signature !== null &&
    isSignedBy(key, requestBytes(request), request.signature)
  )
}

/** SHA-256 of the SPKI bytes, base64url. */
export function keyIdOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('base64url')
}

/** An ECDSA P-256 key; undefined for other bytes. */
export function deviceKey(publicKey: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' })
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    // A stranger's bytes: whatever is wrong with them, they are no key.
    return undefined
  }
}

function isSignedBy(key: KeyObject, bytes: Uint8Array, signature: string): boolean {
  return verify('sha256', bytes, { key, dsaEncoding }, Buffer.from(signature, 'base64url'))
}
