import {
  type Cart,
  type CartLine,
  documentKindOf,
  invariant,
  type ManualReduction,
  type PricedCart,
  type PricingContext,
  type Rulebook,
  type Step,
} from '@nexus/domain'
import { fitUtf8 } from '../canonical/utf8.ts'
import type { DocumentDraft } from '../till/types.ts'
import type { BillDocument, BillManual, DocumentLine, LineManual } from './schema.ts'

/** Why a person gave something, a code, and the approval it needed. */
export type ManualReason = { reason: string; approval: string | null }

/** What a document draws on besides the priced cart. */
export type DocumentSource = {
  priced: PricedCart
  /** The cart that was priced: what people, coupons and gifts put into it. */
  cart: Cart
  rulebook: Rulebook
  context: PricingContext
  /** Language of the printed names; English where a product has none in it. */
  language: string
  /** The code that was scanned for a line, where one was. */
  scannedCode?(uid: string): string | undefined
  /** Reasons of manual discounts; one that is missing here is entered as `not-given`. */
  reasons?: { bill?: ManualReason; lines?: Readonly<Record<string, ManualReason>> }
}

/**
 * The bill that a priced cart becomes: figures are copied, never computed again, so that bill, entry
 * and screen cannot differ. Kind I, or B when nothing on it is taxable (TAX-5).
 */
export function documentDraftOf(source: DocumentSource): DocumentDraft {
  const { priced, cart, rulebook, context, language, scannedCode, reasons } = source
  const entered = new Map(cart.lines.map((line) => [line.uid, line]))
  const lines = priced.lines.map((line): DocumentLine => {
    const product = rulebook.findProduct(line.productId)
    invariant(product !== undefined, 'a priced product is in the rulebook that priced it')
    return {
      uid: line.uid,
      product: line.productId,
      batch: line.batchId ?? null,
      code: scannedCode?.(line.uid) ?? product.barcodes[0] ?? product.sku,
      name: fitUtf8(product.names[language] ?? product.names.en, NAME_BYTES_MAX),
      hsn: product.hsn,
      uqc: product.uqc,
      quantityMilli: line.quantityMilli,
      list: line.listId,
      unitMinor: line.unitMinor,
      mrpMinor: line.mrpMinor ?? null,
      grossMinor: line.grossMinor,
      discountMinor: line.discountMinor,
      paidMinor: line.paidMinor,
      taxKind: line.taxKind,
      rateBp: line.rateBp,
      taxableMinor: line.taxableMinor,
      cgstMinor: line.cgstMinor,
      igstMinor: line.igstMinor,
      roundOffMinor: line.roundOffMinor,
      rupeeMinor: line.rupeeMinor,
      ...stepsOf(line.steps),
      ...enteredOn(entered.get(line.uid), reasons?.lines?.[line.uid]),
    }
  })
  return {
    kind: documentKindOf(lines),
    pricing: {
      pricedAt: context.pricedAt,
      region: context.regionId,
      storeState: context.storeState,
      placeOfSupply: context.placeOfSupply,
      tier: context.tier ?? null,
      inclusive: priced.inclusive,
      rupeeRounding: rulebook.rupeeRounding,
      ...knownOf(source),
    },
    lines,
    taxes: priced.groups.map((group) => ({ ...group })),
    mrpTotalMinor: priced.mrpTotalMinor,
    grossMinor: priced.grossMinor,
    discountMinor: priced.discountMinor,
    taxableMinor: priced.taxableMinor,
    cgstMinor: priced.cgstMinor,
    igstMinor: priced.igstMinor,
    roundOffMinor: priced.roundOffMinor,
    rupeeMinor: priced.rupeeMinor,
    totalMinor: priced.toPayMinor,
    buyerGstin: null,
    of: null,
  }
}

/** A printed name; 200 lines of it fit an entry (JRN-4). */
const NAME_BYTES_MAX = 80

/** What offers, people and points took off a line; the rest of its discount is the ceiling's. */
function stepsOf(steps: readonly Step[]): Pick<DocumentLine, 'offers' | 'manualMinor' | 'pointsMinor'> {
  const offers: DocumentLine['offers'] = []
  let manualMinor = 0
  let pointsMinor = 0
  for (const step of steps) {
    const { amountMinor } = step
    if (step.kind === 'offer') offers.push({ id: step.offerId, amountMinor })
    else if (step.kind === 'coupon') offers.push({ id: step.offerId, amountMinor, code: step.code })
    else if (step.kind === 'manual') manualMinor += amountMinor
    else if (step.kind === 'points') pointsMinor += amountMinor
  }
  return { offers, ...(manualMinor > 0 && { manualMinor }), ...(pointsMinor > 0 && { pointsMinor }) }
}

