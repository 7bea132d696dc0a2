import { allocate } from '../../money/allocate.ts'
import { type Counter, counterOf } from './counters.ts'
import { greedy } from './greedy.ts'
import { classesOf, isGroup, optionsOf, touchesFractions } from './options.ts'
import { type Component, compareOptions, search } from './search.ts'
import type { Assignment, ItemLine, ItemStep, LiveItemOffer, Option, UnitClass } from './types.ts'

export type { Assignment, ItemLine, ItemStep, LiveItemOffer } from './types.ts'

// Hot loops index lists of one length by one another's places: `as` stands where an index is in range by making.

type Touching = { place: number; part: number }
/** A unit of the cart with what was chosen for it. */
type Chosen = { unit: UnitClass; at: number; option: Option }

/**
 * Layer 2: which units carry which item offers, so that the customer saves most (PRC-7a).
 *
 * Units that no offer connects are decided apart. Where an offer looks at one unit only, each unit takes its
 * best; elsewhere a search looks at up to `nodesMax` states in all, then goes on narrowly. The order of
 * `offers` does not matter.
 *
 * @param lines in canonical order
 */
export function assignItemOffers(
  lines: readonly ItemLine[],
  offers: readonly LiveItemOffer[],
  nodesMax: number,
): Assignment {
  if (offers.length === 0) {
    return { steps: [], applications: new Map(), discountMinor: 0, optimal: true, boundMinor: 0, nodes: 0 }
  }
  const live = offers.toSorted(
    (one, other) => other.offer.priority - one.offer.priority || one.offer.id - other.offer.id,
  )
  const classes = classesOf(lines)
  const byLine: UnitClass[][] = lines.map(() => [])
  for (const unit of classes) byLine[unit.line]?.push(unit)
  const touching = new Map<UnitClass, Touching[]>()
  const counters: (Counter | undefined)[] = live.map((one, place) => {
    const parts = one.parts.map((part) =>
      part.flatMap((line) => byLine[line] ?? []).filter((unit) => !unit.fractional || touchesFractions(one)),
    )
    const counter = counterOf(one, parts)
    if (counter === undefined) return undefined
    parts.forEach((part, at) => {
      for (const unit of part) {
        const list = touching.get(unit)
        if (list === undefined) touching.set(unit, [{ place, part: at }])
        else list.push({ place, part: at })
      }
    })
    return counter
  })

  const result = { discountMinor: 0, boundMinor: 0, nodes: 0 }
  const chosen: Chosen[] = []
  const searches: {
    component: Component
    all: Option[][]
    places: number[]
    complete: boolean
    work: number
    first: number
  }[] = []
  for (const group of connected(classes, touching, counters)) {
    const places = [...new Set(group.flatMap((unit) => (touching.get(unit) ?? []).map(({ place }) => place)))]
    places.sort((one, other) => one - other)
    const renamed = new Map(places.map((place, at) => [place, at]))
    const own = places.map((place) => live[place] as LiveItemOffer)
    const ownCounters = places.map((place) => counters[place] as Counter)
    group.sort(
      (one, other) =>
        other.priceMinor - one.priceMinor ||
        other.valueMinor - one.valueMinor ||
        one.firstUnit - other.firstUnit,
    )
    let complete = true
    const all: Option[][] = []
    const options = group.map((unit) => {
      const touches = (touching.get(unit) ?? []).map(({ place, part }) => ({
        place: renamed.get(place) as number, // every touching place was collected above
        part,
      }))
      const found = optionsOf(unit, own, touches)
      complete &&= found.complete
      all.push(found.options)
      return withoutWorse(found.options, own, ownCounters)
    })
    const byId = own.map((_, at) => at).sort((one, other) => idAt(own, one) - idAt(own, other))
    const component = { classes: group, options, offers: own, counters: ownCounters, byId }
    const work = group.length * places.length
    searches.push({
      component,
      all,
      places,
      complete,
      work,
      first: Math.min(...group.map((unit) => unit.firstUnit)),
    })
  }
  // Small ones first, so that one hard component does not use up what the others need.
  searches.sort((one, other) => one.work - other.work || one.first - other.first)
  for (const { component, all, places, complete } of searches) {
    let found = component.counters.every(({ kind }) => kind === 'free')
      ? bestOfEach(component)
      : search(component, nodesMax - result.nodes)
    if (found.boundMinor > found.discountMinor) {
      const plain = greedy(component, all)
      const nodes = found.nodes + plain.nodes
      found = {
        ...(plain.discountMinor > found.discountMinor ? plain : found),
        boundMinor: found.boundMinor,
        nodes,
      }
    }
    result.discountMinor += found.discountMinor
    result.boundMinor += complete ? found.boundMinor : worth(component.classes)
    result.nodes += found.nodes
    let unit = 0
    for (const one of component.classes) {
      for (let n = 0; n < one.count; n++) {
        const option = found.chosen[unit++] as Option // one a unit
        if (option.singles.length > 0 || option.group >= 0) {
          chosen.push({ unit: one, at: one.firstUnit + n, option: inCart(option, places) })
        }
      }
    }
  }
  const settled = settle(chosen, live)
  const { dearer } = settled
  if (dearer !== undefined) {
    // It paid only by keeping cheap units from another offer: no bundle is made at a loss.
    const without = offers.filter(({ offer }) => offer.id !== dearer)
    const best = assignItemOffers(lines, without, nodesMax)
    const boundMinor = Math.max(result.boundMinor, best.discountMinor)
    const nodes = result.nodes + best.nodes
    // The bundle might have paid in another place, so nothing is proved.
    return { ...best, boundMinor, nodes, optimal: false }
  }
  const { steps, applications } = settled
  return { steps, applications, ...result, optimal: result.boundMinor === result.discountMinor }
}

