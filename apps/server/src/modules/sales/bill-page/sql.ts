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
