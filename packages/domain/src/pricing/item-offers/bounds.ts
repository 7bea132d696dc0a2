import type { Counter } from './counters.ts'
import type { Digit } from './digits.ts'
import type { Component } from './run.ts'
import type { Option, UnitClass } from './types.ts'

// Hot loops index lists of one length by one another's places: `as` stands where an index is in range by making.

/** Units times positions of buy-get offers; those beyond are reckoned as if every unit of theirs were reduced. */
const CELLS_MAX = 4096

/** How far the first step towards a lower bound goes, and when steps have become too short to go on. */
const FIRST_STEP = 1.2
const LAST_STEP = 0.02

/** Rounds without a lower bound before steps are halved. */
const PATIENCE = 3

/** What states of a component can come to at most. Depths are counts of units dealt with. */
export type Bounds = {
  /** By depth: what the units to come can bring where no group is open. */
  restMinor: readonly number[]
  /** Added by position in an open group of a buy-get offer; by row and position, −∞ where it cannot close. */
  rows: readonly { digit: Digit; size: number; rowOf: readonly number[]; valuesMinor: Float64Array }[]
  /** Added for each unit that a limit leaves, until the offer's last unit is dealt with. */
  charges: readonly { digit: Digit; cap: number; untilDepth: number; chargeMinor: number }[]
  /** What no assignment exceeds. */
  startMinor: number
  nodes: number
}

/** An option without a buy-get offer. */
type Direct = { baseMinor: number; charged: readonly number[]; group: number; part: number }

/** A buy-get offer over the units that it touches, and its table of best gains to come. */
type Row = {
  place: number
  buy: number
  size: number
  units: number
  touched: { at: number; count: number; plainMinor: number; reducedMinor: number }[]
  valuesMinor: Float64Array
}

/**
 * Bounds of a component by prices on what is scarce. Each class has a unit price, each limit a charge for a
 * unit, and units of bundles and buy-other offers pass shares of their gain to one another that sum to nothing.
 *
 * Why no assignment exceeds them, whatever the prices: a unit with an option outside buy-get offers brings, less
 * charges, at most its class's price, which is made no lower; units of a buy-get offer bring, less their prices, at most
 * the best way through its positions; and charges come to no more than cap times charge. Prices are then moved,
 * against what is taken too seldom or too often, while the bound falls (a subgradient of the Lagrangian dual).
 *
 * @param floorMinor what an assignment reaches; a bound of this proves it
 * @param nodesMax options and positions that may be looked at while prices move; the first bound is always made
 */
