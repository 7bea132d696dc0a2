import { Problem } from '@nexus/contract'
import type { BillDocument, Entry } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { findActedEntry } from '../../journal/index.ts'
import type { BillTable } from '../tables.ts'
import { findBill } from './sql.ts'

/** What makes bills: a sale, or the invoice of a slip. */
export type SoldEntry = Entry<'sale'> | Entry<'invoice-issued'>

/** A bill with the entry that made it. */
export type SoldBill = {
  bill: BillTable
  document: BillDocument
  entry: SoldEntry
  /** The entry's own bytes. */
  bytes: Uint8Array
  /** Hash of the slot behind; null at the head. */
  next: string | null
  receivedAt: number
}

/** Names a document: identity of its entry (base64url), and which of its documents it is. */
export type BillRef = { identity: string; document: number }

/** The bill with its entry. Throws `bill/not-found`. */
export async function getSoldBill(db: Db, { identity, document }: BillRef): Promise<SoldBill> {
  const bill = await findBill(db, Buffer.from(identity, 'base64url'), document)
  const sold = bill && (await readSold(db, bill))
  if (sold !== undefined) return sold
  throw new Problem('bill/not-found', 'There is no such bill here. Go back to the list of bills.', {
    identity,
  })
}

/** The entry behind a row; undefined where its bytes are not here. */
export async function readSold(db: Db, bill: BillTable): Promise<SoldBill | undefined> {
  const slot = { storeNo: bill.store_no, epochNo: bill.epoch_no, seq: bill.seq }
  const acted = await findActedEntry(db, slot, Buffer.from(bill.identity).toString('base64url'))
  if (acted?.entry.type !== 'sale' && acted?.entry.type !== 'invoice-issued') return undefined
  const { entry, bytes, next, receivedAt } = acted
  const document = entry.type === 'sale' ? entry.body.documents[bill.document] : entry.body.document
  return document && { bill, document, entry, bytes, next, receivedAt }
}
