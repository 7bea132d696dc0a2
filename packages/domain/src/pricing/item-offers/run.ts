import { type Bounds, boundsOf } from './bounds.ts'
import type { Counter } from './counters.ts'
import { type Digit, layOut } from './digits.ts'
import type { LiveItemOffer, Option, UnitClass } from './types.ts'

// Hot loops index lists of one length by one another's places: `as` stands where an index is in range by making.

/** Up to so many states of a unit are compared one by one; more are looked up by hash. */
const FEW_STATES = 8

/** Units and offers that hang together, classes by price, highest first. */
export type Component = {
  classes: readonly UnitClass[]
  /** By class. */
  options: readonly (readonly Option[])[]
  /** In order of application. */
  offers: readonly LiveItemOffer[]
  counters: readonly Counter[]
  /** Places of offers by ascending id. */
  byId: readonly number[]
  /** Bundles whose discount every state tells apart, so that none ends at a loss (PRC-13f). */
  watched: readonly number[]
}

/** One option a unit, in the order of the component's classes. */
export type Found = { discountMinor: number; chosen: Option[]; boundMinor: number; nodes: number }

/** What a class has to look after once its units are dealt with. */
type Touch = { place: number; remaining: number[]; cheaper: boolean }

/** An option as the search takes it. */
type Choice = {
  option: Option
  /** Those of its single offers that must be counted. */
  counted: readonly { digit: Digit; most: number; limited: boolean }[]
}

/** A component made ready. */
type Ready = {
  component: Component
  choices: readonly (readonly Choice[])[]
  touches: readonly (readonly Touch[])[]
  /** By counter. */
  digits: readonly (readonly Digit[])[]
  /** Words of a state: digits, then one for each watched bundle. */
  words: number
  digitWords: number
  /** Nodes of one state that is taken from the first unit to the last. */
  perState: number
}

/** A run with few states only; nothing is proved where it was cut. */
export function narrowly(component: Component, beam: number, tiesMax: number): Found {
  return run(prepare(component), undefined, { beam, nodesMax: 0, tiesMax, floorMinor: -1 })
}

/** The first option on every unit. */
export function nothing({ classes, options }: Component): Found {
  const chosen: Option[] = []
  for (let at = 0; at < classes.length; at++) {
    const { count } = classes[at] as UnitClass
    for (let n = 0; n < count; n++) chosen.push((options[at] as Option[])[0] as Option)
  }
  return { discountMinor: 0, chosen, boundMinor: 0, nodes: 0 }
}

export function prepare(component: Component): Ready {
  const { classes, options, counters, watched } = component
  const { digits, words } = layOut(counters)
  let perState = 0
  const choices = options.map((list, at) => {
    perState += list.length * (classes[at] as UnitClass).count
    return list.map((option): Choice => {
      const counted: Choice['counted'][number][] = []
      for (const place of option.singles) {
        const { kind, radices, max } = counters[place] as Counter
        if (kind === 'free') continue
        counted.push({
          digit: digits[place]?.[0] as Digit,
          most: (radices[0] as number) - 1,
          limited: max !== undefined,
        })
      }
      return { option, counted }
    })
  })
  return {
    component,
    choices,
    touches: touchesOf(component),
    digits,
    words: words + watched.length,
    digitWords: words,
    perState,
  }
}

type Limits = {
  /** States kept a unit where a run is cut. */
  beam: number
  nodesMax: number
  /** Steps that ties may be followed back; afterwards the first way stays. */
  tiesMax: number
  /** States that cannot come to this are dropped. */
  floorMinor: number
}

/**
 * Takes a component's units one after the other, by price, highest first, each with every option on every state.
 * States that agree in every counter merge, the better one staying (PRC-7a). What was cut off says the bound.
 *
 * @param stops give up where states would be dropped for want of nodes
 */
