import type { ReplayDifference } from '@nexus/contract'
import {
  type AppliedOffer,
  type Cart,
  couponCode,
  ENGINE,
  type Engine,
  engines,
  type Offer,
  type OfferUses,
  type PricedCart,
  type PricedLine,
  type PricingContext,
  PricingRefusal,
  price,
  type Rulebook,
} from '@nexus/domain'
import { type BillDocument, cartOf, contextOf, type DocumentLine } from '@nexus/sync'

/** The line or bill whose discount the live rules do not give again; where it stands is added by the caller. */
export type Difference = Pick<
  ReplayDifference,
  'line' | 'product' | 'reason' | 'givenMinor' | 'recomputedMinor'
>

/** What a bill costs and what its offers give. */
export type Figures = { discountMinor: number; netMinor: number; applied: readonly AppliedOffer[] }

export type ReplayedDocument = {
  /** Empty where the live rules give again exactly what was given (PRC-10b). */
  differences: readonly Difference[]
  before: Figures
  /** The same object as `before` where the draft changes nothing. */
  after: Figures
}

/** A past sale's document with what its entry says beside it. */
export type PastDocument = { document: BillDocument; storeId: string; engine: number }

/** Prices one past bill again; the rulebook is that of its version, undefined where none is kept. */
export type ReplayBill = (
  past: PastDocument,
  rulebook: Rulebook | undefined,
  uses: OfferUses,
) => ReplayedDocument

/**
 * Prices past bills again with a draft (PRC-10): by their own engine, which must give what was given; by
 * the engine in force; and by the engine in force with the draft beside the offers of the bill's rulebook.
 * `uses` is how often the draft was applied on bills before (PRC-10f).
 */
export function replayerOf(draft: Offer): ReplayBill {
  const drafted = new WeakMap<readonly Offer[], readonly Offer[]>()
  return (past, rulebook, uses) => {
    const { document } = past
    const engine = engines[past.engine]
    if (rulebook === undefined) return asGiven(document, 'rulebook')
    if (engine === undefined) return asGiven(document, 'engine')
    const cart = cartOf(document)
    const context = contextOf(past.storeId, document.pricing)
    const given = priceAgain(() => engine(cart, rulebook, context))
    if (given === undefined) return asGiven(document, 'refused')
    const differences = differencesOf(document, given)
    const live = past.engine === ENGINE ? given : priceAgain(() => price(cart, rulebook, context))
    if (live === undefined) return { ...asGiven(document, 'refused'), differences }
    const before = figuresOf(live)
    const withDraft = { ...rulebook, offers: offersWith(rulebook.offers) }
    const known = knowing(context, draft, uses)
    const after = priceAgain(() => priceDrafted(withCode(cart, draft), withDraft, known, draft))
    const figures = after === undefined ? before : figuresOf(after)
    return { differences, before, after: changes(before, figures, draft.id) ? figures : before }
  }

  /** The same array for the same offers, so that the engine compiles it once. */
  function offersWith(offers: readonly Offer[]): readonly Offer[] {
    const known = drafted.get(offers)
    if (known !== undefined) return known
    const made = [...offers, draft]
    drafted.set(offers, made)
    return made
  }
}

/** What the draft did on a bill; undefined where it did not apply. */
export function appliedBy(draft: Offer, { applied }: Figures): AppliedOffer | undefined {
  return applied.find(({ offerId }) => offerId === draft.id)
}

function priceAgain(run: () => ReturnType<Engine>): PricedCart | undefined {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof PricingRefusal)) throw error
    return undefined
  }
}

/** Stands in the sums as it was, since nobody can say what the draft would have done. */
function asGiven(document: BillDocument, reason: Difference['reason']): ReplayedDocument {
  const { discountMinor: givenMinor, totalMinor: netMinor } = document
  const figures = { discountMinor: givenMinor, netMinor, applied: [] }
  const difference = { line: null, product: null, reason, givenMinor, recomputedMinor: null }
  return { differences: [difference], before: figures, after: figures }
}

function differencesOf({ lines, discountMinor }: BillDocument, again: PricedCart): Difference[] {
  const differences: Difference[] = []
  for (let at = 0; at < lines.length; at++) {
    const [line, priced] = [lines[at], again.lines[at]]
    if (line === undefined || priced === undefined) continue
    const reason = differs(line, priced)
    if (reason === undefined) continue
    differences.push({
      line: at + 1,
      product: line.name,
      reason,
      givenMinor: line.discountMinor,
      recomputedMinor: priced.discountMinor,
    })
  }
  if (differences.length > 0 || discountMinor === again.discountMinor) return differences
  const whole = { givenMinor: discountMinor, recomputedMinor: again.discountMinor }
  return [{ line: null, product: null, reason: 'discount', ...whole }]
}

function differs(line: DocumentLine, priced: PricedLine): 'discount' | 'offers' | undefined {
  if (line.discountMinor !== priced.discountMinor) return 'discount'
  let at = 0
  for (const step of priced.steps) {
    if (step.kind !== 'offer' && step.kind !== 'coupon') continue
    const given = line.offers[at++]
    const code = step.kind === 'coupon' ? step.code : undefined
    if (given?.id !== step.offerId || given.amountMinor !== step.amountMinor || given.code !== code)
      return 'offers'
  }
  return at === line.offers.length ? undefined : 'offers'
}

/** Everyone takes the draft's first gift (PRC-10f). */
function priceDrafted(cart: Cart, rulebook: Rulebook, context: PricingContext, draft: Offer): PricedCart {
  const priced = price(cart, rulebook, context)
  const productId = priced.gifts?.find(({ offerId }) => offerId === draft.id)?.products[0]
  if (productId === undefined) return priced
  const gift = { uid: 'draft-gift', productId, quantityMilli: 1000, giftOf: draft.id }
  return price({ ...cart, lines: [...cart.lines, gift] }, rulebook, context)
}

/** Everyone brings the draft's coupon (PRC-10f). */
function withCode(cart: Cart, draft: Offer): Cart {
  const code = codeOf(draft)
  return code === undefined ? cart : { ...cart, coupons: [...(cart.coupons ?? []), code] }
}

function knowing(context: PricingContext, draft: Offer, uses: OfferUses): PricingContext {
  const code = codeOf(draft)
  return {
    ...context,
    ...(draft.limits !== undefined && { uses: { ...context.uses, [draft.id]: uses } }),
    ...(code !== undefined && { couponStates: { ...context.couponStates, [code]: 'usable' } }),
  }
}

/** A code of a coupon as it is compared, of a series one that fits it. */
function codeOf(offer: Offer): string | undefined {
  if (offer.effect !== 'coupon') return undefined
  const { code } = offer
  return couponCode(code.kind === 'public' ? code.text : code.prefix.padEnd(code.length, '0'))
}

function figuresOf({ discountMinor, toPayMinor, applied }: PricedCart): Figures {
  return { discountMinor, netMinor: toPayMinor, applied: applied ?? [] }
}

function changes(before: Figures, after: Figures, draftId: number): boolean {
  return (
    before.netMinor !== after.netMinor ||
    before.discountMinor !== after.discountMinor ||
    after.applied.some(({ offerId }) => offerId === draftId)
  )
}
