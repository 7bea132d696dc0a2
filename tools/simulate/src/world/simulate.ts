import type { openTillJournal } from '@nexus/sync'
import { type Facts, World, type WorldOptions } from './world.ts'

/** The till's core in the releases that a history plays. */
export type Cores = { current: typeof openTillJournal; older: typeof openTillJournal }

export type SimulationOptions = WorldOptions & {
  /** Actions before everything is healed; absent: as many as are needed for `leastFaults`. */
  actions?: number | undefined
  /** Numbers of actions that are left out, which is how a story is shortened. */
  without?: ReadonlySet<number>
}

/** What a history showed. */
export type SimulationResult = {
  seed: number
  actions: number
  /** Broken invariants by name, with what was seen and at which step. The history ends with the first. */
  violations: string[]
  /** What happened, each line with the number of its action; empty unless it was asked for. */
  story: string[]
  facts: Facts
}

/** No history has fewer, where all kinds are played. */
export const leastFaults = 15
const actionsLeast = 34
const actionsMost = 120

/**
 * Plays one history of some tills, headquarters and often a store server, with everything that can go
 * wrong, heals all, and checks the invariants after every step. Deterministic: the seed says it all.
 */
export async function simulate(
  seed: number,
  cores: Cores,
  options: SimulationOptions = {},
): Promise<SimulationResult> {
  const world = new World(seed, cores, options)
  let action = 0
  const most = options.actions ?? (options.faults === undefined ? actionsMost : actionsLeast)
  const goesOn = () => {
    if (world.isBroken || action >= most) return false
    return options.actions !== undefined || action < actionsLeast || world.facts.faults < leastFaults
  }
  try {
    await world.begin()
    while (goesOn()) {
      action++
      if (!options.without?.has(action)) await world.act(action)
    }
    if (!world.isBroken) await world.heal()
    if (!world.isBroken) world.check()
  } catch (error) {
    world.broken('program', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  const { violations, story, facts } = world
  return { seed, actions: action, violations, story, facts }
}
