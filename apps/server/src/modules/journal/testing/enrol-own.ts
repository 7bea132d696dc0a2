import { sign } from 'node:crypto'
import { certificateBytes, signedCertificate, toBase64Url } from '@nexus/sync'
import type { SigningKey } from '../../../secrets.ts'
import type { EnrolOwn } from '../index.ts'
import { sha256 } from '../sha256.ts'

/** Enrols own journals as the stores module does, without stores: codes count up in the bench. */
export function enrolOwnWith(enrolment: Pick<SigningKey, 'privateKey'>): EnrolOwn {
  const letters = 'ABCDEFGHJK'
  let codes = 0
  return async (_, { kind, register, epoch, publicKey }) => {
    const certificate = {
      tenant: uuidOfNumber(0),
      store: uuidOfNumber(0),
      register,
      epoch,
      code: kind === 'recovery' ? `KOR0${letters[codes++]}` : 'HQ',
      publicKey,
      keyId: toBase64Url(sha256(Buffer.from(publicKey, 'base64url'))),
    }
    const signature = sign('sha256', certificateBytes(certificate), {
      key: enrolment.privateKey,
      dsaEncoding: 'ieee-p1363',
    })
    return signedCertificate(certificate, signature.toString('base64url'))
  }
}

function uuidOfNumber(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
}
