import type { Db } from '../../../db/database.ts'
import type {} from '../tables.ts'

/** Trading days, both included; stores by small key, undefined: all. */
export type PastSpan = { from: string; until: string; storeNos: readonly number[] | undefined }
export type PastKey = { storeNo: number; epochNo: number; seq: number; document: number; at: number }
/** A bill with what stands on its slot: its own entry where `hash` is the identity. */
export type PastRow = PastKey & { identity: Uint8Array; hash: Uint8Array; bytes: Uint8Array }

/** Kinds that sell by prices and offers: slips are billed later, the others give back. */
const soldKinds = ['I', 'B']

/** How many sold documents a span has. */
export async function countPastBills(db: Db, { from, until, storeNos }: PastSpan): Promise<number> {
  let query = db
    .selectFrom('bill')
    .select(({ fn }) => fn.countAll<number | string>().as('bills'))
    .where('day', '>=', from)
    .where('day', '<=', until)
    .where('kind', 'in', soldKinds)
  if (storeNos !== undefined) query = query.where('store_no', 'in', [...storeNos])
  return Number((await query.executeTakeFirstOrThrow()).bills)
}

/** Trading days of a span that have bills of any kind, ascending. */
export async function pastDays(db: Db, { from, until }: PastSpan): Promise<string[]> {
  const rows = await db
    .selectFrom('bill')
    .select('day')
    .distinct()
    .where('day', '>=', from)
    .where('day', '<=', until)
    .orderBy('day')
    .execute()
  return rows.map((row) => row.day)
}

/** Where the sold documents of a day stand, in order of the tills' time. */
export async function pastKeys(db: Db, day: string, { storeNos }: PastSpan): Promise<PastKey[]> {
  let query = db
    .selectFrom('bill')
    .select(['store_no as storeNo', 'epoch_no as epochNo', 'seq', 'document', 'at'])
    .where('day', '=', day)
    .where('kind', 'in', soldKinds)
  if (storeNos !== undefined) query = query.where('store_no', 'in', [...storeNos])
  return await query
    .orderBy('at')
    .orderBy('store_no')
    .orderBy('epoch_no')
    .orderBy('seq')
    .orderBy('document')
    .execute()
}

/**
 * Bills of a day between two instants, both included, with the journal's bytes on their slots, in no
 * order. One statement over both modules' tables: bytes of a slot at a time would cost more than pricing.
 */
export async function pastRows(
  db: Db,
  day: string,
  { storeNos }: PastSpan,
  { fromAt, untilAt }: { fromAt: number; untilAt: number },
): Promise<PastRow[]> {
  let query = db
    .selectFrom('bill')
    .innerJoin('journal_entry', (join) =>
      join
        .onRef('journal_entry.store_no', '=', 'bill.store_no')
        .onRef('journal_entry.epoch_no', '=', 'bill.epoch_no')
        .onRef('journal_entry.seq', '=', 'bill.seq'),
    )
    .select([
      'bill.store_no as storeNo',
      'bill.epoch_no as epochNo',
      'bill.seq',
      'document',
      'at',
      'identity',
      'hash',
      'bytes',
    ])
    .where('day', '=', day)
    .where('at', '>=', fromAt)
    .where('at', '<=', untilAt)
    .where('kind', 'in', soldKinds)
  if (storeNos !== undefined) query = query.where('bill.store_no', 'in', [...storeNos])
  return await query.execute()
}
