import { sign } from 'node:crypto'
import { type HqKey, hqKeyBytes, type Mark, markBytes, type ServerKeys, signedHqKey } from '@nexus/sync'
import type { Context } from '../../context.ts'

const dsaEncoding = 'ieee-p1363'

/** A mark with HQ's signature (r ‖ s, base64url) over the canonical JSON of {mark, epoch, seq, hash, generation}. */
export function signMark(
  { hq }: Pick<Context['secrets'], 'hq'>,
  kind: 'received' | 'durable',
  mark: Omit<Mark, 'signature'>,
): Mark {
  const signature = sign('sha256', markBytes(kind, mark), { key: hq.privateKey, dsaEncoding })
  return { ...mark, signature: signature.toString('base64url') }
}

/** The keys by which tills know HQ's marks, with the enrolment key's signature. */
export function serverKeys({ enrolment, hq }: Pick<Context['secrets'], 'enrolment' | 'hq'>): ServerKeys {
  const key: HqKey = { use: 'hq-marks', publicKey: hq.publicKeySpki, keyId: hq.keyId }
  const signature = sign('sha256', hqKeyBytes(key), { key: enrolment.privateKey, dsaEncoding })
  return { enrolment: enrolment.publicKeySpki, hq: signedHqKey(key, signature.toString('base64url')) }
}
