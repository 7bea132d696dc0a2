import type { DocumentKind } from '../bills/document-kind.ts'
import type { TaxGroup, TaxKind } from '../pricing/types.ts'

/**
 * Bills as their entries hold them, and the documents of returns, as far as returns need them. All amounts
 * are integer paise (`…Minor`), quantities integer thousandths (`…Milli`). Amounts of a credit note are
 * positive; its kind says that they go back.
 */

/** What names the goods of a line; a return repeats it. */
export type Goods = {
  product: number
  batch: number | null
  code: string
  name: string
  hsn: string
  uqc: string
  list: number
  unitMinor: number
  mrpMinor: number | null
  /** Salesperson of the line, where it was not the cashier. */
  salesperson?: string
}

/** What a line cost and its parts (TAX-2): paid = taxable + heads + round-off + rupee; SGST is the same as CGST. */
type Figures = {
  quantityMilli: number
  grossMinor: number
  discountMinor: number
  paidMinor: number
  taxKind: TaxKind
  rateBp: number
  taxableMinor: number
  cgstMinor: number
  igstMinor: number
  roundOffMinor: number
  rupeeMinor: number
}

/** What an offer took off; `code` where it was a coupon. */
type OfferShare = { id: number; amountMinor: number; code?: string }

/** What people and points took off a line; absent is nothing. */
type ByHand = { manualMinor?: number; pointsMinor?: number }

/** A line of a bill, as sold. */
export type SoldLine = Readonly<Goods & Figures & ByHand> & {
  readonly uid: string
  readonly offers: readonly Readonly<OfferShare>[]
}

/** Where and how prices were made; a credit note repeats all but the instant. */
export type DocumentPricing = {
  pricedAt: number
  region: string
  storeState: string
  placeOfSupply: string
  tier: string | null
  inclusive: boolean
  rupeeRounding: boolean
}

/** A bill from which goods come back. */
export type SoldDocument = {
  readonly number: string
  /** Identity of the entry it stands in; null where only its paper is known. */
  readonly identity: string | null
  /** I or B; nothing is given back for other kinds. */
  readonly kind: DocumentKind
  readonly issueDate: string
  readonly pricing: Readonly<DocumentPricing>
  readonly lines: readonly SoldLine[]
  readonly buyerGstin: string | null
}

/** The interval of a sold line that comes back (RET-2f), in thousandths of what was returned of it. */
export type ReturnedInterval = {
  number: string
  identity: string | null
  uid: string
  fromMilli: number
  toMilli: number
}

/** A line of a credit note or of a refund. */
export type ReturnedLine = Goods &
  Figures &
  ByHand & { uid: string; offers: OfferShare[]; of?: ReturnedInterval }

/** The document of a return, ready for its number: a credit note C, or a refund without GST R. */
export type ReturnDocument = {
  kind: 'C' | 'R'
  pricing: DocumentPricing
  lines: ReturnedLine[]
  /** The lines' figures by rate, highest first; empty for R (RET-4b). */
  taxes: TaxGroup[]
  mrpTotalMinor: number
  grossMinor: number
  discountMinor: number
  taxableMinor: number
  cgstMinor: number
  igstMinor: number
  roundOffMinor: number
  /** The lines' rupee rounding, and what brings the document to the rupee (RET-2b). */
  rupeeMinor: number
  totalMinor: number
  buyerGstin: string | null
  of: { number: string; identity: string | null; issueDate: string } | null
}
