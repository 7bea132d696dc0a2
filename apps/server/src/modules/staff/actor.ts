import { Problem, type Role, type StaffBody } from '@nexus/contract'
import type { StaffCaller } from '../../http/serve.ts'
import { permissionsOf } from './roles.ts'

/** Who changes people: a signed-in person, who is held to their own rights, or a program. */
export type Actor = { how: string; caller?: StaffCaller }

/**
 * Throws `session/not-allowed` unless the actor may do all that the other person may, in every store
 * where that person works: nobody makes or takes over somebody more powerful than themselves.
 */
export function requireAuthorityOver(actor: Actor, person: Pick<StaffBody, 'role' | 'storeIds'>): void {
  const { caller } = actor
  if (!caller) return
  const beyond = [...permissionsOf(person.role)].filter((permission) => !caller.permissions.has(permission))
  if (beyond.length > 0) {
    throw new Problem('session/not-allowed', 'This role may do more than yours. Ask an administrator.', {
      role: person.role satisfies Role,
    })
  }
  if (!caller.storeIds) return
  const elsewhere = person.storeIds?.filter((storeId) => !caller.storeIds?.includes(storeId))
  if (!elsewhere || elsewhere.length > 0) {
    throw new Problem(
      'session/not-allowed',
      'This person works for stores that are not yours. Ask an administrator.',
      elsewhere ? { storeIds: elsewhere } : {},
    )
  }
}
