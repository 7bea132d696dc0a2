import { shareOf } from '../../money/round.ts'
import type { Counter } from './counters.ts'
import type { LiveItemOffer, Option, UnitClass } from './types.ts'

// Hot loops index lists of one length by one another's places: `as` stands where an index is in range by making.

/** States kept a unit while a first good result is sought, and once the nodes are used up. */
const BEAM = 64

/** Units and offers that hang together, classes by price, highest first. */
export type Component = {
  classes: readonly UnitClass[]
  /** By class. */
  options: readonly (readonly Option[])[]
  /** In order of application. */
  offers: readonly LiveItemOffer[]
  counters: readonly Counter[]
  /** Places of offers by ascending id. */
  byId: readonly number[]
}

/** One option a unit, in the order of the component's classes. */
export type Found = { discountMinor: number; chosen: Option[]; boundMinor: number; nodes: number }

/** What a class has to look after once its units are dealt with. */
type Touch = { place: number; remaining: number[]; cheaper: boolean }

type Tables = {
  touches: Touch[][]
  /** By class: the most that a unit can bring without limited single offers. */
  bestMinor: number[]
  /** By class: sum of bestMinor over it and everything after it. */
  restMinor: number[]
  /** By class, then limited single offer: the most that n more units of it can add from this class on. */
  gainsMinor: { place: number; sums: number[] }[][]
  /** By class, then buy-get offer: by position in an open group, what may come on top of bestMinor. */
  bonusMinor: { place: number; byPosition: number[] }[][]
}

/**
 * The best assignment of a component: units are taken by price, highest first, and states that agree in
 * every counter merge, the better one staying (PRC-7a). A first narrow run gives a lower bound; states whose
 * upper bound is below it are dropped. When `nodesMax` states were expanded the run goes on narrow, and the
 * bound says what it may have missed (PRC-7c).
 */
export function search(component: Component, nodesMax: number): Found {
  const size = component.counters.reduce(
    (product, { radices }) => radices.reduce((all, r) => all * r, product),
    1,
  )
  const tables = tablesOf(component)
  if (!Number.isSafeInteger(size))
    return { ...nothing(component), boundMinor: boundAtStart(component, tables) }
  let weight = 1
  for (const counter of component.counters) {
    counter.weights = counter.radices.map((radix) => {
      weight *= radix
      return weight / radix
    })
  }
  const narrow = run(component, tables, 0, -1)
  if (narrow.boundMinor === narrow.discountMinor && !narrow.cut) return narrow
  const wide = run(component, tables, nodesMax, narrow.discountMinor)
  const better = wide.discountMinor >= narrow.discountMinor ? wide : narrow
  const boundMinor = Math.min(narrow.boundMinor, Math.max(wide.boundMinor, better.discountMinor))
  return { ...better, boundMinor, nodes: narrow.nodes + wide.nodes }
}

/** What no assignment of the component can exceed. */
function boundAtStart({ counters }: Component, tables: Tables): number {
  const gains = (tables.gainsMinor[0] ?? []).map(({ place, sums }) => sums[counters[place]?.max ?? 0] ?? 0)
  return gains.reduce((sum, gain) => sum + gain, tables.restMinor[0] ?? 0)
}

function nothing({ classes, options }: Component): Found {
  const chosen: Option[] = []
  let boundMinor = 0
  for (let at = 0; at < classes.length; at++) {
    const unit = classes[at] as UnitClass
    boundMinor += unit.valueMinor * unit.count
    for (let n = 0; n < unit.count; n++) chosen.push((options[at] as Option[])[0] as Option)
  }
  return { discountMinor: 0, chosen, boundMinor, nodes: 0 }
}

