import { randomUUIDv7 } from 'node:crypto'
import type { BillDocument, BodyOf } from '@nexus/sync'
import { invoiceOf, soldLine } from '@nexus/sync/testing'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { administrator, forEachDialect } from '../../../testing/index.ts'
import { stockProjector } from '../../inventory/index.ts'
import { projectorsWith, rebuildProjections } from '../../journal/index.ts'
import type { JournalBench } from '../../journal/testing/open-for-test.ts'
import { rehome, type ScriptedTill, type Written } from '../../journal/testing/scripted-till.ts'
import { getBill } from '../bill-page/queries.ts'
import { salesProjector } from '../index.ts'
import { openShopWithTills } from '../testing/shop-with-tills.ts'

const lines = () => [soldLine('a', 1, 2000, 11_800)]
const parts = { projectors: [salesProjector, stockProjector] }

/** A cart that ended with a slip: stock and tenders, no revenue. */
function slipOf(till: ScriptedTill): Written {
  const cart = randomUUIDv7()
  const document: BillDocument = {
    ...invoiceOf(lines(), till.at),
    kind: 'P',
    number: till.nextNumber('P'),
    issueDate: '2026-11-22',
  }
  const tender = { kind: 'upi', direction: 'in', reference: 'UTR1', attempt: null } as const
  const body: BodyOf<'sale'> = {
    documents: [document],
    tenders: [{ ...tender, amountMinor: document.totalMinor }],
    changeMinor: 0,
    recalledFrom: null,
    root: cart,
    language: 'en',
    personalHash: null,
  }
  return till.append('sale', body, { cart })
}

function issue(till: ScriptedTill, slip: string, number = till.nextNumber()): Written {
  const document: BillDocument = { ...invoiceOf(lines(), till.at), number, issueDate: '2026-11-22' }
  const body = { slip, document, irn: `irn-${number}`, signedQr: null, personalHash: null }
  return till.append('invoice-issued', body)
}

const push = (bench: JournalBench, till: ScriptedTill) =>
  bench.journal.push(bench.callerOf(till), till.push())

async function dump(database: Database): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {}
  for (const table of [
    'bill',
    'bill_line',
    'bill_tax',
    'tender',
    'takings_hour',
    'takings_tender',
    'slip_invoice',
    'stock_move',
  ]) {
    const { rows } = await sql<Record<string, unknown>>`SELECT * FROM ${sql.table(table)}`.execute(
      database.read,
    )
    tables[table] = rows
      // Keys of epochs, and when the entries arrived, follow the order in which they came.
      .map(({ epoch_no: _, received_at: __, ...row }) => JSON.stringify(row))
      .sort()
  }
  return tables
}

async function booked(database: Database) {
  const { rows } = await sql<Record<string, unknown>>`SELECT SUM(bills) AS bills, SUM(sold_minor) AS sold,
    SUM(tax_minor) AS tax, SUM(units_milli) AS units FROM takings_hour`.execute(database.read)
  const [row = {}] = rows
  const moved = await database.read.selectFrom('stock_move').select('quantity_milli').execute()
  const taken = await database.read.selectFrom('takings_tender').select('amount_minor').execute()
  return {
    bills: Number(row.bills ?? 0),
    sold: Number(row.sold ?? 0),
    tax: Number(row.tax ?? 0),
    units: Number(row.units ?? 0),
    stock: moved.reduce((sum, move) => sum + move.quantity_milli, 0),
    taken: taken.reduce((sum, tender) => sum + tender.amount_minor, 0),
  }
}

async function incidents(database: Database): Promise<string[]> {
  return (await database.read.selectFrom('incident').select('kind').execute()).map(({ kind }) => kind)
}

forEachDialect((dialect) => {
  test('[JRN-14da] a slip moves stock and money; its invoice books revenue and tax, and nothing else', async () => {
    const database = await dialect.open()
    const { bench, till } = await openShopWithTills(database, parts)
    const slip = slipOf(till)
    await push(bench, till)
    const atSlip = { bills: 0, sold: 0, tax: 0, units: 0, stock: -2000, taken: 23_600 }
    expect(await booked(database)).toEqual(atSlip)
    const issued = issue(till, slip.hash)
    await push(bench, till)
    expect(await booked(database)).toEqual({ ...atSlip, bills: 1, sold: 23_600, tax: 3600, units: 2000 })
    // What the next sale states of its epoch counts the invoice (JRN-18b).
    till.sale()
    await push(bench, till)
    expect(await database.read.selectFrom('discrepancy').select('kind').execute()).toEqual([])
    const bill = await getBill(database.read, administrator, { identity: issued.hash, document: 0 })
    expect(bill).toMatchObject({ row: { kind: 'I', totalMinor: 23_600 }, tenders: [], changeMinor: 0 })
  })

  test('[JRN-14da] two invoices of one slip book once, the first of them, in whatever order they come', async () => {
    for (const order of ['first', 'second', 'together'] as const) {
      const database = await dialect.open()
      const { bench, till, other } = await openShopWithTills(database, parts)
      const slip = slipOf(till)
      if (order === 'together') {
        issue(till, slip.hash)
        issue(till, slip.hash)
        await push(bench, till)
      } else {
        other.at = till.at + 60_000
        issue(till, slip.hash)
        issue(other, slip.hash)
        for (const from of order === 'first' ? [till, other] : [other, till]) await push(bench, from)
      }
      expect(await booked(database)).toEqual({
        bills: 1,
        sold: 23_600,
        tax: 3600,
        units: 2000,
        stock: -2000,
        taken: 23_600,
      })
      const [bill, ...others] = await database.read
        .selectFrom('bill')
        .select('number')
        .where('kind', '=', 'I')
        .execute()
      expect([bill?.number, others]).toEqual(['KOR2AI26-000001', []])
      expect(await incidents(database)).toEqual(['slip-invoiced-twice'])
      const live = await dump(database)
      await rebuildProjections(database, projectorsWith(parts.projectors))
      expect(await dump(database)).toEqual(live)
      expect(await incidents(database)).toEqual(['slip-invoiced-twice'])
    }
  })

  test('[JRN-14da, JRN-7l] an invoice that is re-homed books once', async () => {
    const database = await dialect.open()
    const { bench, till } = await openShopWithTills(database, parts)
    const slip = slipOf(till)
    const issued = issue(till, slip.hash)
    await push(bench, till)
    const next = till.nextEpoch('KOR2B')
    next.open()
    rehome(next, till.epoch, issued)
    await push(bench, next)
    expect(await booked(database)).toMatchObject({ bills: 1, sold: 23_600 })
    expect(await incidents(database)).toEqual([])
  })
})
