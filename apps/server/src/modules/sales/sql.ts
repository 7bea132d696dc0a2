import type { Insertable } from 'kysely'
import type { Db, Tx } from '../../db/database.ts'
import { addToRows, insertRows } from '../../db/rows.ts'
import type {
  BillLineTable,
  BillReprintTable,
  BillReturnTable,
  BillTable,
  BillTaxTable,
  TakingsHourTable,
  TakingsTenderTable,
  TenderTable,
} from './tables.ts'

/** Rows of a group of sales; hours and days hold each key once, in order. */
export type BillRows = {
  bills: readonly Insertable<BillTable>[]
  lines: readonly Insertable<BillLineTable>[]
  returns: readonly Insertable<BillReturnTable>[]
  taxes: readonly Insertable<BillTaxTable>[]
  tenders: readonly Insertable<TenderTable>[]
  reprints: readonly Insertable<BillReprintTable>[]
  hours: readonly Insertable<TakingsHourTable>[]
  tenderDays: readonly Insertable<TakingsTenderTable>[]
}

/** Inserts what sales and reprints are derived into, and adds to the takings. */
export async function insertBills(tx: Tx, rows: BillRows): Promise<void> {
  await insertRows(tx, 'bill', rows.bills)
  await insertRows(tx, 'bill_line', rows.lines)
  await insertRows(tx, 'bill_return', rows.returns)
  await insertRows(tx, 'bill_tax', rows.taxes)
  await insertRows(tx, 'tender', rows.tenders)
  await insertRows(tx, 'bill_reprint', rows.reprints)
  await addToRows(tx, 'takings_hour', ['store_no', 'day', 'hour'], rows.hours)
  await addToRows(tx, 'takings_tender', ['store_no', 'day', 'kind'], rows.tenderDays)
}

const derived = [
  'bill',
  'bill_line',
  'bill_return',
  'bill_tax',
  'tender',
  'bill_reprint',
  'slip_invoice',
  'takings_hour',
  'takings_tender',
] as const

/** Empties every table of this module: all of them are derived. */
export async function removeBills(tx: Tx): Promise<void> {
  for (const table of derived) await tx.deleteFrom(table).execute()
}

/** A document as closings and tax returns see it, with its slot. */
export type BillOfEpoch = Pick<
  BillTable,
  | 'identity'
  | 'document'
  | 'store_no'
  | 'epoch_no'
  | 'seq'
  | 'number'
  | 'kind'
  | 'issue_date'
  | 'tax_minor'
  | 'total_minor'
  | 'received_at'
>

/** Documents of an epoch issued up to a date, in slots behind `afterSeq` or among `seqs`. */
export async function billsOfEpoch(
  db: Db,
  { storeNo, epochNo }: { storeNo: number; epochNo: number },
  { afterSeq, seqs, until }: { afterSeq: number; seqs: readonly number[]; until: string },
): Promise<BillOfEpoch[]> {
  return await db
    .selectFrom('bill')
    .select(['identity', 'document', 'store_no', 'epoch_no', 'seq', 'number', 'kind', 'issue_date'])
    .select(['tax_minor', 'total_minor', 'received_at'])
    .where('store_no', '=', storeNo)
    .where('epoch_no', '=', epochNo)
    .where((where) =>
      where.or([where('seq', '>', afterSeq), ...(seqs.length > 0 ? [where('seq', 'in', [...seqs])] : [])]),
    )
    .where('issue_date', '<=', until)
    .orderBy('seq')
    .execute()
}
