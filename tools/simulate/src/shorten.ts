import { ACTIONS, type SimulationOptions, type SimulationResult, simulate } from '@nexus/sync/testing'

/** A history that breaks an invariant, with the actions that it needs. */
export type Shortened = { result: SimulationResult; without: ReadonlySet<number>; actions: number }

/**
 * Leaves out actions of a history as long as it still breaks the invariant that it broke, in ever smaller
 * pieces (delta debugging). An action does the same whatever was left out before it, so most can go.
 */
export async function shorten(seed: number, options: SimulationOptions = {}): Promise<Shortened> {
  const total = options.actions ?? ACTIONS
  let result = await simulate(seed, options)
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
      const tried = await simulate(seed, { ...options, without: fewer })
      if (![...invariantsOf(tried)].some((one) => broken.has(one))) continue
      without = fewer
      result = tried
    }
  }
  return { result, without, actions: kept().length }
}

function invariantsOf({ violations }: SimulationResult): Set<string> {
  return new Set(violations.map((violation) => violation.split(':', 1)[0] ?? ''))
}
