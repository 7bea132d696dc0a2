import { localDate } from '../calendar/calendar.ts'
import { settleTax } from '../tax/settle-tax.ts'
import { applyBillOffers, type BillLine, type LiveBillOffer } from './bill-layer.ts'
import { compileOffers, type TouchingOffer, touchingOffers } from './compile-offers.ts'
import { applyCoupons } from './coupons.ts'
import { type Assignment, assignItemOffers, type LiveItemOffer } from './item-offers/assign-item-offers.ts'
import { itemRefusals } from './item-refusals.ts'
import { canonically, keepBelow, type Line, lineCeiling, linesAtListPrice, sumsOf } from './lines.ts'
import { applyManual } from './manual-layer.ts'
import { applicationsLeft, failedBefore } from './offer-conditions.ts'
import type { CouponOffer, GiftOffer, ItemOffer, ThresholdOffer } from './offers.ts'
import { roundToRupee } from './rupee.ts'
import { daysLeftOf, type SelectedLine } from './selector.ts'
import { isInForce } from './selling-price.ts'
import { type Left, leftOf } from './take-off.ts'
import type {
  AppliedOffer,
  Cart,
  CartLine,
  EnteredCoupon,
  FailedCondition,
  NotApplied,
  Offer,
  PricedCart,
  PricingContext,
  Rulebook,
  RulebookProduct,
} from './types.ts'

// Lists of one length are indexed by one another's places: `as` stands where an index is in range by making.

/** Nodes of layer 2's search; it belongs to the engine's number (PRC-7c). */
const NODES_MAX = 80_000

/** A bill on its way through the layers; places are those of the canonical order. */
type Bill = {
  cartLines: readonly CartLine[]
  selected: readonly SelectedLine[]
  /** Places of lines that are neither marked as gifts nor gift cards: all that offers see (PRC-6h). */
  sold: readonly number[]
  /** By place, whether it is among them. */
  isSold: readonly boolean[]
  /** Places of all lines but gift cards: what coupons, people and points may take from. */
  goods: readonly number[]
  left: Left
  notApplied: NotApplied[]
  applied: AppliedOffer[]
}

/**
 * Prices a cart, engine 2: every layer of PRC-6, with what applied, what did not and why.
 *
 * Pure and deterministic (PRC-9), as engine 1, whose paise it gives where offers of the bill are the
 * only ones. Throws PricingRefusal for the first line that cannot be sold as it stands; offers and
 * coupons never make it throw.
 */
export function price2(cart: Cart, rulebook: Rulebook, context: PricingContext): PricedCart {
  return priceBut(undefined, cart, rulebook, context)
}

/** As `price2`, as if the rulebook did not hold one of its offers. */
export function price2Without(
  cart: Cart,
  rulebook: Rulebook,
  context: PricingContext,
  offerId: number,
): PricedCart {
  return priceBut(offerId, cart, rulebook, context)
}

function priceBut(
  leftOut: number | undefined,
  cart: Cart,
  rulebook: Rulebook,
  context: PricingContext,
): PricedCart {
  const intraState = context.storeState === context.placeOfSupply
  const { lines, products, inclusive } = linesAtListPrice(cart.lines, rulebook, context, intraState)
  const places = lines.map((_, at) => at)
  places.sort((one, other) => canonically(lines[one] as Line, lines[other] as Line))
  const ordered = places.map((at) => lines[at] as Line)
  const cartLines = places.map((at) => cart.lines[at] as CartLine)
  const ceilings = ordered.map(lineCeiling)
  keepBelow(ordered, ceilings, inclusive, intraState)

  const inOrder = places.map((at) => products[at] as RulebookProduct)
  const bill = openBill(ordered, cartLines, inOrder, context)
  const compiled = compileOffers(rulebook.offers)
  const isIn = ({ id }: Offer) => id !== leftOut
  const touching =
    lines.length === 0 ? [] : touchingOffers(compiled.index, bill.selected).filter(({ offer }) => isIn(offer))
  if (lines.length > 0) for (const offer of compiled.setAside) setAside(bill, offer, context)

  const assignment = layer2(bill, ordered, touching, context)
  const netMinor = leftOf(bill.left, bill.sold)
  const layer3 = billOffers(
    bill,
    ordered,
    lines.length === 0 ? [] : compiled.wholeBill.filter(isIn),
    touching,
    context,
  )
  const coupons = applyCoupons(
    cart.coupons ?? [],
    compiled,
    {
      netMinor,
      linesOf: (offer: CouponOffer) =>
        goodsAmong(bill, touching.find((one) => one.offer === offer)?.parts[0] ?? []),
      isGiftLine: (at) => cartLines[at]?.giftOf !== undefined,
    },
    bill.left,
    context,
  )
  applyManual(cartLines, cart, bill.goods, bill.left)
  for (let at = 0; at < ordered.length; at++) writeBack(bill, at, ordered[at], layer3.gifted)

  const groups = settleTax(ordered, ceilings, inclusive, intraState)
  if (rulebook.rupeeRounding) roundToRupee(ordered, ceilings)
  return {
    engine: 2,
    inclusive,
    lines,
    groups,
    ...sumsOf(lines),
    notApplied: bill.notApplied.toSorted((one, other) => one.offerId - other.offerId),
    applied: [...bill.applied, ...ofCoupons(coupons)].sort((one, other) => one.offerId - other.offerId),
    coupons,
    gifts: layer3.gifts,
    optimal: assignment.optimal,
    boundMinor: assignment.boundMinor,
  }
}

