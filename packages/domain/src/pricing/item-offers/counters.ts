import { allocate } from '../../money/allocate.ts'
import { shareOf } from '../../money/round.ts'
import type { LiveItemOffer, UnitClass } from './types.ts'

/** How much of one offer a state of the search must remember. */
export type Counter = {
  kind: 'free' | 'count' | 'buy-get' | 'buy-other' | 'bundle'
  /** Units (count) or applications at most; undefined where no limit can bind. */
  max: number | undefined
  /** Least units of a `count`. */
  minimum: number
  buy: number
  get: number
  /** Radix of each digit. */
  radices: number[]
  /** Middle of digits that stand for a difference. */
  middle: number
  /** Added to what a unit brings, by part, so that each unit carries its share of the group's gain; sums to nothing. */
  shiftsMinor: number[]
}

/**
 * Counters of offers over the classes that they touch; undefined where an offer can never apply.
 *
 * @param classes by part
 */
export function counterOf(
  live: LiveItemOffer,
  classes: readonly (readonly UnitClass[])[],
): Counter | undefined {
  const units = classes.map((part) => part.reduce((sum, unit) => sum + unit.count, 0))
  const first = units[0] ?? 0
  const { offer, applicationsMax } = live
  const counter: Counter = {
    kind: 'free',
    max: undefined,
    minimum: 0,
    buy: 0,
    get: 0,
    radices: [],
    middle: 0,
    shiftsMinor: [],
  }
  if (applicationsMax <= 0 || units.some((count) => count === 0) || units.length === 0) return undefined
  if (offer.effect === 'buy-get') {
    const size = offer.buy + offer.get
    const groups = Math.floor(first / size)
    if (groups === 0) return undefined
    const max = applicationsMax < groups ? applicationsMax : undefined
    const radices = [max === undefined ? size : max * size + 1]
    return { ...counter, kind: 'buy-get', max, buy: offer.buy, get: offer.get, radices }
  }
  if (offer.effect === 'buy-other') {
    const buy = offer.buy.units
    const get = offer.get.units
    const most = Math.min(Math.floor(first / buy), Math.floor((units[1] ?? 0) / get))
    if (most === 0) return undefined
    const max = applicationsMax < most ? applicationsMax : undefined
    const middle = Math.min(most, applicationsMax) * buy * get
    const reducedMinor = shareOf(meanOf(classes[1] ?? []), offer.percentBp)
    const shift = Math.floor(reducedMinor / (buy + get))
    const radices = [2 * middle + 1, max === undefined ? buy : max * buy + 1, 3]
    // In each application buy × (get × shift) is given to the one side and get × (buy × shift) taken from the other.
    return {
      ...counter,
      kind: 'buy-other',
      max,
      buy,
      get,
      middle,
      radices,
      shiftsMinor: [get * shift, -buy * shift],
    }
  }
  if (offer.effect === 'bundle') {
    const most = Math.min(...units)
    const max = applicationsMax < most ? applicationsMax : undefined
    const middle = Math.min(most, applicationsMax)
    const radices = units.map((_, part) => (part > 0 ? 2 * middle + 1 : max === undefined ? 1 : max + 1))
    const means = classes.map((part) => meanOf(part) + 1)
    const shiftsMinor = allocate(-offer.priceMinor, means)
    return { ...counter, kind: 'bundle', max, middle, radices, shiftsMinor }
  }
  const minimum = offer.effect === 'unit-off' ? (offer.minimumUnits ?? 0) : 0
  if (minimum > first || minimum > applicationsMax) return undefined
  const max = applicationsMax < first ? applicationsMax : undefined
  if (max === undefined && minimum <= 1) return counter
  return { ...counter, kind: 'count', max, minimum, radices: [(max ?? minimum) + 1] }
}

function meanOf(classes: readonly UnitClass[]): number {
  let sum = 0
  let count = 0
  for (const unit of classes) {
    sum += unit.valueMinor * unit.count
    count += unit.count
  }
  return count === 0 ? 0 : Math.floor(sum / count)
}
