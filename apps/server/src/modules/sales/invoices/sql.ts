import type { Db, Tx } from '../../../db/database.ts'
import { keepRows, replaceRows } from '../../../db/rows.ts'
import type { BillTable, SlipInvoiceTable } from '../tables.ts'

/**
 * Names the first invoices of slips that have none yet, and holds the others until they are decided about.
 * Each slip stands once, in the order of the key.
 */
export async function claimSlips(tx: Tx, rows: readonly SlipInvoiceTable[]): Promise<void> {
  await keepRows(tx, 'slip_invoice', ['slip'], rows)
}

/** Which invoices count for slips. */
export async function slipInvoices(db: Db, slips: readonly Uint8Array[]): Promise<SlipInvoiceTable[]> {
  if (slips.length === 0) return []
  return await db
    .selectFrom('slip_invoice')
    .selectAll()
    .where('slip', 'in', [...slips])
    .execute()
}

export async function replaceSlipInvoices(tx: Tx, rows: readonly SlipInvoiceTable[]): Promise<void> {
  await replaceRows(tx, 'slip_invoice', rows)
}

type Slot = Pick<BillTable, 'store_no' | 'epoch_no' | 'seq'>

/** Takes the bill of an invoice that counts no more out of every table, and gives what it counted. */
export async function removeInvoice(
  tx: Tx,
  { store_no, epoch_no, seq }: Slot,
): Promise<BillTable | undefined> {
  const bill = await tx
    .selectFrom('bill')
    .selectAll()
    .where('store_no', '=', store_no)
    .where('epoch_no', '=', epoch_no)
    .where('seq', '=', seq)
    .executeTakeFirst()
  for (const table of ['bill', 'bill_line', 'bill_return', 'bill_tax'] as const) {
    await tx
      .deleteFrom(table as 'bill') // as: all four have the slot
      .where('store_no', '=', store_no)
      .where('epoch_no', '=', epoch_no)
      .where('seq', '=', seq)
      .execute()
  }
  return bill
}

/** Takes out hours in which nothing was sold after all, as if they had never been. */
export async function removeEmptyHours(
  tx: Tx,
  dropped: readonly Pick<BillTable, 'store_no' | 'day'>[],
): Promise<void> {
  for (const { store_no, day } of dropped) {
    await tx
      .deleteFrom('takings_hour')
      .where('store_no', '=', store_no)
      .where('day', '=', day)
      .where('bills', '=', 0)
      .where('sold_minor', '=', 0)
      .where('units_milli', '=', 0)
      .where('discount_minor', '=', 0)
      .where('tax_minor', '=', 0)
      .execute()
  }
}