function openBill(
  ordered: readonly Line[],
  cartLines: readonly CartLine[],
  products: readonly RulebookProduct[],
  context: PricingContext,
): Bill {
  const date = localDate(context.pricedAt)
  const selected: SelectedLine[] = []
  const sold: number[] = []
  const isSold: boolean[] = []
  const goods: number[] = []
  for (let at = 0; at < ordered.length; at++) {
    const line = ordered[at]
    const cartLine = cartLines[at]
    if (line === undefined || cartLine === undefined) continue
    const product = products[at] as RulebookProduct
    selected.push({ product, unitMinor: line.unitMinor, daysToExpiry: daysLeftOf(cartLine, product, date) })
    if (product.giftCard !== true) goods.push(at)
    isSold[at] = cartLine.giftOf === undefined && product.giftCard !== true
    if (isSold[at]) sold.push(at)
  }
  const left: Left = { minor: ordered.map((line) => line.paidMinor), steps: ordered.map(() => []) }
  return { cartLines, selected, sold, isSold, goods, left, notApplied: [], applied: [] }
}

/** Without gift cards, which most bills do not have. */
function goodsAmong({ goods, selected }: Bill, places: readonly number[]): readonly number[] {
  return goods.length === selected.length
    ? places
    : places.filter((at) => selected[at]?.product.giftCard !== true)
}

/** An offer that this engine cannot compute is named, in the place where it would be looked at (PRC-6j). */
function setAside(bill: Bill, offer: Offer, context: PricingContext): void {
  let condition: FailedCondition = { kind: 'unknown-effect' }
  if (Array.isArray(offer.storeIds) && !offer.storeIds.includes(context.storeId))
    condition = { kind: 'store' }
  else if (!isInForce(offer, context.pricedAt)) condition = { kind: 'calendar' }
  bill.notApplied.push({ offerId: offer.id, condition })
}

/** Item offers: the best assignment of units (PRC-7). */
function layer2(
  bill: Bill,
  ordered: readonly Line[],
  touching: readonly TouchingOffer[],
  context: PricingContext,
): Assignment {
  const live: LiveItemOffer[] = []
  for (const { offer, parts } of touching) {
    if (!isItemOffer(offer)) continue
    const soldParts = parts.map((part) => part.filter((at) => bill.isSold[at]))
    if (soldParts.every((part) => part.length === 0)) continue
    const condition = failedBefore(offer, context)
    if (condition !== undefined) bill.notApplied.push({ offerId: offer.id, condition })
    else live.push({ offer, parts: soldParts, applicationsMax: applicationsLeft(offer, context) })
  }
  const items =
    live.length === 0
      ? []
      : ordered.map(({ uid, unitMinor, quantityMilli, paidMinor }, at) => {
          const fractional = quantityMilli % 1000 !== 0
          return {
            uid,
            unitMinor,
            units: fractional ? 1 : quantityMilli / 1000,
            fractional,
            valueMinor: paidMinor,
            daysToExpiry: bill.selected[at]?.daysToExpiry,
          }
        })
  const assignment = assignItemOffers(items, live, NODES_MAX)
  bill.notApplied.push(...itemRefusals(items, live, assignment, NODES_MAX))
  const given = new Map<number, number>()
  for (const { line, offerId, units, amountMinor } of assignment.steps) {
    bill.left.minor[line] = (bill.left.minor[line] ?? 0) - amountMinor
    bill.left.steps[line]?.push({ kind: 'offer', offerId, units, amountMinor })
    given.set(offerId, (given.get(offerId) ?? 0) + amountMinor)
  }
  for (const [offerId, applications] of assignment.applications) {
    bill.applied.push({ offerId, applications, amountMinor: given.get(offerId) ?? 0 })
  }
  return assignment
}

