import { createHash } from 'node:crypto'
import { Problem, type RosterPerson } from '@nexus/contract'
import { canonicalBytes } from '@nexus/sync'
import type { Context } from '../../context.ts'
import type { DeviceCaller } from '../../http/serve.ts'
import { deviceVerifierKey } from '../stores/index.ts'
import { pinVerifier } from './pin.ts'
import { selectStaff } from './sql.ts'

const peopleMax = 1000

/**
 * The people who may work at a till: its store's staff, and those of all stores who have a PIN. The PIN
 * verifiers are made for this device. `version` is the same while nothing changed.
 *
 * Throws `device/unknown` for an epoch that was not enrolled here.
 */
export async function rosterFor(
  context: Context,
  device: DeviceCaller,
): Promise<{ version: string; people: RosterPerson[] }> {
  const key = await deviceVerifierKey(context, device.epoch)
  if (!key) {
    throw new Problem(
      'device/unknown',
      'The server does not know this epoch. The till says hello again by itself.',
    )
  }
  const staff = await selectStaff(
    context.database.read,
    { storeId: device.storeId, active: true },
    { column: 'name', descending: false },
    { offset: 0, limit: peopleMax },
  )
  const people = staff
    .filter((person) => person.storeIds !== null || person.pin !== null)
    .map(
      ({ id, name, login, role, language, pin }): RosterPerson => ({
        id,
        name,
        login,
        role,
        language,
        pin: pin && {
          salt: pin.salt.toString('base64url'),
          iterations: pin.iterations,
          verifier: pinVerifier(context.secrets, id, pin, key),
        },
      }),
    )
  return { version: createHash('sha256').update(canonicalBytes(people)).digest('base64url'), people }
}
