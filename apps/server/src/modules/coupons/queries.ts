import {
  type CouponBatch,
  type CouponCodeRow,
  type CouponRedemption,
  type CouponSeriesRow,
  type CouponState,
  type couponCodeQuery,
  type PageOf,
  Problem,
  type StaticOf,
} from '@nexus/contract'
import { couponCode } from '@nexus/domain'
import { toBase64Url } from '@nexus/sync'
import type { Db } from '../../db/database.ts'
import { type CouponSeries, couponSeries } from '../rulebook/index.ts'
import { staffNames } from '../staff/index.ts'
import { selectRegisterKeys, selectStoreKeys } from '../stores/index.ts'
import { codesMax } from './random-codes.ts'
import {
  batchesOf,
  type CodeFilter,
  type CodeRecord,
  countCodes,
  countsByBatch,
  findBatch,
  redemptionsOf,
  selectCodes,
} from './sql.ts'
import type { CouponBatchTable } from './tables.ts'

/** Counting stops here; screens then say "more than". */
const totalMax = 10_000
/** Rows of one statement of an export. */
const exportPortion = 1000

/** What a code is good for at an instant. A bill outweighs all, then what people decided, then time. */
export function stateOf(code: CodeRecord, now: number): CouponState {
  if (code.uses !== null) return 'redeemed'
  if (code.void_at !== null || code.batch_void_at !== null) return 'void'
  if (code.expires_at !== null && code.expires_at <= now) return 'expired'
  return code.reserved_until !== null && code.reserved_until > now ? 'reserved' : 'free'
}

/** A page of coupon series, the newest offer first; `q` is a part of the name or of the prefix, or a code. */
export async function seriesPage(
  db: Db,
  query: { page?: number; pageSize?: number; q?: string },
  now: number,
): Promise<PageOf<CouponSeriesRow>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const part = query.q?.trim().toUpperCase() ?? ''
  const found = (await couponSeries(db, now)).filter(
    ({ name, prefix }) =>
      name.toUpperCase().includes(part) || prefix.includes(part) || part.startsWith(prefix),
  )
  const shown = found.slice((page - 1) * pageSize, page * pageSize)
  const batches = await countedBatches(
    db,
    shown.map(({ offerId }) => offerId),
  )
  return {
    rows: shown.map((series) => rowOf(series, batches)),
    page,
    pageSize,
    total: found.length,
    totalIsExact: true,
  }
}

/** One series with its batches, the newest first. Throws `coupon/no-series`. */
export async function seriesSheet(
  db: Db,
  offerId: number,
  now: number,
): Promise<{ series: CouponSeriesRow; codesMax: number; batches: CouponBatch[] }> {
  const [series] = await couponSeries(db, now, offerId)
  if (series === undefined) {
    throw new Problem(
      'coupon/no-series',
      'This offer has no coupon series. Choose one from the list of coupons.',
      { offerId },
    )
  }
  const batches = await countedBatches(db, [offerId])
  return {
    series: rowOf(series, batches),
    codesMax: codesMax(series),
    batches: await batchesInWords(db, batches, [series]),
  }
}

/** One batch. Throws `coupon/batch-not-found`. */
export async function batchOf(db: Db, id: string, now: number): Promise<CouponBatch> {
  const batch = await findBatch(db, id)
  if (batch === undefined) throw batchMissing(id)
  const counted = await withCounts(db, [batch])
  const [told] = await batchesInWords(db, counted, await couponSeries(db, now, batch.offer_id))
  if (told === undefined) throw batchMissing(id)
  return told
}

export function batchMissing(batchId: string): Problem {
  return new Problem('coupon/batch-not-found', 'There is no such batch. Choose one of the series.', {
    batchId,
  })
}

export function codeMissing(code: string): Problem {
  return new Problem('coupon/not-found', 'There is no such code. Search for it in the list of codes.', {
    code,
  })
}

type Counted = CouponBatchTable & { redeemed: number; void: number }

async function countedBatches(db: Db, offerIds: readonly number[]): Promise<Counted[]> {
  return await withCounts(db, await batchesOf(db, offerIds))
}

async function withCounts(db: Db, batches: readonly CouponBatchTable[]): Promise<Counted[]> {
  const counts = await countsByBatch(
    db,
    batches.map(({ id }) => id),
  )
  return batches.map((batch) => {
    const { redeemed, void: one } = counts.get(batch.id) ?? { redeemed: 0, void: 0 }
    return { ...batch, redeemed, void: batch.void_at === null ? one : batch.made - redeemed }
  })
}

