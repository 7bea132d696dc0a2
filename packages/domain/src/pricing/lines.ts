import { multiplyDivide, multiplyDivideDown } from '../money/round.ts'
import { isMeasured } from '../quantity/quantity.ts'
import { largestTaxable, taxRateAt } from '../tax/rate.ts'
import { UNLIMITED, unitCeiling } from './ceiling.ts'
import { PricingRefusal, type PricingRefusalCode } from './refusal.ts'
import { sellingPrice } from './selling-price.ts'
import type {
  CartLine,
  PricedCart,
  PricedLine,
  PricingContext,
  Rulebook,
  RulebookProduct,
  Step,
} from './types.ts'

/** A line while it is worked out; until tax is settled, `paidMinor` is what is left of its value. */
export type Line = { -readonly [Member in keyof PricedLine]: PricedLine[Member] }

/** Steps of a line that nothing was taken off. */
const NO_STEPS: readonly Step[] = Object.freeze([])

/** A line above ten thousand crore rupees is a slip of the finger; below it all sums stay exact. */
const MAX_LINE_MINOR = 10_000_000_000_000
/** Nor may a bill be more than ten such lines: with any tax on it, every sum is still exact. */
const MAX_BILL_MINOR = 10 * MAX_LINE_MINOR

/**
 * Every line of a cart at its list price with its product, in the cart's order, and the bill's one inclusive flag (PRC-4d).
 * Throws PricingRefusal for the first line that cannot be sold as it stands.
 */
export function linesAtListPrice(
  cartLines: readonly CartLine[],
  rulebook: Rulebook,
  context: PricingContext,
  intraState: boolean,
): { lines: Line[]; products: RulebookProduct[]; inclusive: boolean } {
  refuseRepeatedUids(cartLines)
  let inclusive = true
  const lines: Line[] = []
  const products: RulebookProduct[] = []
  let worthMinor = 0
  for (const cartLine of cartLines) {
    const product = rulebook.findProduct(cartLine.productId)
    if (product === undefined) refuse('product/unknown', cartLine)
    const line = lineAtListPrice(cartLine, product, rulebook, context, intraState)
    const listIncludesTax = includesTax(line.listId, rulebook)
    if (lines.length > 0 && listIncludesTax !== inclusive) refuse('line/mixed-inclusive', cartLine)
    inclusive = listIncludesTax
    worthMinor += Math.max(line.grossMinor, line.mrpMinor === undefined ? 0 : lineCeiling(line))
    if (worthMinor > MAX_BILL_MINOR) refuse('quantity/too-large', cartLine)
    lines.push(line)
    products.push(product)
  }
  return { lines, products, inclusive }
}

/** Layer 1: selling price, capped at the unit's ceiling, times the quantity. */
function lineAtListPrice(
  cartLine: CartLine,
  product: RulebookProduct,
  rulebook: Rulebook,
  context: PricingContext,
  intraState: boolean,
): Line {
  const { uid, productId, quantityMilli } = cartLine
  refuseBadQuantity(cartLine, product)
  const taxClass = rulebook.findTaxClass(product.taxClassId)
  const rate = taxClass === undefined ? undefined : taxRateAt(taxClass, context.pricedAt)
  if (rate === undefined) refuse('product/unclassified', cartLine)
  const row = sellingPrice(product, rulebook, context)
  if (row === undefined) refuse('product/no-price', cartLine)

  const rateBp = rate.kind === 'taxable' ? rate.rateBp : 0
  const mrpMinor = unitCeiling(cartLine, product)
  let unitMinor = row.unitMinor
  if (mrpMinor !== undefined) {
    const highestMinor = includesTax(row.list, rulebook)
      ? mrpMinor
      : largestTaxable(mrpMinor, rateBp, intraState)
    if (unitMinor > highestMinor) unitMinor = highestMinor
  }
  if (Math.max(unitMinor, mrpMinor ?? 0) * quantityMilli > MAX_LINE_MINOR * 1000) {
    refuse('quantity/too-large', cartLine)
  }
  const grossMinor = multiplyDivide(unitMinor, quantityMilli, 1000)
  const line: Line = {
    uid,
    productId,
    quantityMilli,
    listId: row.list,
    unitMinor,
    grossMinor,
    discountMinor: 0,
    paidMinor: grossMinor,
    taxKind: rate.kind,
    rateBp,
    taxableMinor: 0,
    cgstMinor: 0,
    igstMinor: 0,
    roundOffMinor: 0,
    rupeeMinor: 0,
    steps: NO_STEPS,
  }
  if (cartLine.batchId !== undefined) line.batchId = cartLine.batchId
  if (mrpMinor !== undefined) line.mrpMinor = mrpMinor
  return line
}

