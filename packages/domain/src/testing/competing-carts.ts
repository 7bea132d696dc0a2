import type { ItemLine, LiveItemOffer } from '../pricing/item-offers/types.ts'
import type { ItemOffer, Selector } from '../pricing/offers.ts'

const selector: Selector = { everything: true }

/** A cart of the published corpus. */
export type CompetingCart = { lines: ItemLine[]; offers: LiveItemOffer[] }

/** One of `crowdedCart`, or without `offers` one of the corpus, mixed unless it has `shelves`. */
export type HardCart = {
  seed: number
  lines: number
  offers?: number
  units?: number
  shelves?: boolean
  nodesMax: number
}

export function hardCartOf({ seed, lines, offers, units = 1, shelves = false }: HardCart): CompetingCart {
  return offers === undefined ? competingCart(seed, lines, !shelves) : crowdedCart(seed, lines, offers, units)
}

type Goods = { brand: number; category: number; line: number }

/**
 * The published corpus of carts whose offers compete (PRC-7d): cart number `seed` with `count` lines in
 * shelves of six, and 20 to 30 offers on shelves, brands of a shelf and handfuls of goods; where `mixed`, on
 * brands and categories across the whole cart, which ties everything to everything. The same everywhere.
 */
export function competingCart(seed: number, count: number, mixed = false): CompetingCart {
  const next = randomOf(seed + 1)
  const below = (bound: number) => Math.floor(next() * bound)
  const goods: Goods[] = []
  const lines: ItemLine[] = []
  const prices = Array.from({ length: count }, () => 4900 + below(60) * 1000).sort((a, b) => b - a)
  for (let line = 0; line < count; line++) {
    const units = 1 + (below(4) === 0 ? 1 + below(2) : 0)
    const unitMinor = prices[(line * 37 + seed) % count] ?? 4900
    const daysToExpiry = below(5) === 0 ? below(60) : undefined
    goods.push({ brand: below(12), category: below(10), line })
    lines.push({
      uid: `L${line}`,
      unitMinor,
      units,
      fractional: false,
      valueMinor: unitMinor * units,
      daysToExpiry,
    })
  }
  const shelves = Math.ceil(count / 6)
  let shelf = 0
  const some = (): number[] => {
    if (!mixed) {
      const there = goods.filter(({ line }) => line % shelves === shelf)
      const kind = below(3)
      if (kind === 0) return linesOf(there)
      return linesOf(there.filter(({ brand, category }) => (kind === 1 ? brand < 8 : category > 2)))
    }
    const kind = below(4)
    const brand = below(12)
    const category = below(10)
    if (kind === 0) return linesOf(goods.filter((one) => one.brand === brand))
    if (kind === 1) return linesOf(goods.filter((one) => one.category === category))
    if (kind === 2) return linesOf(goods.filter((one) => one.brand === brand && one.category < 6))
    const from = below(count)
    return linesOf(goods.filter(({ line }) => (line * 7 + from) % count < 5))
  }
  const offers: LiveItemOffer[] = []
  const total = 20 + below(11)
  while (offers.length < total) {
    const id = 100 + offers.length
    const combinable = below(6) === 0
    const common = { id, name: `Offer ${id}`, priority: below(3), from: 0, combinable }
    const offer = effectOf(below(10), common, below)
    const parts = offer.effect === 'bundle' ? offer.parts.length : offer.effect === 'buy-other' ? 2 : 1
    shelf = below(shelves)
    const touched = Array.from({ length: parts }, some)
    offers.push({ offer, parts: touched, applicationsMax: below(5) === 0 ? 1 + below(3) : 1000 })
  }
  return { lines, offers }
}

/** A cart on whose every second line each of `count` offers of every effect is, most of them combinable. */
export function crowdedCart(seed: number, lines: number, count: number, units: number): CompetingCart {
  const next = randomOf(seed + 1)
  const below = (bound: number) => Math.floor(next() * bound)
  const cart = competingCart(seed, lines, true)
  const offers = Array.from({ length: count }, (_, at): LiveItemOffer => {
    const common = { id: at, name: `Offer ${at}`, priority: below(3), from: 0, combinable: below(3) > 0 }
    const offer: ItemOffer =
      at % 9 === 8 ? { ...common, effect: 'complimentary', selector } : effectOf(below(10), common, below)
    const parts = offer.effect === 'bundle' ? offer.parts.length : offer.effect === 'buy-other' ? 2 : 1
    const some = () => cart.lines.flatMap((_, line) => (below(2) === 0 ? [line] : []))
    const applicationsMax = below(3) === 0 ? 1 + below(5) : Number.MAX_SAFE_INTEGER
    return { offer, parts: Array.from({ length: parts }, some), applicationsMax }
  })
  const crowded = cart.lines.map((line) => {
    const pieces = 1 + below(units)
    return { ...line, units: pieces, valueMinor: line.unitMinor * pieces }
  })
  return { lines: crowded, offers }
}

function linesOf(goods: readonly Goods[]): number[] {
  return goods.map(({ line }) => line)
}

type Common = { id: number; name: string; priority: number; from: number; combinable: boolean }

function effectOf(kind: number, common: Common, below: (bound: number) => number): ItemOffer {
  const percentBp = 500 * (1 + below(8))
  if (kind < 2) return { ...common, effect: 'unit-off', selector, off: { percentBp } }
  if (kind === 2) return { ...common, effect: 'unit-off', selector, off: { percentBp }, minimumUnits: 2 }
  if (kind === 3)
    return { ...common, effect: 'unit-off', selector, off: { amountMinor: 1000 * (1 + below(5)) } }
  if (kind < 6) {
    return { ...common, effect: 'buy-get', selector, buy: 1 + below(3), get: 1, percentBp: 10_000 }
  }
  if (kind === 6) {
    return {
      ...common,
      effect: 'buy-other',
      buy: { selector, units: 1 + below(2) },
      get: { selector, units: 1 },
      percentBp: 5000 + 5000 * below(2),
    }
  }
  if (kind < 9) {
    return { ...common, effect: 'bundle', parts: [selector, selector], priceMinor: 29_900 + 5000 * below(6) }
  }
  const steps = [
    { withinDays: 15, percentBp: 4000 },
    { withinDays: 45, percentBp: 1500 },
  ]
  return { ...common, effect: 'markdown', selector, steps }
}

/** Mulberry32: small, the same on every machine. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
