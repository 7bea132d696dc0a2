import type { ItemLine, ItemStep, LiveItemOffer } from '../pricing/item-offers/types.ts'

/** One piece of the cart, and what an enumeration tries on it. */
type Unit = { line: number; price: number; value: number; days: number | undefined; fractional: boolean }
type Choice = { singles: LiveItemOffer[]; amounts: number[]; group: LiveItemOffer | undefined; part: number }
type Outcome = { discountMinor: number; steps: ItemStep[]; applications: Map<number, number> }

const percent = (amount: number, rateBp: number) => Math.floor((amount * rateBp + 5000) / 10_000)
const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0)
const GROUPS = ['buy-get', 'buy-other', 'bundle']

/** How many assignments `bestByBruteForce` would look at. */
export function assignmentsOf(lines: readonly ItemLine[], offers: readonly LiveItemOffer[]): number {
  return unitsOf(lines).reduce((all, unit) => all * choicesOf(unit, offers).length, 1)
}

/** Layer 2 by its definition: every assignment, unit by unit, the first in the order of PRC-7a kept. For tests. */
export function bestByBruteForce(lines: readonly ItemLine[], offers: readonly LiveItemOffer[]): Outcome {
  const units = unitsOf(lines)
  const choices = units.map((unit) => choicesOf(unit, offers))
  const current: Choice[] = []
  let best: { outcome: Outcome; choices: Choice[] } | undefined
  const visit = (at: number) => {
    if (at === units.length) {
      const outcome = outcomeOf(units, current, offers)
      if (outcome === undefined) return
      if (best === undefined || precedes(outcome, current, best.outcome, best.choices, offers)) {
        best = { outcome, choices: [...current] }
      }
      return
    }
    for (const choice of choices[at] ?? []) {
      current[at] = choice
      visit(at + 1)
    }
  }
  visit(0)
  if (best === undefined) throw new Error('nothing at all is an assignment')
  return best.outcome
}

function unitsOf(lines: readonly ItemLine[]): Unit[] {
  return lines.flatMap((one, line) =>
    Array.from({ length: one.units }, (_, n) => ({
      line,
      price: one.fractional ? one.valueMinor : one.unitMinor,
      value: Math.floor(one.valueMinor / one.units) + (n < one.valueMinor % one.units ? 1 : 0),
      days: one.daysToExpiry,
      fractional: one.fractional,
    })),
  )
}

function amountOf({ offer }: LiveItemOffer, unit: Unit, taken: number): number {
  const left = unit.price - taken
  let amount = 0
  if (offer.effect === 'complimentary') amount = unit.value
  if (offer.effect === 'unit-off') {
    amount = 'percentBp' in offer.off ? percent(left, offer.off.percentBp) : offer.off.amountMinor
  }
  if (offer.effect === 'markdown' && unit.days !== undefined && unit.days >= 0) {
    const days = unit.days
    const step = offer.steps.find(({ withinDays }) => withinDays >= days)
    if (step !== undefined) amount = percent(left, step.percentBp)
  }
  return Math.min(amount, unit.value - taken)
}

function choicesOf(unit: Unit, offers: readonly LiveItemOffer[]): Choice[] {
  const touching = offers
    .filter((live) => live.parts.some((part) => part.includes(unit.line)))
    .filter(({ offer }) => {
      if (!unit.fractional || offer.effect === 'markdown') return true
      return offer.effect === 'unit-off' && offer.minimumUnits === undefined && 'percentBp' in offer.off
    })
    .sort((one, other) => other.offer.priority - one.offer.priority || one.offer.id - other.offer.id)
  const singles = touching.filter(({ offer }) => !GROUPS.includes(offer.effect))
  const groups = touching.filter(({ offer }) => GROUPS.includes(offer.effect))
  const found: Choice[] = []
  for (let set = 0; set < 2 ** singles.length; set++) {
    const chain = singles.filter((_, at) => Math.floor(set / 2 ** at) % 2 === 1)
    const free = chain.every(({ offer }) => offer.combinable && offer.effect !== 'complimentary')
    if (chain.length > 1 && !free) continue
    const amounts: number[] = []
    for (const live of chain) amounts.push(amountOf(live, unit, sum(amounts)))
    if (amounts.some((amount) => amount <= 0)) continue
    found.push({ singles: chain, amounts, group: undefined, part: 0 })
    for (const group of groups) {
      if (chain.length > 0 && !(free && group.offer.combinable)) continue
      group.parts.forEach((part, at) => {
        if (part.includes(unit.line)) found.push({ singles: chain, amounts, group, part: at })
      })
    }
  }
  return found
}