export function run(
  ready: Ready,
  given: Bounds | undefined,
  { beam, nodesMax, tiesMax, floorMinor }: Limits,
  stops = false,
): Found & { cut: boolean } {
  const { component, choices, touches, digits, words, digitWords, perState } = ready
  const { classes, offers, counters, byId, watched } = component
  let bounds = given
  /** A state's way: where it came from and by which choice. */
  const parents = [-1]
  const taken: (Choice | undefined)[] = [undefined]
  const unitOf: number[] = []
  const counts = offers.map(() => 0)
  // Two layers of states, each with its words, its place among ways, what it brought, applications and priorities.
  let here = layer()
  let there = layer()
  let table = new Int32Array(64)
  const after = Array<number>(words).fill(0)
  startOf(after)
  const start = [...after]
  push(here, 0, 0, 0, 0)
  let nodes = 0
  let tiesLeft = tiesMax
  let missedMinor = -1
  let cut = false
  let gain = 0
  let applied = 0
  let ranks = 0

  function layer() {
    return {
      size: 0,
      words: [] as number[],
      ways: [] as number[],
      broughtMinor: [] as number[],
      applications: [] as number[],
      priorities: [] as number[],
    }
  }

  function startOf(state: number[]): void {
    counters.forEach(({ kind, middle, radices }, place) => {
      const own = digits[place] as Digit[]
      if (kind === 'buy-other') add(state, own[0] as Digit, middle)
      if (kind !== 'bundle') return
      for (let part = 1; part < radices.length; part++) add(state, own[part] as Digit, middle)
    })
  }

  function push(
    to: ReturnType<typeof layer>,
    way: number,
    brought: number,
    applies: number,
    rank: number,
  ): void {
    const at = to.size++
    for (let word = 0; word < words; word++) to.words[at * words + word] = after[word] as number
    to.ways[at] = way
    to.broughtMinor[at] = brought
    to.applications[at] = applies
    to.priorities[at] = rank
  }

  /** Makes `after` the state that follows when a unit takes a choice; false where it may not. */
  function next(of: number, choice: Choice): boolean {
    for (let word = 0; word < words; word++) after[word] = here.words[of * words + word] as number
    const { option } = choice
    gain = option.singlesMinor
    applied = option.singles.length
    ranks = option.priorities
    for (const { digit, most, limited } of choice.counted) {
      if (read(after, digit) < most) add(after, digit, 1)
      else if (limited) return false
    }
    const { group, part } = option
    if (group < 0) return true
    const { kind, max, buy, get, middle, radices, shiftsMinor } = counters[group] as Counter
    const own = digits[group] as Digit[]
    const first = own[0] as Digit
    const priority = (offers[group] as LiveItemOffer).offer.priority
    if (kind === 'buy-get') {
      const count = read(after, first)
      const size = buy + get
      const position = count % size
      if (position >= buy) gain += option.groupMinor
      const closes = position === size - 1
      if (closes) {
        applied++
        ranks += priority
      }
      if (max !== undefined && count + 1 >= (radices[0] as number)) return false
      add(after, first, max === undefined && closes ? -position : 1)
      return true
    }
    if (kind === 'buy-other') {
      const difference = read(after, first) + (part === 0 ? get : -buy)
      if (difference < 0 || difference > 2 * middle) return false
      add(after, first, part === 0 ? get : -buy)
      gain += shiftsMinor[part] as number
      if (part === 1) {
        gain += option.groupMinor
        if (read(after, own[2] as Digit) === 0) add(after, own[2] as Digit, 1)
        return true
      }
      const second = own[1] as Digit
      const count = read(after, second)
      const closes = count % buy === buy - 1
      if (closes) {
        applied++
        ranks += priority
      }
      if (max !== undefined && count + 1 >= (radices[1] as number)) return false
      add(after, second, max === undefined && closes ? -count : 1)
      return true
    }
    const shift = shiftsMinor[part] as number
    gain += option.groupMinor + shift
    for (let at = 0; at < watched.length; at++) {
      if (watched[at] !== group) continue
      // Odd where the bundle is made: twice its discount, and one.
      const sum = after[digitWords + at] as number
      after[digitWords + at] = (sum === 0 ? 1 : sum) + 2 * (option.groupMinor + shift)
    }
    if (part > 0) {
      if (read(after, own[part] as Digit) >= 2 * middle) return false
      add(after, own[part] as Digit, 1)
      return true
    }
    applied++
    ranks += priority
    if (max !== undefined) {
      if (read(after, first) === max) return false
      add(after, first, 1)
    }
    for (let other = 1; other < own.length; other++) {
      if (read(after, own[other] as Digit) === 0) return false
      add(after, own[other] as Digit, -1)
    }
    return true
  }

  /** Readies `after` for the next class: false where an open group can no longer close; counters that are done fall to 0. */
  function close(touched: readonly Touch[]): boolean {
    for (const { place, remaining } of touched) {
      const { kind, minimum, middle, buy, get } = counters[place] as Counter
      const own = digits[place] as Digit[]
      const digit = own[0] as Digit
      const first = remaining[0] ?? 0
      if (kind === 'count') {
        const count = read(after, digit)
        if (count > 0 && minimum - count > first) return false
        if (first === 0) add(after, digit, -count)
      } else if (kind === 'buy-get') {
        const count = read(after, digit)
        const position = count % (buy + get)
        if (position > 0 && buy + get - position > first) return false
        if (first === 0) add(after, digit, -count)
      } else if (kind === 'buy-other') {
        const second = remaining[1] ?? 0
        const difference = read(after, digit) - middle
        if (difference > second * buy || -difference > first * get) return false
        const count = read(after, own[1] as Digit)
        const position = count % buy
        if (position > 0 && buy - position > first) return false
        if (first + second > 0) continue
        add(after, own[1] as Digit, -count)
        add(after, own[2] as Digit, -read(after, own[2] as Digit))
      } else if (kind === 'bundle') {
        let highest = 0
        for (let part = 1; part < own.length; part++) {
          highest = Math.max(highest, read(after, own[part] as Digit) - middle)
        }
        let open = false
        for (let part = 0; part < own.length; part++) {
          const difference = part === 0 ? 0 : read(after, own[part] as Digit) - middle
          const left = remaining[part] ?? 0
          if (highest - difference > left) return false
          open ||= left > 0
        }
        if (!open) add(after, digit, -read(after, digit))
      }
    }
    return true
  }

  function slotOf(state: readonly number[], from: number): number {
    let hash = 0
    for (let word = 0; word < words; word++) {
      hash = Math.imul(hash ^ (state[from + word] as number), 0x9e3779b1)
      hash ^= hash >>> 15
    }
    return hash & (table.length - 1)
  }

  function agrees(at: number): boolean {
    for (let word = 0; word < words; word++) {
      if (there.words[at * words + word] !== after[word]) return false
    }
    return true
  }

  /** Where `after` stands in the next layer; −1 where it is new. */
  function find(): number {
    if (there.size <= FEW_STATES) {
      for (let at = 0; at < there.size; at++) if (agrees(at)) return at
      return -1
    }
    for (let slot = slotOf(after, 0); ; slot = (slot + 1) & (table.length - 1)) {
      const at = (table[slot] as number) - 1
      if (at < 0 || agrees(at)) return at
    }
  }

  /** Enters the last state of the next layer into the table, all of them where it was not used or is too small. */
  function enter(): void {
    const { size } = there
    if (size <= FEW_STATES) return
    let from = size - 1
    if (size === FEW_STATES + 1) {
      table.fill(0)
      from = 0
    }
    if (2 * size > table.length) {
      table = new Int32Array(4 * table.length)
      from = 0
    }
    for (let at = from; at < size; at++) {
      let slot = slotOf(there.words, at * words)
      while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1)
      table[slot] = at + 1
    }
  }

  /** Whether a new way into a state beats the one that is kept, where both bring the same (PRC-7a, PRC-13k). */
  function winsTie(parent: number, choice: Choice, rival: number): boolean {
    let decisive = Number.POSITIVE_INFINITY
    let wins = false
    let mine = parent
    let others = parents[rival] as number
    let mineBy = choice
    let othersBy = taken[rival] as Choice
    for (let depth = unitOf.length - 1; ; depth--) {
      if (mineBy !== othersBy) {
        countInto(counts, mineBy.option, 1)
        countInto(counts, othersBy.option, -1)
        const unit = unitOf[depth] as number
        if (mineBy.option.rank !== othersBy.option.rank && unit < decisive) {
          decisive = unit
          wins = mineBy.option.rank < othersBy.option.rank
        }
      }
      tiesLeft--
      if (mine === others || tiesLeft <= 0) break
      mineBy = taken[mine] as Choice
      othersBy = taken[others] as Choice
      mine = parents[mine] as number
      others = parents[others] as number
    }
    let first = 0
    for (const place of byId) {
      if (first === 0) first = counts[place] as number
      counts[place] = 0
    }
    return first === 0 ? wins : first > 0
  }

  /** What a state of the next layer may come to at most. */
  function boundAt(at: number): number {
    // The narrow run has no bounds of its own until it must choose.
    bounds ??= boundsOf(component, digits, 0, 0)
    const { restMinor, rows, charges } = bounds
    const depth = unitOf.length
    let bound = (there.broughtMinor[at] as number) + (restMinor[depth] as number)
    for (const { digit, size, rowOf, valuesMinor } of rows) {
      const position = readAt(there.words, at * words, digit) % size
      if (position !== 0) bound += valuesMinor[(rowOf[depth] as number) * size + position] as number
    }
    for (const { digit, cap, untilDepth, chargeMinor } of charges) {
      if (depth < untilDepth) bound += chargeMinor * (cap - readAt(there.words, at * words, digit))
    }
    return bound
  }

  /** Keeps the states of `order` only, in that order. */
  function keep(order: readonly number[]): void {
    const from = there
    there = layer()
    for (const at of order) {
      for (let word = 0; word < words; word++) after[word] = from.words[at * words + word] as number
      push(
        there,
        from.ways[at] as number,
        from.broughtMinor[at] as number,
        from.applications[at] as number,
        from.priorities[at] as number,
      )
    }
  }

  let perStateLeft = perState
  for (let at = 0; at < classes.length; at++) {
    const unit = classes[at] as UnitClass
    const own = choices[at] as Choice[]
    const touched = touches[at] as Touch[]
    // A dearer unit was reduced: from here on no unit may be left over.
    const guards: Digit[] = []
    for (const { place, cheaper } of touched) {
      const third = digits[place]?.[2] as Digit
      if (counters[place]?.kind !== 'buy-other') continue
      if (own.some(({ option }) => option.group === place && option.part === 1)) guards.push(third)
      if (!cheaper) continue
      for (let of = 0; of < here.size; of++) {
        if (readAt(here.words, of * words, third) === 1) {
          const word = of * words + third.word
          here.words[word] = (here.words[word] as number) + (1 << third.shift)
        }
      }
    }
    for (let n = 0; n < unit.count; n++) {
      unitOf.push(unit.firstUnit + n)
      const last = n === unit.count - 1
      nodes += here.size * own.length
      perStateLeft -= own.length
      there.size = 0
      for (let of = 0; of < here.size; of++) {
        const guarded = guards.some((digit) => readAt(here.words, of * words, digit) === 2)
        for (const choice of own) {
          if (guarded && choice.option.group < 0 && choice.option.singles.length === 0) continue
          if (!next(of, choice) || (last && !close(touched))) continue
          const way = here.ways[of] as number
          const brought = (here.broughtMinor[of] as number) + gain
          const applies = (here.applications[of] as number) + applied
          const rank = (here.priorities[of] as number) + ranks
          const target = find()
          if (target < 0) {
            push(there, parents.length, brought, applies, rank)
            enter()
            parents.push(way)
            taken.push(choice)
            continue
          }
          const rival = there.ways[target] as number
          const order =
            brought - (there.broughtMinor[target] as number) ||
            (there.applications[target] as number) - applies ||
            rank - (there.priorities[target] as number)
          if (order < 0 || (order === 0 && (tiesLeft <= 0 || !winsTie(way, choice, rival)))) continue
          parents[rival] = way
          taken[rival] = choice
          there.broughtMinor[target] = brought
          there.applications[target] = applies
          there.priorities[target] = rank
        }
      }
      const upcoming = !last ? own.length : (choices[at + 1]?.length ?? 0)
      const isCut =
        there.size > beam + 1 &&
        nodes + there.size * upcoming + (beam + 1) * (perStateLeft - upcoming) > nodesMax
      if (isCut && stops) return { ...nothing(component), nodes, cut: true }
      if (isCut || floorMinor >= 0) {
        const bound: number[] = []
        let order: number[] = []
        for (let of = 0; of < there.size; of++) {
          bound.push(boundAt(of))
          if ((bound[of] as number) >= floorMinor) order.push(of)
        }
        if (isCut && order.length > beam) {
          order.sort((one, other) => (bound[other] as number) - (bound[one] as number) || one - other)
          cut = true
          missedMinor = Math.max(missedMinor, bound[order[beam] as number] as number)
          const plain = order.findIndex((of) =>
            start.every((word, w) => there.words[of * words + w] === word),
          )
          const dropped = order.slice(beam)
          order = order.slice(0, beam)
          // Where nothing is open nothing can fail to close: with this state kept, a narrow run always ends somewhere.
          if (plain >= beam) order.push(dropped[plain - beam] as number)
        }
        if (order.length < there.size) keep(order)
      }
      const before = here
      here = there
      there = before
    }
  }
  // All counters are done, so one state is left, and one more for each other discount of a watched bundle.
  let end = -1
  for (let at = 0; at < here.size; at++) {
    if (!isWithoutLoss(at)) continue
    if (end < 0 || precedes(at, end)) end = at
  }

  /** A bundle that is watched takes something off, or is not made (PRC-13f). */
  function isWithoutLoss(at: number): boolean {
    for (let word = digitWords; word < words; word++) {
      const sum = here.words[at * words + word] as number
      if (sum !== 0 && sum <= 1) return false
    }
    return true
  }

  function precedes(at: number, end: number): boolean {
    const order =
      (here.broughtMinor[at] as number) - (here.broughtMinor[end] as number) ||
      (here.applications[end] as number) - (here.applications[at] as number) ||
      (here.priorities[at] as number) - (here.priorities[end] as number)
    if (order !== 0) return order > 0
    const way = here.ways[at] as number
    return winsTie(parents[way] as number, taken[way] as Choice, here.ways[end] as number)
  }

  if (end < 0)
    return {
      ...nothing(component),
      boundMinor: Math.max(0, missedMinor),
      nodes: nodes + tiesMax - tiesLeft,
      cut,
    }
  const chosen: Option[] = []
  for (let way = here.ways[end] as number; way > 0; way = parents[way] as number) {
    chosen.push((taken[way] as Choice).option)
  }
  chosen.reverse()
  const discountMinor = here.broughtMinor[end] as number
  return {
    discountMinor,
    chosen,
    boundMinor: Math.max(discountMinor, missedMinor),
    nodes: nodes + tiesMax - tiesLeft,
    cut,
  }
}

