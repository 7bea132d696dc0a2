import { localDate } from '../calendar/calendar.ts'
import { price2, price2Without } from './engine-2.ts'
import type { Offer, Selector } from './offers.ts'
import { PricingRefusal } from './refusal.ts'
import { daysLeftOf, isSelected } from './selector.ts'
import type { Cart, CartLine, PricedCart, PricedLine, PricingContext, Rulebook } from './types.ts'

/**
 * True when followed (PRC-8e): with `missingMinor` more of goods of the same kind, or with `missingUnits`
 * more of the product, the offer applies and the discount is higher by `savesMinor` than it is now and than
 * it would then be without the offer. A gift counts as taken.
 */
export type Nudge =
  | { offerId: number; missingMinor: number; savesMinor: number }
  | { offerId: number; missingUnits: number; productId: number; savesMinor: number }

/** What a cashier may say beyond the price; it changes no price. */
export type Advice = {
  /** What saves most for each rupee of goods to add comes first. */
  nudges: readonly Nudge[]
  /** Without this item offer the bill would be cheaper by so much (PRC-7b). */
  cheaperWithout?: { offerId: number; savesMinor: number }
}

const NUDGES_MAX = 3
/** Lines that advice prices in all, over all carts that it tries. */
const LINES_TRIED_MAX = 2_000
const CARTS_TRIED_MAX = 24
/** Where the search of layer 2 was cut each price is dear, and people wait. */
const CARTS_TRIED_WHEN_CUT = 4
/** Products of one offer that are tried. */
const PRODUCTS_TRIED_MAX = 3

/**
 * What would come true with a little more, and whether an item offer does harm. Found by pricing the carts
 * that would result, so that nothing is promised that does not hold; a long cart gets fewer tries.
 *
 * @param priced what `price` of the engine in force answered for the same arguments
 */
export function adviceOn(
  cart: Cart,
  rulebook: Rulebook,
  context: PricingContext,
  priced: PricedCart,
): Advice {
  const [first] = cart.lines
  if (first === undefined) return { nudges: [] }
  const most = priced.optimal === false ? CARTS_TRIED_WHEN_CUT : CARTS_TRIED_MAX
  const tries = { left: Math.min(most, Math.max(2, Math.floor(LINES_TRIED_MAX / cart.lines.length))) }
  const cheaperWithout = harmfulOffer(cart, rulebook, context, priced, tries)
  const found: Found[] = []
  for (const wish of wishesOf(cart, rulebook, context, priced)) {
    if (tries.left <= 0) break
    const best = bestOf(wish, cart, rulebook, context, priced, tries)
    if (best !== undefined) found.push(best)
  }
  found.sort((one, other) => worthOf(other) - worthOf(one) || one.nudge.offerId - other.nudge.offerId)
  const nudges = found.slice(0, NUDGES_MAX).map(({ nudge }) => nudge)
  return { nudges, ...(cheaperWithout !== undefined && { cheaperWithout }) }
}

type Tries = { left: number }

/** A nudge, and what the goods cost that it asks for. */
type Found = { nudge: Nudge; addedMinor: number }

/** What comes back of each rupee; it decides an order, never an amount. */
function worthOf({ nudge, addedMinor }: Found): number {
  return nudge.savesMinor / Math.max(1, addedMinor)
}

/** An offer that lacks something, and from which selectors it may come. */
type Wish = { offer: Offer; selectors: readonly Selector[] } & (
  | { missingMinor: number }
  | { missingUnits: number }
)

