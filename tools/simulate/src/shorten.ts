import type { Simulation } from './cores/load-cores.ts'
import type { Manner } from './play.ts'
import type { SimulationResult } from './world/simulate.ts'

/** A history that breaks an invariant, with the actions that it needs. */
export type Shortened = { result: SimulationResult; without: number[]; actions: number }

/**
 * Leaves out actions of a history as long as it still breaks the invariant that it broke, in ever smaller
 * pieces (delta debugging). An action does the same whatever was left out before it, so most can go.
 */
export async function shorten(simulate: Simulation, seed: number, manner: Manner = {}): Promise<Shortened> {
  let result = await simulate(seed, { ...manner, story: true })
  const { actions: total } = result
  const broken = invariantsOf(result)
  if (broken.size === 0) throw new RangeError(`Seed ${seed} breaks nothing`)
  let without: ReadonlySet<number> = new Set()
  const kept = () => Array.from({ length: total }, (_, at) => at + 1).filter((at) => !without.has(at))
  for (let size = Math.ceil(kept().length / 2); size >= 1; size = Math.floor(size / 2)) {
    // From the end: what happened after the cause is the first to go.
    for (let to = kept().length; to > 0; to -= size) {
      const piece = kept().slice(Math.max(0, to - size), to)
      if (piece.length === 0) continue
      const fewer = new Set([...without, ...piece])
      const tried = await simulate(seed, { ...manner, story: true, actions: total, without: fewer })
      if (![...invariantsOf(tried)].some((one) => broken.has(one))) continue
      without = fewer
      result = tried
    }
  }
  return { result, without: [...without], actions: kept().length }
}

function invariantsOf({ violations }: SimulationResult): Set<string> {
  return new Set(violations.map((violation) => violation.split(':', 1)[0] ?? ''))
}
