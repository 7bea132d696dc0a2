/**
 * Offers as rulebooks carry them. Amounts are integer paise (`…Minor`), rates integer basis points (`…Bp`),
 * counts whole units, instants milliseconds since 1970 UTC.
 */

/**
 * Which units an offer speaks of. Members that are given must all hold; the values of one member are
 * alternatives. At least one member, or `everything`, is given: an empty selector is refused at publishing.
 */
export type Selector = {
  everything?: true
  products?: readonly number[]
  brands?: readonly number[]
  categories?: readonly number[]
  departments?: readonly number[]
  tags?: readonly string[]
  /** Layer-1 price of a unit in [from, until). */
  unitFromMinor?: number
  unitUntilMinor?: number
  /** At most so many days until the batch's date; goods without a known batch or date are out. */
  expiresWithinDays?: number
  /** Taken out again, whatever the rest says. */
  except?: {
    products?: readonly number[]
    brands?: readonly number[]
    categories?: readonly number[]
    departments?: readonly number[]
    tags?: readonly string[]
  }
}

/** Who gets it; undefined is anyone. */
export type Audience =
  | { kind: 'tier'; tiers: readonly string[] }
  | { kind: 'staff' }
  | { kind: 'first-purchase' }

/** How often. One application is one unit, one full group, one bundle, one gift unit, or one bill or coupon discount. */
export type Limits = {
  perBill?: number
  perCustomer?: number
  total?: number
  budgetMinor?: number
}

type OfferCommon = {
  id: number
  /** Printed on the bill. */
  name: string
  /** Higher goes first where rules leave a choice (PRC-7a, PRC-6f). */
  priority: number
  /** In force in [from, until). */
  from: number
  until?: number
  /** 1 Monday … 7 Sunday in the store's zone; undefined: every day. */
  weekdays?: readonly number[]
  /** Minutes after midnight in the store's zone, [from, until); over midnight where until ≤ from. */
  hours?: { fromMinute: number; untilMinute: number }
  /** undefined: every store. */
  storeIds?: readonly string[]
  audience?: Audience
  limits?: Limits
  /** Shares units (layer 2) or the bill (layer 3) with other combinable offers. */
  combinable?: boolean
}

/** A percentage or an amount; exactly one member is given. `capMinor` limits a percentage. */
export type Reduction = { percentBp: number; capMinor?: number } | { amountMinor: number }

// Layer 2: item offers

/** Each unit of the selector; with a minimum, all of them once so many are on the bill. */
export type UnitOffer = OfferCommon & {
  effect: 'unit-off'
  selector: Selector
  off: { percentBp: number } | { amountMinor: number }
  minimumUnits?: number
}
/** Assigned units by price, highest first, in groups of buy + get; in each full group the last `get` are reduced. */
export type BuyGetOffer = OfferCommon & {
  effect: 'buy-get'
  selector: Selector
  buy: number
  get: number
  /** 10000 is free. */
  percentBp: number
}
/** For `buy` units of one selector, `get` units of another are reduced, the cheapest first. */
export type BuyOtherOffer = OfferCommon & {
  effect: 'buy-other'
  buy: { selector: Selector; units: number }
  get: { selector: Selector; units: number }
  percentBp: number
}
/** One unit of each part for a fixed sum. */
export type BundleOffer = OfferCommon & {
  effect: 'bundle'
  parts: readonly Selector[]
  priceMinor: number
}
/** By the batch's days to expiry: the first step whose `withinDays` covers it. Steps ascend. */
export type MarkdownOffer = OfferCommon & {
  effect: 'markdown'
  selector: Selector
  steps: readonly { withinDays: number; percentBp: number }[]
}
/** Free on any bill, `limits.perBill` units of it. */
export type ComplimentaryOffer = OfferCommon & { effect: 'complimentary'; selector: Selector }

// Layer 3: bill offers

/** The effect of engine 1, and of engine 2 unchanged. */
export type PercentOffBill = OfferCommon & {
  effect: 'percent-off-bill'
  percentBp: number
  minimumMinor?: number
}
/** When the selector's net reaches a tier: off the selector or off the bill. Tiers ascend; the highest reached counts. */
export type ThresholdOffer = OfferCommon & {
  effect: 'threshold'
  selector: Selector
  on: 'selector' | 'bill'
  tiers: readonly { fromMinor: number; off: Reduction }[]
}
/** At a threshold, gift units that stand in the cart as gift lines cost `unitMinor` each. */
export type GiftOffer = OfferCommon & {
  effect: 'gift'
  selector: Selector
  fromMinor: number
  gifts: readonly number[]
  unitMinor: number
}
/** A code that the customer brings: one public code, or a series by its prefix. */
export type CouponOffer = OfferCommon & {
  effect: 'coupon'
  code: { kind: 'public'; text: string } | { kind: 'series'; prefix: string; length: number }
  selector: Selector
  off: Reduction
  minimumMinor?: number
  /** Gift lines are in its base as well (PRC-6h). */
  onGifts?: boolean
}

export type ItemOffer =
  | UnitOffer
  | BuyGetOffer
  | BuyOtherOffer
  | BundleOffer
  | MarkdownOffer
  | ComplimentaryOffer
export type BillOffer = PercentOffBill | ThresholdOffer | GiftOffer
export type Offer = ItemOffer | BillOffer | CouponOffer
