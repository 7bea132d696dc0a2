import { createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { Problem } from '@nexus/contract'
import { seal, unseal } from '../../sealing.ts'
import type { Secrets } from '../../secrets.ts'
import { pepperedHash } from './peppered-hash.ts'
import type { SealedPin } from './sql.ts'

const derive = promisify(pbkdf2)
/** What a till's slow processor does in about a tenth of a second; the device key carries the weight. */
const iterations = 100_000

/**
 * What the server keeps of a PIN: Argon2id with the pepper for a check of its own, and what a verifier for
 * each device is made of. Tills check PINs offline and browsers have PBKDF2 only, so its output must be at
 * hand; it is unreadable without the sealing key.
 */
export async function secretsOfPin(
  secrets: Pick<Secrets, 'pepper' | 'sealing'>,
  staffId: string,
  pin: string,
): Promise<SealedPin & { hash: string }> {
  const salt = randomBytes(16)
  const [derived, hash] = await Promise.all([
    derive(pin, salt, iterations, 32, 'sha256'),
    pepperedHash(secrets, pin, belongingOf(staffId)),
  ])
  return { salt, iterations, sealed: seal(secrets.sealing, belongingOf(staffId), derived), hash }
}

function belongingOf(staffId: string): string {
  return `pin:${staffId}`
}

/** HMAC-SHA256 of PBKDF2-SHA256 of the PIN under the device's key, base64url: of use on that device only. */
export function pinVerifier(
  secrets: Pick<Secrets, 'sealing'>,
  staffId: string,
  pin: SealedPin,
  deviceKey: Buffer,
): string {
  const derived = unseal(secrets.sealing, belongingOf(staffId), pin.sealed)
  return createHmac('sha256', deviceKey).update(derived).digest('base64url')
}

/** Throws `staff/pin-weak` for one digit or group repeated, and for digits that count up or down. */
export function requireStrongPin(pin: string): void {
  if (isRepeated(pin) || counts(pin, 1) || counts(pin, -1)) {
    throw new Problem(
      'staff/pin-weak',
      'Digits that repeat or count up or down are guessed first. Choose others.',
      {},
      [{ field: 'pin', message: 'too easy to guess' }],
    )
  }
}

/** 0000, 1212, 123123. */
function isRepeated(pin: string): boolean {
  return /^(.+)\1+$/.test(pin)
}

/** 1234, 7890, 9876, 2109: each digit the one before plus `step`, 0 beside 9. */
function counts(pin: string, step: number): boolean {
  const digits = [...pin].map(Number)
  return digits.every((digit, at) => at === 0 || digit === ((digits[at - 1] ?? 0) + step + 10) % 10)
}