function run(
  component: Component,
  tables: Tables,
  nodesMax: number,
  floorMinor: number,
): Found & { cut: boolean } {
  const { classes, options, offers, counters, byId } = component
  const startKey = counters.reduce((key, { kind, weights, radices, middle }) => {
    if (kind === 'buy-other') return key + middle * (weights[0] ?? 0)
    if (kind !== 'bundle') return key
    return (
      key +
      weights.reduce((sum, weight, part) => (part > 0 && radices[part] ? sum + middle * weight : sum), 0)
    )
  }, 0)
  // A state: where it came from, by which option, what it has brought, how many applications, their priorities.
  const parents = [-1]
  const taken: Option[] = [(options[0] as Option[])[0] as Option]
  const broughtMinor = [0]
  const applications = [0]
  const priorities = [0]
  const unitOf: number[] = []
  let keys = [startKey]
  let layer = [0]
  let nodes = 0
  let missedMinor = -1
  let cut = false
  let gain = 0
  let applied = 0
  let ranks = 0

  const digit = (key: number, counter: Counter, at: number): number =>
    Math.floor(key / (counter.weights[at] as number)) % (counter.radices[at] as number)

  /** The state after a unit takes an option, or −1; what it brings is left in the variables above. */
  function next(key: number, option: Option): number {
    gain = option.singlesMinor
    applied = option.singles.length
    ranks = 0
    let after = key
    for (const place of option.singles) {
      ranks += (offers[place] as LiveItemOffer).offer.priority
      const counter = counters[place] as Counter
      if (counter.kind === 'free') continue
      const count = digit(after, counter, 0)
      if (count + 1 < (counter.radices[0] as number)) after += counter.weights[0] as number
      else if (counter.max !== undefined) return -1
    }
    const { group, part } = option
    if (group < 0) return after
    const counter = counters[group] as Counter
    const { weights, radices, middle, buy, get } = counter
    const priority = (offers[group] as LiveItemOffer).offer.priority
    if (counter.kind === 'buy-get') {
      const count = digit(after, counter, 0)
      const size = buy + get
      const position = count % size
      if (position >= buy) gain += option.groupMinor
      if (position === size - 1) {
        applied++
        ranks += priority
      }
      if (counter.max === undefined) {
        return position === size - 1
          ? after - position * (weights[0] as number)
          : after + (weights[0] as number)
      }
      return count + 1 < (radices[0] as number) ? after + (weights[0] as number) : -1
    }
    if (counter.kind === 'buy-other') {
      const difference = digit(after, counter, 0) + (part === 0 ? get : -buy)
      if (difference < 0 || difference > 2 * middle) return -1
      after += (part === 0 ? get : -buy) * (weights[0] as number)
      gain += counter.shiftsMinor[part] as number
      if (part === 1) {
        gain += option.groupMinor
        if (digit(after, counter, 2) === 0) after += weights[2] as number
        return after
      }
      const count = digit(after, counter, 1)
      if (count % buy === buy - 1) {
        applied++
        ranks += priority
      }
      if (counter.max !== undefined) {
        return count + 1 < (radices[1] as number) ? after + (weights[1] as number) : -1
      }
      return count === buy - 1 ? after - count * (weights[1] as number) : after + (weights[1] as number)
    }
    gain += option.groupMinor + (counter.shiftsMinor[part] as number)
    if (part > 0) {
      return digit(after, counter, part) < 2 * middle ? after + (weights[part] as number) : -1
    }
    applied++
    ranks += priority
    if (counter.max !== undefined) {
      if (digit(after, counter, 0) === counter.max) return -1
      after += weights[0] as number
    }
    for (let other = 1; other < weights.length; other++) {
      if (digit(after, counter, other) === 0) return -1
      after -= weights[other] as number
    }
    return after
  }

  /** The state when a class is dealt with: −1 where an open group can no longer close; counters that are done fall to 0. */
  function closed(key: number, touches: readonly Touch[]): number {
    let after = key
    for (const { place, remaining } of touches) {
      const counter = counters[place] as Counter
      const { kind, weights, middle, buy, get } = counter
      const first = remaining[0] ?? 0
      if (kind === 'count') {
        const count = digit(after, counter, 0)
        if (count > 0 && counter.minimum - count > first) return -1
        if (first === 0) after -= count * (weights[0] as number)
      } else if (kind === 'buy-get') {
        const count = digit(after, counter, 0)
        const position = count % (buy + get)
        if (position > 0 && buy + get - position > first) return -1
        if (first === 0) after -= count * (weights[0] as number)
      } else if (kind === 'buy-other') {
        const second = remaining[1] ?? 0
        const difference = digit(after, counter, 0) - middle
        if (difference > second * buy || -difference > first * get) return -1
        const position = digit(after, counter, 1) % buy
        if (position > 0 && buy - position > first) return -1
        if (first + second > 0) continue
        after -= digit(after, counter, 1) * (weights[1] as number)
        after -= digit(after, counter, 2) * (weights[2] as number)
      } else if (kind === 'bundle') {
        let highest = 0
        for (let part = 1; part < weights.length; part++) {
          highest = Math.max(highest, digit(after, counter, part) - middle)
        }
        let open = false
        for (let part = 0; part < weights.length; part++) {
          const difference = part === 0 ? 0 : digit(after, counter, part) - middle
          const left = remaining[part] ?? 0
          if (highest - difference > left) return -1
          open ||= left > 0
        }
        if (!open) after -= digit(after, counter, 0) * (weights[0] as number)
      }
    }
    return after
  }

  /** What a state can come to at most, with `left` units of a class to come. */
  function boundOf(key: number, node: number, at: number, left: number): number {
    let bound = (broughtMinor[node] as number) + (tables.restMinor[at + 1] as number)
    bound += left * (tables.bestMinor[at] ?? 0)
    // Between classes the next one's tables hold; within one, its own do.
    const place = left > 0 ? at : at + 1
    for (const { place: offer, byPosition } of tables.bonusMinor[place] ?? []) {
      const counter = counters[offer] as Counter
      bound += byPosition[digit(key, counter, 0) % (counter.buy + counter.get)] as number
    }
    for (const { place: offer, sums } of tables.gainsMinor[place] ?? []) {
      const counter = counters[offer] as Counter
      bound += sums[(counter.max as number) - digit(key, counter, 0)] as number
    }
    return bound
  }

  /** Whether a new way into a state beats the one that is kept, where both bring the same (PRC-7a). */
  function winsTie(parent: number, option: Option, rival: number, depth: number): boolean {
    const counts = new Map<number, number>()
    let decisive = Number.POSITIVE_INFINITY
    let wins = false
    let mine = parent
    let others = parents[rival] as number
    let mineBy = option
    let othersBy = taken[rival] as Option
    for (let at = depth; ; at--) {
      if (mineBy !== othersBy) {
        countInto(counts, mineBy, 1)
        countInto(counts, othersBy, -1)
        const order = compareOptions(mineBy, othersBy, offers)
        const unit = unitOf[at] as number
        if (order !== 0 && unit < decisive) {
          decisive = unit
          wins = order < 0
        }
      }
      if (mine === others) break
      mineBy = taken[mine] as Option
      othersBy = taken[others] as Option
      mine = parents[mine] as number
      others = parents[others] as number
    }
    for (const place of byId) {
      const more = counts.get(place) ?? 0
      if (more !== 0) return more > 0
    }
    return wins
  }

  let unitsLeft = classes.reduce((sum, { count }) => sum + count, 0)
  for (let at = 0; at < classes.length; at++) {
    const unit = classes[at] as UnitClass
    const choices = options[at] as Option[]
    const touches = tables.touches[at] as Touch[]
    // A dearer unit was reduced: from here on no unit may be left over.
    const strict = touches.filter(({ cheaper }) => cheaper).map(({ place }) => counters[place] as Counter)
    const guards = touches
      .filter(({ place }) => choices.some((option) => option.group === place && option.part === 1))
      .map(({ place }) => counters[place] as Counter)
      .filter(({ kind }) => kind === 'buy-other')
    if (strict.length > 0) {
      keys = keys.map((key) => {
        for (const counter of strict) if (digit(key, counter, 2) === 1) key += counter.weights[2] as number
        return key
      })
    }
    for (let n = 0; n < unit.count; n++) {
      const depth = unitOf.length
      unitOf.push(unit.firstUnit + n)
      const last = n === unit.count - 1
      nodes += layer.length
      const places = new Map<number, number>()
      const nextLayer: number[] = []
      const nextKeys: number[] = []
      for (let of = 0; of < layer.length; of++) {
        const node = layer[of] as number
        const key = keys[of] as number
        for (const option of choices) {
          if (option.group < 0 && option.singles.length === 0) {
            if (guards.some((counter) => digit(key, counter, 2) === 2)) continue
          }
          let after = next(key, option)
          if (after >= 0 && last) after = closed(after, touches)
          if (after < 0) continue
          const brought = (broughtMinor[node] as number) + gain
          const applies = (applications[node] as number) + applied
          const rank = (priorities[node] as number) + ranks
          const place = places.get(after)
          let target = parents.length
          if (place !== undefined) {
            target = nextLayer[place] as number
            const order =
              brought - (broughtMinor[target] as number) ||
              (applications[target] as number) - applies ||
              rank - (priorities[target] as number)
            if (order < 0 || (order === 0 && !winsTie(node, option, target, depth))) continue
          } else {
            places.set(after, nextLayer.length)
            nextLayer.push(target)
            nextKeys.push(after)
          }
          parents[target] = node
          taken[target] = option
          broughtMinor[target] = brought
          applications[target] = applies
          priorities[target] = rank
        }
      }
      unitsLeft--
      layer = []
      keys = []
      const bounds: number[] = []
      for (let of = 0; of < nextLayer.length; of++) {
        const key = nextKeys[of] as number
        const node = nextLayer[of] as number
        const bound = boundOf(key, node, at, unit.count - 1 - n)
        if (bound < floorMinor) continue
        bounds.push(bound)
        layer.push(node)
        keys.push(key)
      }
      if (layer.length > BEAM && nodes + layer.length > nodesMax - BEAM * unitsLeft) {
        const order = bounds.map((_, of) => of)
        order.sort((one, other) => (bounds[other] as number) - (bounds[one] as number) || one - other)
        cut = true
        missedMinor = Math.max(missedMinor, bounds[order[BEAM] as number] as number)
        const kept = order.slice(0, BEAM)
        // Where nothing is open nothing can fail to close: with this state kept, a narrow run always ends somewhere.
        const plain = keys.indexOf(startKey)
        if (plain >= 0 && !kept.includes(plain)) kept.push(plain)
        layer = kept.map((of) => layer[of] as number)
        keys = kept.map((of) => keys[of] as number)
      }
    }
  }
  // All counters are done, so one state is left, or none where everything was below the floor.
  const end = layer[0]
  if (end === undefined) return { ...nothing(component), boundMinor: Math.max(0, missedMinor), nodes, cut }
  const chosen: Option[] = []
  for (let node = end; (parents[node] as number) >= 0; node = parents[node] as number) {
    chosen.push(taken[node] as Option)
  }
  chosen.reverse()
  const discountMinor = broughtMinor[end] as number
  return { discountMinor, chosen, boundMinor: Math.max(discountMinor, missedMinor), nodes, cut }
}