function outcomeOf(
  units: readonly Unit[],
  choices: readonly Choice[],
  offers: readonly LiveItemOffer[],
): Outcome | undefined {
  const applications = new Map<number, number>()
  const perUnit = choices.map(({ amounts }) => sum(amounts))
  const rows: { line: number; live: LiveItemOffer; amount: number }[] = []
  let total = 0
  for (const live of offers) {
    const { offer } = live
    const on = units.flatMap((_, at) =>
      choices[at]?.group === live || choices[at]?.singles.includes(live) ? [at] : [],
    )
    if (on.length === 0) continue
    const room = (at: number) => (units[at]?.value ?? 0) - (perUnit[at] ?? 0)
    const price = (at: number) => units[at]?.price ?? 0
    const reduced = (at: number, rateBp: number) =>
      Math.min(room(at), percent(price(at) - (perUnit[at] ?? 0), rateBp))
    let count = on.length
    let discount = 0
    if (offer.effect === 'buy-get') {
      const size = offer.buy + offer.get
      if (on.length % size !== 0) return undefined
      count = on.length / size
      const sorted = [...on].sort(
        (one, other) =>
          price(other) - price(one) || (units[other]?.value ?? 0) - (units[one]?.value ?? 0) || one - other,
      )
      discount = sum(
        sorted.filter((_, at) => at % size >= offer.buy).map((at) => reduced(at, offer.percentBp)),
      )
    } else if (offer.effect === 'buy-other') {
      const get = on.filter((at) => choices[at]?.part === 1)
      count = get.length / offer.get.units
      if (!Number.isInteger(count) || (on.length - get.length) / offer.buy.units !== count) return undefined
      const dearest = Math.max(...get.map(price))
      const over = units.flatMap((unit, at) => {
        const choice = choices[at]
        const free = choice?.group === undefined && choice?.singles.length === 0
        return free && !unit.fractional && live.parts[1]?.includes(unit.line) ? [at] : []
      })
      if (over.some((at) => price(at) < dearest)) return undefined
      discount = sum(get.map((at) => reduced(at, offer.percentBp)))
    } else if (offer.effect === 'bundle') {
      const counts = offer.parts.map((_, part) => on.filter((at) => choices[at]?.part === part).length)
      count = counts[0] ?? 0
      if (counts.some((one) => one !== count)) return undefined
      discount = sum(on.map(room)) - count * offer.priceMinor
      if (discount <= 0) return undefined
    } else if (offer.effect === 'unit-off' && on.length < (offer.minimumUnits ?? 0)) return undefined
    if (count > live.applicationsMax) return undefined
    applications.set(offer.id, count)
    if (GROUPS.includes(offer.effect)) {
      const parts = spread(discount, on.map(room))
      on.forEach((at, n) => {
        rows.push({ line: units[at]?.line ?? 0, live, amount: parts[n] ?? 0 })
      })
    } else {
      for (const at of on) {
        const place = choices[at]?.singles.indexOf(live) ?? 0
        const amount = choices[at]?.amounts[place] ?? 0
        discount += amount
        rows.push({ line: units[at]?.line ?? 0, live, amount })
      }
    }
    total += discount
  }
  return { discountMinor: total, steps: stepsOf(rows), applications }
}

function stepsOf(rows: readonly { line: number; live: LiveItemOffer; amount: number }[]): ItemStep[] {
  const steps: { step: ItemStep; live: LiveItemOffer }[] = []
  for (const { line, live, amount } of rows) {
    const known = steps.find(({ step }) => step.line === line && step.offerId === live.offer.id)
    if (known === undefined) {
      steps.push({ step: { line, offerId: live.offer.id, amountMinor: amount, units: 1 }, live })
    } else {
      known.step.amountMinor += amount
      known.step.units++
    }
  }
  const isGroup = ({ offer }: LiveItemOffer) => Number(GROUPS.includes(offer.effect))
  steps.sort(
    (one, other) =>
      one.step.line - other.step.line ||
      isGroup(one.live) - isGroup(other.live) ||
      other.live.offer.priority - one.live.offer.priority ||
      one.live.offer.id - other.live.offer.id,
  )
  return steps.map(({ step }) => step)
}

/** Largest remainders, the earlier unit first. */
function spread(total: number, weights: readonly number[]): number[] {
  const all = sum(weights)
  if (all === 0) return weights.map(() => 0)
  const parts = weights.map((weight) => Math.floor((total * weight) / all))
  const order = weights.map((_, at) => at)
  const rest = (at: number) => (total * (weights[at] ?? 0)) % all
  order.sort((one, other) => rest(other) - rest(one) || one - other)
  const missing = total - sum(parts)
  for (const at of order.slice(0, missing)) parts[at] = (parts[at] ?? 0) + 1
  return parts
}

function precedes(
  one: Outcome,
  oneBy: readonly Choice[],
  other: Outcome,
  otherBy: readonly Choice[],
  offers: readonly LiveItemOffer[],
): boolean {
  const rank = ({ applications }: Outcome) =>
    sum(offers.map(({ offer }) => offer.priority * (applications.get(offer.id) ?? 0)))
  const order =
    other.discountMinor - one.discountMinor ||
    sum([...one.applications.values()]) - sum([...other.applications.values()]) ||
    rank(other) - rank(one)
  if (order !== 0) return order < 0
  for (const id of offers.map(({ offer }) => offer.id).sort((a, b) => a - b)) {
    const more = (one.applications.get(id) ?? 0) - (other.applications.get(id) ?? 0)
    if (more !== 0) return more > 0
  }
  for (let at = 0; at < oneBy.length; at++) {
    const ids = idsOf(oneBy[at])
    const otherIds = idsOf(otherBy[at])
    if (ids.join() === otherIds.join()) continue
    if (ids.length === 0 || otherIds.length === 0) return ids.length > 0
    const differ = ids.findIndex((id, n) => id !== otherIds[n])
    if (differ < 0) return true
    const rival = otherIds[differ]
    return rival !== undefined && (ids[differ] ?? 0) < rival
  }
  return false
}

function idsOf(choice: Choice | undefined): number[] {
  const on = [...(choice?.singles ?? []), ...(choice?.group === undefined ? [] : [choice.group])]
  return on.map(({ offer }) => offer.id).sort((one, other) => one - other)
}
