import { Problem, type RegisterBody } from '@nexus/contract'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { writeRacing } from '../../db/write-racing.ts'
import { recordAudit } from '../audit/index.ts'
import type { Author } from './put-company.ts'
import { storeMissing } from './queries.ts'
import {
  findRegister,
  findRegisterByNumber,
  findStore,
  insertRegister,
  type RegisterRecord,
  type RegisterStatus,
  updateRegister,
} from './sql.ts'

/**
 * Creates or changes a register; the caller makes the id, so a re-send is harmless.
 *
 * Throws `store/not-found`, `register/code-taken`, `register/store-fixed`.
 */
export async function putRegister(
  context: Context,
  author: Author,
  registerId: string,
  body: RegisterBody,
): Promise<void> {
  await writeRacing(context.database, (tx) =>
    writeRegister(tx, context.clock.now(), author, registerId, body),
  )
}

async function writeRegister(
  tx: Tx,
  now: number,
  { by, how }: Author,
  registerId: string,
  body: RegisterBody,
): Promise<void> {
  const store = await findStore(tx, body.storeId)
  if (!store) throw storeMissing(body.storeId)
  const before = await findRegister(tx, registerId)
  if (before && before.storeId !== body.storeId) {
    throw new Problem(
      'register/store-fixed',
      'A register stays in its store, since its journal and bill numbers do. Add a register to the other store.',
      { storeId: before.storeId },
    )
  }
  const holder = await findRegisterByNumber(tx, body.storeId, body.number)
  if (holder && holder.id !== registerId) {
    throw new Problem(
      'register/code-taken',
      `${store.name} has a register ${body.number} already. Choose another number.`,
      { registerId: holder.id },
      [{ field: 'number', message: 'taken' }],
    )
  }
  if (before) await updateRegister(tx, registerId, body)
  else await insertRegister(tx, registerId, body)
  await recordAudit(tx, {
    at: now,
    by,
    how,
    subject: 'register',
    subjectId: registerId,
    label: `${store.code} register ${body.number}`,
    before: before ? settingsOf(before) : null,
    after: body,
  })
}

/** What people set; the rest is told by the till. */
function settingsOf(register: RegisterRecord & { status: RegisterStatus }): RegisterBody {
  const { storeId, number, name, active } = register
  return { storeId, number, name, active }
}
