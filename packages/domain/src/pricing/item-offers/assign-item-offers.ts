import { multiplyDivideDown } from '../../money/round.ts'
import { inBulk } from './bulk.ts'
import { type Counter, counterOf } from './counters.ts'
import { classesOf, isGroup, optionsMax, optionsOf, rank, touchesFractions, withoutWorse } from './options.ts'
import type { Component } from './run.ts'
import { search } from './search.ts'
import type { Assignment, ItemLine, ItemStep, LiveItemOffer, Option, UnitClass } from './types.ts'

export type { Assignment, ItemLine, ItemStep, LiveItemOffer } from './types.ts'

// Hot loops index lists of one length by one another's places: `as` stands where an index is in range by making.

/** Units of a cart that are searched one by one; of larger lines the others are settled in bulk. */
const UNITS_MAX = 1000

type Touching = { place: number; part: number }
/** Units of one class, one after the other, with what was chosen for them; `from` is the place of the first. */
type Run = { unit: UnitClass; from: number; count: number; option: Option }
/** A class with the offers that touch it. */
type Touched = { unit: UnitClass; touching: Touching[] }

/**
 * Layer 2: which units carry which item offers, so that the customer saves most (PRC-7a).
 *
 * Units that no offer connects are decided apart. Where an offer looks at one unit only, each unit takes its
 * best; elsewhere a search looks at up to `nodesMax` nodes in all. The order of `offers` does not matter.
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
  const { classes, counters } = touchedClasses(lines, live)
  const result = { discountMinor: 0, boundMinor: 0, nodes: 0 }
  const runs: Run[] = []
  const add = (found: { discountMinor: number; boundMinor: number; nodes: number }) => {
    result.discountMinor += found.discountMinor
    result.boundMinor += found.boundMinor
    result.nodes += found.nodes
  }
  const most = optionsMax(classes.length)
  const groups = connected(classes, counters)
  const searched = groups.filter(([first]) => first !== undefined && isTied(first, counters))
  const tied = searched.reduce((sum, group) => sum + group.length, 0)
  const units = searched.reduce((sum, group) => sum + group.reduce((all, { unit }) => all + unit.count, 0), 0)
  const countMax = units <= UNITS_MAX ? Number.POSITIVE_INFINITY : Math.floor(UNITS_MAX / tied)
  for (const group of groups) {
    if (!searched.includes(group)) for (const one of group) add(takeBest(one, live, counters, most, runs))
  }
  const ready = searched.map((group) => readyFor(group, live, counters, most, countMax))
  // Small ones first, so that one hard component does not use up what the others need.
  ready.sort((one, other) => one.work - other.work || one.first - other.first)
  for (const { group, component, all, places, complete, bulk } of ready) {
    const found = search(component, all, nodesMax - result.nodes)
    const bulkMinor = bulk.reduce((sum, run) => sum + run.discountMinor, 0)
    const boundMinor = complete ? found.boundMinor : worth(group)
    add({ discountMinor: found.discountMinor + bulkMinor, boundMinor, nodes: found.nodes })
    let unit = 0
    for (const one of component.classes) {
      for (let n = 0; n < one.count; n++) {
        const option = found.chosen[unit++] as Option // one a unit
        push(runs, { unit: one, from: one.firstUnit + n, count: 1, option: inCart(option, places) })
      }
    }
    for (const run of bulk) push(runs, { ...run, option: inCart(run.option, places) })
  }
  const { steps, applications } = settle(runs, live)
  return { steps, applications, ...result, optimal: result.boundMinor === result.discountMinor }
}

function push(runs: Run[], run: Run): void {
  if (run.option.singles.length > 0 || run.option.group >= 0) runs.push(run)
}

/** Classes that an offer touches which can apply at all, and every offer's counter; undefined where it cannot. */
function touchedClasses(lines: readonly ItemLine[], live: readonly LiveItemOffer[]) {
  const isTouched = lines.map(() => false)
  for (const { parts } of live) for (const part of parts) for (const line of part) isTouched[line] = true
  const byLine: Touched[][] = lines.map(() => [])
  const classes: Touched[] = []
  for (const unit of classesOf(lines, isTouched)) {
    const touched = { unit, touching: [] }
    classes.push(touched)
    byLine[unit.line]?.push(touched)
  }
  const counters = live.map((one, place): Counter | undefined => {
    const fractions = touchesFractions(one)
    const parts = one.parts.map((part) =>
      part.flatMap((line) => byLine[line] ?? []).filter(({ unit }) => fractions || !unit.fractional),
    )
    const counter = counterOf(
      one,
      parts.map((part) => part.map(({ unit }) => unit)),
    )
    if (counter === undefined) return undefined
    parts.forEach((part, at) => {
      for (const { touching } of part) touching.push({ place, part: at })
    })
    return counter
  })
  return { classes: classes.filter(({ touching }) => touching.length > 0), counters }
}

