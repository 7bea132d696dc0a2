import { Problem } from '@nexus/contract'
import type { Context } from '../../context.ts'
import { type Counter, forgive, takeAttempt } from '../attempts/index.ts'
import { matchesHash } from './peppered-hash.ts'
import { findStaffByLogin, type StaffRecord } from './sql.ts'

const personPatience = { freeFailures: 5, firstDelayMs: 2000, delayMsMax: 900_000 }
/** Many people sit behind one address. */
const addressPatience = { freeFailures: 30, firstDelayMs: 1000, delayMsMax: 900_000 }

/**
 * Checks name and password. The answer never tells which of the two was wrong, nor by its delay whether
 * the name exists; every further failure of a name or an address makes the next attempt wait longer.
 *
 * Throws `session/refused`, `session/locked`.
 */
export async function signIn(
  context: Context,
  given: { login: string; password: string },
  address: string,
): Promise<StaffRecord> {
  const login = given.login.trim().toLowerCase()
  const ofAddress: Counter = { name: `sign-in:address:${address}`, patience: addressPatience }
  const ofPerson: Counter = { name: `sign-in:login:${login}`, patience: personPatience }
  const now = context.clock.now()
  const blockedUntil = await context.database.write((tx) => takeAttempt(tx, [ofAddress, ofPerson], now))
  if (blockedUntil !== undefined) {
    throw new Problem(
      'session/locked',
      `Too many failed attempts. Try again in ${Math.ceil((blockedUntil - now) / 1000)} seconds, or have the password reset.`,
      { retryAfterMs: blockedUntil - now },
    )
  }
  const person = await findStaffByLogin(context.database.read, login)
  const isRight = await matchesHash(context.secrets, given.password, person?.passwordHash ?? null)
  if (!person?.active || !isRight) {
    throw new Problem(
      'session/refused',
      'Name or password is wrong. Check both; an administrator can reset the password under Staff.',
    )
  }
  await context.database.write((tx) => forgive(tx, [ofPerson], [ofAddress], context.clock.now()))
  return person
}