export function boundsOf(
  component: Component,
  digits: readonly (readonly Digit[])[],
  floorMinor: number,
  nodesMax: number,
): Bounds {
  const { classes, counters } = component
  const { directs, rows } = modelOf(component)
  const caps = counters.map(capOf)
  const last = lastTouched(component)
  const perRound =
    directs.reduce((sum, list) => sum + list.length + 1, 0) +
    rows.reduce((sum, { units, size }) => sum + units * size, 0)
  const limited = caps.flatMap((cap, place) =>
    cap === undefined || last[place] === undefined ? [] : [place],
  )
  const shared = counters.flatMap(({ kind }, place) =>
    kind === 'bundle' || kind === 'buy-other' ? [place] : [],
  )
  /** 0 for classes that no buy-get offer touches: their price is what their best option brings. */
  const pricesMinor = firstPrices(component, rows)
  const chargesMinor = counters.map(() => 0)
  const shiftsMinor = counters.map((counter) => [...counter.shiftsMinor])
  const taken = classes.map(() => -1)
  const paidMinor = classes.map(() => 0)
  const used = classes.map(() => 0)

  /** The bound by the prices as they stand; leaves each class's price and best option, and each row's table. */
  function evaluate(): number {
    let bound = 0
    for (let at = 0; at < classes.length; at++) {
      const list = directs[at] as Direct[]
      let best = 0
      let by = -1
      for (let of = 0; of < list.length; of++) {
        const { baseMinor, charged, group, part } = list[of] as Direct
        let value = baseMinor
        for (const place of charged) value -= chargesMinor[place] as number
        if (group >= 0) value += shiftsMinor[group]?.[part] as number
        if (value > best) {
          best = value
          by = of
        }
      }
      const price = pricesMinor[at] as number
      taken[at] = price > best ? -1 : by
      paidMinor[at] = Math.max(price, best)
      bound += (paidMinor[at] as number) * (classes[at] as UnitClass).count
    }
    for (const row of rows) bound += fill(row)
    for (const place of limited) bound += (chargesMinor[place] as number) * (caps[place] as number)
    return bound
  }

  function fill({ place, buy, size, units, touched, valuesMinor }: Row): number {
    const charge = chargesMinor[place] as number
    valuesMinor.fill(Number.NEGATIVE_INFINITY, units * size)
    valuesMinor[units * size] = 0
    let row = units
    for (let of = touched.length - 1; of >= 0; of--) {
      const { at, count, plainMinor, reducedMinor } = touched[of] as Row['touched'][number]
      const cost = (paidMinor[at] as number) + charge
      for (let n = 0; n < count; n++) {
        row--
        const after = (row + 1) * size
        for (let position = 0; position < size; position++) {
          const left = valuesMinor[after + position] as number
          const next = position === size - 1 ? after : after + position + 1
          const joined = (valuesMinor[next] as number) + (position < buy ? plainMinor : reducedMinor) - cost
          valuesMinor[row * size + position] = left >= joined ? left : joined
        }
      }
    }
    return valuesMinor[0] as number
  }

  /** Units of each class that the best way of a row takes. */
  function follow({ place, size, touched, valuesMinor }: Row, slopes: number[]): void {
    let row = 0
    let position = 0
    for (const { at, count } of touched) {
      for (let n = 0; n < count; n++, row++) {
        if (valuesMinor[row * size + position] === valuesMinor[(row + 1) * size + position]) continue
        position = (position + 1) % size
        used[at] = (used[at] as number) + 1
        slopes[place] = (slopes[place] as number) - 1
      }
    }
  }

  /** Moves prices against their slopes; false where nothing moves any more. */
  function move(bound: number, step: number): boolean {
    used.fill(0)
    const byCharge = caps.map((cap) => cap ?? 0)
    for (const row of rows) follow(row, byCharge)
    const byPart = shiftsMinor.map((parts) => parts.map(() => 0))
    const byPrice = classes.map(({ count }, at) => {
      const slope = count - (used[at] as number)
      const best = directs[at]?.[taken[at] as number]
      if (best !== undefined && slope > 0) {
        const { charged, group, part } = best
        for (const place of charged) byCharge[place] = (byCharge[place] as number) - slope
        const parts = byPart[group]
        if (parts !== undefined) parts[part] = (parts[part] as number) + slope
      }
      // A price that is already the best option's goes no lower.
      return slope > 0 && (pricesMinor[at] as number) < (paidMinor[at] as number) ? 0 : slope
    })
    let norm = 0
    for (const slope of byPrice) norm += slope * slope
    for (const place of limited) {
      const slope = byCharge[place] as number
      if (slope < 0 || (chargesMinor[place] as number) > 0) norm += slope * slope
    }
    for (const place of shared) {
      const parts = byPart[place] as number[]
      const { kind, buy, get } = counters[place] as Counter
      if (kind === 'buy-other') {
        const slope = get * (parts[0] as number) - buy * (parts[1] as number)
        parts[0] = slope
        norm += slope * slope
      } else {
        const mean = parts.reduce((sum, one) => sum + one, 0) / parts.length
        for (let part = 0; part < parts.length; part++) {
          parts[part] = (parts[part] as number) - mean
          norm += (parts[part] as number) ** 2
        }
      }
    }
    if (norm === 0) return false
    const length = (step * (bound - floorMinor)) / norm
    let moved = false
    for (const row of rows) {
      for (const { at } of row.touched) {
        const slope = byPrice[at] as number
        if (slope === 0) continue
        byPrice[at] = 0
        const price = Math.max(0, (paidMinor[at] as number) - Math.round(length * slope))
        moved ||= price !== pricesMinor[at]
        pricesMinor[at] = price
      }
    }
    for (const place of limited) {
      const charge = Math.max(
        0,
        (chargesMinor[place] as number) - Math.round(length * (byCharge[place] as number)),
      )
      moved ||= charge !== chargesMinor[place]
      chargesMinor[place] = charge
    }
    for (const place of shared) {
      const parts = byPart[place] as number[]
      const own = shiftsMinor[place] as number[]
      const { kind, buy, get } = counters[place] as Counter
      if (kind === 'buy-other') {
        const by = Math.round(length * (parts[0] as number))
        moved ||= by !== 0
        own[0] = (own[0] as number) - get * by
        own[1] = (own[1] as number) + buy * by
        continue
      }
      for (let part = 1; part < parts.length; part++) {
        const by = Math.round(length * (parts[part] as number))
        moved ||= by !== 0
        own[part] = (own[part] as number) - by
        own[0] = (own[0] as number) + by
      }
    }
    return moved
  }

  let best = evaluate()
  let nodes = perRound
  let kept = {
    prices: [...pricesMinor],
    charges: [...chargesMinor],
    shifts: shiftsMinor.map((parts) => [...parts]),
  }
  let bound = best
  let step = FIRST_STEP
  let waited = 0
  while (best > floorMinor && step > LAST_STEP && nodes + 2 * perRound <= nodesMax) {
    if (!move(bound, step)) break
    bound = evaluate()
    nodes += perRound
    if (bound < best) {
      best = bound
      waited = 0
      kept = {
        prices: [...pricesMinor],
        charges: [...chargesMinor],
        shifts: shiftsMinor.map((parts) => [...parts]),
      }
    } else if (++waited === PATIENCE) {
      step /= 2
      waited = 0
    }
  }
  if (bound !== best) {
    restore(pricesMinor, kept.prices)
    restore(chargesMinor, kept.charges)
    kept.shifts.forEach((parts, place) => {
      restore(shiftsMinor[place] as number[], parts)
    })
    evaluate()
    nodes += perRound
  }
  counters.forEach((counter, place) => {
    counter.shiftsMinor = shiftsMinor[place] as number[]
  })
  const charges = limited.flatMap((place) => {
    const chargeMinor = chargesMinor[place] as number
    if (chargeMinor === 0) return []
    const digit = digits[place]?.[counters[place]?.kind === 'buy-other' ? 1 : 0] as Digit
    return [{ digit, cap: caps[place] as number, untilDepth: last[place] as number, chargeMinor }]
  })
  return { ...tablesOf(classes, paidMinor, rows, digits), charges, startMinor: best, nodes }
}