function countInto(counts: Map<number, number>, option: Option, by: number): void {
  for (const place of option.singles) counts.set(place, (counts.get(place) ?? 0) + by)
  // Every application of a group takes equally many units, so units of its first part compare like applications.
  if (option.group >= 0 && option.part === 0) counts.set(option.group, (counts.get(option.group) ?? 0) + by)
}

/** Below 0 where the first option comes first: an offer before none, then the lower ids. */
export function compareOptions(one: Option, other: Option, offers: readonly LiveItemOffer[]): number {
  const ids = idsOf(one, offers)
  const otherIds = idsOf(other, offers)
  if (ids.length === 0 || otherIds.length === 0) return otherIds.length - ids.length
  for (let at = 0; at < Math.min(ids.length, otherIds.length); at++) {
    const order = (ids[at] as number) - (otherIds[at] as number)
    if (order !== 0) return order
  }
  return ids.length - otherIds.length
}

function idsOf({ singles, group }: Option, offers: readonly LiveItemOffer[]): number[] {
  const places = group < 0 ? singles : [...singles, group]
  return places.map((place) => (offers[place] as LiveItemOffer).offer.id).sort((one, other) => one - other)
}

function tablesOf({ classes, options, offers, counters }: Component): Tables {
  const touches: Touch[][] = []
  const bestMinor: number[] = []
  const restMinor: number[] = []
  const gainsMinor: Tables['gainsMinor'] = []
  const bonusMinor: Tables['bonusMinor'] = []
  const remaining = counters.map(() => [] as number[])
  const gains = counters.map(() => [] as number[])
  /** Reduced amount of the next unit that a buy-get offer touches. */
  const nextMinor = counters.map(() => 0)
  restMinor[classes.length] = 0
  for (let at = classes.length - 1; at >= 0; at--) {
    const unit = classes[at] as UnitClass
    const choices = options[at] as Option[]
    const here = new Map<number, Set<number>>()
    const most = new Map<number, number>()
    let best = 0
    for (const option of choices) {
      let bound = option.singlesMinor
      for (const place of option.singles) here.set(place, new Set([0]))
      if (option.group >= 0) {
        const parts = here.get(option.group) ?? new Set()
        here.set(option.group, parts.add(option.part))
        bound += groupBound(option, unit, offers, counters)
      }
      const limited = option.singles.find((place) => (counters[place] as Counter).max !== undefined)
      if (limited === undefined) best = Math.max(best, bound)
      else most.set(limited, Math.max(bound, most.get(limited) ?? 0))
    }
    const touched: Touch[] = []
    for (const [place, parts] of here) {
      const counter = counters[place] as Counter
      if (counter.kind === 'free') continue
      touched.push({ place, remaining: [...(remaining[place] as number[])], cheaper: false })
      for (const part of parts) {
        const counts = remaining[place] as number[]
        counts[part] = (counts[part] ?? 0) + unit.count
      }
      if (counter.kind === 'buy-get') nextMinor[place] = groupShare(unit, offers[place] as LiveItemOffer)
    }
    for (const [place, bound] of most) {
      if (bound <= best) continue
      const list = gains[place] as number[]
      for (let n = 0; n < unit.count; n++) list.push(bound - best)
      list.sort((one, other) => other - one)
    }
    touches[at] = touched
    bestMinor[at] = best
    restMinor[at] = (restMinor[at + 1] as number) + best * unit.count
    gainsMinor[at] = counters.flatMap((counter, place) =>
      counter.kind === 'count' && counter.max !== undefined && (gains[place] as number[]).length > 0
        ? [{ place, sums: sumsOf(gains[place] as number[], counter.max) }]
        : [],
    )
    bonusMinor[at] = counters.flatMap((counter, place) =>
      counter.kind === 'buy-get' && (remaining[place]?.[0] ?? 0) > 0
        ? [{ place, byPosition: bonusesOf(counter, nextMinor[place] as number) }]
        : [],
    )
  }
  const dearest = counters.map(() => -1)
  for (let at = 0; at < classes.length; at++) {
    const { priceMinor } = classes[at] as UnitClass
    for (const touch of touches[at] as Touch[]) {
      if (counters[touch.place]?.kind !== 'buy-other') continue
      if (!options[at]?.some((option) => option.group === touch.place && option.part === 1)) continue
      const before = dearest[touch.place] as number
      touch.cheaper = before > priceMinor
      dearest[touch.place] = priceMinor
    }
  }
  return { touches, bestMinor, restMinor, gainsMinor, bonusMinor }
}

