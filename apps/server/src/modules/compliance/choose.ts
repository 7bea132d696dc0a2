import { type LateChoice, Problem } from '@nexus/contract'
import type { Context } from '../../context.ts'
import { requireStore, type StaffCaller } from '../../http/serve.ts'
import { recordAudit } from '../audit/index.ts'
import { selectStoreKeys } from '../stores/index.ts'
import { findLateDocument, putLateChoice } from './sql.ts'

/**
 * Keeps how a late document enters the tax returns, and who said so. Choosing again replaces the choice.
 * Throws `late-document/not-found`, `session/not-allowed`.
 *
 * @param identity base64url
 */
export async function chooseForLate(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  caller: StaffCaller,
  { identity, document }: { identity: string; document: number },
  choice: LateChoice,
): Promise<void> {
  const bytes = Buffer.from(identity, 'base64url')
  const stores = await selectStoreKeys(database.read)
  await database.write(async (tx) => {
    const late = await findLateDocument(tx, bytes, document)
    const store = stores.find(({ no }) => no === late?.store_no)
    if (late === undefined || store === undefined) {
      throw new Problem(
        'late-document/not-found',
        'The tax queue holds no such document. Load the list again.',
      )
    }
    requireStore(caller, store.id)
    const chosen = { choice, chosen_by: caller.staffId, chosen_at: clock.now() }
    await putLateChoice(tx, { identity: bytes, document, ...chosen })
    await recordAudit(tx, {
      at: chosen.chosen_at,
      by: caller.staffId,
      how: 'back-office',
      subject: 'late-document',
      subjectId: `${identity}/${document}`,
      label: late.number,
      before: late.choice && { choice: late.choice },
      after: { choice },
    })
  })
}
