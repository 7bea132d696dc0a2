import { localTime } from '@nexus/domain'
import type { BillDocument, DocumentLine, Entry } from '@nexus/sync'
import type { Insertable } from 'kysely'
import { uuidBytes } from '../../db/uuid.ts'
import type { Fact, Projector } from '../journal/index.ts'
import { announceSales } from './events.ts'
import { type BillRows, insertBills, removeBills } from './sql.ts'
import type { BillReprintTable, BillTable } from './tables.ts'
import { Takings } from './takings.ts'
import { tenderBits } from './tender-kinds.ts'

/** Bills, their lines, taxes and tenders, reprints and takings, out of entries. */
export const salesProjector: Projector = {
  name: 'sales',
  types: ['sale', 'reprint'],
  async apply(tx, facts) {
    await insertBills(tx, rowsOf(facts))
  },
  announce: announceSales,
  clear: removeBills,
}

/** A document of a sale as `bill` keeps it. */
type Bill = Insertable<BillTable>

function rowsOf(facts: readonly Fact[]): BillRows {
  const rows = { bills: [], lines: [], returns: [], taxes: [], tenders: [], reprints: [] } as {
    [K in 'bills' | 'lines' | 'returns' | 'taxes' | 'tenders' | 'reprints']: BillRows[K][number][]
  }
  const takings = new Takings()
  for (const fact of facts) {
    const { entry, storeNo, epochNo, seq } = fact
    if (entry.type === 'reprint') rows.reprints.push(reprintOf(fact, entry))
    if (entry.type !== 'sale') continue
    const slot = { store_no: storeNo, epoch_no: epochNo, seq }
    const hour = Number(localTime(entry.at).slice(0, 2))
    for (const [index, document] of entry.body.documents.entries()) {
      const bill = billOf(fact, entry, document, index)
      rows.bills.push(bill)
      takings.addBill(
        { storeNo, day: bill.day, hour },
        {
          kind: document.kind,
          totalMinor: document.totalMinor,
          unitsMilli: bill.units_milli,
          discountMinor: document.discountMinor,
          taxMinor: bill.tax_minor,
        },
      )
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

function billOf(fact: Fact, entry: Entry<'sale'>, document: BillDocument, index: number): Bill {
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
    tender_kinds: tenderBits(entry.body.tenders),
    discrepancies: fact.discrepancies?.length ?? 0,
  }
}

/** The day that a sale counts for: its trading day, outside any shift the date of its first document. */
function dayOf(entry: Entry<'sale'>): string {
  return entry.tradingDay ?? entry.body.documents[0]?.issueDate ?? ''
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