/** The most that a unit adds through its group offer, when every unit of a group carries its share of the gain. */
function groupBound(
  option: Option,
  unit: UnitClass,
  offers: readonly LiveItemOffer[],
  counters: readonly Counter[],
): number {
  const { kind, buy, get, shiftsMinor } = counters[option.group] as Counter
  // The reduced units are the cheapest of a group, so together they are at most their share of its price.
  if (kind === 'buy-get') {
    return Math.ceil((groupShare(unit, offers[option.group] as LiveItemOffer) * get) / (buy + get))
  }
  const shift = shiftsMinor[option.part] as number
  return kind === 'buy-other' && option.part === 0 ? shift : option.groupMinor + shift
}

function groupShare(unit: UnitClass, { offer }: LiveItemOffer): number {
  return offer.effect === 'buy-get' ? shareOf(unit.priceMinor, offer.percentBp) : 0
}

/** By position in an open group: what its units still to come may bring above their shares. */
function bonusesOf({ buy, get }: Counter, shareMinor: number): number[] {
  const size = buy + get
  return Array.from({ length: size }, (_, position) =>
    position <= buy
      ? Math.ceil((get * shareMinor * position) / size)
      : Math.ceil(((size - position) * shareMinor * buy) / size),
  )
}

function sumsOf(gains: readonly number[], most: number): number[] {
  const sums = [0]
  for (let n = 0; n < most; n++) sums.push((sums[n] as number) + (gains[n] ?? 0))
  return sums
}
