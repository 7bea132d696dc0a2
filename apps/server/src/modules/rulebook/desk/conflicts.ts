import { setImmediate as breathe } from 'node:timers/promises'
import type { Answer, listOfferConflicts, OfferConflict, OfferFormat, SelectorFormat } from '@nexus/contract'
import type { Db } from '../../../db/database.ts'
import { type ProductKind, productKinds, productNames } from '../../catalogue/index.ts'
import { selectorsOf } from '../offer-faults.ts'
import { activeOffers } from '../sql.ts'
import { faultsOf, offerOf } from './queries.ts'

/** Conflicts that are shown; nobody reads more. */
const conflictsMax = 100

/** Products that are compared before other work may run. */
const portion = 2000

type Layer = 'units' | 'bill' | 'coupon'

/**
 * Live and scheduled offers that can meet a stored one on a bill (PRC-10c), those that compete first,
 * then by products in common. Throws `offer/not-found`.
 */
export async function offerConflicts(
  db: Db,
  offerId: number,
  now: number,
): Promise<Answer<typeof listOfferConflicts>> {
  const stored = await offerOf(db, offerId)
  if ((await faultsOf(db, stored, now)).length > 0) return { conflicts: [], total: 0, isCompared: false }
  // Its faults were looked for above, and published ones had none.
  const offer = { ...stored.definition, id: offerId } as unknown as OfferFormat
  const others = (await activeOffers(db)) as OfferFormat[]
  const meeting = others.filter((other) => other.id !== offerId && canMeet(offer, other, now))
  const goods = await goodsInCommon(db, offer, meeting)
  const found = meeting.flatMap((other) => {
    const layer = layerOf(other)
    const { products, example } = goods.get(other) ?? { products: 0, example: null }
    const isSame = layer === layerOf(offer)
    // On one bill there is one offer of the bill and one coupon, whatever goods they speak of.
    if (products === 0 && (!isSame || layer === 'units')) return []
    const isCompeting = isSame && !(offer.combinable === true && other.combinable === true)
    return { other, layer, products, example, isCompeting }
  })
  found.sort(
    (one, other) =>
      Number(other.isCompeting) - Number(one.isCompeting) ||
      other.products - one.products ||
      one.other.id - other.other.id,
  )
  const shown = found.slice(0, conflictsMax)
  const names = await productNames(
    db,
    shown.flatMap(({ example }) => example ?? []),
  )
  const conflicts = shown.map(({ other, layer, products, example, isCompeting }): OfferConflict => {
    const { id, name, effect, priority, from, until } = other
    return {
      offer: {
        id,
        name,
        effect,
        priority,
        from,
        until: until ?? null,
        status: from > now ? 'scheduled' : 'live',
      },
      relation: isCompeting ? 'competes' : 'adds-up',
      on: layer === layerOf(offer) ? layer : 'units',
      products,
      example: example === null ? null : (names.get(example)?.name ?? null),
    }
  })
  return { conflicts, total: found.length, isCompared: true }
}

function layerOf({ effect }: OfferFormat): Layer {
  switch (effect) {
    case 'percent-off-bill':
    case 'threshold':
    case 'gift':
      return 'bill'
    case 'coupon':
      return 'coupon'
    default:
      return 'units'
  }
}

/** Whether there is a moment, a store and a customer for whom both are on, from now on. */
function canMeet(one: OfferFormat, other: OfferFormat, now: number): boolean {
  const from = Math.max(now, one.from, other.from)
  const until = Math.min(one.until ?? Number.POSITIVE_INFINITY, other.until ?? Number.POSITIVE_INFINITY)
  if (from >= until) return false
  if (one.storeIds && other.storeIds && !shares(one.storeIds, other.storeIds)) return false
  // One person may be of a tier, of the staff and new at once, but of one tier only.
  const [first, second] = [one.audience, other.audience]
  if (first?.kind === 'tier' && second?.kind === 'tier' && !shares(first.tiers, second.tiers)) return false
  const theirs = minutesOfWeek(other)
  return minutesOfWeek(one).some(([a, b]) => theirs.some(([c, d]) => a < d && c < b))
}

const dayMinutes = 1440
const weekMinutes = 7 * dayMinutes

/** When an offer is on in a week, as spans [from, until) of minutes since Monday 00:00. */
function minutesOfWeek({ weekdays, hours }: OfferFormat): [from: number, until: number][] {
  const { fromMinute, untilMinute } = hours ?? { fromMinute: 0, untilMinute: dayMinutes }
  const length = untilMinute - fromMinute + (untilMinute <= fromMinute ? dayMinutes : 0)
  return (weekdays ?? [1, 2, 3, 4, 5, 6, 7]).flatMap((weekday) => {
    const from = (weekday - 1) * dayMinutes + fromMinute
    const until = from + length
    // Hours after midnight of a Sunday are on the next Monday (PRC-5d).
    const spans: [number, number][] = [[from, Math.min(until, weekMinutes)]]
    if (until > weekMinutes) spans.push([0, until - weekMinutes])
    return spans
  })
}

