import type { Counter } from './counters.ts'
import { partOf } from './parts.ts'
import type { Component } from './run.ts'
import type { Option, UnitClass } from './types.ts'

// Hot loops index lists of one length by one another's places: `as` stands where an index is in range by making.

/** Units of one class that all carry one option, and what that takes off. */
type BulkRun = { unit: UnitClass; from: number; count: number; option: Option; discountMinor: number }

/** What is left to search, its options by class with those that are no better than others alone, and what is settled. */
type Settled = { component: Component; all: readonly (readonly Option[])[]; bulk: BulkRun[] }

/**
 * A component of which each class keeps at most `countMax` units for the search. The others are settled here: all
 * with the one option without limit that takes most off, a buy-get offer in full groups of equal units, which
 * leaves the order of the other groups as it is.
 */
export function inBulk(component: Component, all: readonly (readonly Option[])[], countMax: number): Settled {
  const { classes, counters, options } = component
  if (classes.every(({ count }) => count <= countMax)) return { component, all, bulk: [] }
  const bulk: BulkRun[] = []
  const among = new Set(counters.keys())
  for (let at = 0; at < classes.length; at++) {
    const unit = classes[at] as UnitClass
    const left = unit.count - countMax
    if (left <= 0) continue
    let best: BulkRun = {
      unit,
      from: unit.firstUnit + countMax,
      count: 0,
      option: options[at]?.[0] as Option,
      discountMinor: 0,
    }
    for (const option of all[at] as readonly Option[]) {
      const units = unitsOf(option, left, counters)
      const discountMinor =
        units * option.singlesMinor + reducedOf(option, units, counters) * option.groupMinor
      if (discountMinor > best.discountMinor) best = { ...best, count: units, option, discountMinor }
    }
    bulk.push(best)
    if (best.count === left) continue
    // Units that are left over would stand in the way of a dearer one that is reduced (PRC-13e).
    for (const { group, part } of all[at] as readonly Option[]) if (part === 1) among.delete(group)
  }
  const isOpen = ({ singles, group }: Option) =>
    (group < 0 || among.has(group)) && singles.every((place) => among.has(place))
  const shares = classes.map(({ count }, at) => ({
    at,
    units: Array.from({ length: Math.min(count, countMax) }, (_, n) => n),
    options: (all[at] as readonly Option[]).filter(isOpen),
  }))
  const part = partOf(component, among, shares)
  if (part === undefined) return { component: { ...component, classes: [], options: [] }, all: [], bulk }
  return { component: part.component, all: part.component.options, bulk }
}

/** How many of `left` units may all carry an option: all, full groups, or none where a limit or a minimum might bind. */
function unitsOf({ singles, group }: Option, left: number, counters: readonly Counter[]): number {
  for (const place of singles) {
    const { kind, max, minimum } = counters[place] as Counter
    if (kind !== 'free' && (max !== undefined || minimum > left)) return 0
  }
  const counter = counters[group]
  if (counter === undefined) return left
  if (counter.kind !== 'buy-get' || counter.max !== undefined) return 0
  return left - (left % (counter.buy + counter.get))
}

function reducedOf({ group }: Option, units: number, counters: readonly Counter[]): number {
  const counter = counters[group]
  return counter === undefined ? 0 : (units / (counter.buy + counter.get)) * counter.get
}
