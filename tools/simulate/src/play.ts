import { isDeepStrictEqual } from 'node:util'
import type { Simulation } from './cores/load-cores.ts'
import type { FaultKind } from './world/fault-kinds.ts'
import type { SimulationResult } from './world/simulate.ts'

/** How the histories of a range are played. */
export type Manner = { tills?: number | undefined; faults?: readonly FaultKind[] | undefined }

/** What a thread is given: every `step`th seed from `first` on, below `end`. */
export type Share = Manner & {
  first: number
  end: number
  step: number
  /** Stops at the first seed that breaks something. */
  stopsAtFirst?: boolean
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
  /** Of this process: user and system. */
  cpuMs: number
}

/** Every so many histories one is played twice. */
const TWICE_EVERY = 100
/** Histories between two messages. */
const MESSAGE_EVERY = 50

/** Plays a share, telling every now and then how far it is. */
export async function play(
  simulate: Simulation,
  share: Share,
  tell: (played: Played) => void,
): Promise<void> {
  const { tills, faults } = share
  let played = nothing(share.first)
  let since = process.threadCpuUsage()
  for (let seed = share.first; seed < share.end; seed += share.step) {
    const isTwice = seed % TWICE_EVERY === 0
    const result = await simulate(seed, { tills, faults, story: isTwice })
    addFacts(played.facts, result.facts)
    played.histories++
    played.faultsLeast = Math.min(played.faultsLeast, result.facts.faults)
    if (result.violations.length > 0) played.broken.push({ seed, violations: result.violations })
    if (isTwice) {
      played.twice++
      // The second time nothing is remembered and everything is copied: what is faster must not be otherwise.
      const again = await simulate(seed, { tills, faults, story: true, copies: true })
      if (!isDeepStrictEqual(again, result)) played.unequal.push(seed)
    }
    const stops = share.stopsAtFirst && played.broken.length > 0
    played.next = stops ? share.end : seed + share.step
    if (played.histories < MESSAGE_EVERY && played.next < share.end) continue
    const { user, system } = process.threadCpuUsage(since)
    played.cpuMs = (user + system) / 1000
    tell(played)
    if (stops) return
    since = process.threadCpuUsage()
    played = nothing(played.next)
  }
}

function nothing(next: number): Played {
  return {
    next,
    histories: 0,
    facts: noFacts(),
    faultsLeast: Number.MAX_SAFE_INTEGER,
    broken: [],
    twice: 0,
    unequal: [],
    cpuMs: 0,
  }
}

export function noFacts(): Played['facts'] {
  return { completed: 0, faults: 0, forks: 0, quarantined: 0, rehomed: 0, kinds: {}, cuts: {} }
}

export function addFacts(to: Played['facts'], more: Played['facts']): void {
  for (const fact of ['completed', 'faults', 'forks', 'quarantined', 'rehomed'] as const)
    to[fact] += more[fact]
  for (const table of ['kinds', 'cuts'] as const) {
    for (const [name, count] of Object.entries(more[table])) to[table][name] = (to[table][name] ?? 0) + count
  }
}
