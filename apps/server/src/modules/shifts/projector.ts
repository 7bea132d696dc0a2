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
    for (const fact of facts) {
      if (!fact.entry.shift && fact.entry.type.startsWith('shift-')) {
        findings.push({ identity: fact.identity, discrepancy: { kind: 'shift-missing', params: {} } })
      }
    }
    for (const [storeNo, group] of Map.groupBy(inShifts, (fact) => fact.storeNo)) {
      findings.push(...(await applyToStore(tx, storeNo, group)))
    }
    return findings
  },
  clear: clearShifts,
}

async function applyToStore(
  tx: Tx,
  storeNo: number,
  facts: readonly (Fact & { shift: string })[],
): Promise<Finding[]> {
  // In the order of the key, so that two writers lock rows in one order.
  const ids = [...new Set(facts.map((fact) => fact.shift))].sort()
  const stating = new Set(facts.filter(statesShift).map((fact) => fact.shift))
  // A sale asks nothing of its shift but that it has a row, so most groups read nothing here.
  const shifts =
    stating.size > 0
      ? await findShifts(tx, storeNo, [...stating].map(uuidBytes))
      : new Map<string, ShiftTable>()
  const noted = new Map<string, ShiftTable>()
  const sums = new Map<string, Sum>()
  const findings: Finding[] = []
  for (const fact of facts) {
    const id = fact.shift
    const shift = shifts.get(id) ?? noted.get(id) ?? unopened(fact, id)
    if (!shifts.has(id)) (stating.has(id) ? shifts : noted).set(id, shift)
    const stated = statedBy(fact, shift)
    if (stated) {
      if (stated.before !== null) {
        const discrepancy = { kind: `${fact.entry.type}-twice`, params: { shift: id } }
        findings.push({ identity: fact.identity, discrepancy })
      }
      if (stated.before === null || fact.entry.at < stated.before)
        shifts.set(id, { ...shift, ...stated.change })
    }
    const amounts = amountsOf(fact)
    if (amounts) sums.set(id, added(sums.get(id) ?? emptySum, amounts))
  }
  const inOrder = <Row>(rows: ReadonlyMap<string, Row>) => ids.flatMap((id) => rows.get(id) ?? [])
  await replaceShifts(tx, inOrder(shifts))
  await keepShifts(tx, inOrder(noted))
  await addToSums(
    tx,
    ids.flatMap((id) => {
      const sum = sums.get(id)
      return sum ? [{ store_no: storeNo, shift: uuidBytes(id), ...sum }] : []
    }),
  )
  return findings
}

/** Whether an entry says something of its shift itself. */
function statesShift({ entry }: Fact): boolean {
  return entry.type === 'shift-opened' || entry.type === 'shift-closed'
}

/** A shift of which only another entry is known yet. */
function unopened(fact: Fact, id: string): ShiftTable {
  return {
    store_no: fact.storeNo,
    id: uuidBytes(id),
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
