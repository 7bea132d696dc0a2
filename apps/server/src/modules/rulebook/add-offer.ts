import { Problem } from '@nexus/contract'
import type { Offer } from '@nexus/domain'
import type { Context } from '../../context.ts'
import { recordAudit } from '../audit/index.ts'
import { selectStoreKeys } from '../stores/index.ts'
import { faultsOfOffer } from './make-head.ts'
import { insertOffer } from './sql.ts'

/**
 * Adds an offer, for seeds; tills have it with the next published version.
 *
 * Throws Problem `request/invalid` for one that the engine cannot compute.
 */
export async function addOffer(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  offer: Omit<Offer, 'id'>,
  author: { by: string | null; how: string },
): Promise<number> {
  const stores = new Set((await selectStoreKeys(database.read)).map((store) => store.id))
  const [fault] = faultsOfOffer({ ...offer, id: 1 }, stores)
  if (fault) throw new Problem('request/invalid', fault.message)
  return await database.write(async (tx) => {
    const id = await insertOffer(tx, offer)
    await recordAudit(tx, {
      ...author,
      at: clock.now(),
      subject: 'offer',
      subjectId: String(id),
      label: offer.name,
      before: null,
      after: { id, ...offer },
    })
    return id
  })
}
