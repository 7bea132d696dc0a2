import { Problem, type StaffBody } from '@nexus/contract'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { writeRacing } from '../../db/write-racing.ts'
import { recordAudit } from '../audit/index.ts'
import { selectStores } from '../stores/index.ts'
import { type Actor, requireAuthorityOver } from './actor.ts'
import { permissionsOf } from './roles.ts'
import {
  deleteSessionsOf,
  findStaff,
  findStaffByLogin,
  insertStaff,
  type StaffRecord,
  updateStaff,
} from './sql.ts'

/**
 * Creates or changes a person; the caller makes the id, so a re-send is harmless. Somebody who is
 * switched off is signed out everywhere.
 *
 * Throws `staff/login-taken`, `staff/self-lockout`, `store/not-found`, `session/not-allowed`.
 */
export async function putStaff(
  context: Context,
  actor: Actor,
  staffId: string,
  body: StaffBody,
): Promise<void> {
  await writeRacing(context.database, (tx) => writeStaff(tx, context.clock.now(), actor, staffId, body))
}

async function writeStaff(
  tx: Tx,
  now: number,
  actor: Actor,
  staffId: string,
  body: StaffBody,
): Promise<void> {
  const before = await findStaff(tx, staffId)
  requireAuthorityOver(actor, body)
  if (before) requireAuthorityOver(actor, before)
  if (actor.caller?.staffId === staffId && isLockout(actor.caller.storeIds, body)) {
    throw new Problem(
      'staff/self-lockout',
      'With this change you could not undo it. Ask another administrator to make it.',
    )
  }
  const holder = await findStaffByLogin(tx, body.login)
  if (holder && holder.id !== staffId) {
    throw new Problem(
      'staff/login-taken',
      `Another person signs in as ${body.login}. Choose another name.`,
      {},
      [{ field: 'login', message: 'taken' }],
    )
  }
  await requireStores(tx, body.storeIds)
  if (before) await updateStaff(tx, staffId, body)
  else await insertStaff(tx, staffId, body)
  if (!body.active) await deleteSessionsOf(tx, staffId)
  await recordAudit(tx, {
    at: now,
    by: actor.caller?.staffId ?? null,
    how: actor.how,
    subject: 'staff',
    subjectId: staffId,
    label: body.name,
    before: before ? settingsOf(before) : null,
    after: body,
  })
}

/** Would the person lose the right to change people, or sight of stores? */
function isLockout(ownStores: readonly string[] | undefined, body: StaffBody): boolean {
  if (!body.active || !permissionsOf(body.role).has('staff.write')) return true
  if (body.storeIds === null) return false
  return ownStores === undefined || ownStores.some((storeId) => !body.storeIds?.includes(storeId))
}

async function requireStores(tx: Tx, storeIds: readonly string[] | null): Promise<void> {
  if (!storeIds || storeIds.length === 0) return
  const known = new Set((await selectStores(tx, storeIds)).map((store) => store.id))
  const unknown = storeIds.find((storeId) => !known.has(storeId))
  if (unknown) {
    throw new Problem(
      'store/not-found',
      'One of the stores does not exist. Choose from the list of stores.',
      { storeId: unknown },
      [{ field: 'storeIds', message: 'unknown' }],
    )
  }
}

/** What people set; hashes and sealed PINs never reach the audit trail. */
function settingsOf(person: StaffRecord): StaffBody {
  const { name, login, role, storeIds, active, language } = person
  return { name, login, role, storeIds, active, language }
}
