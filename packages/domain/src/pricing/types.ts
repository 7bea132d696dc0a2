import type { Offer } from './offers.ts'

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
  /** The gift offer that this line is taken from; in no base of other offers (PRC-6h). */
  giftOf?: number
  /** Layer 4, on what is left of the line; `unitMinor` is the most that a unit then costs. */
  manual?: ManualReduction | { unitMinor: number }
}

/** What a person takes off: a percentage or an amount; exactly one member is given. */
export type ManualReduction = { percentBp: number } | { amountMinor: number }

export type Cart = {
  lines: readonly CartLine[]
  /** Codes as entered, in that order. */
  coupons?: readonly string[]
  /** Layer 4, on what is left of the bill. */
  manual?: ManualReduction
  /** Layer 5: points that are given as a discount (TAX-6b). */
  pointsMinor?: number
}

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
  /** The customer is one of the chain's people. */
  isStaff?: boolean
  /** The customer is known and has bought nothing yet. */
  isFirstPurchase?: boolean
  /** By offer id: how often it was applied before this bill, as far as is known (PRC-11a). */
  uses?: Readonly<Record<number, OfferUses>>
  /** By code, trimmed and in capitals: what is known of an entered coupon (PRC-11b). */
  couponStates?: Readonly<Record<string, CouponState>>
}

/** Applications for this customer and for all, and what the offer gave in all; absent is 0. */
export type OfferUses = { customer?: number; total?: number; givenMinor?: number }
export type CouponState = 'usable' | 'used' | 'unknown'

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
  /** The category's department; undefined where the chain has none. */
  departmentId?: number
  tags?: readonly string[]
  /** Money on a card, no goods: in no offer, base or discount (PRC-6h). Its tax class is outside GST (TAX-6a). */
  giftCard?: true
  hsn: string
  /** Unit quantity code of the GST portal: NOS, BTL, GMS … */
  uqc: string
  taxClassId: string
  /** GTINs and internal codes, without check-digit padding: as scanned. */
  barcodes: readonly string[]
  batches: readonly Batch[]
  prices: readonly PriceRow[]
}

export type * from './offers.ts'

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
  | {
      kind: 'offer'
      offerId: number
      /** Units of the line that took part in an item offer; absent for offers of the bill. */
      units?: number
      amountMinor: number
    }
  | { kind: 'ceiling'; amountMinor: number }
  | { kind: 'coupon'; offerId: number; code: string; amountMinor: number }
  | { kind: 'manual'; on: 'line' | 'bill'; amountMinor: number }
  | { kind: 'points'; amountMinor: number }

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
  /** Set on a line that is marked as a gift. */
  gift?: {
    offerId: number
    /** Units that cost the gift's price; the others are at full price. */
    units: number
    /** Why the units at full price are no gifts. */
    refused?: FailedCondition | { kind: 'not-a-gift' }
  }
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

/**
 * Why a live offer that touches the cart did not apply: the first failing condition, in this order
 * (PRC-8d). What misses a minimum is an amount of net value, or a number of units of the offer's goods.
 */
export type FailedCondition =
  | { kind: 'store' }
  | { kind: 'calendar' }
  | { kind: 'audience' }
  | { kind: 'limit' }
  | { kind: 'minimum'; missingMinor: number }
  | { kind: 'minimum'; missingUnits: number }
  | { kind: 'conflict'; withOfferId: number }
  | { kind: 'unknown-effect' }

export type NotApplied = { offerId: number; condition: FailedCondition }
/** An offer that took something off, or coupons of it. */
export type AppliedOffer = { offerId: number; applications: number; amountMinor: number }

/** What became of an entered code; every one is told why not (PRC-8b). */
export type CouponOutcome =
  | { kind: 'applied'; amountMinor: number }
  /** No offer has this code, or nobody knows it to be usable. */
  | { kind: 'unknown' }
  | { kind: 'used' }
  /** The same code stands before. */
  | { kind: 'repeated' }
  /** Nothing on the bill is in the coupon's selector. */
  | { kind: 'no-goods' }
  | FailedCondition

export type EnteredCoupon = { code: string; offerId?: number; outcome: CouponOutcome }

/** A gift whose threshold is reached and of which units may still be added. */
export type OpenGift = { offerId: number; products: readonly number[]; unitsLeft: number }

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
  // From here on: engine 2 and later.
  /** By offer id. */
  applied?: readonly AppliedOffer[]
  /** As entered. */
  coupons?: readonly EnteredCoupon[]
  gifts?: readonly OpenGift[]
  /** Layer 2 is proved to be the best assignment (PRC-7c). */
  optimal?: boolean
  /** No assignment of layer 2 takes off more. */
  boundMinor?: number
}
