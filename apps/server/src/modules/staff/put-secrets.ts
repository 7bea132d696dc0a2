import { Problem } from '@nexus/contract'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { recordAudit } from '../audit/index.ts'
import { type Actor, requireAuthorityOver } from './actor.ts'
import { requireStrongPassword } from './password.ts'
import { pepperedHash } from './peppered-hash.ts'
import { requireStrongPin, secretsOfPin } from './pin.ts'
import { staffMissing } from './queries.ts'
import {
  deleteSessionsOf,
  findStaff,
  findStaffByLogin,
  type StaffRecord,
  updatePassword,
  updatePin,
} from './sql.ts'

/**
 * Sets or resets a person's PIN for tills; tills know it with their next roster.
 *
 * Throws `staff/not-found`, `staff/pin-weak`, `session/not-allowed`.
 */
export async function putPin(context: Context, actor: Actor, staffId: string, pin: string): Promise<void> {
  requireStrongPin(pin)
  const kept = await secretsOfPin(context.secrets, staffId, pin)
  await change(context, actor, staffId, 'pin', async (tx, person) => await updatePin(tx, person.id, kept))
}

/**
 * Sets or resets a person's password and signs them out everywhere.
 *
 * Throws `staff/not-found`, `staff/password-weak`, `session/not-allowed`.
 */
export async function putPassword(
  context: Context,
  actor: Actor,
  staffId: string,
  password: string,
): Promise<void> {
  const person = await findStaff(context.database.read, staffId)
  if (!person) throw staffMissing(staffId)
  requireStrongPassword(password, person)
  const hash = await pepperedHash(context.secrets, password)
  await change(context, actor, staffId, 'password', async (tx) => {
    await updatePassword(tx, staffId, hash)
    await deleteSessionsOf(tx, staffId)
  })
}

/**
 * `nexus reset-password`: for whoever has the machine when nobody can sign in any more.
 *
 * Throws `staff/not-found`, `staff/password-weak`.
 */
export async function resetPassword(context: Context, login: string, password: string): Promise<void> {
  const person = await findStaffByLogin(context.database.read, login)
  if (!person) {
    throw new Problem('staff/not-found', `Nobody signs in as ${login}. Look the name up under Staff.`, {
      login,
    })
  }
  await putPassword(context, { how: 'command-line' }, person.id, password)
}

async function change(
  context: Context,
  actor: Actor,
  staffId: string,
  what: 'pin' | 'password',
  write: (tx: Tx, person: StaffRecord) => Promise<void>,
): Promise<void> {
  await context.database.write(async (tx) => {
    const person = await findStaff(tx, staffId)
    if (!person) throw staffMissing(staffId)
    requireAuthorityOver(actor, person)
    await write(tx, person)
    await recordAudit(tx, {
      at: context.clock.now(),
      by: actor.caller?.staffId ?? null,
      how: actor.how,
      subject: 'staff',
      subjectId: staffId,
      label: person.name,
      before: null,
      after: { changed: what },
    })
  })
}
