import { invariant } from '../invariant.ts'
import type { TaxKind } from '../pricing/types.ts'

/** Tax invoice I, bill of supply B, credit note C, refund without GST R, provisional slip P, gift-card receipt G. */
export type DocumentKind = 'I' | 'B' | 'C' | 'R' | 'P' | 'G'

/** Heading that the law asks for over a bill; screens and printers have the words for it. */
export type DocumentTitle = 'tax-invoice' | 'invoice-cum-bill-of-supply' | 'bill-of-supply'

/**
 * The heading of a sale's document: taxable goods alone make a tax invoice (rule 46), goods without
 * tax a bill of supply (rule 49), both together one invoice-cum-bill of supply (rule 46A, TAX-5).
 */
export function documentTitleOf(lines: readonly { taxKind: TaxKind }[]): DocumentTitle {
  invariant(lines.length > 0, 'a document has lines')
  const taxable = lines.filter((line) => line.taxKind === 'taxable').length
  if (taxable === 0) return 'bill-of-supply'
  return taxable === lines.length ? 'tax-invoice' : 'invoice-cum-bill-of-supply'
}

/** The kind of a sale's document, which names its series: only a bill without any taxable line is B. */
export function documentKindOf(lines: readonly { taxKind: TaxKind }[]): 'I' | 'B' {
  return documentTitleOf(lines) === 'bill-of-supply' ? 'B' : 'I'
}