function rowOf(series: CouponSeries, batches: readonly Counted[]): CouponSeriesRow {
  const own = batches.filter((batch) => batch.offer_id === series.offerId)
  const sum = (of: (batch: Counted) => number) => own.reduce((total, batch) => total + of(batch), 0)
  return {
    ...series,
    counts: {
      codes: sum(({ made }) => made),
      redeemed: sum(({ redeemed }) => redeemed),
      void: sum((batch) => batch.void),
    },
  }
}

async function batchesInWords(
  db: Db,
  batches: readonly Counted[],
  known: readonly CouponSeries[],
): Promise<CouponBatch[]> {
  const names = await staffNames(
    db,
    batches.flatMap((batch) => batch.created_by ?? []),
  )
  return batches.map((batch) => {
    const series = known.find(({ offerId }) => offerId === batch.offer_id)
    return {
      id: batch.id,
      offerId: batch.offer_id,
      name: batch.name,
      count: batch.wanted,
      counts: { codes: batch.made, redeemed: batch.redeemed, void: batch.void },
      isForeign: series?.prefix !== batch.prefix || series.length !== batch.length,
      expiresAt: batch.expires_at,
      voidAt: batch.void_at,
      createdAt: batch.created_at,
      createdBy: batch.created_by === null ? null : (names.get(batch.created_by) ?? null),
    }
  })
}

export type CodeQuery = Partial<StaticOf<typeof couponCodeQuery>>

/** A page of codes in their order. */
export async function codePage(db: Db, query: CodeQuery, now: number): Promise<PageOf<CouponCodeRow>> {
  const page = query.page ?? 1
  const pageSize = query.pageSize ?? 50
  const filter = filterOf(query, now)
  const [total, codes] = await Promise.all([
    countCodes(db, filter, totalMax + 1),
    selectCodes(db, filter, { offset: (page - 1) * pageSize, limit: pageSize }),
  ])
  return {
    rows: await rowsOf(db, codes, now),
    page,
    pageSize,
    total: Math.min(total, totalMax),
    totalIsExact: total <= totalMax,
  }
}

/** The same codes, all of them, in portions. */
export async function* allCodes(db: Db, query: CodeQuery, now: number): AsyncGenerator<CouponCodeRow[]> {
  const filter = filterOf(query, now)
  for (let after = ''; ; ) {
    const codes = await selectCodes(db, filter, { after, limit: exportPortion })
    const last = codes.at(-1)
    if (last === undefined) return
    after = last.code
    yield await rowsOf(db, codes, now)
  }
}

/** One code. Throws `coupon/not-found`. */
export async function codeOf(db: Db, entered: string, now: number): Promise<CouponCodeRow> {
  const code = couponCode(entered)
  const [row] = await rowsOf(db, await selectCodes(db, { code }, { limit: 1 }), now)
  if (row === undefined) throw codeMissing(code)
  return row
}

function filterOf({ offer, batch, state, q }: CodeQuery, now: number): CodeFilter {
  return {
    offerId: offer,
    batchId: batch,
    state: state === undefined ? undefined : { is: state, now },
    part: q === undefined ? undefined : couponCode(q),
  }
}

async function rowsOf(db: Db, codes: readonly CodeRecord[], now: number): Promise<CouponCodeRow[]> {
  const redeemed = codes.filter(({ uses }) => uses !== null).map(({ code }) => code)
  const [bills, stores, registers] = await Promise.all([
    redemptionsOf(db, redeemed),
    selectStoreKeys(db),
    selectRegisterKeys(db),
  ])
  const storesByNo = new Map(stores.map((store) => [store.no, store]))
  const storesById = new Map(stores.map((store) => [store.id, store]))
  const registersById = new Map(registers.map((register) => [register.id, register]))
  const billsOf = Map.groupBy(bills, ({ code }) => code)
  return codes.map((record) => {
    const state = stateOf(record, now)
    const register = registersById.get(record.reserved_by ?? '')
    return {
      code: record.code,
      offerId: record.offer_id,
      batchId: record.batch_id,
      batchName: record.batch_name,
      state,
      expiresAt: record.expires_at,
      reserved:
        state === 'reserved' && record.reserved_until !== null
          ? {
              storeName: storesById.get(register?.storeId ?? '')?.name ?? '',
              registerNumber: register?.number ?? 0,
              until: record.reserved_until,
            }
          : null,
      redemptions: (billsOf.get(record.code) ?? []).map(
        (bill): CouponRedemption => ({
          identity: toBase64Url(bill.identity),
          document: bill.document,
          number: bill.number,
          storeName: storesByNo.get(bill.store_no)?.name ?? '',
          at: bill.at,
          amountMinor: bill.amount_minor,
        }),
      ),
    }
  })
}
