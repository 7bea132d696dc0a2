import { allocate } from '../money/allocate.ts'
import { shareOf } from '../money/round.ts'
import type { Reduction, Step } from './types.ts'

/** What is left of each line of a bill, in canonical order, and the steps that took the rest. */
export type Left = { minor: number[]; steps: Step[][] }

/** Sum of what is left of some lines. */
export function leftOf(left: Left, among: readonly number[]): number {
  let sum = 0
  for (const at of among) sum += left.minor[at] ?? 0
  return sum
}

/** What a reduction takes off a sum: a percentage up to its cap, rounded once (PRC-1e), or an amount; never more. */
export function reductionOf(off: Reduction, sumMinor: number): number {
  if ('amountMinor' in off) return Math.min(off.amountMinor, sumMinor)
  return Math.min(shareOf(sumMinor, off.percentBp), off.capMinor ?? sumMinor)
}

/** The smallest sum that a reduction takes at least one paisa off (PRC-6i). */
export function leastFor(off: Reduction): number {
  return 'amountMinor' in off ? 1 : Math.ceil(5000 / off.percentBp)
}

/**
 * Takes an amount off some lines together, capped at what is left of them and spread by it (PRC-2).
 *
 * @param among ascending
 * @returns what was taken
 */
export function takeOff(
  left: Left,
  among: readonly number[],
  amountMinor: number,
  stepOf: (amountMinor: number) => Step,
): number {
  const takenMinor = Math.min(amountMinor, leftOf(left, among))
  if (takenMinor <= 0) return 0
  const parts = allocate(
    takenMinor,
    among.map((at) => left.minor[at] ?? 0),
  )
  for (let index = 0; index < among.length; index++) {
    const at = among[index]
    const partMinor = parts[index] ?? 0
    if (at === undefined || partMinor === 0) continue
    left.minor[at] = (left.minor[at] ?? 0) - partMinor
    left.steps[at]?.push(stepOf(partMinor))
  }
  return takenMinor
}
