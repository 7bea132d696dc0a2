import { shareOf } from '../../money/round.ts'
import type { ItemLine, LiveItemOffer, Option, UnitClass } from './types.ts'

/** Up to this many combinable single offers on one unit every subset of them is tried. */
const COMBINED_MAX = 6

/** Cuts lines into classes of equal units; the first units of a line carry the odd paise of its value. */
export function classesOf(lines: readonly ItemLine[]): UnitClass[] {
  const classes: UnitClass[] = []
  let firstUnit = 0
  for (let line = 0; line < lines.length; line++) {
    const { units, unitMinor, fractional, valueMinor, daysToExpiry } = lines[line] as ItemLine // line < length
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
 * Everything that may happen to a unit, beginning with nothing (PRC-6b).
 *
 * @param offers of the component, in order of application: priority, then id
 * @param touching place and part of each offer that touches the unit, in the same order
 * @returns the options, and whether there were too many combinations to name them all
 */
export function optionsOf(
  unit: UnitClass,
  offers: readonly LiveItemOffer[],
  touching: readonly { place: number; part: number }[],
): { options: Option[]; complete: boolean } {
  const chains: Option[] = [plain([], [], 0)]
  let combinable: number[] = []
  for (const { place } of touching) {
    const live = offers[place] as LiveItemOffer // places come from the same list
    if (isGroup(live)) continue
    if (live.offer.combinable && live.offer.effect !== 'complimentary') {
      combinable.push(place)
      continue
    }
    const amountMinor = singleMinor(live, unit, unit.priceMinor, unit.valueMinor)
    if (amountMinor > 0) chains.push(plain([place], [amountMinor], amountMinor))
  }
  const complete = combinable.length <= COMBINED_MAX
  if (!complete) combinable = combinable.slice(0, COMBINED_MAX)
  const shared: Option[] = []
  for (let set = 1; set < 1 << combinable.length; set++) {
    const chain = chainOf(
      unit,
      offers,
      combinable.filter((_, at) => set & (1 << at)),
    )
    if (chain !== undefined) shared.push(chain)
  }
  const options = [...chains, ...shared]
  for (const { place, part } of touching) {
    const live = offers[place] as LiveItemOffer // places come from the same list
    if (!isGroup(live)) continue
    options.push(onTop(chains[0] as Option, unit, live, place, part)) // the first chain is the empty one
    if (!live.offer.combinable) continue
    for (const chain of shared) options.push(onTop(chain, unit, live, place, part))
  }
  return { options, complete }
}

function plain(singles: number[], amountsMinor: number[], singlesMinor: number): Option {
  return { singles, amountsMinor, singlesMinor, group: -1, part: 0, groupMinor: 0 }
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
  return plain([...places], amountsMinor, taken)
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
  return { ...chain, group, part, groupMinor }
}
