import { type OfferRow, type OfferSheet, type OfferStatus, type PageOf, Problem } from '@nexus/contract'
import type { Db } from '../../../db/database.ts'
import { currentHead, knownTo } from '../make-head.ts'
import { faultsOfOffers, type PublishFault } from '../offer-faults.ts'
import { countOffers, findOffer, type OfferRecord, offersPage } from './sql.ts'

export type NamesOf = (db: Db, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
export type OfferQuery = { page?: number; pageSize?: number; q?: string; status?: OfferStatus }

/** Counting stops here; screens then say "more than". */
const totalMax = 10_000

/** A page of offers, last changed first. */
export async function offerPage(
  db: Db,
  namesOf: NamesOf,
  query: OfferQuery,
  now: number,
): Promise<PageOf<OfferRow>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const filter = { status: query.status, q: query.q, now }
  const [total, offers] = await Promise.all([
    countOffers(db, filter, totalMax + 1),
    offersPage(db, filter, { offset: (page - 1) * pageSize, limit: pageSize }),
  ])
  const names = await namesOf(
    db,
    offers.flatMap((offer) => offer.changed_by ?? []),
  )
  return {
    rows: offers.map((offer) => rowOf(offer, names, now)),
    page,
    pageSize,
    total: Math.min(total, totalMax),
    totalIsExact: total <= totalMax,
  }
}

/** One offer with what keeps it from being published. Throws `offer/not-found`. */
export async function offerSheet(db: Db, namesOf: NamesOf, id: number, now: number): Promise<OfferSheet> {
  const offer = await offerOf(db, id)
  const names = await namesOf(db, offer.changed_by === null ? [] : [offer.changed_by])
  return {
    row: rowOf(offer, names, now),
    definition: offer.definition,
    faults: offer.state === 'stopped' ? [] : await faultsOf(db, offer, now),
  }
}

export async function offerOf(db: Db, id: number): Promise<OfferRecord> {
  const offer = await findOffer(db, id)
  if (offer) return offer
  throw new Problem('offer/not-found', 'There is no such offer. Choose one from the list of offers.', {
    offerId: id,
  })
}

/** What is wrong with an offer, alone and beside those that are published; fields are its own members. */
export async function faultsOf(
  db: Db,
  { id, definition }: Pick<OfferRecord, 'id' | 'definition'>,
  now: number,
): Promise<PublishFault[]> {
  const head = await currentHead(db)
  const offers = [...head.offers.filter((other) => other.id !== id), { ...definition, id }]
  const place = `offers/${id}`
  return faultsOfOffers(offers, await knownTo(db, head, offers), now)
    .filter(({ field }) => field === place || field.startsWith(`${place}/`))
    .map(({ field, message }) => ({ field: field.slice(place.length + 1), message }))
}

function rowOf(offer: OfferRecord, names: ReadonlyMap<string, string>, now: number): OfferRow {
  const { storeIds, priority } = offer.definition as { storeIds?: unknown; priority?: unknown }
  return {
    id: offer.id,
    name: offer.name,
    effect: offer.definition.effect,
    priority: typeof priority === 'number' && Number.isSafeInteger(priority) ? priority : 0,
    status: statusOf(offer, now),
    from: offer.from_at,
    until: offer.until_at,
    stores: Array.isArray(storeIds) ? storeIds.length : null,
    revision: offer.revision,
    changedAt: offer.changed_at,
    changedBy: offer.changed_by === null ? null : (names.get(offer.changed_by) ?? null),
  }
}

/** Where an offer stands in its life. */
export function statusOf({ state, from_at, until_at }: OfferRecord, now: number): OfferStatus {
  if (state !== 'published') return state === 'draft' ? 'draft' : 'stopped'
  if (from_at !== null && from_at > now) return 'scheduled'
  return until_at !== null && until_at <= now ? 'ended' : 'live'
}