function restore(to: number[], from: readonly number[]): void {
  for (let at = 0; at < from.length; at++) to[at] = from[at] as number
}

/** What every depth leaves, and by position what an open group changes of it. */
function tablesOf(
  classes: readonly UnitClass[],
  paidMinor: readonly number[],
  rows: readonly Row[],
  digits: readonly (readonly Digit[])[],
) {
  const units = classes.reduce((sum, { count }) => sum + count, 0)
  const restMinor = Array<number>(units + 1).fill(0)
  let depth = units
  for (let at = classes.length - 1; at >= 0; at--) {
    for (let n = 0; n < (classes[at] as UnitClass).count; n++, depth--) {
      restMinor[depth - 1] = (restMinor[depth] as number) + (paidMinor[at] as number)
    }
  }
  const tables = rows.map(({ place, size, touched, valuesMinor }) => {
    const rowOf: number[] = [0]
    const counts = new Map(touched.map(({ at, count }) => [at, count]))
    let row = 0
    for (let at = 0; at < classes.length; at++) {
      const touches = counts.has(at)
      for (let n = 0; n < (classes[at] as UnitClass).count; n++) {
        if (touches) row++
        rowOf.push(row)
      }
    }
    for (let depth = 0; depth <= units; depth++) {
      restMinor[depth] =
        (restMinor[depth] as number) + (valuesMinor[(rowOf[depth] as number) * size] as number)
    }
    for (let from = 0; from < valuesMinor.length; from += size) {
      const closed = valuesMinor[from] as number
      for (let position = 0; position < size; position++) {
        valuesMinor[from + position] = (valuesMinor[from + position] as number) - closed
      }
    }
    return { digit: digits[place]?.[0] as Digit, size, rowOf, valuesMinor }
  })
  return { restMinor, rows: tables }
}

