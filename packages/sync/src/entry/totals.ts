import type { BillDocument, Entry, Totals } from './schema.ts'

/** Totals of an epoch without entries. */
export const zeroTotals: Totals = Object.freeze({
  sales: 0,
  documents: 0,
  soldMinor: 0,
  taxMinor: 0,
  returnedMinor: 0,
  returnedTaxMinor: 0,
})

/** Types that state the totals; in all others the member is null (JRN-18). */
export function statesTotals(type: string): boolean {
  return type === 'sale' || type === 'shift-closed'
}

/**
 * Totals after an entry (JRN-18). Invoices and bills of supply are sold, credit notes and refunds
 * without GST are returned; receipts and slips count as documents only. An `invoice-issued` and a
 * `recovered-bill` state no totals themselves: the next sale's do. Re-homed entries add nothing.
 */
export function totalsAfter(previous: Totals, entry: Entry): Totals {
  switch (entry.type) {
    case 'sale':
      return entry.body.documents.reduce(withDocument, { ...previous, sales: previous.sales + 1 })
    case 'invoice-issued':
    case 'recovered-bill':
      return withDocument(previous, entry.body.document)
    default:
      return previous
  }
}

function withDocument(totals: Totals, document: BillDocument): Totals {
  const counted = { ...totals, documents: totals.documents + 1 }
  // SGST always equals CGST (TAX-3), so the document carries it once.
  const taxMinor = 2 * document.cgstMinor + document.igstMinor
  switch (document.kind) {
    case 'I':
    case 'B':
      counted.soldMinor += document.totalMinor
      counted.taxMinor += taxMinor
      return counted
    case 'C':
    case 'R':
      counted.returnedMinor += document.totalMinor
      counted.returnedTaxMinor += document.kind === 'C' ? taxMinor : 0
      return counted
    default:
      return counted
  }
}

export function sameTotals(a: Totals, b: Totals): boolean {
  return (
    a.sales === b.sales &&
    a.documents === b.documents &&
    a.soldMinor === b.soldMinor &&
    a.taxMinor === b.taxMinor &&
    a.returnedMinor === b.returnedMinor &&
    a.returnedTaxMinor === b.returnedTaxMinor
  )
}
