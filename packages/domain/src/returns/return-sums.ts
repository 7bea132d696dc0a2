import type { TaxGroup, TaxKind } from '../pricing/types.ts'
import type { ReturnDocument, ReturnedLine } from './types.ts'

const KINDS: readonly TaxKind[] = ['taxable', 'nil', 'exempt', 'non-gst']

type Sums = Omit<ReturnDocument, 'kind' | 'pricing' | 'taxes' | 'mrpTotalMinor' | 'buyerGstin' | 'of'>

/**
 * The sums of a return's lines.
 *
 * @param totalMinor what is given back; the rupee rounding covers what the lines are away from it
 */
export function addUpReturn(lines: ReturnedLine[], totalMinor: number): Sums {
  const sums: Sums = {
    lines,
    grossMinor: 0,
    discountMinor: 0,
    taxableMinor: 0,
    cgstMinor: 0,
    igstMinor: 0,
    roundOffMinor: 0,
    rupeeMinor: totalMinor,
    totalMinor,
  }
  for (const line of lines) {
    sums.grossMinor += line.grossMinor
    sums.discountMinor += line.discountMinor
    sums.taxableMinor += line.taxableMinor
    sums.cgstMinor += line.cgstMinor
    sums.igstMinor += line.igstMinor
    sums.roundOffMinor += line.roundOffMinor
    sums.rupeeMinor -= line.paidMinor - line.rupeeMinor
  }
  return sums
}

/** A credit note's rate table, highest rate first: it only adds up what the lines carry (TAX-2b, RET-2e). */
export function rateTable(lines: readonly ReturnedLine[]): TaxGroup[] {
  const rows: TaxGroup[] = []
  for (const { taxKind, rateBp, ...line } of lines) {
    let row = rows.find((known) => known.rateBp === rateBp && known.taxKind === taxKind)
    if (row === undefined) {
      row = { taxKind, rateBp, taxableMinor: 0, cgstMinor: 0, igstMinor: 0, roundOffMinor: 0 }
      rows.push(row)
    }
    row.taxableMinor += line.taxableMinor
    row.cgstMinor += line.cgstMinor
    row.igstMinor += line.igstMinor
    row.roundOffMinor += line.roundOffMinor
  }
  return rows.sort(
    (one, other) => other.rateBp - one.rateBp || KINDS.indexOf(one.taxKind) - KINDS.indexOf(other.taxKind),
  )
}
