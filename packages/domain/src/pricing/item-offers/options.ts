import { shareOf } from '../../money/round.ts'
import type { Counter } from './counters.ts'
import type { ItemLine, LiveItemOffer, Option, UnitClass } from './types.ts'

/** Up to this many combinable single offers on one unit every subset of them is tried. */
const COMBINED_MAX = 6

/** Options of all classes of a cart together, and of one class. */
const OPTIONS_IN_ALL = 10_000
const OPTIONS_MOST = 128
const OPTIONS_LEAST = 8

/** How many options each class of a cart may have. */
export function optionsMax(classes: number): number {
  return Math.max(OPTIONS_LEAST, Math.min(OPTIONS_MOST, Math.floor(OPTIONS_IN_ALL / classes)))
}

/** Cuts the lines that offers touch into classes of equal units; the first units of a line carry the odd paise of its value. */
export function classesOf(lines: readonly ItemLine[], isTouched: readonly boolean[]): UnitClass[] {
  const classes: UnitClass[] = []
  let firstUnit = 0
  for (let line = 0; line < lines.length; line++) {
    const { units, unitMinor, fractional, valueMinor, daysToExpiry } = lines[line] as ItemLine // line < length
    if (isTouched[line] === false) {
      firstUnit += units
      continue
    }
    const least = Math.floor(valueMinor / units)
    const odd = valueMinor - least * units
    const priceMinor = fractional ? valueMinor : unitMinor
    const common = { line, priceMinor, fractional, daysToExpiry }
    if (odd > 0) classes.push({ ...common, firstUnit, count: odd, valueMinor: least + 1 })
    classes.push({ ...common, firstUnit: firstUnit + odd, count: units - odd, valueMinor: least })
    firstUnit += units
  }
  return classes
}

/** Whether an effect takes units in groups, which share its discount. */
export function isGroup({ offer }: LiveItemOffer): boolean {
  return offer.effect === 'buy-get' || offer.effect === 'buy-other' || offer.effect === 'bundle'
}

/** Whether an offer may touch a fractional line (PRC-1f). */
export function touchesFractions({ offer }: LiveItemOffer): boolean {
  if (offer.effect === 'markdown') return true
  return offer.effect === 'unit-off' && offer.minimumUnits === undefined && 'percentBp' in offer.off
}

/** What a single offer takes off a unit of which `leftMinor` of the price and `roomMinor` of the value is left. */
function singleMinor(
  { offer }: LiveItemOffer,
  unit: UnitClass,
  leftMinor: number,
  roomMinor: number,
): number {
  if (offer.effect === 'complimentary') return roomMinor
  if (offer.effect === 'unit-off') {
    const { off } = offer
    return Math.min(roomMinor, 'percentBp' in off ? shareOf(leftMinor, off.percentBp) : off.amountMinor)
  }
  if (offer.effect !== 'markdown') return 0
  const days = unit.daysToExpiry
  if (days === undefined || days < 0) return 0
  for (const step of offer.steps) {
    if (days <= step.withinDays) return Math.min(roomMinor, shareOf(leftMinor, step.percentBp))
  }
  return 0
}

/**
 * Everything that may happen to a unit, beginning with nothing (PRC-6b): one offer alone, then combinations, those
 * of many offers first.
 *
 * @param offers of the component, in order of application: priority, then id
 * @param touching place and part of each offer that touches the unit, in the same order
 * @param most options at most
 * @returns the options, and whether they are all there are
 */
export function optionsOf(
  unit: UnitClass,
  offers: readonly LiveItemOffer[],
  touching: readonly { place: number; part: number }[],
  most: number,
): { options: Option[]; complete: boolean } {
  const nothing = plain(offers, [], [], 0)
  const options: Option[] = [nothing]
  const combinable: number[] = []
  const groups: { live: LiveItemOffer; place: number; part: number }[] = []
  for (const { place, part } of touching) {
    const live = offers[place] as LiveItemOffer // places come from the same list
    if (isGroup(live)) {
      options.push(onTop(nothing, unit, live, place, part))
      if (live.offer.combinable) groups.push({ live, place, part })
      continue
    }
    const amountMinor = singleMinor(live, unit, unit.priceMinor, unit.valueMinor)
    if (amountMinor <= 0) continue
    options.push(plain(offers, [place], [amountMinor], amountMinor))
    if (live.offer.combinable && live.offer.effect !== 'complimentary') combinable.push(place)
  }
  let complete = combinable.length <= COMBINED_MAX
  const chained = combinable.slice(0, COMBINED_MAX)
  for (let set = (1 << chained.length) - 1; set > 0 && options.length <= most; set--) {
    const places = chained.filter((_, at) => set & (1 << at))
    const chain = chainOf(unit, offers, places)
    if (chain === undefined) continue
    if (places.length > 1) options.push(chain)
    for (const { live, place, part } of groups) options.push(onTop(chain, unit, live, place, part))
  }
  if (options.length > most) {
    complete = false
    options.length = most
  }
  return { options, complete }
}

