import { type OfferFormat, Problem } from '@nexus/contract'
import type { Context } from '../../context.ts'
import { recordAudit } from '../audit/index.ts'
import { insertOffer } from './desk/sql.ts'
import { currentHead, knownTo } from './make-head.ts'
import { faultsOfOffers } from './offer-faults.ts'

/** An offer that has no id yet. */
export type NewOffer = OfferFormat extends infer One ? (One extends unknown ? Omit<One, 'id'> : never) : never

/**
 * Adds an offer, for seeds; tills have it with the next published version.
 *
 * Throws Problem `request/invalid` for one that the engine cannot compute.
 */
export async function addOffer(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  offer: NewOffer,
  author: { by: string | null; how: string },
): Promise<number> {
  const numbered = [{ ...offer, id: 1 }]
  const known = await knownTo(database.read, await currentHead(database.read), numbered)
  const [fault] = faultsOfOffers(numbered, known, clock.now())
  if (fault) throw new Problem('request/invalid', fault.message)
  return await database.write(async (tx) => {
    const at = clock.now()
    const change = { state: 'published', changed_at: at, changed_by: author.by } as const
    const id = await insertOffer(tx, { ...change, definition: offer })
    await recordAudit(tx, {
      ...author,
      at,
      subject: 'offer',
      subjectId: String(id),
      label: offer.name,
      before: null,
      after: { id, ...offer },
    })
    return id
  })
}
