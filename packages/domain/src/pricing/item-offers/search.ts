import { boundsOf } from './bounds.ts'
import { greedy } from './greedy.ts'
import { improve } from './improve.ts'
import { type Chosen, worthOf } from './parts.ts'
import { type Component, type Found, nothing, prepare, run } from './run.ts'
import type { Option } from './types.ts'

/** States kept a unit at most once the nodes are used up. */
const BEAM = 64

/** Shares of a component's nodes, in sixteenths; what they leave goes to improving what was found. */
const SHARES = { exact: 2, exactTies: 1, greedy: 1, first: 2, bounds: 1, wide: 8, wideTies: 1 }

/**
 * The best assignment of a component: units are taken by price, highest first, and states that agree in
 * every counter merge, the better one staying (PRC-7a). A node is one option tried on one state, one step of
 * comparing two ways that bring the same, or one position of a bound (PRC-7c).
 *
 * Where few states ever stand beside each other, that is all. Else offer after offer gives a first result, which is
 * improved a few offers at a time; a bound is brought close to it; and states that cannot beat it are dropped. Where
 * the nodes do not suffice even so, the best states of each unit go on, the result is improved once more, and the
 * bound says what it may have missed.
 *
 * @param all options by class, the component's own and those that are no better than others alone
 */
export function search(component: Component, all: readonly (readonly Option[])[], nodesMax: number): Found {
  if (component.classes.length === 0) return nothing(component)
  const found = searchOnce(component, all, nodesMax)
  if (worthOf(component, byClass(component, found.chosen)) >= 0) return found
  // A bundle at a loss would pay only by keeping cheap units from a buy-other offer: each bundle's discount is
  // watched from now on. Rare enough to have nodes of its own.
  const watched = component.counters.flatMap(({ kind }, place) => (kind === 'bundle' ? [place] : []))
  const again = searchOnce({ ...component, watched }, all, Math.ceil(nodesMax / 2))
  return { ...again, nodes: found.nodes + again.nodes }
}

function searchOnce(component: Component, all: readonly (readonly Option[])[], nodesMax: number): Found {
  const ready = prepare(component)
  const share = (of: keyof typeof SHARES) => Math.floor((nodesMax * SHARES[of]) / 16)
  const beamOf = (of: 'exact' | 'wide') => Math.min(BEAM, Math.floor(share(of) / ready.perState) - 2)
  let nodes = 0
  if (beamOf('exact') > 0) {
    const limits = { beam: beamOf('exact'), nodesMax: 0, tiesMax: share('exactTies'), floorMinor: -1 }
    const exact = run(ready, undefined, limits, true)
    if (!exact.cut) return exact
    nodes += exact.nodes
  }
  const plain = greedy(component, all, share('greedy'))
  const first = improve(component, plain.chosen, share('first'))
  const bounds = boundsOf(component, ready.digits, first.discountMinor, share('bounds'))
  nodes += plain.nodes + first.nodes + bounds.nodes
  let { chosen } = first
  let boundMinor = bounds.startMinor
  if (beamOf('wide') > 0) {
    const wide = run(ready, bounds, {
      beam: beamOf('wide'),
      nodesMax: share('wide'),
      tiesMax: share('wideTies'),
      floorMinor: first.discountMinor,
    })
    nodes += wide.nodes
    if (!wide.cut && wide.discountMinor >= first.discountMinor) return { ...wide, nodes }
    boundMinor = Math.min(boundMinor, Math.max(wide.boundMinor, first.discountMinor))
    const widely = byClass(component, wide.chosen)
    if (worthOf(component, widely) > first.discountMinor) chosen = widely
  }
  const second = improve(component, chosen, nodesMax - nodes)
  return {
    discountMinor: second.discountMinor,
    chosen: second.chosen.flat(),
    boundMinor: Math.max(boundMinor, second.discountMinor),
    nodes: nodes + second.nodes,
  }
}

function byClass({ classes }: Component, chosen: readonly Option[]): Chosen {
  let from = 0
  return classes.map(({ count }) => {
    from += count
    return chosen.slice(from - count, from)
  })
}
