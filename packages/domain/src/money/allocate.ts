import { invariant } from '../invariant.ts'

/** Up to this many lines picking the largest remainder again and again is cheaper than sorting. */
const FEW = 24

/**
 * Divides `total` among lines in proportion to `weights`; the parts add up to `total` exactly (PRC-2).
 *
 * Every part is its exact share rounded towards zero; the units still missing go one each to the
 * lines with the largest remainder, the earlier line first where remainders are equal. A part never
 * passes its weight as long as the total does not pass the sum of weights.
 *
 * @param total minor units; negative where money goes back
 * @param weights whole and not negative, in canonical order; all zero only when `total` is zero
 * @returns one part per weight, in the same order
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  let sum = 0
  let largest = 0
  for (const weight of weights) {
    invariant(Number.isSafeInteger(weight) && weight >= 0, 'weights are whole and not negative')
    sum += weight
    if (weight > largest) largest = weight
  }
  invariant(Number.isSafeInteger(total), 'the total is a whole number of minor units')
  invariant(Number.isSafeInteger(sum), 'the sum of weights stays below 2^53')
  invariant(sum > 0 || total === 0, 'some line carries the amount')
  const units = Math.abs(total)
  const exact = Number.isSafeInteger(units * largest)
  const parts = exact ? shareSmall(units, weights, sum) : shareBig(units, weights, sum)
  if (total < 0) for (let at = 0; at < parts.length; at++) parts[at] = 0 - (parts[at] ?? 0)
  return parts
}

function shareSmall(units: number, weights: readonly number[], sum: number): number[] {
  const parts: number[] = []
  const rests: number[] = []
  let missing = units
  for (const weight of weights) {
    const product = units * weight
    const part = sum === 0 ? 0 : Math.floor(product / sum)
    parts.push(part)
    rests.push(product - part * sum)
    missing -= part
  }
  if (missing > 0) giveOut(missing, parts, rests, sum)
  return parts
}

/** The same with products beyond 2^53. */
function shareBig(units: number, weights: readonly number[], sum: number): number[] {
  const parts: number[] = []
  const rests: number[] = []
  let missing = units
  for (const weight of weights) {
    const product = BigInt(units) * BigInt(weight)
    const part = Number(product / BigInt(sum))
    parts.push(part)
    rests.push(Number(product % BigInt(sum)))
    missing -= part
  }
  if (missing > 0) giveOut(missing, parts, rests, sum)
  return parts
}

/** One unit more for each of the `missing` largest rests, which are below `sum`; a rest is used up when served. */
function giveOut(missing: number, parts: number[], rests: number[], sum: number): void {
  const count = parts.length
  if (count > FEW && Number.isSafeInteger(sum * count)) {
    // Rest and line in one number: sorting numbers alone is several times faster than with a comparison.
    const keys = new Float64Array(count)
    for (let at = 0; at < count; at++) keys[at] = (rests[at] ?? 0) * count + (count - 1 - at)
    keys.sort()
    for (let at = count - missing; at < count; at++) {
      const line = count - 1 - ((keys[at] ?? 0) % count)
      parts[line] = (parts[line] ?? 0) + 1
    }
    return
  }
  if (count > FEW) {
    const order = rests.map((_, at) => at)
    // A stable sort keeps the earlier line first.
    order.sort((one, other) => (rests[other] ?? 0) - (rests[one] ?? 0))
    for (const at of order.slice(0, missing)) parts[at] = (parts[at] ?? 0) + 1
    return
  }
  for (let unit = 0; unit < missing; unit++) {
    let best = 0
    for (let at = 1; at < rests.length; at++) if ((rests[at] ?? 0) > (rests[best] ?? 0)) best = at
    parts[best] = (parts[best] ?? 0) + 1
    rests[best] = -1
  }
}