function read(state: readonly number[], { word, shift, mask }: Digit): number {
  return ((state[word] as number) >>> shift) & mask
}

function readAt(words: readonly number[], from: number, { word, shift, mask }: Digit): number {
  return ((words[from + word] as number) >>> shift) & mask
}

function add(state: number[], { word, shift }: Digit, by: number): void {
  state[word] = (state[word] as number) + by * 2 ** shift
}

function countInto(counts: number[], option: Option, by: number): void {
  for (const place of option.singles) counts[place] = (counts[place] as number) + by
  // Every application of a group takes equally many units, so units of its first part compare like applications.
  if (option.group >= 0 && option.part === 0) counts[option.group] = (counts[option.group] as number) + by
}

/** By class: the counters that it touches, what is still to come of their parts, and whether a dearer unit may be reduced. */
function touchesOf({ classes, options, counters }: Component): Touch[][] {
  const touches: Touch[][] = []
  const remaining = counters.map(() => [] as number[])
  for (let at = classes.length - 1; at >= 0; at--) {
    const here = new Map<number, Set<number>>()
    for (const { singles, group, part } of options[at] as Option[]) {
      for (const place of singles) here.set(place, new Set([0]))
      if (group >= 0) here.set(group, (here.get(group) ?? new Set()).add(part))
    }
    const touched: Touch[] = []
    for (const [place, parts] of here) {
      if (counters[place]?.kind === 'free') continue
      const counts = remaining[place] as number[]
      touched.push({ place, remaining: [...counts], cheaper: false })
      for (const part of parts) counts[part] = (counts[part] ?? 0) + (classes[at] as UnitClass).count
    }
    touches[at] = touched
  }
  const dearest = counters.map(() => -1)
  for (let at = 0; at < classes.length; at++) {
    const { priceMinor } = classes[at] as UnitClass
    for (const touch of touches[at] as Touch[]) {
      if (counters[touch.place]?.kind !== 'buy-other') continue
      if (!options[at]?.some((option) => option.group === touch.place && option.part === 1)) continue
      const before = dearest[touch.place] as number
      touch.cheaper = before > priceMinor
      dearest[touch.place] = priceMinor
    }
  }
  return touches
}
