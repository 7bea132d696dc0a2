import type { SaleBody } from '@nexus/sync'
import type { Tx } from '../../db/database.ts'
import { uuidBytes } from '../../db/uuid.ts'
import type { Fact, Finding, Projector } from '../journal/projector.ts'
import { addToSums, clearShifts, emptySum, findShifts, keepShifts, replaceShifts } from './sql.ts'
import type { ShiftSumTable, ShiftTable } from './tables.ts'

type Sum = Omit<ShiftSumTable, 'store_no' | 'shift'>

/**
 * Keeps shifts as their entries state them, and what they add up to. Of two openings or
 * closings of one shift the earlier counts, and people are told.
 */
export const shiftProjector: Projector = {
  name: 'shifts',
  types: ['shift-opened', 'shift-closed', 'sale', 'cash-in', 'cash-out', 'safe-drop'],
  async apply(tx, facts) {
    const findings: Finding[] = []
    const inShifts = facts.flatMap((fact) => (fact.entry.shift ? [{ ...fact, shift: fact.entry.shift }] : []))
    const stating = inShifts.filter(statesShift)
    for (const fact of facts) {
      if (!fact.entry.shift && statesShift(fact)) {
        findings.push({ identity: fact.identity, discrepancy: { kind: 'shift-missing', params: {} } })
      }
    }
    // A sale asks nothing of its shift but that it has a row, so most groups read nothing here.
    const stated = await readShifts(tx, stating)
    const statingKeys = new Set(stating.map(keyOf))
    const noted = new Map<string, ShiftTable>()
    const sums = new Map<string, ShiftSumTable>()
    for (const fact of inShifts) {
      const key = keyOf(fact)
      const shifts = statingKeys.has(key) ? stated : noted
      const shift = shifts.get(key) ?? unopened(fact)
      shifts.set(key, shift)
      const said = statedBy(fact, shift)
      if (said && said.before !== null) {
        const discrepancy = { kind: `${fact.entry.type}-twice`, params: { shift: fact.shift } }
        findings.push({ identity: fact.identity, discrepancy })
      }
      if (said && (said.before === null || fact.entry.at < said.before)) {
        shifts.set(key, { ...shift, ...said.change })
      }
      const amounts = amountsOf(fact)
      if (amounts) {
        const sum = sums.get(key) ?? { store_no: fact.storeNo, shift: shift.id, ...emptySum }
        sums.set(key, { ...sum, ...added(sum, amounts) })
      }
    }
    await replaceShifts(tx, inOrder(stated))
    await keepShifts(tx, inOrder(noted))
    await addToSums(tx, inOrder(sums))
    return findings
  },
  clear: clearShifts,
}

type InShift = Fact & { shift: string }

const keyOf = ({ storeNo, shift }: Pick<InShift, 'storeNo' | 'shift'>) =>
  `${String(storeNo).padStart(10, '0')}/${shift}`

/** In the order of the tables' key, so that two writers lock rows in one order. */
function inOrder<Row>(rows: ReadonlyMap<string, Row>): Row[] {
  return [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
}

async function readShifts(tx: Tx, facts: readonly InShift[]): Promise<Map<string, ShiftTable>> {
  const found = new Map<string, ShiftTable>()
  for (const [storeNo, ofStore] of Map.groupBy(facts, (fact) => fact.storeNo)) {
    const ids = [...new Set(ofStore.map((fact) => fact.shift))]
    const shifts = await findShifts(tx, storeNo, ids.map(uuidBytes))
    for (const [shift, row] of shifts) found.set(keyOf({ storeNo, shift }), row)
  }
  return found
}

/** Whether an entry says something of its shift itself. */
function statesShift({ entry }: Fact): boolean {
  return entry.type === 'shift-opened' || entry.type === 'shift-closed'
}

/** A shift of which only another entry is known yet. */
function unopened(fact: InShift): ShiftTable {
  return {
    store_no: fact.storeNo,
    id: uuidBytes(fact.shift),
    register_no: fact.registerNo,
    trading_day: fact.entry.tradingDay,
    cashier: null,
    opened_at: null,
    float_minor: 0,
    closed_at: null,
    counted_minor: null,
    expected_minor: null,
    difference_minor: null,
  }
}

/** What an opening or a closing says of its shift, and when the same was said before. */
function statedBy(
  { entry, registerNo }: Fact,
  shift: ShiftTable,
): { before: number | null; change: Partial<ShiftTable> } | undefined {
  if (entry.type === 'shift-opened') {
    return {
      before: shift.opened_at,
      change: {
        register_no: registerNo,
        trading_day: entry.tradingDay,
        cashier: entry.staff === null ? null : uuidBytes(entry.staff),
        opened_at: entry.at,
        float_minor: entry.body.float.totalMinor,
      },
    }
  }
  if (entry.type === 'shift-closed') {
    return {
      before: shift.closed_at,
      change: {
        closed_at: entry.at,
        counted_minor: entry.body.count.totalMinor,
        expected_minor: entry.body.expectedMinor,
        difference_minor: entry.body.differenceMinor,
      },
    }
  }
  return undefined
}

function amountsOf({ entry }: Fact): Partial<Sum> | undefined {
  if (entry.type === 'sale') return amountsOfSale(entry.body)
  if (entry.type === 'cash-in') return { cash_in_minor: entry.body.amountMinor }
  if (entry.type === 'cash-out') return { cash_out_minor: entry.body.amountMinor }
  if (entry.type === 'safe-drop') return { safe_drops_minor: entry.body.count.totalMinor }
  return undefined
}

function amountsOfSale(sale: SaleBody): Partial<Sum> {
  const totalOf = (kinds: string) =>
    sale.documents
      .filter((document) => kinds.includes(document.kind))
      .reduce((sum, document) => sum + document.totalMinor, 0)
  const cashOf = (direction: 'in' | 'out') =>
    sale.tenders
      .filter((tender) => tender.kind === 'cash' && tender.direction === direction)
      .reduce((sum, tender) => sum + tender.amountMinor, 0)
  return {
    bills: sale.documents.filter((document) => 'IB'.includes(document.kind)).length,
    sold_minor: totalOf('IB'),
    returned_minor: totalOf('CR'),
    cash_sales_minor: cashOf('in'),
    cash_refunds_minor: cashOf('out'),
  }
}

function added(sum: Sum, amounts: Partial<Sum>): Sum {
  return {
    bills: sum.bills + (amounts.bills ?? 0),
    sold_minor: sum.sold_minor + (amounts.sold_minor ?? 0),
    returned_minor: sum.returned_minor + (amounts.returned_minor ?? 0),
    cash_sales_minor: sum.cash_sales_minor + (amounts.cash_sales_minor ?? 0),
    cash_refunds_minor: sum.cash_refunds_minor + (amounts.cash_refunds_minor ?? 0),
    cash_in_minor: sum.cash_in_minor + (amounts.cash_in_minor ?? 0),
    cash_out_minor: sum.cash_out_minor + (amounts.cash_out_minor ?? 0),
    safe_drops_minor: sum.safe_drops_minor + (amounts.safe_drops_minor ?? 0),
  }
}
