import { createHmac, pbkdf2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import { importVerifierKey, isPin, pinWaitMs } from './pin.ts'

/** As a server makes it. */
function verifierOf(pin: string, deviceKey: Buffer) {
  const salt = Buffer.from('0123456789abcdef')
  const derived = pbkdf2Sync(pin, salt, 1000, 32, 'sha256')
  const verifier = createHmac('sha256', deviceKey).update(derived).digest('base64url')
  return { salt: salt.toString('base64url'), iterations: 1000, verifier }
}

const deviceKey = Buffer.alloc(32, 7)
const otherKey = Buffer.alloc(32, 8)
const importKey = (key: Buffer) => importVerifierKey(key.toString('base64url'))

test('the right PIN is right, any other is wrong', async () => {
  const key = await importKey(deviceKey)
  const verifier = verifierOf('4711', deviceKey)
  expect(await isPin('4711', verifier, key)).toBe(true)
  for (const pin of ['4712', '471', '47111', '', '४७११']) expect(await isPin(pin, verifier, key)).toBe(false)
})

test('a roster that was copied to another device opens nothing there', async () => {
  expect(await isPin('4711', verifierOf('4711', deviceKey), await importKey(otherKey))).toBe(false)
})

test('the device key cannot be read back', async () => {
  const key = await importKey(deviceKey)
  expect(key.extractable).toBe(false)
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow()
})

test('two slips are free, then each wrong PIN doubles the wait up to a quarter of an hour', () => {
  const minutes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 50].map((wrong) => pinWaitMs(wrong) / 60_000)
  expect(minutes).toEqual([0, 0, 0, 0.5, 1, 2, 4, 8, 15, 15, 15])
})
