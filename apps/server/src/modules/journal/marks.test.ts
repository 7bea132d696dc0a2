import { createPublicKey, verify } from 'node:crypto'
import { markBytes, readHqKey } from '@nexus/sync'
import { expect, test } from 'vitest'
import { serverKeys, signMark } from './marks.ts'
import { testKey } from './testing/scripted-till.ts'

function key() {
  const { privateKey, publicKey, keyId } = testKey()
  return { privateKey, publicKeySpki: publicKey, keyId }
}

function isSignedBy(spki: string, bytes: Uint8Array, signature: string | null): boolean {
  const signer = createPublicKey({ key: Buffer.from(spki, 'base64url'), format: 'der', type: 'spki' })
  return verify(
    'sha256',
    bytes,
    { key: signer, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature ?? '', 'base64url'),
  )
}

test('[JRN-9n] who trusts the enrolment key finds HQ’s key by it, and HQ’s marks by that', () => {
  const secrets = { enrolment: key(), hq: key() }
  const keys = serverKeys(secrets)
  expect(keys.enrolment).toBe(secrets.enrolment.publicKeySpki)
  const read = readHqKey(keys.hq.key)
  expect(read?.key).toEqual({
    use: 'hq-marks',
    publicKey: secrets.hq.publicKeySpki,
    keyId: secrets.hq.keyId,
  })
  expect(isSignedBy(keys.enrolment, read?.bytes ?? new Uint8Array(), keys.hq.signature)).toBe(true)
  const place = { epoch: crypto.randomUUID(), seq: 7, hash: 'A'.repeat(43), generation: 'g'.repeat(22) }
  const mark = signMark(secrets, 'durable', place)
  const hq = read?.key.publicKey ?? ''
  expect(isSignedBy(hq, markBytes('durable', place), mark.signature)).toBe(true)
  // A `received` is not a `durable`, and one place is not another.
  expect(isSignedBy(hq, markBytes('received', place), mark.signature)).toBe(false)
  expect(isSignedBy(hq, markBytes('durable', { ...place, seq: 8 }), mark.signature)).toBe(false)
})

test.each(['', 'e30', 'bm8gSlNPTg', Buffer.from('{"use":"hq-marks"}').toString('base64url')])(
  'what is no certified key is answered as none: %j',
  (text) => {
    expect(readHqKey(text)).toBeUndefined()
  },
)