function billOffers(
  bill: Bill,
  ordered: readonly Line[],
  wholeBill: readonly LiveBillOffer['offer'][],
  touching: readonly TouchingOffer[],
  context: PricingContext,
) {
  const live: LiveBillOffer[] = []
  const take = (offer: LiveBillOffer['offer'], lines: readonly number[]) => {
    const condition = failedBefore(offer, context)
    if (condition !== undefined) bill.notApplied.push({ offerId: offer.id, condition })
    else live.push({ offer, lines, applicationsMax: applicationsLeft(offer, context) })
  }
  for (const offer of wholeBill) take(offer, [])
  for (const { offer, parts } of touching) {
    if (!isBillOffer(offer)) continue
    const sold = (parts[0] ?? []).filter((at) => bill.isSold[at])
    if (sold.length > 0) take(offer, sold)
  }
  const lines = ordered.map(
    ({ productId, quantityMilli, unitMinor }, at): BillLine => ({
      productId,
      quantityMilli,
      unitMinor,
      giftOf: bill.cartLines[at]?.giftOf,
    }),
  )
  const layer = applyBillOffers(live, lines, bill.sold, bill.left)
  bill.notApplied.push(...layer.notApplied)
  bill.applied.push(...layer.applied)
  return layer
}

/** What is left becomes what is paid; a gift line says how many of its units are gifts, and why the others are none. */
function writeBack(
  bill: Bill,
  at: number,
  line: Line | undefined,
  gifted: readonly { line: number; units: number }[],
): void {
  if (line === undefined) return
  const steps = bill.left.steps[at] ?? []
  if (steps.length > 0) line.steps = [...line.steps, ...steps]
  line.paidMinor = bill.left.minor[at] ?? 0
  line.discountMinor = line.grossMinor - line.paidMinor
  const giftOf = bill.cartLines[at]?.giftOf
  if (giftOf === undefined) return
  const units = gifted.find((one) => one.line === at)?.units ?? 0
  line.gift = { offerId: giftOf, units }
  if (units * 1000 < line.quantityMilli)
    line.gift = { ...line.gift, refused: giftRefusal(bill, giftOf, units) }
}

type GiftRefusal = FailedCondition | { kind: 'not-a-gift' }

function giftRefusal(bill: Bill, offerId: number, units: number): GiftRefusal {
  if (units > 0) return { kind: 'limit' }
  return bill.notApplied.find((one) => one.offerId === offerId)?.condition ?? { kind: 'not-a-gift' }
}

function ofCoupons(coupons: readonly EnteredCoupon[]): AppliedOffer[] {
  const applied = new Map<number, AppliedOffer>()
  for (const { offerId, outcome } of coupons) {
    if (offerId === undefined || outcome.kind !== 'applied') continue
    const before = applied.get(offerId)
    applied.set(offerId, {
      offerId,
      applications: (before?.applications ?? 0) + 1,
      amountMinor: (before?.amountMinor ?? 0) + outcome.amountMinor,
    })
  }
  return [...applied.values()]
}

function isItemOffer(offer: Offer): offer is ItemOffer {
  return !isBillOffer(offer) && offer.effect !== 'coupon' && offer.effect !== 'percent-off-bill'
}

function isBillOffer(offer: Offer): offer is ThresholdOffer | GiftOffer {
  return offer.effect === 'threshold' || offer.effect === 'gift'
}
