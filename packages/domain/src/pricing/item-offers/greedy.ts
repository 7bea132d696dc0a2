import { type Chosen, partOf, type Share, withPart } from './parts.ts'
import { type Component, narrowly } from './run.ts'
import type { Option } from './types.ts'

/** States a unit while one offer is assigned. */
const STATES = 64

/**
 * What a plain system would give: offer after offer, each the best it can do with the units that none before
 * it took, none combined. A result that was cut is never below it (PRC-7c).
 *
 * @param options by class, none left out, the first of each is "nothing"
 */
export function greedy(
  component: Component,
  options: readonly (readonly Option[])[],
  nodesMax: number,
): { chosen: Chosen; nodes: number } {
  const { classes, offers } = component
  const nothing = options.map(([first]) => first as Option) // every class has options
  let chosen: Chosen = classes.map(({ count }, at) => Array<Option>(count).fill(nothing[at] as Option))
  const alone = offers.map((): { at: number; options: Option[] }[] => [])
  options.forEach((list, at) => {
    for (const option of list) {
      const { singles, group } = option
      if (singles.length + (group < 0 ? 0 : 1) !== 1) continue
      const own = alone[group < 0 ? (singles[0] as number) : group] as { at: number; options: Option[] }[]
      const known = own.at(-1)
      if (known?.at === at) known.options.push(option)
      else own.push({ at, options: [nothing[at] as Option, option] })
    }
  })
  let nodes = 0
  for (let place = 0; place < offers.length; place++) {
    const shares: Share[] = []
    for (const { at, options } of alone[place] as { at: number; options: Option[] }[]) {
      const units = (chosen[at] as Option[]).flatMap((option, n) => (option === nothing[at] ? [n] : []))
      if (units.length > 0) shares.push({ at, units, options })
    }
    nodes += shares.length
    if (nodes >= nodesMax) break
    const part = partOf(component, new Set([place]), shares)
    if (part === undefined) continue
    const states = Math.min(STATES, Math.floor((nodesMax - nodes) / part.perState) - 2)
    if (states < 1) continue
    const found = narrowly(part.component, states, part.perState)
    nodes += found.nodes
    if (found.discountMinor > 0) chosen = withPart(chosen, part, found.chosen)
  }
  return { chosen, nodes }
}
