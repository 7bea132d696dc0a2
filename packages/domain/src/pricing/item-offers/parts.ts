import { type Counter, counterOf } from './counters.ts'
import type { Component } from './run.ts'
import type { LiveItemOffer, Option, UnitClass } from './types.ts'

// Hot loops index lists of one length by one another's places: `as` stands where an index is in range by making.

/** What every unit of a component carries: by class, one option a unit. */
export type Chosen = Option[][]

/** Some units of a component with some of their options, and where the units come from. */
export type Part = {
  component: Component
  /** By class of the part. */
  from: readonly Share[]
  /** Nodes of one state that is taken from the first unit to the last. */
  perState: number
}

const FREE: Counter = {
  kind: 'free',
  max: undefined,
  minimum: 0,
  buy: 0,
  get: 0,
  radices: [],
  middle: 0,
  shiftsMinor: [],
}

/** Units of one class that take part, and what they may carry. */
export type Share = { at: number; units: readonly number[]; options: readonly Option[] }

/**
 * The part of a component where some offers may be assigned anew; undefined where none of them can apply.
 *
 * @param shares by class, in the component's order; the first option of each may be had without any of the offers
 */
export function partOf(
  component: Component,
  among: ReadonlySet<number>,
  shares: readonly Share[],
): Part | undefined {
  const { classes, offers } = component
  const counters = offers.map((): Counter | undefined => FREE)
  const touched = new Map([...among].map((place) => [place, partsOf(offers[place])]))
  const own = shares.map(({ at, units, options }) => {
    const unit = { ...(classes[at] as UnitClass), count: units.length }
    for (const { singles, group, part } of options) {
      for (const place of singles) add(touched.get(place)?.[0], unit)
      if (group >= 0) add(touched.get(group)?.[part], unit)
    }
    return unit
  })
  for (const [place, parts] of touched) counters[place] = counterOf(offers[place] as LiveItemOffer, parts)
  const can = ({ singles, group }: Option) =>
    (group < 0 || counters[group] !== undefined) && singles.every((place) => counters[place] !== undefined)
  const from: Share[] = []
  const classesOfPart: UnitClass[] = []
  const optionsOfPart: (readonly Option[])[] = []
  let perState = 0
  shares.forEach((share, of) => {
    const options = share.options.filter(can)
    if (options.length < 2 || share.units.length === 0) return
    from.push(share)
    classesOfPart.push(own[of] as UnitClass)
    optionsOfPart.push(options)
    perState += share.units.length * options.length
  })
  if (from.length === 0) return undefined
  const known = counters.map((counter) => counter ?? FREE)
  return {
    component: { ...component, classes: classesOfPart, options: optionsOfPart, counters: known },
    from,
    perState,
  }
}

function partsOf(live: LiveItemOffer | undefined): UnitClass[][] {
  return live === undefined ? [] : live.parts.map(() => [])
}

function add(part: UnitClass[] | undefined, unit: UnitClass): void {
  if (part !== undefined && part.at(-1) !== unit) part.push(unit)
}

/** By offer that must be counted: the classes that it touches, ascending. */
export function touchedBy({ options, counters }: Component): number[][] {
  const touched = counters.map((): number[] => [])
  const add = (place: number, at: number) => {
    const list = touched[place] as number[]
    if (counters[place]?.kind !== 'free' && list.at(-1) !== at) list.push(at)
  }
  options.forEach((list, at) => {
    for (const { singles, group } of list) {
      for (const place of singles) add(place, at)
      if (group >= 0) add(group, at)
    }
  })
  return touched
}

/** The assignment with what a search found for a part. */
export function withPart(chosen: Chosen, { from }: Part, found: readonly Option[]): Chosen {
  const after = [...chosen]
  let next = 0
  for (const { at, units } of from) {
    const list = [...(after[at] as Option[])]
    for (const n of units) list[n] = found[next++] as Option // one a unit
    after[at] = list
  }
  return after
}

/** What an assignment takes off; −1 where a bundle is made at a loss or a cheaper unit is passed over (PRC-13e, PRC-13f). */
export function worthOf({ classes, offers }: Component, chosen: Chosen): number {
  let worth = 0
  const bundles = new Map<number, number>()
  const taken = new Map<number, number>()
  const dearest = new Map<number, number>()
  for (let at = 0; at < classes.length; at++) {
    for (const { singlesMinor, group, part, groupMinor } of chosen[at] as Option[]) {
      worth += singlesMinor
      if (group < 0) continue
      const { offer } = offers[group] as LiveItemOffer
      const before = taken.get(group) ?? 0
      taken.set(group, before + 1)
      if (offer.effect === 'buy-get') {
        if (before % (offer.buy + offer.get) >= offer.buy) worth += groupMinor
      } else if (offer.effect === 'bundle') {
        const gain = groupMinor - (part === 0 ? offer.priceMinor : 0)
        bundles.set(group, (bundles.get(group) ?? 0) + gain)
      } else if (part === 1) {
        worth += groupMinor
        // Classes come by price, highest first.
        if (!dearest.has(group)) dearest.set(group, (classes[at] as UnitClass).priceMinor)
      }
    }
  }
  for (const gain of bundles.values()) {
    if (gain <= 0) return -1
    worth += gain
  }
  for (const [place, priceMinor] of dearest) {
    const touched = new Set(offers[place]?.parts[1])
    for (let at = 0; at < classes.length; at++) {
      const unit = classes[at] as UnitClass
      if (unit.priceMinor >= priceMinor || unit.fractional || !touched.has(unit.line)) continue
      if ((chosen[at] as Option[]).some(({ group, singles }) => group < 0 && singles.length === 0)) return -1
    }
  }
  return worth
}