function harmfulOffer(
  cart: Cart,
  rulebook: Rulebook,
  context: PricingContext,
  priced: PricedCart,
  tries: Tries,
): Advice['cheaperWithout'] {
  let worst: Advice['cheaperWithout']
  const onUnits = new Set<number>()
  for (const line of priced.lines) {
    for (const step of line.steps) {
      if (step.kind === 'offer' && step.units !== undefined) onUnits.add(step.offerId)
    }
  }
  // Alone on the bill, an item offer keeps nothing from another.
  if (priced.notApplied.length === 0 && (priced.coupons ?? []).length === 0) return undefined
  for (const offerId of [...onUnits].sort((one, other) => one - other)) {
    if (tries.left <= 0) break
    tries.left -= 1
    const without = price2Without(cart, rulebook, context, offerId)
    const savesMinor = without.discountMinor - priced.discountMinor
    if (savesMinor > (worst?.savesMinor ?? 0)) worst = { offerId, savesMinor }
  }
  return worst
}

/** What the live offers that touch the cart miss, by offer id. */
function wishesOf(cart: Cart, rulebook: Rulebook, context: PricingContext, priced: PricedCart): Wish[] {
  const missing = new Map<number, { missingMinor: number } | { missingUnits: number }>()
  for (const { offerId, condition } of priced.notApplied) {
    if (condition.kind === 'minimum') missing.set(offerId, condition)
  }
  for (const { offerId, outcome } of priced.coupons ?? []) {
    if (offerId !== undefined && outcome.kind === 'minimum') missing.set(offerId, outcome)
  }
  const applied = new Set((priced.applied ?? []).map(({ offerId }) => offerId))
  const wishes: Wish[] = []
  for (const offer of rulebook.offers) {
    const short = missing.get(offer.id)
    if (short !== undefined) {
      const wish = wishFor(offer, short)
      if (wish !== undefined) wishes.push(wish)
    } else if (applied.has(offer.id)) {
      const wish = furtherWish(offer, cart, rulebook, context, priced)
      if (wish !== undefined) wishes.push(wish)
    }
  }
  return wishes.sort((one, other) => one.offer.id - other.offer.id)
}

function wishFor(offer: Offer, short: { missingMinor: number } | { missingUnits: number }): Wish | undefined {
  switch (offer.effect) {
    case 'unit-off':
    case 'buy-get':
      return 'missingUnits' in short ? { offer, selectors: [offer.selector], ...short } : undefined
    case 'buy-other':
      return 'missingUnits' in short
        ? { offer, selectors: [offer.get.selector, offer.buy.selector], ...short }
        : undefined
    case 'bundle':
      return 'missingUnits' in short ? { offer, selectors: offer.parts, ...short } : undefined
    case 'percent-off-bill':
      return offer.minimumMinor === undefined
        ? undefined
        : { offer, selectors: [{ everything: true }], ...short }
    case 'threshold':
    case 'gift':
      return { offer, selectors: [offer.selector], ...short }
    case 'coupon':
      return { offer, selectors: [{ everything: true }], ...short }
    default:
      return undefined
  }
}

/** What an offer that applies needs to apply once more, or in its next tier. */
function furtherWish(
  offer: Offer,
  cart: Cart,
  rulebook: Rulebook,
  context: PricingContext,
  priced: PricedCart,
): Wish | undefined {
  if (offer.effect !== 'buy-get' && offer.effect !== 'threshold') return undefined
  const { selector } = offer
  let units = 0
  let netMinor = 0
  priced.lines.forEach((line, at) => {
    const cartLine = cart.lines[at]
    if (cartLine === undefined || cartLine.giftOf !== undefined) return
    if (!isIn(selector, cartLine, line, rulebook, context)) return
    if (line.quantityMilli % 1000 === 0) units += line.quantityMilli / 1000
    netMinor += netAfterItemOffers(line)
  })
  if (offer.effect === 'buy-get') {
    const over = units % (offer.buy + offer.get)
    return over === 0
      ? undefined
      : { offer, selectors: [selector], missingUnits: offer.buy + offer.get - over }
  }
  const next = offer.tiers.find(({ fromMinor }) => fromMinor > netMinor)
  return next && { offer, selectors: [selector], missingMinor: next.fromMinor - netMinor }
}