function plain(
  offers: readonly LiveItemOffer[],
  singles: readonly number[],
  amountsMinor: readonly number[],
  singlesMinor: number,
): Option {
  let priorities = 0
  const ids: number[] = []
  for (const place of singles) {
    const { offer } = offers[place] as LiveItemOffer // places come from the same list
    priorities += offer.priority
    ids.push(offer.id)
  }
  if (ids.length > 1) ids.sort((one, other) => one - other)
  return { singles, amountsMinor, singlesMinor, group: -1, part: 0, groupMinor: 0, ids, priorities, rank: 0 }
}

/** Each on what is left of the unit; undefined when one of them would take nothing. */
function chainOf(
  unit: UnitClass,
  offers: readonly LiveItemOffer[],
  places: readonly number[],
): Option | undefined {
  const amountsMinor: number[] = []
  let taken = 0
  for (const place of places) {
    const live = offers[place] as LiveItemOffer // places come from the same list
    const amountMinor = singleMinor(live, unit, unit.priceMinor - taken, unit.valueMinor - taken)
    if (amountMinor <= 0) return undefined
    amountsMinor.push(amountMinor)
    taken += amountMinor
  }
  return plain(offers, places, amountsMinor, taken)
}

function onTop(
  chain: Option,
  unit: UnitClass,
  { offer }: LiveItemOffer,
  group: number,
  part: number,
): Option {
  const leftMinor = unit.priceMinor - chain.singlesMinor
  const roomMinor = unit.valueMinor - chain.singlesMinor
  const groupMinor =
    'percentBp' in offer ? Math.min(roomMinor, shareOf(leftMinor, offer.percentBp)) : roomMinor
  const ids = [...chain.ids, offer.id].sort((one, other) => one - other)
  return { ...chain, group, part, groupMinor, ids }
}

/** Gives the options of a class their ranks. */
export function rank(options: readonly Option[]): void {
  const inOrder = options.toSorted(compareOptions)
  let last = 0
  inOrder.forEach((option, at) => {
    const before = inOrder[at - 1]
    if (before !== undefined && compareOptions(before, option) !== 0) last++
    option.rank = last
  })
}

/** Below 0 where the first option comes first: an offer before none, then the lower ids (PRC-13k). */
function compareOptions({ ids }: Option, { ids: others }: Option): number {
  if (ids.length === 0 || others.length === 0) return others.length - ids.length
  for (let at = 0; at < Math.min(ids.length, others.length); at++) {
    const order = (ids[at] as number) - (others[at] as number)
    if (order !== 0) return order
  }
  return ids.length - others.length
}

/** Of options that leave the same state behind, the best (PRC-7a). */
export function withoutWorse(
  options: readonly Option[],
  counters: readonly (Counter | undefined)[],
): Option[] {
  const guarded = options.some(
    ({ group, part }) => group >= 0 && part === 1 && counters[group]?.kind === 'buy-other',
  )
  let best: Option | undefined
  const rest: Option[] = []
  for (const option of options) {
    const { singles, group } = option
    if (!singles.every((place) => counters[place]?.kind === 'free')) rest.push(option)
    else if (group >= 0) {
      if (!options.some((other) => isMore(other, option, counters))) rest.push(option)
    }
    // With a buy-other offer about, a unit that is left over differs from one that carries another offer.
    else if (guarded && singles.length === 0) rest.push(option)
    else if (best === undefined || isBetter(option, best)) best = option
  }
  return best === undefined ? rest : [best, ...rest]
}

function isBetter(one: Option, other: Option): boolean {
  const order =
    one.singlesMinor - other.singlesMinor ||
    other.singles.length - one.singles.length ||
    one.priorities - other.priorities ||
    compareOptions(other, one)
  return order > 0
}

/** Whether an option plays the same part in the same group, leaves the same state and surely takes more off. */
function isMore(one: Option, other: Option, counters: readonly (Counter | undefined)[]): boolean {
  if (one.group !== other.group || one.part !== other.part) return false
  if (one.singlesMinor + one.groupMinor <= other.singlesMinor + other.groupMinor) return false
  if (one.singlesMinor <= other.singlesMinor) return false
  return one.singles.every((place) => counters[place]?.kind === 'free')
}
