import { Problem, type StoreBody } from '@nexus/contract'
import { type GstinFault, parseGstin, stateName } from '@nexus/domain'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import { writeRacing } from '../../db/write-racing.ts'
import { recordAudit } from '../audit/index.ts'
import type { Author } from './put-company.ts'
import { findStore, findStoreByCode, insertStore, updateStore } from './sql.ts'

/**
 * Creates or changes a store; the caller makes the id, so a re-send is harmless.
 *
 * Throws `store/gstin-invalid`, `store/gstin-mismatch`, `store/code-taken`.
 */
export async function putStore(
  context: Context,
  author: Author,
  storeId: string,
  body: StoreBody,
): Promise<void> {
  requireGstin(body)
  await writeRacing(context.database, (tx) => writeStore(tx, context.clock.now(), author, storeId, body))
}

async function writeStore(
  tx: Tx,
  now: number,
  { by, how }: Author,
  storeId: string,
  body: StoreBody,
): Promise<void> {
  const holder = await findStoreByCode(tx, body.code)
  if (holder && holder.id !== storeId) {
    throw new Problem(
      'store/code-taken',
      `${holder.name} has the code ${body.code}. Choose another; it begins the store's bill numbers.`,
      { storeId: holder.id },
      [{ field: 'code', message: 'taken' }],
    )
  }
  const before = await findStore(tx, storeId)
  if (before) await updateStore(tx, storeId, body)
  else await insertStore(tx, storeId, body)
  await recordAudit(tx, {
    at: now,
    by,
    how,
    subject: 'store',
    subjectId: storeId,
    label: `${body.code} ${body.name}`,
    before: before ?? null,
    after: await findStore(tx, storeId),
  })
}

const faults: Record<GstinFault, string> = {
  length: 'A GSTIN has 15 characters.',
  format: 'A GSTIN is two digits of the State, the PAN, a letter or digit, Z and a check character.',
  state: 'The first two digits are no State.',
  'check-character': 'The last character does not fit the others: one of them was typed wrong.',
}

function requireGstin(body: StoreBody): void {
  const gstin = parseGstin(body.gstin)
  if ('fault' in gstin) {
    throw new Problem(
      'store/gstin-invalid',
      `${faults[gstin.fault]} Compare it with the registration certificate.`,
      { gstin: body.gstin, fault: gstin.fault },
      [{ field: 'gstin', message: gstin.fault }],
    )
  }
  if (gstin.stateCode !== body.state) {
    throw new Problem(
      'store/gstin-mismatch',
      `The GSTIN is registered in ${stateName(gstin.stateCode) ?? gstin.stateCode}, the store lies in ${stateName(body.state) ?? body.state}. Correct one of them.`,
      { gstin: body.gstin, state: body.state },
      [{ field: 'state', message: 'differs from the GSTIN' }],
    )
  }
}