/** Units that a limit admits, where one can bind: those of the digit that counts. */
function capOf({ kind, max, buy, get }: Counter): number | undefined {
  if (max === undefined) return undefined
  if (kind === 'buy-get') return max * (buy + get)
  return kind === 'buy-other' ? max * buy : max
}

/** By offer: how many units are dealt with when its last one is. */
function lastTouched({ classes, options, counters }: Component): (number | undefined)[] {
  const last: (number | undefined)[] = counters.map(() => undefined)
  let depth = 0
  for (let at = 0; at < classes.length; at++) {
    depth += (classes[at] as UnitClass).count
    for (const { singles, group } of options[at] as Option[]) {
      for (const place of singles) last[place] = depth
      if (group >= 0) last[group] = depth
    }
  }
  return last
}

function modelOf({ classes, options, counters }: Component): { directs: Direct[][]; rows: Row[] } {
  const units = counters.map(() => 0)
  options.forEach((list, at) => {
    const groups = new Set(list.map(({ group }) => group))
    for (const group of groups) {
      if (group >= 0) units[group] = (units[group] as number) + (classes[at] as UnitClass).count
    }
  })
  const byPlace = new Map<number, Row>()
  let cells = 0
  counters.forEach(({ kind, buy, get }, place) => {
    const size = buy + get
    const count = units[place] as number
    if (kind !== 'buy-get' || count === 0 || cells + (count + 1) * size > CELLS_MAX) return
    cells += (count + 1) * size
    const valuesMinor = new Float64Array((count + 1) * size)
    byPlace.set(place, { place, buy, size, units: count, touched: [], valuesMinor })
  })
  const directs = options.map((list, at) => {
    const own: Direct[] = []
    for (const { singles, singlesMinor, group, part, groupMinor } of list) {
      const row = byPlace.get(group)
      if (row !== undefined) {
        const known = row.touched.at(-1)
        const reducedMinor = singlesMinor + groupMinor
        if (known?.at === at) {
          known.plainMinor = Math.max(known.plainMinor, singlesMinor)
          known.reducedMinor = Math.max(known.reducedMinor, reducedMinor)
        } else {
          const { count } = classes[at] as UnitClass
          row.touched.push({ at, count, plainMinor: singlesMinor, reducedMinor })
        }
        continue
      }
      const counter = counters[group]
      // A limit that is not charged is left out of the bound, which only raises it.
      const charged = singles.filter((place) => counters[place]?.max !== undefined)
      if (counter?.max !== undefined && part === 0) charged.push(group)
      const isBought = counter?.kind === 'buy-other' && part === 0
      const baseMinor = isBought ? singlesMinor : singlesMinor + (group < 0 ? 0 : groupMinor)
      const shared = counter !== undefined && counter.kind !== 'buy-get'
      if (group >= 0 || singles.length > 0) own.push({ baseMinor, charged, group: shared ? group : -1, part })
    }
    return own
  })
  return { directs, rows: [...byPlace.values()] }
}

/** Every unit of a group carries its share of what the group would bring if all its units were like it. */
function firstPrices({ classes }: Component, rows: readonly Row[]): number[] {
  const prices = classes.map(() => 0)
  for (const { buy, size, touched } of rows) {
    for (const { at, plainMinor, reducedMinor } of touched) {
      const share = Math.ceil((plainMinor * buy + reducedMinor * (size - buy)) / size)
      prices[at] = Math.max(prices[at] as number, share)
    }
  }
  return prices
}
