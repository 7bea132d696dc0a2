import { Problem } from '@nexus/contract'
import type { Context } from '../../context.ts'
import { recordAudit } from '../audit/index.ts'
import { findStore, hashOfCode, newCode } from '../stores/index.ts'
import { insertCode } from './sql.ts'

const lifetimeMs = 24 * 3600_000

/**
 * Makes a one-time code by which a store server joins, e.g. `K7QM-2XRD`; older codes of the store end. The
 * code is kept nowhere, only its HMAC. Throws `store/not-found`.
 *
 * @param origin where the store server reaches headquarters
 */
export async function makeStoreServerCode(
  context: Context,
  storeId: string,
  { by, how, origin }: { by: string | null; how: string; origin: string },
): Promise<{ code: string; expiresAt: number; command: string }> {
  const now = context.clock.now()
  const code = newCode()
  const expiresAt = now + lifetimeMs
  await context.database.write(async (tx) => {
    const store = await findStore(tx, storeId)
    if (!store) throw new Problem('store/not-found', 'There is no such store.', { storeId })
    const hash = hashOfCode(context, `store-server:${code}`)
    await insertCode(tx, { hash, storeId, createdAt: now, createdBy: by, expiresAt })
    await recordAudit(tx, {
      at: now,
      by,
      how,
      subject: 'store-server-code',
      subjectId: storeId,
      label: store.code,
      before: null,
      after: { expiresAt },
    })
  })
  return { code, expiresAt, command: `nexus store-server join --hq ${origin} --code ${code}` }
}
