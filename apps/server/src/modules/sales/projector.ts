import { localTime } from '@nexus/domain'
import type { BillDocument, DocumentLine, Entry } from '@nexus/sync'
import type { Insertable } from 'kysely'
import { uuidBytes } from '../../db/uuid.ts'
import type { Fact, Projector } from '../journal/index.ts'
import { announceSales } from './events.ts'
import { type SettledSlips, type SlipInvoice, settleSlips } from './invoices/settle-slips.ts'
import { removeEmptyHours } from './invoices/sql.ts'
import { type BillRows, insertBills, removeBills } from './sql.ts'
import type { BillReprintTable, BillTable } from './tables.ts'
import { Takings } from './takings.ts'
import { tenderBits } from './tender-kinds.ts'

/**
 * Bills, their lines, taxes and tenders, reprints and takings, out of entries. The invoice of a slip is a
 * bill of its own; the slip's sale brought the tenders (JRN-14da).
 */
export const salesProjector: Projector = {
  name: 'sales',
  types: ['sale', 'invoice-issued', 'reprint'],
  async apply(tx, facts) {
    const slips = await settleSlips(tx, facts.filter(isSlipInvoice))
    await insertBills(tx, rowsOf(facts, slips))
    await removeEmptyHours(tx, slips.dropped)
  },
  announce: announceSales,
  clear: removeBills,
}

/** A document of a sale as `bill` keeps it. */
type Bill = Insertable<BillTable>

function isSlipInvoice(fact: Fact): fact is SlipInvoice {
  return fact.entry.type === 'invoice-issued'
}

type WritableRows = { [K in Exclude<keyof BillRows, 'hours' | 'tenderDays'>]: BillRows[K][number][] }

function rowsOf(facts: readonly Fact[], slips: SettledSlips): BillRows {
  const rows: WritableRows = { bills: [], lines: [], returns: [], taxes: [], tenders: [], reprints: [] }
  const takings = new Takings()
  for (const bill of slips.dropped) takings.addBill(hourOf(bill), figuresOf(bill), -1)
  for (const fact of slips.counts) addDocument(rows, takings, fact, fact.entry.body.document, 0)
  for (const fact of facts) {
    const { entry, storeNo, epochNo, seq } = fact
    if (entry.type === 'reprint') rows.reprints.push(reprintOf(fact, entry))
    if (entry.type !== 'sale') continue
    const slot = { store_no: storeNo, epoch_no: epochNo, seq }
    for (const [index, document] of entry.body.documents.entries()) {
      addDocument(rows, takings, fact, document, index)
    }
    for (const [n, tender] of entry.body.tenders.entries()) {
      takings.addTender({ storeNo, day: dayOf(entry) }, tender)
      rows.tenders.push({
        ...slot,
        n,
        kind: tender.kind,
        direction: tender.direction,
        amount_minor: tender.amountMinor,
        reference: tender.reference,
      })
    }
  }
  return { ...rows, ...takings.rows() }
}

function addDocument(
  rows: WritableRows,
  takings: Takings,
  fact: Fact,
  document: BillDocument,
  index: number,
): void {
  const slot = { store_no: fact.storeNo, epoch_no: fact.epochNo, seq: fact.seq }
  const bill = billOf(fact, document, index)
  rows.bills.push(bill)
  takings.addBill(hourOf(bill), figuresOf(bill))
  for (const [line, sold] of document.lines.entries()) {
    rows.lines.push({
      ...slot,
      document: index,
      line,
      product: sold.product,
      batch: sold.batch,
      hsn: sold.hsn,
      uqc: sold.uqc,
      quantity_milli: sold.quantityMilli,
      unit_minor: sold.unitMinor,
      gross_minor: sold.grossMinor,
      discount_minor: sold.discountMinor,
      paid_minor: sold.paidMinor,
      tax_kind: sold.taxKind,
      rate_bp: sold.rateBp,
      taxable_minor: sold.taxableMinor,
      cgst_minor: sold.cgstMinor,
      igst_minor: sold.igstMinor,
    })
    if (sold.of !== undefined) {
      rows.returns.push({ ...slot, document: index, line, ...partOf(sold.of) })
    }
  }
  for (const [n, tax] of document.taxes.entries()) {
    rows.taxes.push({
      ...slot,
      document: index,
      n,
      tax_kind: tax.taxKind,
      rate_bp: tax.rateBp,
      taxable_minor: tax.taxableMinor,
      cgst_minor: tax.cgstMinor,
      igst_minor: tax.igstMinor,
      round_off_minor: tax.roundOffMinor,
    })
  }
}

