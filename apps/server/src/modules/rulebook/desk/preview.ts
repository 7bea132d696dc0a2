import { type Answer, type Input, type OfferFormat, Problem, type previewOffer } from '@nexus/contract'
import type { Advice, Cart, CartLine, Offer, PricedCart, PricingContext, Rulebook } from '@nexus/domain'
import { type BillDocument, cartOf, contextOf } from '@nexus/sync'
import type { Context } from '../../../context.ts'
import type { Db } from '../../../db/database.ts'
import { requireStore, type StaffCaller } from '../../../http/serve.ts'
import { allNames, productNames } from '../../catalogue/index.ts'
import { type StoreRecord, selectStores } from '../../stores/index.ts'
import { knownTo } from '../make-head.ts'
import { faultsOfOffers, type PublishFault } from '../offer-faults.ts'
import { priceOrRefuse } from '../price-or-refuse.ts'
import type { RulebookReader } from '../reader.ts'
import { newestVersion } from '../sql.ts'

/**
 * A sold bill as its till wrote it, for a caller who may see it; rulebookVersion is null where the till
 * had none. Throws `bill/not-found`, `session/not-allowed`.
 */
export type PastBill = (
  caller: StaffCaller,
  bill: { identity: string; document: number },
) => Promise<{ storeId: string; rulebookVersion: number | null; document: BillDocument }>

type Parts = Pick<Context, 'database' | 'clock'> & { reader: RulebookReader; pastBill: PastBill }
type Body = Input<typeof previewOffer>['body']
type Sample = { cart: Cart; context: PricingContext; version: number; isPast: boolean }

/** A draft that has no number yet goes by one that no stored offer has. */
const unstoredId = 2147483647

/**
 * A cart or a past bill with and without an offer as a form has it; both by the engine in force.
 *
 * Throws Problem `offer/has-faults`, `rulebook/none`, `rulebook/version-unknown`, `store/not-found`,
 * `bill/not-found`, `session/not-allowed`, and `request/invalid` for what cannot be priced.
 */
export async function preview(
  { database, clock, reader, pastBill }: Parts,
  caller: StaffCaller,
  { offerId = unstoredId, definition, of }: Body,
): Promise<Answer<typeof previewOffer>> {
  const db = database.read
  const now = clock.now()
  const faults = await ownFaults(db, { ...definition, id: offerId }, now)
  if (faults[0]) {
    throw new Problem('offer/has-faults', `There is no preview yet. ${faults[0].message}`, {}, faults)
  }
  // Its faults were looked for above.
  const offer = { ...definition, id: offerId } as unknown as OfferFormat
  const sample =
    'bill' in of ? await pastSample(pastBill, caller, of.bill) : await cartSample(db, caller, offer, of, now)
  const gifts = offer.effect === 'gift' ? offer.gifts : []
  const products = [...new Set([...sample.cart.lines.map((line) => line.productId), ...gifts])]
  const rulebook = await reader.find(sample.version, products)
  if (!rulebook) {
    throw new Problem(
      'rulebook/version-unknown',
      'The rulebook of this bill is not kept here any more. Choose a later bill.',
      { version: sample.version },
    )
  }
  const others = rulebook.offers.filter(({ id }) => id !== offerId)
  // The engine keeps what it worked out for an array of offers: the same array where nothing is taken out.
  const without = others.length === rulebook.offers.length ? rulebook : { ...rulebook, offers: others }
  const tried = sample.isPast ? undated(offer) : offer
  const withIt = { ...rulebook, offers: [...others, tried].sort((one, other) => one.id - other.id) }
  const before = priceOrRefuse(sample.cart, without, sample.context)
  const after = withGift(sample, withIt, tried)
  return {
    offerId,
    storeId: sample.context.storeId,
    pricedAt: sample.context.pricedAt,
    rulebookVersion: sample.version,
    without: before,
    with: after,
    names: await namesIn(db, withIt, products, [before, after]),
  }
}

/** What is wrong with an offer by itself; how it gets on with others is not asked at every key. */
async function ownFaults(db: Db, offer: { id: number }, now: number): Promise<PublishFault[]> {
  const [brands, categories] = await Promise.all([allNames(db, 'brand'), allNames(db, 'category')])
  const place = `offers/${offer.id}/`
  return faultsOfOffers([offer], await knownTo(db, { brands, categories }, [offer]), now).map(
    ({ field, message }) => ({ field: field.replace(place, ''), message }),
  )
}

