import type { RosterPerson } from '@nexus/contract'
import { fromBase64Url } from '@nexus/sync'

type Verifier = NonNullable<RosterPerson['pin']>

/** Two slips of the finger cost nothing; from the third on each wrong PIN doubles the wait. */
const FREE_ATTEMPTS = 2
const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 15 * 60_000

/** How long after the last of so many wrong PINs the next one is looked at. */
export function pinWaitMs(wrong: number): number {
  if (wrong <= FREE_ATTEMPTS) return 0
  return Math.min(FIRST_WAIT_MS * 2 ** (wrong - FREE_ATTEMPTS - 1), LONGEST_WAIT_MS)
}

/** The key of the roster's verifiers as enrolment hands it over; from here on nobody can read it. */
export function importVerifierKey(key: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', fromBase64Url(key), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'verify',
  ])
}

/**
 * Whether the PIN is the person's: HMAC-SHA256 under this device's key over PBKDF2-SHA256 of the PIN,
 * 32 bytes. A roster copied to another device says nothing there.
 */
export async function isPin(pin: string, verifier: Verifier, key: CryptoKey): Promise<boolean> {
  const secret = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, [
    'deriveBits',
  ])
  const derived = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt: fromBase64Url(verifier.salt), iterations: verifier.iterations },
    secret,
    256,
  )
  return crypto.subtle.verify('HMAC', key, fromBase64Url(verifier.verifier), derived)
}
