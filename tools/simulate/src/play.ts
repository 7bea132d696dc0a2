import { plantedDefects, type SimulationOptions, type SimulationResult, simulate } from '@nexus/sync/testing'

/** What a thread is given: every `step`th seed from `first` on, below `end`. */
export type Share = {
  first: number
  end: number
  step: number
  tills: number | undefined
  defect: string | undefined
}

/** What a thread says of some histories that it played. */
export type Played = {
  /** The seed after the last one. */
  next: number
  histories: number
  facts: SimulationResult['facts']
  /** Least faults of one history. */
  faultsLeast: number
  /** Seeds that broke something, with what they broke. */
  broken: { seed: number; violations: string[] }[]
  /** Histories played twice, and seeds whose second playing differed. */
  twice: number
  unequal: number[]
}

/** Every so many histories one is played twice. */
const TWICE_EVERY = 100
/** Histories between two messages. */
const MESSAGE_EVERY = 25

export function optionsOf({ tills, defect }: Pick<Share, 'tills' | 'defect'>) {
  const decide = defect === undefined ? undefined : plantedDefects[defect]
  const options: SimulationOptions = {
    ...(tills !== undefined && { tills }),
    ...(decide !== undefined && { decide }),
  }
  return options
}

/** Plays a share, telling every now and then how far it is. */
export async function play(share: Share, tell: (played: Played) => void): Promise<void> {
  const options = optionsOf(share)
  let played = nothing(share.first)
  for (let seed = share.first; seed < share.end; seed += share.step) {
    const result = await simulate(seed, options)
    addFacts(played.facts, result.facts)
    played.histories++
    played.faultsLeast = Math.min(played.faultsLeast, result.facts.faults)
    if (result.violations.length > 0) played.broken.push({ seed, violations: result.violations })
    if (seed % TWICE_EVERY === 0) {
      played.twice++
      const again = await simulate(seed, options)
      if (JSON.stringify(again) !== JSON.stringify(result)) played.unequal.push(seed)
    }
    played.next = seed + share.step
    if (played.histories === MESSAGE_EVERY || played.next >= share.end) {
      tell(played)
      played = nothing(played.next)
    }
  }
}

function nothing(next: number): Played {
  return {
    next,
    histories: 0,
    facts: noFacts(),
    faultsLeast: Number.POSITIVE_INFINITY,
    broken: [],
    twice: 0,
    unequal: [],
  }
}

export function noFacts(): Played['facts'] {
  return {
    completed: 0,
    faults: 0,
    crashes: 0,
    clones: 0,
    rollbacks: 0,
    restores: 0,
    forks: 0,
    quarantined: 0,
  }
}

export function addFacts(to: Played['facts'], more: Played['facts']): void {
  for (const [fact, count] of Object.entries(more)) to[fact as keyof Played['facts']] += count // as: its keys
}