/** What people put on a line before it was priced. */
function enteredOn(
  line: CartLine | undefined,
  reason: ManualReason | undefined,
): Pick<DocumentLine, 'giftOf' | 'manual'> {
  const manual = line?.manual === undefined ? undefined : lineManual(line.manual, reason)
  return {
    ...(line?.giftOf !== undefined && { giftOf: line.giftOf }),
    ...(manual !== undefined && { manual }),
  }
}

/** What decided the prices besides lines, place and time (PRC-8c). A figure that takes nothing is left out. */
function knownOf({ priced, cart, rulebook, context, reasons }: DocumentSource): Partial<Pricing> {
  const { isStaff, isFirstPurchase } = context
  const manual = cart.manual === undefined ? undefined : billManual(cart.manual, reasons?.bill)
  const uses = usesOf(priced, rulebook, context)
  const coupons = couponsOf(priced, context)
  const { pointsMinor } = cart
  return {
    ...(isStaff === true && { isStaff }),
    ...(isFirstPurchase === true && { isFirstPurchase }),
    ...(uses.length > 0 && { uses }),
    ...(coupons.length > 0 && { coupons }),
    ...(manual !== undefined && { manual }),
    ...(pointsMinor !== undefined && isPositive(pointsMinor) && { pointsMinor }),
  }
}

type Pricing = BillDocument['pricing']

/** What was known of the offers whose limits could have a say: they touch the cart, as its trace tells. */
function usesOf(priced: PricedCart, rulebook: Rulebook, context: PricingContext) {
  const { uses } = context
  if (uses === undefined) return []
  const touching = new Set<number | undefined>()
  for (const { offerId } of priced.applied ?? []) touching.add(offerId)
  for (const { offerId } of priced.notApplied) touching.add(offerId)
  for (const { offerId } of priced.coupons ?? []) touching.add(offerId)
  for (const { offerId } of priced.gifts ?? []) touching.add(offerId)
  const known: NonNullable<Pricing['uses']> = []
  for (const { id, limits } of rulebook.offers) {
    if (limits === undefined || !touching.has(id) || !Object.hasOwn(uses, id)) continue
    const { customer, total, givenMinor } = uses[id] ?? {}
    known.push({
      offer: id,
      ...(customer !== undefined && { customer }),
      ...(total !== undefined && { total }),
      ...(givenMinor !== undefined && { givenMinor }),
    })
  }
  return known.sort((one, other) => one.offer - other.offer)
}

/** Codes as the engine compares them. A text that is too long to be a code is left out. */
function couponsOf(priced: PricedCart, { couponStates }: PricingContext) {
  const coupons: NonNullable<Pricing['coupons']> = []
  for (const { code } of priced.coupons ?? []) {
    if (code === '' || code.length > CODE_LENGTH_MAX) continue
    const state =
      couponStates !== undefined && Object.hasOwn(couponStates, code) ? couponStates[code] : undefined
    coupons.push({ code, ...(state !== undefined && { state }) })
  }
  return coupons
}

const CODE_LENGTH_MAX = 40

const noReason: ManualReason = Object.freeze({ reason: 'not-given', approval: null })

function billManual(manual: ManualReduction, given = noReason): BillManual | undefined {
  const { reason, approval } = given
  if ('amountMinor' in manual) {
    const { amountMinor } = manual
    return isPositive(amountMinor) ? { amountMinor, reason, approval } : undefined
  }
  const { percentBp } = manual
  return isPositive(percentBp) ? { percentBp, reason, approval } : undefined
}

function lineManual(manual: NonNullable<CartLine['manual']>, given = noReason): LineManual | undefined {
  if (!('unitMinor' in manual)) return billManual(manual, given)
  const { reason, approval } = given
  const { unitMinor } = manual
  return unitMinor === 0 || isPositive(unitMinor) ? { unitMinor, reason, approval } : undefined
}

function isPositive(number: number): boolean {
  return Number.isSafeInteger(number) && number > 0
}
