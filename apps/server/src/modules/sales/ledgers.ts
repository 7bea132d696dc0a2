import type { BillDocument } from '@nexus/sync'
import type { Figures, Ledger } from '../journal/index.ts'
import { billSums, taxSums, tenderSums } from './ledger-sql.ts'

/** Documents by kind: how many, their totals, taxes and lines, and the sum of their serial numbers. */
const bills: Ledger = {
  name: 'bills',
  types: ['sale'],
  fold: ({ entry }) => (entry.type === 'sale' ? sumOf(entry.body.documents, figuresOfDocument) : {}),
  stored: async (db, span) => {
    const rows = await billSums(db, span)
    return Object.fromEntries(
      rows.flatMap(({ kind, ...sums }) =>
        Object.entries(sums).map(([name, sum]) => [`${kind} ${name}`, sum]),
      ),
    )
  },
}

function figuresOfDocument({ kind, number, totalMinor, cgstMinor, igstMinor, lines }: BillDocument): Figures {
  return {
    [`${kind} documents`]: 1,
    [`${kind} totalMinor`]: totalMinor,
    // SGST is the same as CGST (TAX-3).
    [`${kind} taxMinor`]: 2 * cgstMinor + igstMinor,
    [`${kind} lines`]: lines.length,
    [`${kind} serials`]: Number(/-([0-9]{1,9})$/.exec(number)?.[1] ?? 0),
  }
}

/** What returns to the tax office are made of: taxable value and tax by rate. */
const taxes: Ledger = {
  name: 'taxes',
  types: ['sale'],
  fold: ({ entry }) =>
    entry.type === 'sale'
      ? sumOf(entry.body.documents, ({ kind, taxes: rows }) =>
          sumOf(rows, ({ taxKind, rateBp, taxableMinor, cgstMinor, igstMinor }) => ({
            [`${kind} ${taxKind} ${rateBp} taxableMinor`]: taxableMinor,
            [`${kind} ${taxKind} ${rateBp} taxMinor`]: 2 * cgstMinor + igstMinor,
          })),
        )
      : {},
  stored: async (db, span) =>
    sumOf(await taxSums(db, span), ({ kind, taxKind, rateBp, taxableMinor, taxMinor }) => ({
      [`${kind} ${taxKind} ${rateBp} taxableMinor`]: taxableMinor,
      [`${kind} ${taxKind} ${rateBp} taxMinor`]: taxMinor,
    })),
}

/** Money taken and given back, by way of paying. */
const tenders: Ledger = {
  name: 'tenders',
  types: ['sale'],
  fold: ({ entry }) =>
    entry.type === 'sale'
      ? sumOf(entry.body.tenders, ({ kind, direction, amountMinor }) => ({
          [`${kind} ${direction}`]: amountMinor,
        }))
      : {},
  stored: async (db, span) =>
    sumOf(await tenderSums(db, span), ({ kind, direction, amountMinor }) => ({
      [`${kind} ${direction}`]: amountMinor,
    })),
}

function sumOf<Row>(rows: readonly Row[], figuresOf: (row: Row) => Figures): Figures {
  const sum: Record<string, number> = {}
  for (const row of rows) {
    for (const [figure, value] of Object.entries(figuresOf(row))) sum[figure] = (sum[figure] ?? 0) + value
  }
  return sum
}

/** What the rows of this module must add up to. */
export const salesLedgers: readonly Ledger[] = [bills, taxes, tenders]
