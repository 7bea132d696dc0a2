import type { BillExplanation, TraceNames } from '@nexus/contract'
import {
  type Advice,
  adviceOn,
  type Cart,
  ENGINE,
  type FailedCondition,
  type Offer,
  offersOnLine,
  type PricedCart,
  type PricingContext,
  type Rulebook,
  type Selector,
} from '@nexus/domain'
import { type BillDocument, documentDraftOf, type Entry } from '@nexus/sync'
import { lineDifference } from './check-sale.ts'
import type { Manifests } from './manifests.ts'
import { isPriced, priceAgain } from './price-again.ts'
import type { RulebookReader } from './reader.ts'

/** Products of one list of an offer that advice may name; the engine tries fewer. */
const namedMax = 10

/**
 * Explains sold documents (PRC-8d): what their own engine, rulebook version and context give again, years
 * later too, with the names of that version. Advice comes from the engine in force only.
 */
export function saleExplainer(reader: RulebookReader, manifests: Manifests) {
  return async (
    entry: Entry<'sale'> | Entry<'invoice-issued'>,
    document: BillDocument,
  ): Promise<BillExplanation> => {
    if (!isPriced(document)) return { kind: 'unexplained', reason: 'not-priced' }
    const again = await priceAgain(reader, manifests, entry, document)
    if (again.kind === 'rulebook-unknown' || again.kind === 'engine-unknown') {
      return { kind: 'unexplained', reason: again.kind }
    }
    if (again.kind !== 'priced') return { kind: 'unexplained', reason: 'cannot-be-priced' }
    const { priced, cart, context } = again
    const rulebook = await withNamedProducts(reader, again.rulebook, priced)
    const advice = entry.engine === ENGINE ? adviceOn(cart, rulebook, context, priced) : undefined
    // Names are not compared: the invoice of a slip does not say in which language it was printed.
    const language = entry.type === 'sale' ? entry.body.language : 'en'
    const expected = documentDraftOf({ ...again, language })
    return {
      kind: 'explained',
      engine: entry.engine,
      rulebookVersion: rulebook.version,
      pricedAt: context.pricedAt,
      priced,
      ...(advice !== undefined && { advice }),
      names: namesIn(rulebook, priced, advice),
      refusedOnLines: refusedOnLines(cart, rulebook, context, priced),
      differing: document.lines.flatMap((line, at) =>
        lineDifference(line, expected.lines[at]) === undefined ? [] : [line.uid],
      ),
    }
  }
}

/** Which of the offers that did not apply look at each line, in their order. */
function refusedOnLines(cart: Cart, rulebook: Rulebook, context: PricingContext, priced: PricedCart) {
  if (priced.notApplied.length === 0) return []
  return cart.lines.flatMap((cartLine, at) => {
    const line = priced.lines[at]
    if (line === undefined) return []
    const looking = offersOnLine(cartLine, line, rulebook, context.pricedAt)
    const offerIds = priced.notApplied.map(({ offerId }) => offerId).filter((id) => looking.has(id))
    return offerIds.length === 0 ? [] : [{ uid: line.uid, offerIds }]
  })
}

/** The rulebook with the goods that offers on the bill name as well: advice may speak of them. */
export async function withNamedProducts(
  reader: RulebookReader,
  rulebook: Rulebook,
  priced: PricedCart,
): Promise<Rulebook> {
  const spoken = offersIn(priced)
  const products = new Set(priced.lines.map(({ productId }) => productId))
  for (const offer of rulebook.offers) {
    if (!spoken.has(offer.id)) continue
    for (const productId of productsOf(offer)) products.add(productId)
  }
  return (await reader.find(rulebook.version, [...products])) ?? rulebook
}

function productsOf(offer: Offer): number[] {
  const lists = selectorsOf(offer).map(({ products }) => products ?? [])
  if (offer.effect === 'gift') lists.push(offer.gifts)
  return lists.flatMap((list) => list.slice(0, namedMax))
}

function selectorsOf(offer: Offer): readonly Selector[] {
  switch (offer.effect) {
    case 'percent-off-bill':
      return []
    case 'buy-other':
      return [offer.buy.selector, offer.get.selector]
    case 'bundle':
      return offer.parts
    default:
      // A newer effect than this release knows has no selector here.
      return offer.selector === undefined ? [] : [offer.selector]
  }
}

/** Offers that a priced cart names. */
function offersIn({ lines, notApplied, applied, coupons, gifts }: PricedCart): Set<number> {
  const ids = new Set<number>()
  const take = (condition: { kind: string } | FailedCondition) => {
    if ('withOfferId' in condition) ids.add(condition.withOfferId)
  }
  for (const { steps, gift } of lines) {
    for (const step of steps) if ('offerId' in step) ids.add(step.offerId)
    if (gift === undefined) continue
    ids.add(gift.offerId)
    if (gift.refused !== undefined) take(gift.refused)
  }
  for (const { offerId, condition } of notApplied) {
    ids.add(offerId)
    take(condition)
  }
  for (const { offerId, outcome } of coupons ?? []) {
    if (offerId !== undefined) ids.add(offerId)
    take(outcome)
  }
  for (const { offerId } of [...(applied ?? []), ...(gifts ?? [])]) ids.add(offerId)
  return ids
}

function namesIn(rulebook: Rulebook, priced: PricedCart, advice: Advice | undefined): TraceNames {
  const offers = offersIn(priced)
  const products = new Set(priced.lines.map(({ productId }) => productId))
  for (const gift of priced.gifts ?? []) for (const id of gift.products) products.add(id)
  for (const nudge of advice?.nudges ?? []) {
    offers.add(nudge.offerId)
    if ('productId' in nudge) products.add(nudge.productId)
  }
  return {
    offers: rulebook.offers.filter(({ id }) => offers.has(id)).map(({ id, name }) => ({ id, name })),
    products: [...products].flatMap((id) => {
      const name = rulebook.findProduct(id)?.names.en
      return name === undefined ? [] : [{ id, name }]
    }),
    priceLists: [...new Set(priced.lines.map(({ listId }) => listId))].flatMap((id) => {
      const name = rulebook.findPriceList(id)?.name
      return name === undefined ? [] : [{ id, name }]
    }),
  }
}
