import type { RosterPerson } from '@nexus/contract'
import { isPin, pinWaitMs } from '../../device/pin.ts'
import type { SignInResult, TillPerson } from '../../device/types.ts'
import type { JournalDatabase } from './journal-db.ts'

/** What the page may know of a person. */
export function personOf({ id, name, login, role, language, pin }: RosterPerson): TillPerson {
  return { id, name, login, role, language, hasPin: pin !== null }
}

/**
 * Checks a PIN by this device's verifier. A wrong one is counted before it is looked at, durably, so
 * that closing the window in time buys no further try. `at` is the till's time.
 */
export async function checkPin(
  journal: JournalDatabase,
  person: RosterPerson | undefined,
  pin: string,
  at: number,
): Promise<{ result: SignInResult; verified: boolean }> {
  if (!person) return { result: { outcome: 'unknown-person' }, verified: false }
  const signedIn = { outcome: 'signed-in', person: personOf(person) } as const
  const key = await journal.device('verifierKey')
  // The database was lost and with it the key: people are chosen by name until the next enrolment (JRN-3).
  if (!key) return { result: signedIn, verified: false }
  if (!person.pin) return { result: { outcome: 'no-pin' }, verified: false }

  const db = await journal.db()
  const { wrong, lastAt } = (await db.get('attempts', person.id)) ?? { wrong: 0, lastAt: 0 }
  const waitMs = pinWaitMs(wrong) - Math.max(0, at - lastAt)
  if (waitMs > 0) return { result: { outcome: 'locked', retryAfterMs: waitMs }, verified: false }
  const tx = db.transaction('attempts', 'readwrite', { durability: 'strict' })
  await Promise.all([tx.store.put({ wrong: wrong + 1, lastAt: at }, person.id), tx.done])
  if (!(await isPin(pin, person.pin, key))) {
    return { result: { outcome: 'wrong-pin', retryAfterMs: pinWaitMs(wrong + 1) }, verified: false }
  }
  await db.delete('attempts', person.id)
  return { result: signedIn, verified: true }
}
