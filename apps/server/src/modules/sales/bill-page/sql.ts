import type { Db } from '../../../db/database.ts'
import type { BillReprintTable, BillTable } from '../tables.ts'

/** The bill that a document of an entry is; undefined where there is none. */
export async function findBill(
  db: Db,
  identity: Uint8Array,
  document: number,
): Promise<BillTable | undefined> {
  return await db
    .selectFrom('bill')
    .selectAll()
    .where('identity', '=', identity)
    .where('document', '=', document)
    .executeTakeFirst()
}

/** Bills of any store that bear a number, oldest first: more than one where it was used twice (JRN-14c). */
export async function billsOfNumber(db: Db, number: string): Promise<BillTable[]> {
  return await db
    .selectFrom('bill')
    .selectAll()
    .where('number', '=', number)
    .orderBy('at')
    .orderBy('store_no')
    .orderBy('epoch_no')
    .orderBy('seq')
    .orderBy('document')
    .execute()
}

/** The other document of the same entry; undefined where the sale was no exchange. */
export async function findOtherDocument(
  db: Db,
  { store_no, epoch_no, seq, document }: Pick<BillTable, 'store_no' | 'epoch_no' | 'seq' | 'document'>,
): Promise<BillTable | undefined> {
  return await db
    .selectFrom('bill')
    .selectAll()
    .where('store_no', '=', store_no)
    .where('epoch_no', '=', epoch_no)
    .where('seq', '=', seq)
    .where('document', '!=', document)
    .executeTakeFirst()
}

/** A part of one of a bill's lines that came back, and the document that took it. */
export type ReturnedPart = { bill: BillTable; uid: string; fromMilli: number; toMilli: number }

/** What came back of a bill, oldest first; `identity` is of its entry. */
export async function returnedParts(
  db: Db,
  { number, identity }: Pick<BillTable, 'number' | 'identity'>,
): Promise<ReturnedPart[]> {
  const rows = await db
    .selectFrom('bill_return as part')
    .innerJoin('bill', (join) =>
      join
        .onRef('bill.store_no', '=', 'part.store_no')
        .onRef('bill.epoch_no', '=', 'part.epoch_no')
        .onRef('bill.seq', '=', 'part.seq')
        .onRef('bill.document', '=', 'part.document'),
    )
    .selectAll('bill')
    .select(['part.of_uid', 'part.from_milli', 'part.to_milli'])
    .where('part.of_number', '=', number)
    // A number may stand on two bills (JRN-14c); a paper alone does not say which.
    .where(({ or, eb }) => or([eb('part.of_identity', 'is', null), eb('part.of_identity', '=', identity)]))
    .orderBy('bill.at')
    .orderBy('part.store_no')
    .orderBy('part.epoch_no')
    .orderBy('part.seq')
    .orderBy('part.document')
    .orderBy('part.line')
    .execute()
  return rows.map(({ of_uid, from_milli, to_milli, ...bill }) => ({
    bill,
    uid: of_uid,
    fromMilli: from_milli,
    toMilli: to_milli,
  }))
}

/** Reprints of a bill, oldest first. */
export async function reprintsOf(
  db: Db,
  { store_no, identity, number }: Pick<BillTable, 'store_no' | 'identity' | 'number'>,
): Promise<Pick<BillReprintTable, 'at' | 'copy' | 'staff'>[]> {
  return await db
    .selectFrom('bill_reprint')
    .select(['at', 'copy', 'staff'])
    .where('store_no', '=', store_no)
    .where('bill', '=', identity)
    .where('number', '=', number)
    .orderBy('at')
    .orderBy('seq')
    .execute()
}

/** Numbers of the first bills of entries by slot, keyed `epochNo/seq`; slots without a bill are left out. */
export async function billNumbers(
  db: Db,
  storeNo: number,
  slots: readonly { epochNo: number; seq: number }[],
): Promise<Map<string, string>> {
  if (slots.length === 0) return new Map()
  const rows = await db
    .selectFrom('bill')
    .select(['epoch_no', 'seq', 'number'])
    .where('store_no', '=', storeNo)
    .where('document', '=', 0)
    .where(({ or, and }) => or(slots.map(({ epochNo, seq }) => and({ epoch_no: epochNo, seq }))))
    .execute()
  return new Map(rows.map((row) => [`${row.epoch_no}/${row.seq}`, row.number]))
}