/** What a whole line may cost at most, taxes and roundings included (PRC-3). */
export function lineCeiling(line: Line): number {
  if (line.mrpMinor === undefined) return UNLIMITED
  return multiplyDivideDown(line.mrpMinor, line.quantityMilli, 1000)
}

/**
 * Takes off what the quantity's rounding, or the tax on many units, put above a line's ceiling.
 * Where the unit's ceiling came from a whole quantity with tax inside, there is nothing to take.
 */
export function keepBelow(
  ordered: readonly Line[],
  ceilings: readonly number[],
  inclusive: boolean,
  intraState: boolean,
): void {
  for (let at = 0; at < ordered.length; at++) {
    const line = ordered[at]
    const ceiling = ceilings[at] ?? UNLIMITED
    if (line === undefined || ceiling === UNLIMITED) continue
    const highestMinor = inclusive ? ceiling : largestTaxable(ceiling, line.rateBp, intraState)
    if (line.paidMinor > highestMinor) {
      addStep(line, { kind: 'ceiling', amountMinor: line.paidMinor - highestMinor })
    }
  }
}

export function addStep(line: Line, step: Step): void {
  line.steps = line.steps.length === 0 ? [step] : [...line.steps, step]
  line.discountMinor += step.amountMinor
  line.paidMinor -= step.amountMinor
}

/**
 * The order in which everything is computed (PRC-2): product, batch, uid. In between would stand the
 * price, but a product and batch have one price.
 */
export function canonically(one: Line, other: Line): number {
  if (one.productId !== other.productId) return one.productId - other.productId
  const batches = (one.batchId ?? -1) - (other.batchId ?? -1)
  if (batches !== 0) return batches
  return one.uid < other.uid ? -1 : 1
}

/** What lines add up to. */
export type Sums = Pick<
  PricedCart,
  | 'mrpTotalMinor'
  | 'grossMinor'
  | 'discountMinor'
  | 'taxableMinor'
  | 'cgstMinor'
  | 'igstMinor'
  | 'roundOffMinor'
  | 'rupeeMinor'
  | 'toPayMinor'
>

export function sumsOf(lines: readonly Line[]): Sums {
  let mrpTotalMinor = 0
  let grossMinor = 0
  let discountMinor = 0
  let taxableMinor = 0
  let cgstMinor = 0
  let igstMinor = 0
  let roundOffMinor = 0
  let rupeeMinor = 0
  let toPayMinor = 0
  for (const line of lines) {
    mrpTotalMinor += line.mrpMinor === undefined ? line.grossMinor : lineCeiling(line)
    grossMinor += line.grossMinor
    discountMinor += line.discountMinor
    taxableMinor += line.taxableMinor
    cgstMinor += line.cgstMinor
    igstMinor += line.igstMinor
    roundOffMinor += line.roundOffMinor
    rupeeMinor += line.rupeeMinor
    toPayMinor += line.paidMinor
  }
  return {
    mrpTotalMinor,
    grossMinor,
    discountMinor,
    taxableMinor,
    cgstMinor,
    igstMinor,
    roundOffMinor,
    rupeeMinor,
    toPayMinor,
  }
}

function includesTax(listId: number, rulebook: Rulebook): boolean {
  return rulebook.findPriceList(listId)?.inclusive ?? true
}

function refuseBadQuantity(line: CartLine, product: RulebookProduct): void {
  if (!Number.isSafeInteger(line.quantityMilli) || line.quantityMilli <= 0) {
    refuse('quantity/not-positive', line)
  }
  if (line.quantityMilli % 1000 !== 0 && !isMeasured(product.uqc)) refuse('quantity/fractional', line)
}

function refuseRepeatedUids(lines: readonly CartLine[]): void {
  const seen = new Set<string>()
  for (const line of lines) {
    if (seen.has(line.uid)) refuse('line/uid-repeated', line)
    seen.add(line.uid)
  }
}

function refuse(code: PricingRefusalCode, line: CartLine): never {
  throw new PricingRefusal(code, line.uid, line.productId)
}
