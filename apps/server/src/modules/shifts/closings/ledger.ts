import type { Entry } from '@nexus/sync'
import type { Figures, Ledger } from '../../journal/index.ts'
import { statedBy } from './projector.ts'
import { closingsIn } from './sql.ts'

/** What closings state, by the slot of each: a stated total never changes (I8). */
export const closingLedger: Ledger = {
  name: 'closings',
  types: ['shift-closed', 'day-settled', 'month-closed'],
  fold: ({ seq, entry }) => (closesSomething(entry) ? at(seq, statedBy(entry)) : {}),
  stored: async (db, span) => {
    const found = await closingsIn(db, span)
    return Object.assign({}, ...found.map(({ seq, stated }) => at(seq, stated)))
  },
}

function closesSomething(entry: Entry): boolean {
  if (entry.type === 'shift-closed') return entry.shift !== null
  return entry.type === 'day-settled' ? entry.tradingDay !== null : true
}

function at(seq: number, stated: Figures): Figures {
  return Object.fromEntries(Object.entries(stated).map(([figure, sum]) => [`${seq} ${figure}`, sum]))
}

/** What a closing of a shift says was taken, to be compared with what its entries took. */
export function takenBy({ body }: Entry<'shift-closed'>): Record<string, Figures> {
  const tenders = body.tenders.flatMap(({ kind, inMinor, outMinor }) => [
    [`${kind} in`, inMinor] as const,
    [`${kind} out`, outMinor] as const,
  ])
  return { tenders: Object.fromEntries(tenders) }
}
