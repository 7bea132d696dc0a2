import { type Chosen, partOf, type Share, touchedBy, withPart, worthOf } from './parts.ts'
import { type Component, narrowly } from './run.ts'
import type { Option, UnitClass } from './types.ts'

// Hot loops index lists of one length by one another's places: `as` stands where an index is in range by making.

/** States a unit while a few offers are assigned anew. */
const STATES = 16

/** How many offers are assigned anew together, one round after the other. */
const WIDTHS = [2, 3, 5]

/** Options that are looked through for what one costs to try. */
const LOOKS_A_NODE = 4

/**
 * Makes an assignment better by assigning a few offers anew at a time, over the units that they hold and those
 * that are free, everything else staying as it is. Ends when nothing gets better, or the nodes are used up.
 */
export function improve(
  component: Component,
  start: Chosen,
  nodesMax: number,
): { chosen: Chosen; discountMinor: number; nodes: number } {
  const { options, offers, counters } = component
  const touched = touchedBy(component)
  let chosen = start
  let discountMinor = worthOf(component, chosen)
  let nodes = 0

  /** Assigns some offers anew, and those that share a unit with them. */
  function again(among: Set<number>): void {
    const classes = new Set<number>()
    const reach = (place: number) => {
      if (counters[place]?.kind === 'free') return
      among.add(place)
      for (const at of touched[place] as number[]) classes.add(at)
    }
    for (const place of among) reach(place)
    // Both sets grow while they are gone through.
    for (const at of classes) {
      for (const { singles, group } of chosen[at] as Option[]) {
        if (singles.length === 0 || !(among.has(group) || singles.some((place) => among.has(place)))) continue
        if (group >= 0) reach(group)
        for (const place of singles) reach(place)
      }
    }
    const isOpen = ({ singles, group }: Option) =>
      (group < 0 || among.has(group)) &&
      singles.every((place) => among.has(place) || counters[place]?.kind === 'free')
    const shares: Share[] = []
    for (const at of [...classes].sort((one, other) => one - other)) {
      const all = options[at] as readonly Option[]
      // Looking through options is cheaper than trying them.
      nodes += Math.ceil(all.length / LOOKS_A_NODE)
      const units = (chosen[at] as Option[]).flatMap((option, n) => (isOpen(option) ? [n] : []))
      if (units.length > 0) shares.push({ at, units, options: all.filter(isOpen) })
    }
    const part = partOf(component, among, shares)
    if (part === undefined || nodes + (STATES + 2) * part.perState > nodesMax) return
    const found = narrowly(part.component, STATES, part.perState)
    nodes += found.nodes
    const tried = withPart(chosen, part, found.chosen)
    const worth = worthOf(component, tried)
    if (worth > discountMinor) {
      discountMinor = worth
      chosen = tried
    }
  }

  const near = neighboursOf(component, touched)
  for (const width of WIDTHS) {
    for (let before = -2; before < discountMinor; ) {
      before = discountMinor
      for (let place = 0; place < offers.length && nodes < nodesMax; place++) {
        if (counters[place]?.kind === 'free') continue
        again(new Set([place, ...(near[place] as number[]).slice(0, width - 1)]))
      }
    }
  }
  return { chosen, discountMinor, nodes }
}

/** By offer: the others that share classes with it, most units first. */
function neighboursOf({ classes }: Component, touched: readonly (readonly number[])[]): number[][] {
  const touches = classes.map((): number[] => [])
  touched.forEach((own, place) => {
    for (const at of own) touches[at]?.push(place)
  })
  return touched.map((own, place) => {
    const shared = new Map<number, number>()
    for (const at of own) {
      for (const other of touches[at] as number[]) {
        if (other !== place) shared.set(other, (shared.get(other) ?? 0) + (classes[at] as UnitClass).count)
      }
    }
    const order = [...shared].sort(([one, units], [other, more]) => more - units || one - other)
    return order.map(([other]) => other)
  })
}
