import type { Entry } from '@nexus/sync'
import type { Fact, Projector } from '../../journal/projector.ts'
import type { NumberExplainedTable } from '../tables.ts'
import { insertExplained, removeExplained } from './sql.ts'

/** Keeps what entries say of numbers that no bill bears, or that two bear (JRN-14b). */
export const numberProjector: Projector = {
  name: 'bill-numbers',
  types: ['number-cancelled', 'handover', 'recovered-bill', 'renumbered'],
  async apply(tx, facts) {
    await insertExplained(tx, facts.flatMap(explainedBy))
  },
  clear: removeExplained,
}

function explainedBy({ storeNo, epochNo, seq, entry }: Fact): NumberExplainedTable[] {
  const slot = { store_no: storeNo, epoch_no: epochNo, seq }
  return said(entry).map((one) => ({ ...one, ...slot }))
}

function said(entry: Entry): Pick<NumberExplainedTable, 'number' | 'how' | 'reason'>[] {
  switch (entry.type) {
    case 'number-cancelled':
      return [{ number: entry.body.number, how: 'cancelled', reason: entry.body.reason }]
    case 'handover':
      return [...new Set(entry.body.lostNumbers)].map((number) => ({
        number,
        how: 'lost' as const,
        reason: entry.body.reason,
      }))
    case 'recovered-bill':
      return [{ number: entry.body.oldNumber, how: 'recovered', reason: '' }]
    case 'renumbered':
      return [{ number: entry.body.oldNumber, how: 'renumbered', reason: entry.body.number }]
    default:
      return []
  }
}