function shares<T>(some: readonly T[], others: readonly T[]): boolean {
  const set = new Set(some)
  return others.some((one) => set.has(one))
}

type Goods = { products: number; example: number | null }

/** How many products on sale are in selectors of an offer and of each other one. */
async function goodsInCommon(
  db: Db,
  offer: OfferFormat,
  others: readonly OfferFormat[],
): Promise<Map<OfferFormat, Goods>> {
  const index = indexed(others)
  const own = partsOf(offer)
  const found = new Map<OfferFormat, Goods>()
  const seen = new Set<number>()
  for (const part of own) {
    for (const [at, product] of (await productKinds(db, part.selector)).entries()) {
      if (at % portion === 0) await breathe()
      if (seen.has(product.id) || !part.holds(product)) continue
      // Another selector of this offer may be the one that meets theirs: each is asked for itself.
      const mine = own.filter((one) => one.holds(product))
      seen.add(product.id)
      for (const other of index.offersOn(product, mine)) {
        const goods = found.get(other)
        if (goods) goods.products += 1
        else found.set(other, { products: 1, example: product.id })
      }
    }
  }
  return found
}

type Part = { offer: OfferFormat; selector: SelectorFormat; holds: (product: ProductKind) => boolean }

function partsOf(offer: OfferFormat): Part[] {
  const selectors = selectorsOf(offer).map(({ selector }) => selector)
  const all: SelectorFormat[] = selectors.length > 0 ? selectors : [{ everything: true }]
  return all.map((selector) => ({ offer, selector, holds: membership(selector) }))
}

/** Selectors as sets. Nothing in the catalogue has departments or tags, so they hold no product. */
function membership({ except, ...selector }: SelectorFormat): (product: ProductKind) => boolean {
  const [within, without] = [sets(selector), sets(except ?? {})]
  const isBare = selector.departments === undefined && selector.tags === undefined
  return ({ id, brandId, categoryId }) =>
    isBare &&
    (within.products?.has(id) ?? true) &&
    (within.brands?.has(brandId) ?? true) &&
    (within.categories?.has(categoryId) ?? true) &&
    !without.products?.has(id) &&
    !without.brands?.has(brandId) &&
    !without.categories?.has(categoryId)
}

function sets({ products, brands, categories }: SelectorFormat) {
  return {
    products: products && new Set(products),
    brands: brands && new Set(brands),
    categories: categories && new Set(categories),
  }
}

/** Others' selectors by the narrowest thing that each names, so that a product asks only those that may hold it. */
function indexed(offers: readonly OfferFormat[]) {
  const byProduct = new Map<number, Part[]>()
  const byBrand = new Map<number, Part[]>()
  const byCategory = new Map<number, Part[]>()
  const general: Part[] = []
  const add = (map: Map<number, Part[]>, keys: readonly number[], part: Part) => {
    for (const key of keys) {
      const parts = map.get(key)
      if (parts) parts.push(part)
      else map.set(key, [part])
    }
  }
  for (const part of offers.flatMap(partsOf)) {
    const { products, brands, categories } = part.selector
    if (products) add(byProduct, products, part)
    else if (brands) add(byBrand, brands, part)
    else if (categories) add(byCategory, categories, part)
    else general.push(part)
  }
  return {
    /** @param mine parts that hold the product; a price band of theirs must meet one of these */
    offersOn(product: ProductKind, mine: readonly Part[]): Set<OfferFormat> {
      const found = new Set<OfferFormat>()
      const lists = [
        byProduct.get(product.id) ?? [],
        byBrand.get(product.brandId) ?? [],
        byCategory.get(product.categoryId) ?? [],
        general,
      ]
      for (const list of lists) {
        for (const part of list) {
          if (found.has(part.offer) || !part.holds(product)) continue
          if (mine.some((one) => bandsMeet(one.selector, part.selector))) found.add(part.offer)
        }
      }
      return found
    },
  }
}

function bandsMeet(one: SelectorFormat, other: SelectorFormat): boolean {
  const from = Math.max(one.unitFromMinor ?? 0, other.unitFromMinor ?? 0)
  return (
    from <
    Math.min(one.unitUntilMinor ?? Number.POSITIVE_INFINITY, other.unitUntilMinor ?? Number.POSITIVE_INFINITY)
  )
}
