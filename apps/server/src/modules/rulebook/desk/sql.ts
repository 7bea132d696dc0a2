import type { OfferDefinition, OfferStatus } from '@nexus/contract'
import type { Db, Tx } from '../../../db/database.ts'
import { containing } from '../../../db/like.ts'
import type { OfferTable } from '../tables.ts'

export type OfferRecord = Omit<OfferTable, 'definition'> & { definition: OfferDefinition }

/** An offer's columns that say again what its definition says. */
function columnsOf(
  definition: OfferDefinition,
): Pick<OfferTable, 'definition' | 'name' | 'from_at' | 'until_at'> {
  return {
    definition: JSON.stringify(definition),
    name: definition.name,
    from_at: instantOf(definition.from),
    until_at: instantOf(definition.until),
  }
}

/** A draft may hold anything where an instant belongs. */
function instantOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}

/** Writes an offer and gives it the next id. Two writers at a time: `writeRacing`. */
export async function insertOffer(
  tx: Tx,
  offer: Pick<OfferTable, 'state' | 'changed_at' | 'changed_by'> & { definition: OfferDefinition },
): Promise<number> {
  const newest = await tx
    .selectFrom('offer')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst()
  const id = Number(newest?.id ?? 0) + 1
  const { definition, ...columns } = offer
  await tx
    .insertInto('offer')
    .values({ id, revision: 1, ...columns, ...columnsOf(definition) })
    .execute()
  return id
}

/** An offer that nobody has thrown away. */
export async function findOffer(db: Db, id: number): Promise<OfferRecord | undefined> {
  const row = await db
    .selectFrom('offer')
    .selectAll()
    .where('id', '=', id)
    .where('state', '!=', 'removed')
    .executeTakeFirst()
  return row && recordOf(row)
}

/** Changes an offer that still is what it was: state and revision as read. False when it is not. */
export async function updateOffer(
  tx: Tx,
  before: Pick<OfferRecord, 'id' | 'state' | 'revision'>,
  change: Pick<OfferTable, 'state' | 'changed_at' | 'changed_by'> & { definition: OfferDefinition },
): Promise<boolean> {
  const { definition, ...columns } = change
  const { numUpdatedRows } = await tx
    .updateTable('offer')
    .set({ ...columns, ...columnsOf(definition), revision: before.revision + 1 })
    .where('id', '=', before.id)
    .where('state', '=', before.state)
    .where('revision', '=', before.revision)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export type OfferFilter = { status: OfferStatus | undefined; q: string | undefined; now: number }

function matching(db: Db, { status, q, now }: OfferFilter) {
  let query = db.selectFrom('offer')
  if (status === 'draft' || status === 'stopped') query = query.where('state', '=', status)
  else if (status !== undefined) query = query.where('state', '=', 'published')
  else query = query.where('state', '!=', 'removed')
  if (status === 'scheduled') query = query.where('from_at', '>', now)
  if (status === 'ended') query = query.where('until_at', '<=', now)
  if (status === 'live') {
    query = query
      .where('from_at', '<=', now)
      .where(({ eb, or }) => or([eb('until_at', 'is', null), eb('until_at', '>', now)]))
  }
  if (q) query = query.where('name', 'like', containing(q))
  return query
}

export async function countOffers(db: Db, filter: OfferFilter, max: number): Promise<number> {
  const row = await db
    .selectFrom(matching(db, filter).select('id').limit(max).as('found'))
    .select(({ fn }) => fn.countAll<number | string>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(row.total)
}

/** Offers, last changed first. */
export async function offersPage(
  db: Db,
  filter: OfferFilter,
  page: { offset: number; limit: number },
): Promise<OfferRecord[]> {
  const rows = await matching(db, filter)
    .selectAll()
    .orderBy('changed_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return rows.map(recordOf)
}

/** Offers that may be coupons, the newest first: nobody has thrown them away, and their text has the word. */
export async function couponOffers(db: Db, id?: number): Promise<OfferRecord[]> {
  let query = db
    .selectFrom('offer')
    .selectAll()
    .where('state', '!=', 'removed')
    .where('definition', 'like', '%"coupon"%')
  if (id !== undefined) query = query.where('id', '=', id)
  return (await query.orderBy('id', 'desc').execute()).map(recordOf)
}

function recordOf(row: OfferTable): OfferRecord {
  // The desk wrote it.
  return { ...row, definition: JSON.parse(row.definition) as OfferDefinition }
}
