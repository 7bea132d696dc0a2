import { isSelected, type SelectedLine } from './selector.ts'
import type { BillOffer, CouponOffer, Offer, Selector } from './types.ts'
import { isWellFormed } from './well-formed.ts'

/** One selector of one offer; `part` is its place among the offer's selectors. */
type Part = { offer: Offer; part: number; selector: Selector }

/** Parts by what a product is; each part stands under one member only, the narrowest that it names. */
export type OfferIndex = {
  byProduct: ReadonlyMap<number, readonly Part[]>
  byBrand: ReadonlyMap<number, readonly Part[]>
  byCategory: ReadonlyMap<number, readonly Part[]>
  byDepartment: ReadonlyMap<number, readonly Part[]>
  byTag: ReadonlyMap<string, readonly Part[]>
  /** Selectors that name none of these: everything, a price band, an expiry. */
  general: readonly Part[]
}

/** A rulebook's offers, ready to be looked up (PRC-12a). */
export type CompiledOffers = {
  /** All but whole-bill offers. */
  index: OfferIndex
  /** Offers without a selector: they touch every bill. */
  wholeBill: readonly BillOffer[]
  /** Offers that engine 2 cannot compute (PRC-6j). */
  setAside: readonly Offer[]
  /** Coupons by public code. */
  byCode: ReadonlyMap<string, CouponOffer>
  bySeries: readonly CouponOffer[]
}

/** An offer that touches a cart: indexes of the lines by part, each ascending. */
export type TouchingOffer<One extends Offer = Offer> = { offer: One; parts: readonly (readonly number[])[] }

const compiled = new WeakMap<readonly Offer[], CompiledOffers>()

/** The index of a rulebook's offers; made once for each array, which must not change afterwards. */
export function compileOffers(offers: readonly Offer[]): CompiledOffers {
  const known = compiled.get(offers)
  if (known !== undefined) return known
  const made = compile(offers)
  compiled.set(offers, made)
  return made
}

/**
 * Offers of which a selector touches one of the lines, by id. Looks only at offers that name what the
 * lines are, so that its cost does not grow with the others (PRC-12a).
 */
export function touchingOffers(index: OfferIndex, lines: readonly SelectedLine[]): TouchingOffer[] {
  const found = new Map<Offer, number[][]>()
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]
    if (line === undefined) continue
    const { product } = line
    collect(found, index.general, line, at)
    collect(found, index.byProduct.get(product.id), line, at)
    collect(found, index.byBrand.get(product.brandId), line, at)
    collect(found, index.byCategory.get(product.categoryId), line, at)
    if (product.departmentId !== undefined) {
      collect(found, index.byDepartment.get(product.departmentId), line, at)
    }
    for (const tag of product.tags ?? []) collect(found, index.byTag.get(tag), line, at)
  }
  const touching: TouchingOffer[] = []
  for (const [offer, parts] of found) touching.push({ offer, parts })
  return touching.sort((one, other) => one.offer.id - other.offer.id)
}

/** The coupon offer that an entered code belongs to; blanks around it and its case do not matter. */
export function couponOf({ byCode, bySeries }: CompiledOffers, entered: string): CouponOffer | undefined {
  const code = couponCode(entered)
  return byCode.get(code) ?? bySeries.find((offer) => isOfSeries(offer, code))
}

/** A code as it is compared and kept: without blanks around it, in capitals. */
export function couponCode(entered: string): string {
  return entered.trim().toUpperCase()
}

function isOfSeries({ code }: CouponOffer, entered: string): boolean {
  return (
    code.kind === 'series' && entered.length === code.length && entered.startsWith(couponCode(code.prefix))
  )
}

function compile(offers: readonly Offer[]): CompiledOffers {
  const byProduct = new Map<number, Part[]>()
  const byBrand = new Map<number, Part[]>()
  const byCategory = new Map<number, Part[]>()
  const byDepartment = new Map<number, Part[]>()
  const byTag = new Map<string, Part[]>()
  const general: Part[] = []
  const wholeBill: BillOffer[] = []
  const setAside: Offer[] = []
  const byCode = new Map<string, CouponOffer>()
  const bySeries: CouponOffer[] = []
  // By id, so that the array's order decides nothing (PRC-2c).
  for (const offer of offers.filter(hasId).toSorted((one, other) => one.id - other.id)) {
    if (!isWellFormed(offer)) {
      setAside.push(offer)
      continue
    }
    if (offer.effect === 'percent-off-bill') wholeBill.push(offer)
    if (offer.effect === 'coupon') {
      const { code } = offer
      if (code.kind === 'series') bySeries.push(offer)
      else if (!byCode.has(couponCode(code.text))) byCode.set(couponCode(code.text), offer)
    }
    selectorsOf(offer).forEach((selector, part) => {
      const entry = { offer, part, selector }
      if (selector.products !== undefined) file(byProduct, selector.products, entry)
      else if (selector.brands !== undefined) file(byBrand, selector.brands, entry)
      else if (selector.categories !== undefined) file(byCategory, selector.categories, entry)
      else if (selector.tags !== undefined) file(byTag, selector.tags, entry)
      else if (selector.departments !== undefined) file(byDepartment, selector.departments, entry)
      else general.push(entry)
    })
  }
  const index = { byProduct, byBrand, byCategory, byDepartment, byTag, general }
  return { index, wholeBill, setAside, byCode, bySeries }
}

/** Whatever has no id is no offer at all: it could not even be named. A rulebook is data from outside. */
function hasId(offer: unknown): boolean {
  return typeof offer === 'object' && offer !== null && 'id' in offer && Number.isSafeInteger(offer.id)
}

/** Selectors of an offer by part: a bundle's parts, buy and get, otherwise the one. */
function selectorsOf(offer: Offer): readonly Selector[] {
  switch (offer.effect) {
    case 'percent-off-bill':
      return []
    case 'buy-other':
      return [offer.buy.selector, offer.get.selector]
    case 'bundle':
      return offer.parts
    default:
      return [offer.selector]
  }
}

function file<Key>(map: Map<Key, Part[]>, keys: readonly Key[], part: Part): void {
  for (const key of new Set(keys)) {
    const list = map.get(key)
    if (list === undefined) map.set(key, [part])
    else list.push(part)
  }
}

function collect(
  found: Map<Offer, number[][]>,
  parts: readonly Part[] | undefined,
  line: SelectedLine,
  at: number,
): void {
  if (parts === undefined) return
  for (const { offer, part, selector } of parts) {
    if (!isSelected(selector, line)) continue
    let lists = found.get(offer)
    if (lists === undefined) {
      lists = selectorsOf(offer).map(() => [])
      found.set(offer, lists)
    }
    const list = lists[part]
    // A product with two tags of one selector is met twice.
    if (list !== undefined && list.at(-1) !== at) list.push(at)
  }
}
