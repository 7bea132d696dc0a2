import type { CouponState } from '@nexus/contract'
import type { ExpressionBuilder, ExpressionWrapper, Nullable, SqlBool } from 'kysely'
import type { Db, Schema, Tx } from '../../db/database.ts'
import { containing } from '../../db/like.ts'
import { addToRows, insertRows } from '../../db/rows.ts'
import type { CouponBatchTable, CouponCodeTable, CouponRedemptionTable, CouponUseTable } from './tables.ts'

export async function insertBatch(tx: Tx, batch: CouponBatchTable): Promise<void> {
  await tx.insertInto('coupon_batch').values(batch).execute()
}

export async function findBatch(db: Db, id: string): Promise<CouponBatchTable | undefined> {
  return await db.selectFrom('coupon_batch').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Batches of series, the newest first. */
export async function batchesOf(db: Db, offerIds: readonly number[]): Promise<CouponBatchTable[]> {
  if (offerIds.length === 0) return []
  return await db
    .selectFrom('coupon_batch')
    .selectAll()
    .where('offer_id', 'in', [...offerIds])
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute()
}

/** A batch that still lacks codes, the oldest first. */
export async function unfinishedBatch(db: Db): Promise<CouponBatchTable | undefined> {
  return await db
    .selectFrom('coupon_batch')
    .selectAll()
    .whereRef('made', '<', 'wanted')
    .where('void_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .executeTakeFirst()
}

/** Those of some codes that exist. */
export async function knownCodes(db: Db, codes: readonly string[]): Promise<Set<string>> {
  if (codes.length === 0) return new Set()
  const rows = await db
    .selectFrom('coupon_code')
    .select('code')
    .where('code', 'in', [...codes])
    .execute()
  return new Set(rows.map((row) => row.code))
}

/** Adds codes that do not exist yet to a batch. */
export async function addCodes(
  tx: Tx,
  batch: Pick<CouponBatchTable, 'id' | 'offer_id'>,
  codes: readonly string[],
): Promise<void> {
  const rest = { batch_id: batch.id, offer_id: batch.offer_id, void_at: null }
  const rows = codes.map((code) => ({ code, ...rest, reserved_by: null, reserved_until: null }))
  await insertRows(tx, 'coupon_code', rows)
  await tx
    .updateTable('coupon_batch')
    .set(({ eb }) => ({ made: eb('made', '+', codes.length) }))
    .where('id', '=', batch.id)
    .execute()
}

export async function voidBatchAt(tx: Tx, id: string, at: number): Promise<void> {
  await tx.updateTable('coupon_batch').set({ void_at: at }).where('id', '=', id).execute()
}

export async function voidCodeAt(tx: Tx, code: string, at: number): Promise<void> {
  await tx.updateTable('coupon_code').set({ void_at: at }).where('code', '=', code).execute()
}

/** A code with what its batch says and on how many bills it was redeemed. */
export type CodeRecord = CouponCodeTable & {
  batch_name: string
  batch_void_at: number | null
  expires_at: number | null
  uses: number | null
}

/** Every code has a batch; an inner join would let MariaDB begin there and sort all of its codes for a page. */
function codes(db: Db) {
  return db
    .selectFrom('coupon_code')
    .leftJoin('coupon_batch', 'coupon_batch.id', 'coupon_code.batch_id')
    .leftJoin('coupon_use', 'coupon_use.code', 'coupon_code.code')
}

export async function findCode(db: Db, code: string): Promise<CodeRecord | undefined> {
  return (await selectCodes(db, { code }, { after: '', limit: 1 }))[0]
}

/** Lets one transaction at a time decide about a code; the others wait for its end. False: no such code. */
export async function lockCode(tx: Tx, code: string): Promise<boolean> {
  const held = await tx.updateTable('coupon_code').set({ code }).where('code', '=', code).executeTakeFirst()
  return held.numUpdatedRows > 0n
}

export async function reserveCode(tx: Tx, code: string, registerId: string, until: number): Promise<void> {
  await tx
    .updateTable('coupon_code')
    .set({ reserved_by: registerId, reserved_until: until })
    .where('code', '=', code)
    .execute()
}

/** Ends a reservation of this register; any other stays. */
export async function releaseCode(tx: Tx, code: string, registerId: string): Promise<void> {
  await tx
    .updateTable('coupon_code')
    .set({ reserved_by: null, reserved_until: null })
    .where('code', '=', code)
    .where('reserved_by', '=', registerId)
    .execute()
}

export type CodeFilter = {
  code?: string
  offerId?: number | undefined
  batchId?: string | undefined
  /** A state, and the instant that decides what is over. */
  state?: { is: CouponState; now: number } | undefined
  /** A part of the code, in capitals. */
  part?: string | undefined
}

function matching(db: Db, { code, offerId, batchId, state, part }: CodeFilter) {
  let query = codes(db)
  if (code !== undefined) query = query.where('coupon_code.code', '=', code)
  if (offerId !== undefined) query = query.where('coupon_code.offer_id', '=', offerId)
  if (batchId !== undefined) query = query.where('coupon_code.batch_id', '=', batchId)
  if (part) query = query.where('coupon_code.code', 'like', containing(part))
  if (state !== undefined) query = query.where((eb) => isIn(eb, state.is, state.now))
  return query
}

type Joined = ExpressionBuilder<
  Pick<Schema, 'coupon_code'> & {
    coupon_batch: Nullable<CouponBatchTable>
    coupon_use: Nullable<CouponUseTable>
  },
  'coupon_code' | 'coupon_batch' | 'coupon_use'
>

/** The same order as `stateOf` in queries.ts: what comes first counts. */
function isIn(eb: Joined, state: CouponState, now: number): ExpressionWrapper<never, never, SqlBool> {
  const isRedeemed = eb('coupon_use.uses', 'is not', null)
  const isVoid = eb.or([
    eb('coupon_code.void_at', 'is not', null),
    eb('coupon_batch.void_at', 'is not', null),
  ])
  const isExpired = eb(eb.fn.coalesce('coupon_batch.expires_at', eb.val(Number.MAX_SAFE_INTEGER)), '<=', now)
  const isReserved = eb(eb.fn.coalesce('coupon_code.reserved_until', eb.val(0)), '>', now)
  const inOrder = [
    ['redeemed', isRedeemed],
    ['void', isVoid],
    ['expired', isExpired],
    ['reserved', isReserved],
  ] as const
  const at = inOrder.findIndex(([name]) => name === state)
  const before = inOrder.slice(0, at < 0 ? inOrder.length : at).map(([, condition]) => eb.not(condition))
  const own = inOrder[at]?.[1]
  return eb.and(own === undefined ? before : [...before, own])
}

/** How many codes match, counting no further than `max`. */
export async function countCodes(db: Db, filter: CodeFilter, max: number): Promise<number> {
  const row = await db
    .selectFrom(matching(db, filter).select('coupon_code.code').limit(max).as('found'))
    .select(({ fn }) => fn.countAll<number | string>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(row.total)
}

/** Codes in their order, from an offset or behind a code. */
export async function selectCodes(
  db: Db,
  filter: CodeFilter,
  { offset = 0, after, limit }: { offset?: number; after?: string; limit: number },
): Promise<CodeRecord[]> {
  let query = matching(db, filter)
  if (after !== undefined) query = query.where('coupon_code.code', '>', after)
  return await query
    .selectAll('coupon_code')
    .select(({ ref }) => [
      ref('coupon_batch.name').$notNull().as('batch_name'),
      'coupon_batch.void_at as batch_void_at',
      'coupon_batch.expires_at',
      'coupon_use.uses',
    ])
    .orderBy('coupon_code.code')
    .limit(limit)
    .offset(offset)
    .execute()
}

/** Of batches: how many codes were redeemed, and how many were made void one by one and are not. */
export async function countsByBatch(
  db: Db,
  batchIds: readonly string[],
): Promise<Map<string, { redeemed: number; void: number }>> {
  if (batchIds.length === 0) return new Map()
  const ids = [...batchIds]
  const [redeemed, void_] = await Promise.all([
    db
      .selectFrom('coupon_use')
      .innerJoin('coupon_code', 'coupon_code.code', 'coupon_use.code')
      .select(({ fn }) => ['batch_id', fn.countAll<number | string>().as('total')])
      .where('batch_id', 'in', ids)
      .groupBy('batch_id')
      .execute(),
    codes(db)
      .select(({ fn }) => ['batch_id', fn.countAll<number | string>().as('total')])
      .where('batch_id', 'in', ids)
      .where('coupon_code.void_at', 'is not', null)
      .where('coupon_use.uses', 'is', null)
      .groupBy('batch_id')
      .execute(),
  ])
  const voidOf = new Map(void_.map((row) => [row.batch_id, Number(row.total)]))
  const redeemedOf = new Map(redeemed.map((row) => [row.batch_id, Number(row.total)]))
  return new Map(ids.map((id) => [id, { redeemed: redeemedOf.get(id) ?? 0, void: voidOf.get(id) ?? 0 }]))
}

/** Bills of codes, the earliest first. */
export async function redemptionsOf(db: Db, codes: readonly string[]): Promise<CouponRedemptionTable[]> {
  if (codes.length === 0) return []
  return await db
    .selectFrom('coupon_redemption')
    .selectAll()
    .where('code', 'in', [...codes])
    .orderBy('at')
    .orderBy('store_no')
    .orderBy('epoch_no')
    .orderBy('seq')
    .execute()
}

/** Keeps redemptions and counts them by code; from then on other accepts of these codes wait. */
export async function insertRedemptions(tx: Tx, rows: readonly CouponRedemptionTable[]): Promise<void> {
  await insertRows(tx, 'coupon_redemption', rows)
  const uses = Map.groupBy(rows, ({ code }) => code)
  // In one order everywhere, so that two accepts never wait for each other.
  const inOrder = [...uses].sort(([one], [other]) => (one < other ? -1 : 1))
  const counted = inOrder.map(([code, { length }]) => ({ code, uses: length }))
  await addToRows(tx, 'coupon_use', ['code'], counted)
}

/** What decides whether a redemption was in order, by code; a code that no batch has is absent. */
export async function standingOf(
  tx: Tx,
  codes: readonly string[],
): Promise<Map<string, { voidAt: number | null }>> {
  const rows = await tx
    .selectFrom('coupon_code')
    .innerJoin('coupon_batch', 'coupon_batch.id', 'coupon_code.batch_id')
    .select(['code', 'coupon_code.void_at', 'coupon_batch.void_at as batch_void_at'])
    .where('code', 'in', [...codes])
    .execute()
  return new Map(
    rows.map((row) => {
      const voidAt = Math.min(row.void_at ?? Infinity, row.batch_void_at ?? Infinity)
      return [row.code, { voidAt: voidAt === Infinity ? null : voidAt }]
    }),
  )
}

/** On how many bills each of some codes was redeemed. */
export async function usesOf(tx: Tx, codes: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('coupon_use')
    .selectAll()
    .where('code', 'in', [...codes])
    .execute()
  return new Map(rows.map((row) => [row.code, row.uses]))
}

export async function clearRedemptions(tx: Tx): Promise<void> {
  await tx.deleteFrom('coupon_redemption').execute()
  await tx.deleteFrom('coupon_use').execute()
}
