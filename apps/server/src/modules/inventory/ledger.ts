import type { BillDocument, Entry } from '@nexus/sync'
import type { Ledger } from '../journal/index.ts'
import { moveSums } from './sql.ts'

/** Goods that sales moved, by product: thousandths of its unit, into the store positive. */
export const stockLedger: Ledger = {
  name: 'stock',
  types: ['sale', 'recovered-bill'],
  fold: ({ entry }) => {
    const sum: Record<string, number> = {}
    for (const { kind, lines } of documentsOf(entry)) {
      if (kind === 'G') continue
      const sign = kind === 'C' || kind === 'R' ? 1 : -1
      for (const { product, quantityMilli } of lines) {
        const figure = `product ${product}`
        sum[figure] = (sum[figure] ?? 0) + sign * quantityMilli
      }
    }
    return sum
  },
  stored: async (db, span) =>
    Object.fromEntries(
      (await moveSums(db, span)).map((row) => [`product ${row.product}`, row.quantityMilli]),
    ),
}

function documentsOf(entry: Entry): readonly BillDocument[] {
  if (entry.type === 'sale') return entry.body.documents
  return entry.type === 'recovered-bill' ? [entry.body.document] : []
}