/** Whether an offer ties a class to others. */
function isTied({ touching }: Touched, counters: readonly (Counter | undefined)[]): boolean {
  return touching.some(({ place }) => counters[place]?.kind !== 'free')
}

/** A class that nothing ties to others takes its best option. */
function takeBest(
  { unit, touching }: Touched,
  live: readonly LiveItemOffer[],
  counters: readonly (Counter | undefined)[],
  most: number,
  runs: Run[],
) {
  const { options, complete } = optionsOf(unit, live, touching, most)
  const option = withoutWorse(options, counters)[0] as Option // "nothing" at least
  const discountMinor = option.singlesMinor * unit.count
  push(runs, { unit, from: unit.firstUnit, count: unit.count, option })
  return { discountMinor, boundMinor: complete ? discountMinor : unit.valueMinor * unit.count, nodes: 0 }
}

/** A component for the search: its offers renumbered, and of large classes only so many units. */
function readyFor(
  group: readonly Touched[],
  live: readonly LiveItemOffer[],
  counters: readonly (Counter | undefined)[],
  most: number,
  countMax: number,
) {
  const places = [...new Set(group.flatMap(({ touching }) => touching.map(({ place }) => place)))]
  places.sort((one, other) => one - other)
  const renamed = new Map(places.map((place, at) => [place, at]))
  const own = places.map((place) => live[place] as LiveItemOffer)
  const ownCounters = places.map((place) => counters[place] as Counter)
  const inOrder = group.toSorted(
    ({ unit: one }, { unit: other }) =>
      other.priceMinor - one.priceMinor ||
      other.valueMinor - one.valueMinor ||
      one.firstUnit - other.firstUnit,
  )
  let complete = true
  const all: Option[][] = []
  const options = inOrder.map(({ unit, touching }) => {
    const touches = touching.map(({ place, part }) => ({
      place: renamed.get(place) as number, // every touching place was collected above
      part,
    }))
    const found = optionsOf(unit, own, touches, most)
    rank(found.options)
    complete &&= found.complete
    all.push(found.options)
    return withoutWorse(found.options, ownCounters)
  })
  const component: Component = {
    classes: inOrder.map(({ unit }) => unit),
    options,
    offers: own,
    counters: ownCounters,
    byId: own.map((_, at) => at).sort((one, other) => idAt(own, one) - idAt(own, other)),
    watched: [],
  }
  const work = group.length * places.length
  const first = Math.min(...group.map(({ unit }) => unit.firstUnit))
  complete &&= countMax === Number.POSITIVE_INFINITY
  return { ...inBulk(component, all, countMax), group, places, complete, work, first }
}

function idAt(offers: readonly LiveItemOffer[], at: number): number {
  return (offers[at] as LiveItemOffer).offer.id
}

function inCart(option: Option, places: readonly number[]): Option {
  const singles = option.singles.map((place) => places[place] as number)
  return { ...option, singles, group: option.group < 0 ? -1 : (places[option.group] as number) }
}

/** Classes that offers connect, in groups. */
function connected(classes: readonly Touched[], counters: readonly (Counter | undefined)[]): Touched[][] {
  const roots = counters.map((_, place) => place)
  const rootOf = (place: number): number => {
    let root = place
    while (roots[root] !== root) root = roots[root] as number
    return root
  }
  // Offers that look at one unit only connect nothing.
  const firstTied = classes.map(
    ({ touching }) => touching.find(({ place }) => counters[place]?.kind !== 'free')?.place,
  )
  classes.forEach(({ touching }, at) => {
    const first = firstTied[at]
    if (first === undefined) return
    for (const { place } of touching) {
      if (counters[place]?.kind !== 'free') roots[rootOf(place)] = rootOf(first)
    }
  })
  const groups: Touched[][] = []
  const byRoot = new Map<number, Touched[]>()
  classes.forEach((one, at) => {
    const first = firstTied[at]
    const group = first === undefined ? undefined : byRoot.get(rootOf(first))
    if (group !== undefined) {
      group.push(one)
      return
    }
    const made = [one]
    groups.push(made)
    if (first !== undefined) byRoot.set(rootOf(first), made)
  })
  return groups
}

function worth(group: readonly Touched[]): number {
  return group.reduce((sum, { unit }) => sum + unit.valueMinor * unit.count, 0)
}