/** Lines of a form, for a customer whom the offer is meant for. */
async function cartSample(
  db: Db,
  caller: StaffCaller,
  offer: OfferFormat,
  of: Extract<Body['of'], { lines: unknown }>,
  now: number,
): Promise<Sample> {
  const newest = await newestVersion(db)
  if (!newest) {
    throw new Problem('rulebook/none', 'No rulebook has been published yet. Publish one, then try again.')
  }
  const store = await storeOf(db, caller, offer, of.storeId)
  const code = offer.effect === 'coupon' ? codeOf(offer.code) : undefined
  const { audience } = offer
  return {
    version: newest.version,
    isPast: false,
    cart: {
      lines: of.lines.map((line, index) => ({ uid: String(index + 1), ...line })),
      ...(code !== undefined && { coupons: [code] }),
    },
    context: {
      pricedAt: of.at ?? Math.max(now, offer.from),
      storeId: store.id,
      regionId: store.regionId,
      storeState: store.state,
      placeOfSupply: store.state,
      ...(audience?.kind === 'tier' && { tier: audience.tiers[0] ?? '' }),
      ...(audience?.kind === 'staff' && { isStaff: true }),
      ...(audience?.kind === 'first-purchase' && { isFirstPurchase: true }),
      ...(code !== undefined && { couponStates: { [code]: 'usable' } }),
    },
  }
}

async function storeOf(
  db: Db,
  caller: StaffCaller,
  offer: OfferFormat,
  storeId: string | undefined,
): Promise<StoreRecord> {
  if (storeId !== undefined) requireStore(caller, storeId)
  const mine = await selectStores(db, storeId === undefined ? caller.storeIds : [storeId])
  const inOrder = mine.sort((one, other) => one.no - other.no)
  const store = inOrder.find(({ id }) => offer.storeIds?.includes(id) ?? true) ?? inOrder[0]
  if (store) return store
  throw new Problem('store/not-found', 'There is no such store. Choose one of the list of stores.', {
    storeId: storeId ?? null,
  })
}

/** A code of the coupon, in capitals; of a series one that fits it. */
function codeOf(code: Extract<OfferFormat, { effect: 'coupon' }>['code']): string {
  const text = code.kind === 'public' ? code.text : code.prefix.padEnd(code.length, '0')
  return text.trim().toUpperCase()
}

async function pastSample(
  pastBill: PastBill,
  caller: StaffCaller,
  bill: { identity: string; document: number },
): Promise<Sample> {
  const { storeId, rulebookVersion, document } = await pastBill(caller, bill)
  if (document.kind === 'C' || document.kind === 'R' || rulebookVersion === null) {
    throw new Problem('request/invalid', 'Nothing was priced on this one. Choose a bill of sold goods.', {
      number: document.number,
    })
  }
  return {
    version: rulebookVersion,
    isPast: true,
    cart: cartOf(document),
    context: contextOf(storeId, document.pricing),
  }
}

/** In force at any time; its weekdays and hours stay. */
function undated(offer: OfferFormat): OfferFormat {
  const always = { ...offer, from: 0 }
  delete always.until
  return always
}

/** With the offer's first gift in the cart, where its threshold is reached: nobody looks for an empty promise. */
function withGift({ cart, context, isPast }: Sample, rulebook: Rulebook, offer: Offer): PricedCart & Advice {
  const priced = priceOrRefuse(cart, rulebook, context)
  const open = isPast ? undefined : priced.gifts?.find(({ offerId }) => offerId === offer.id)
  const productId = open?.products.find((id) => rulebook.findProduct(id) !== undefined)
  if (productId === undefined) return priced
  const gift: CartLine = { uid: 'gift', productId, quantityMilli: 1000, giftOf: offer.id }
  return priceOrRefuse({ ...cart, lines: [...cart.lines, gift] }, rulebook, context)
}

/** Names of everything that the figures speak of by number. */
async function namesIn(
  db: Db,
  rulebook: Rulebook,
  products: readonly number[],
  carts: readonly PricedCart[],
): Promise<Answer<typeof previewOffer>['names']> {
  const spoken = new Set<number>()
  for (const cart of carts) {
    for (const { steps, gift } of cart.lines) {
      for (const step of steps) if ('offerId' in step) spoken.add(step.offerId)
      if (gift) spoken.add(gift.offerId)
    }
    for (const { offerId, condition } of cart.notApplied) {
      spoken.add(offerId)
      if (condition.kind === 'conflict') spoken.add(condition.withOfferId)
    }
    for (const { offerId } of [...(cart.applied ?? []), ...(cart.coupons ?? []), ...(cart.gifts ?? [])]) {
      if (offerId !== undefined) spoken.add(offerId)
    }
  }
  const given = (cart: PricedCart) => (cart.gifts ?? []).flatMap((gift) => gift.products)
  const found = await productNames(db, [...new Set([...products, ...carts.flatMap(given)])])
  const lists = new Set(carts.flatMap((cart) => cart.lines.map((line) => line.listId)))
  return {
    offers: rulebook.offers.filter(({ id }) => spoken.has(id)).map(({ id, name }) => ({ id, name })),
    products: [...found].map(([id, { name }]) => ({ id, name })),
    priceLists: [...lists].map((id) => ({ id, name: rulebook.findPriceList(id)?.name ?? String(id) })),
  }
}
