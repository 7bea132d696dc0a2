import type { PercentOffBill } from './offers.ts'

/**
 * What `price` takes and gives. All amounts are integer paise (`…Minor`), quantities integer
 * thousandths (`…Milli`), rates integer basis points (`…Bp`), instants milliseconds since 1970 UTC.
 */

/** A line as the cashier made it. The engine never changes it. */
export type CartLine = {
  /** Short id, unique in the cart; names the line in traces and on the entry. */
  uid: string
  productId: number
  /** undefined while nobody chose a batch: the lowest MRP in stock then rules (PRC-3). */
  batchId?: number
  /** More than 0; a multiple of 1000 for counted goods. */
  quantityMilli: number
}

export type Cart = { lines: readonly CartLine[] }

/** Everything outside cart and rulebook that decides a price (PRC-9). Kept in the entry. */
export type PricingContext = {
  /** When Pay opened (PRC-5). Before that, now. */
  pricedAt: number
  storeId: string
  regionId: string
  /** GST State code of the store, two digits. */
  storeState: string
  /** GST State code of the place of supply; the store's for a carry-away sale (TAX-3). */
  placeOfSupply: string
  /** Customer tier, e.g. `member`; undefined for a stranger. */
  tier?: string
}

export type TaxKind = 'taxable' | 'nil' | 'exempt' | 'non-gst'

/** A rate from an instant on; the next row ends it. Rows are sorted by `from`. */
export type TaxRate = { from: number; kind: TaxKind; rateBp: number }
export type TaxClass = { id: string; name: string; rates: readonly TaxRate[] }

export type Batch = {
  id: number
  batchNo: string
  /** Printed MRP; undefined where the goods carry none. */
  mrpMinor?: number
  /** MRP after a tax revision, when the maker communicated one; the lower of both is the ceiling. */
  revisedMrpMinor?: number
  /** Kind and month on the label, `YYYY-MM`: `use-before` ends before its first day, `expiry` after its last. */
  expiry?: { kind: 'use-before' | 'expiry'; month: string }
}

/** One selling price on one list, in force in [from, until). */
export type PriceRow = { list: number; unitMinor: number; from: number; until?: number }

export type PriceList = {
  id: number
  name: string
  /** Store beats region beats chain (PRC-4). `scopeId` is the store's or region's id, '' for the chain. */
  scope: 'store' | 'region' | 'chain'
  scopeId: string
  /** Only for this customer tier; competes on price with the ordinary lists. */
  tier?: string
  /** Prices include GST. */
  inclusive: boolean
}

/** A product as a till holds it. */
export type RulebookProduct = {
  id: number
  sku: string
  /** By language tag; `en` is always there. */
  names: { en: string; [language: string]: string }
  brandId: number
  categoryId: number
  hsn: string
  /** Unit quantity code of the GST portal: NOS, BTL, GMS … */
  uqc: string
  taxClassId: string
  /** GTINs and internal codes, without check-digit padding: as scanned. */
  barcodes: readonly string[]
  batches: readonly Batch[]
  prices: readonly PriceRow[]
}

/** The one effect of engine 1. */
export type Offer = PercentOffBill
export type { PercentOffBill }

/** Prices, offers and taxes of one version, as `price` reads them. A till's packed catalogue and a server's cache both fit. */
export type Rulebook = {
  version: number
  checksum: string
  rupeeRounding: boolean
  findProduct(productId: number): RulebookProduct | undefined
  findTaxClass(taxClassId: string): TaxClass | undefined
  findPriceList(listId: number): PriceList | undefined
  offers: readonly Offer[]
}

/** One applied step of a line, in the order of the layers (PRC-6, PRC-8). Amounts are what the step took off. */
export type Step =
  | { kind: 'offer'; offerId: number; amountMinor: number }
  | { kind: 'ceiling'; amountMinor: number }

export type PricedLine = {
  uid: string
  productId: number
  batchId?: number
  quantityMilli: number
  /** Layer 1: the list that won and its unit price, after the ceiling. */
  listId: number
  unitMinor: number
  /** Ceiling of one unit (PRC-3); undefined without MRP. */
  mrpMinor?: number
  /** unitMinor × quantity, rounded once. */
  grossMinor: number
  /** Sum of the steps; never above gross. */
  discountMinor: number
  /** What this line costs the customer, all taxes and roundings included; the parts below add up to it. */
  paidMinor: number
  taxKind: TaxKind
  rateBp: number
  taxableMinor: number
  /** SGST is always the same (TAX-3). */
  cgstMinor: number
  igstMinor: number
  /** paid − rupee − taxable − heads (TAX-2). */
  roundOffMinor: number
  /** This line's share of the document's rounding to the rupee (TAX-4). */
  rupeeMinor: number
  steps: readonly Step[]
}

/** A row of the document's rate table. */
export type TaxGroup = {
  taxKind: TaxKind
  rateBp: number
  taxableMinor: number
  cgstMinor: number
  igstMinor: number
  roundOffMinor: number
}

/** Why a live offer that touches the cart did not apply: the first failing condition (PRC-8). */
export type FailedCondition =
  | { kind: 'store' }
  | { kind: 'calendar' }
  | { kind: 'minimum'; missingMinor: number }
  | { kind: 'conflict'; withOfferId: number }
  | { kind: 'unknown-effect' }

export type NotApplied = { offerId: number; condition: FailedCondition }
/** True when followed: `missingMinor` more and the offer applies. */
export type Nudge = { offerId: number; missingMinor: number; savesMinor: number }

export type PricedCart = {
  engine: number
  inclusive: boolean
  /** Same order as the cart. */
  lines: readonly PricedLine[]
  groups: readonly TaxGroup[]
  /** Sum of unit MRP (or price, where there is none) × quantity. */
  mrpTotalMinor: number
  grossMinor: number
  discountMinor: number
  taxableMinor: number
  cgstMinor: number
  igstMinor: number
  roundOffMinor: number
  rupeeMinor: number
  toPayMinor: number
  notApplied: readonly NotApplied[]
  nudges: readonly Nudge[]
}