/** Steps by line and offer: a single's own amounts, a group offer's discount spread over all its units (PRC-2). */
function settle(runs: readonly Run[], live: readonly LiveItemOffer[]) {
  const inOrder = runs.toSorted((one, other) => one.from - other.from)
  const steps = new Map<number, ItemStep & { rank: number }>()
  const applications = new Map<number, number>()
  const add = (line: number, place: number, units: number, amountMinor: number) => {
    const key = line * live.length + place
    const step = steps.get(key)
    if (step === undefined) {
      const one = live[place] as LiveItemOffer // places come from this list
      const rank = isGroup(one) ? live.length + place : place
      steps.set(key, { line, offerId: one.offer.id, amountMinor, units, rank })
    } else {
      step.amountMinor += amountMinor
      step.units += units
    }
  }
  const grouped = new Map<number, Run[]>()
  for (const run of inOrder) {
    const { unit, count, option } = run
    for (let at = 0; at < option.singles.length; at++) {
      const place = option.singles[at] as number
      add(unit.line, place, count, (option.amountsMinor[at] as number) * count)
      const id = idAt(live, place)
      applications.set(id, (applications.get(id) ?? 0) + count)
    }
    if (option.group < 0) continue
    const group = grouped.get(option.group)
    if (group === undefined) grouped.set(option.group, [run])
    else group.push(run)
  }
  for (const [place, own] of grouped) {
    const { discountMinor, count } = groupTotal(live[place] as LiveItemOffer, own)
    applications.set(idAt(live, place), count)
    const parts = spread(discountMinor, own)
    own.forEach(({ unit, count }, at) => {
      add(unit.line, place, count, parts[at] as number)
    })
  }
  const sorted = [...steps.values()].sort((one, other) => one.line - other.line || one.rank - other.rank)
  return { steps: sorted.map(({ rank: _, ...step }) => step), applications }
}

/** A discount over units by what is left of their value, as PRC-2 has it unit by unit; what each run carries. */
function spread(discountMinor: number, runs: readonly Run[]): number[] {
  const weights = runs.map(({ unit, option }) => unit.valueMinor - option.singlesMinor)
  const sum = runs.reduce((all, { count }, at) => all + count * (weights[at] as number), 0)
  if (sum === 0) return runs.map(() => 0)
  let missing = discountMinor
  const rests: number[] = []
  const parts = weights.map((weight, at) => {
    const part = multiplyDivideDown(discountMinor, weight, sum)
    rests.push(restOf(discountMinor, weight, sum))
    const all = part * (runs[at] as Run).count
    missing -= all
    return all
  })
  // Equal units have equal rests, and runs come in canonical order: a stable sort keeps the earlier unit first.
  const order = rests
    .map((_, at) => at)
    .sort((one, other) => (rests[other] as number) - (rests[one] as number))
  for (const at of order) {
    const units = Math.min(missing, (runs[at] as Run).count)
    parts[at] = (parts[at] as number) + units
    missing -= units
  }
  return parts
}

function restOf(amount: number, weight: number, sum: number): number {
  const product = amount * weight
  if (Number.isSafeInteger(product)) return product % sum
  return Number((BigInt(amount) * BigInt(weight)) % BigInt(sum))
}

/** What all applications of a group offer take off together. */
function groupTotal(
  { offer }: LiveItemOffer,
  runs: readonly Run[],
): { discountMinor: number; count: number } {
  let discountMinor = 0
  let units = 0
  if (offer.effect === 'buy-get') {
    const byPrice = runs.toSorted(
      (one, other) =>
        other.unit.priceMinor - one.unit.priceMinor ||
        other.unit.valueMinor - one.unit.valueMinor ||
        one.from - other.from,
    )
    const size = offer.buy + offer.get
    const reducedOf = (first: number) =>
      Math.floor(first / size) * offer.get + Math.max(0, (first % size) - offer.buy)
    for (const { option, count } of byPrice) {
      discountMinor += (reducedOf(units + count) - reducedOf(units)) * option.groupMinor
      units += count
    }
    return { discountMinor, count: units / size }
  }
  for (const { option, count } of runs) {
    units += count
    if (offer.effect === 'bundle' || option.part === 1) discountMinor += count * option.groupMinor
  }
  if (offer.effect === 'buy-other')
    return { discountMinor, count: units / (offer.buy.units + offer.get.units) }
  if (offer.effect !== 'bundle') return { discountMinor, count: 0 }
  const count = units / offer.parts.length
  return { discountMinor: discountMinor - count * offer.priceMinor, count }
}