/** Offers of the bill and coupons say no units. */
function netAfterItemOffers(line: PricedLine): number {
  let netMinor = line.grossMinor
  for (const step of line.steps) {
    if (step.kind === 'ceiling' || (step.kind === 'offer' && step.units !== undefined))
      netMinor -= step.amountMinor
  }
  return netMinor
}

/** The best of the ways in which a wish may come true. */
function bestOf(
  wish: Wish,
  cart: Cart,
  rulebook: Rulebook,
  context: PricingContext,
  priced: PricedCart,
  tries: Tries,
): Found | undefined {
  const { offer } = wish
  if ('missingMinor' in wish) {
    const { missingMinor } = wish
    const worth = goodsWorth(missingMinor, wish.selectors, cart, rulebook, context, priced)
    const savesMinor = worth && savedWith(worth.cart, worth.rulebook, offer, context, priced, tries)
    if (savesMinor !== undefined) {
      return { nudge: { offerId: offer.id, missingMinor, savesMinor }, addedMinor: missingMinor }
    }
  }
  let best: Found | undefined
  for (const { productId, unitMinor } of productsOf(wish.selectors, cart, rulebook, context, priced)) {
    const missingUnits =
      'missingUnits' in wish ? wish.missingUnits : Math.ceil(wish.missingMinor / Math.max(1, unitMinor))
    // Nobody buys a dozen more for a discount, and the figure would only mislead.
    if (missingUnits > UNITS_NUDGED_MAX) continue
    const more = withMore(cart, productId, missingUnits)
    const savesMinor = savedWith(more, rulebook, offer, context, priced, tries)
    if (savesMinor === undefined) continue
    const nudge = { offerId: offer.id, missingUnits, productId, savesMinor }
    const one = { nudge, addedMinor: missingUnits * unitMinor }
    if (best === undefined || worthOf(one) > worthOf(best)) best = one
  }
  return best
}

const UNITS_NUDGED_MAX = 10

/** What the offer adds to the discount of a cart; undefined where it does not apply or adds nothing. */
function savedWith(
  cart: Cart,
  rulebook: Rulebook,
  offer: Offer,
  context: PricingContext,
  priced: PricedCart,
  tries: Tries,
): number | undefined {
  if (tries.left < 2) return undefined
  tries.left -= 2
  const whole = offer.effect === 'gift' ? withGift(cart, offer, rulebook) : cart
  try {
    const withIt = price2(whole, rulebook, context)
    if (withIt.applied?.some(({ offerId }) => offerId === offer.id) !== true) return undefined
    const without = price2Without(whole, rulebook, context, offer.id)
    const savesMinor = withIt.discountMinor - Math.max(priced.discountMinor, without.discountMinor)
    return savesMinor > 0 ? savesMinor : undefined
  } catch (cause) {
    // A product that cannot be sold here and now is no advice.
    if (cause instanceof PricingRefusal) return undefined
    throw cause
  }
}

/** Last of all uids in canonical order. */
const ADDED_UID = '~'
const GIFT_UID = '~gift'

/** The cart with more units of a product: on a line that has it, that of the first batch, else on one of its own. */
export function withMore(cart: Cart, productId: number, units: number): Cart {
  const [first] = cart.lines.filter((line) => line.productId === productId && isPlain(line)).sort(inOrder)
  const more = units * 1000
  if (first === undefined) {
    return { ...cart, lines: [...cart.lines, { uid: ADDED_UID, productId, quantityMilli: more }] }
  }
  const lines = cart.lines.map((line) =>
    line === first ? { ...line, quantityMilli: line.quantityMilli + more } : line,
  )
  return { ...cart, lines }
}

function isPlain({ giftOf, manual, quantityMilli }: CartLine): boolean {
  return giftOf === undefined && manual === undefined && quantityMilli % 1000 === 0
}

function withGift(cart: Cart, offer: Extract<Offer, { effect: 'gift' }>, rulebook: Rulebook): Cart {
  const productId = offer.gifts.find((id) => rulebook.findProduct(id) !== undefined)
  if (productId === undefined || cart.lines.some(({ giftOf }) => giftOf === offer.id)) return cart
  return {
    ...cart,
    lines: [...cart.lines, { uid: GIFT_UID, productId, quantityMilli: 1000, giftOf: offer.id }],
  }
}