function hourOf({ store_no, day, at }: Pick<Bill, 'store_no' | 'day' | 'at'>) {
  return { storeNo: store_no, day, hour: Number(localTime(at).slice(0, 2)) }
}

function figuresOf(
  bill: Pick<Bill, 'kind' | 'total_minor' | 'units_milli' | 'discount_minor' | 'tax_minor'>,
) {
  return {
    kind: bill.kind,
    totalMinor: bill.total_minor,
    unitsMilli: bill.units_milli,
    discountMinor: bill.discount_minor,
    taxMinor: bill.tax_minor,
  }
}

/** The part of a sold line that came back. */
function partOf({ number, identity, uid, fromMilli, toMilli }: NonNullable<DocumentLine['of']>) {
  return {
    of_number: number,
    of_identity: identity === null ? null : Buffer.from(identity, 'base64url'),
    of_uid: uid,
    from_milli: fromMilli,
    to_milli: toMilli,
  }
}

function billOf(fact: Fact, document: BillDocument, index: number): Bill {
  const { entry } = fact
  return {
    store_no: fact.storeNo,
    epoch_no: fact.epochNo,
    seq: fact.seq,
    document: index,
    identity: fact.identity,
    register_no: fact.registerNo,
    number: document.number,
    serial: serialOf(document.number),
    kind: document.kind,
    day: dayOf(entry),
    trading_day: entry.tradingDay,
    issue_date: document.issueDate,
    at: entry.at,
    received_at: fact.receivedAt,
    staff: entry.staff === null ? null : uuidBytes(entry.staff),
    shift: entry.shift === null ? null : uuidBytes(entry.shift),
    line_count: document.lines.length,
    units_milli: document.lines.reduce((sum, line) => sum + line.quantityMilli, 0),
    gross_minor: document.grossMinor,
    discount_minor: document.discountMinor,
    taxable_minor: document.taxableMinor,
    tax_minor: 2 * document.cgstMinor + document.igstMinor,
    total_minor: document.totalMinor,
    tender_kinds: entry.type === 'sale' ? tenderBits(entry.body.tenders) : 0,
    discrepancies: fact.discrepancies?.length ?? 0,
  }
}

/** The day that a bill counts for: its trading day, outside any shift the date of its first document. */
function dayOf({ tradingDay, type, body }: Entry): string {
  if (tradingDay !== null) return tradingDay
  if (type === 'sale') return body.documents[0]?.issueDate ?? ''
  return type === 'invoice-issued' ? body.document.issueDate : ''
}

/** What stands behind the last hyphen of a number; 0 where these are no digits. */
function serialOf(number: string): number {
  return Number(/-([0-9]{1,9})$/.exec(number)?.[1] ?? 0)
}

function reprintOf(fact: Fact, entry: Entry<'reprint'>): Insertable<BillReprintTable> {
  return {
    store_no: fact.storeNo,
    epoch_no: fact.epochNo,
    seq: fact.seq,
    bill: Buffer.from(entry.body.identity, 'base64url'),
    number: entry.body.number,
    copy: entry.body.copy,
    at: entry.at,
    staff: entry.staff === null ? null : uuidBytes(entry.staff),
  }
}