function idAt(offers: readonly LiveItemOffer[], at: number): number {
  return (offers[at] as LiveItemOffer).offer.id
}

function inCart(option: Option, places: readonly number[]): Option {
  const singles = option.singles.map((place) => places[place] as number)
  return { ...option, singles, group: option.group < 0 ? -1 : (places[option.group] as number) }
}

/** Classes that offers connect, in groups; those that no offer touches are left out. */
function connected(
  classes: readonly UnitClass[],
  touching: ReadonlyMap<UnitClass, readonly Touching[]>,
  counters: readonly (Counter | undefined)[],
): UnitClass[][] {
  const roots = counters.map((_, place) => place)
  const rootOf = (place: number): number => {
    let root = place
    while (roots[root] !== root) root = roots[root] as number
    return root
  }
  for (const list of touching.values()) {
    // Offers that look at one unit only connect nothing.
    const tied = list.filter(({ place }) => counters[place]?.kind !== 'free')
    for (const { place } of tied) roots[rootOf(place)] = rootOf(tied[0]?.place ?? place)
  }
  const groups = new Map<number, UnitClass[]>()
  for (const unit of classes) {
    const list = touching.get(unit)
    if (list === undefined) continue
    const tied = list.find(({ place }) => counters[place]?.kind !== 'free')
    const root = tied === undefined ? -1 - unit.firstUnit : rootOf(tied.place)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [unit])
    else group.push(unit)
  }
  return [...groups.values()]
}

/** Of options that leave the same state behind, the best (PRC-7a). */
function withoutWorse(
  options: readonly Option[],
  offers: readonly LiveItemOffer[],
  counters: readonly Counter[],
): Option[] {
  const guarded = options.some(
    ({ group, part }) => group >= 0 && part === 1 && counters[group]?.kind === 'buy-other',
  )
  let best: Option | undefined
  const rest: Option[] = []
  for (const option of options) {
    const free = option.group < 0 && option.singles.every((place) => counters[place]?.kind === 'free')
    // With a buy-other offer about, a unit that is left over differs from one that carries another offer.
    if (!free || (guarded && option.singles.length === 0)) rest.push(option)
    else if (best === undefined || isBetter(option, best, offers)) best = option
  }
  return best === undefined ? rest : [best, ...rest]
}