/** Products that can be added: those of the cart that a selector takes, then those that it names. */
function productsOf(
  selectors: readonly Selector[],
  cart: Cart,
  rulebook: Rulebook,
  context: PricingContext,
  priced: PricedCart,
): { productId: number; unitMinor: number }[] {
  const found = new Map<number, number>()
  for (const selector of selectors) {
    let taken = 0
    for (const { cartLine, line } of linesIn(selector, cart, rulebook, context, priced)) {
      if (taken >= PRODUCTS_TRIED_MAX || !isPlain(cartLine)) continue
      taken += 1
      if (!found.has(line.productId)) found.set(line.productId, line.unitMinor)
    }
    if (taken > 0) continue
    for (const productId of (selector.products ?? []).slice(0, PRODUCTS_TRIED_MAX)) {
      const [row] = rulebook.findProduct(productId)?.prices ?? []
      if (row !== undefined && !found.has(productId)) found.set(productId, row.unitMinor)
    }
  }
  return [...found]
    .map(([productId, unitMinor]) => ({ productId, unitMinor }))
    .sort((one, other) => one.productId - other.productId)
}

/**
 * The cart with goods of an exact price: a product made up after one of the cart that the selector takes, so
 * that what holds for it holds for other goods of its kind.
 */
function goodsWorth(
  minor: number,
  selectors: readonly Selector[],
  cart: Cart,
  rulebook: Rulebook,
  context: PricingContext,
  priced: PricedCart,
): { cart: Cart; rulebook: Rulebook } | undefined {
  const [selector = {}] = selectors
  const [model] = linesIn(selector, cart, rulebook, context, priced)
  const product = model && rulebook.findProduct(model.line.productId)
  if (model === undefined || product === undefined) return undefined
  const made = {
    ...product,
    id: MADE_UP_ID,
    batches: [],
    prices: [{ list: model.line.listId, unitMinor: minor, from: 0 }],
  }
  const line: CartLine = { uid: ADDED_UID, productId: MADE_UP_ID, quantityMilli: 1000 }
  return {
    cart: { ...cart, lines: [...cart.lines, line] },
    rulebook: { ...rulebook, findProduct: (id) => (id === MADE_UP_ID ? made : rulebook.findProduct(id)) },
  }
}

/** No product has it; last in canonical order, on which odd paise may hang. */
const MADE_UP_ID = Number.MAX_SAFE_INTEGER

/** Lines that are no gifts and that a selector takes, by product and batch. */
function linesIn(
  selector: Selector,
  cart: Cart,
  rulebook: Rulebook,
  context: PricingContext,
  priced: PricedCart,
): { cartLine: CartLine; line: PricedLine }[] {
  return priced.lines
    .flatMap((line, at) => {
      const cartLine = cart.lines[at]
      if (cartLine === undefined || cartLine.giftOf !== undefined) return []
      return isIn(selector, cartLine, line, rulebook, context) ? [{ cartLine, line }] : []
    })
    .sort((one, other) => one.line.productId - other.line.productId || inOrder(one.cartLine, other.cartLine))
}

/** Of lines of one product, by batch; of one batch, by uid: never by the order in which they were scanned. */
function inOrder(one: CartLine, other: CartLine): number {
  return (one.batchId ?? 0) - (other.batchId ?? 0) || (one.uid < other.uid ? -1 : 1)
}

function isIn(
  selector: Selector,
  cartLine: CartLine,
  { productId, unitMinor }: PricedLine,
  rulebook: Rulebook,
  context: PricingContext,
): boolean {
  const product = rulebook.findProduct(productId)
  if (product === undefined) return false
  const daysToExpiry = daysLeftOf(cartLine, product, localDate(context.pricedAt))
  return isSelected(selector, { product, unitMinor, daysToExpiry })
}