function isBetter(one: Option, other: Option, offers: readonly LiveItemOffer[]): boolean {
  const rank = ({ singles }: Option) =>
    singles.reduce((sum, place) => sum + (offers[place] as LiveItemOffer).offer.priority, 0)
  const order =
    one.singlesMinor - other.singlesMinor ||
    other.singles.length - one.singles.length ||
    rank(one) - rank(other) ||
    compareOptions(other, one, offers)
  return order > 0
}

function bestOfEach({ classes, options }: Component) {
  const chosen: Option[] = []
  let discountMinor = 0
  classes.forEach((unit, at) => {
    const option = options[at]?.[0] as Option // at least "nothing" is there
    discountMinor += option.singlesMinor * unit.count
    for (let n = 0; n < unit.count; n++) chosen.push(option)
  })
  return { discountMinor, chosen, boundMinor: discountMinor, nodes: 0 }
}

function worth(classes: readonly UnitClass[]): number {
  return classes.reduce((sum, unit) => sum + unit.valueMinor * unit.count, 0)
}

/** Steps by line and offer: a single's own amounts, a group offer's discount spread over all its units (PRC-2). */
function settle(chosen: readonly Chosen[], live: readonly LiveItemOffer[]) {
  const inOrder = chosen.toSorted((one, other) => one.at - other.at)
  const steps = new Map<string, ItemStep & { rank: number }>()
  const applications = new Map<number, number>()
  const add = (line: number, place: number, amountMinor: number) => {
    const one = live[place] as LiveItemOffer // places come from this list
    const key = `${line} ${place}`
    const step = steps.get(key)
    if (step === undefined) {
      const rank = isGroup(one) ? live.length + place : place
      steps.set(key, { line, offerId: one.offer.id, amountMinor, units: 1, rank })
    } else {
      step.amountMinor += amountMinor
      step.units++
    }
  }
  const grouped = new Map<number, Chosen[]>()
  for (const one of inOrder) {
    const { unit, option } = one
    option.singles.forEach((place, at) => {
      add(unit.line, place, option.amountsMinor[at] as number)
      const id = idAt(live, place)
      applications.set(id, (applications.get(id) ?? 0) + 1)
    })
    if (option.group < 0) continue
    const group = grouped.get(option.group)
    if (group === undefined) grouped.set(option.group, [one])
    else group.push(one)
  }
  let dearer: number | undefined
  for (const [place, units] of grouped) {
    const { discountMinor, count } = groupTotal(live[place] as LiveItemOffer, units)
    if (live[place]?.offer.effect === 'bundle' && discountMinor <= 0) {
      dearer = idAt(live, place)
      continue
    }
    applications.set(idAt(live, place), count)
    const parts = allocate(
      discountMinor,
      units.map(({ unit, option }) => unit.valueMinor - option.singlesMinor),
    )
    units.forEach(({ unit }, at) => {
      add(unit.line, place, parts[at] as number)
    })
  }
  const sorted = [...steps.values()].sort((one, other) => one.line - other.line || one.rank - other.rank)
  return { steps: sorted.map(({ rank: _, ...step }) => step), applications, dearer }
}

/** What all applications of a group offer take off together. */
function groupTotal(
  { offer }: LiveItemOffer,
  units: readonly Chosen[],
): { discountMinor: number; count: number } {
  let discountMinor = 0
  if (offer.effect === 'buy-get') {
    const byPrice = units.toSorted(
      (one, other) =>
        other.unit.priceMinor - one.unit.priceMinor ||
        other.unit.valueMinor - one.unit.valueMinor ||
        one.at - other.at,
    )
    const size = offer.buy + offer.get
    byPrice.forEach(({ option }, at) => {
      if (at % size >= offer.buy) discountMinor += option.groupMinor
    })
    return { discountMinor, count: units.length / size }
  }
  if (offer.effect === 'buy-other') {
    for (const { option } of units) if (option.part === 1) discountMinor += option.groupMinor
    return { discountMinor, count: units.length / (offer.buy.units + offer.get.units) }
  }
  if (offer.effect !== 'bundle') return { discountMinor, count: 0 }
  for (const { option } of units) discountMinor += option.groupMinor
  const count = units.length / offer.parts.length
  return { discountMinor: discountMinor - count * offer.priceMinor, count }
}
