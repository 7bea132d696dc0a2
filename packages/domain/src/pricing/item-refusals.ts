import {
  type Assignment,
  assignItemOffers,
  type ItemLine,
  type LiveItemOffer,
} from './item-offers/assign-item-offers.ts'
import { leastFor } from './take-off.ts'
import type { FailedCondition, NotApplied } from './types.ts'

/** Nodes for one offer alone. */
const NODES_AN_OFFER = 4000

/**
 * Why live item offers were not applied (PRC-8d): they miss units or value of their own, or, where they
 * would have applied alone, the units went to another offer. The search for this takes a quarter of `nodesMax` in all;
 * afterwards an offer with units enough is taken for one that would have applied.
 */
export function itemRefusals(
  lines: readonly ItemLine[],
  live: readonly LiveItemOffer[],
  assignment: Assignment,
  nodesMax: number,
): NotApplied[] {
  const refusals: NotApplied[] = []
  let nodesLeft = nodesMax / 4
  const appliesAlone = (one: LiveItemOffer): boolean => {
    if (nodesLeft <= 0) return true
    const alone = assignItemOffers(lines, [one], Math.min(nodesLeft, NODES_AN_OFFER))
    nodesLeft -= alone.nodes + one.parts.reduce((sum, part) => sum + part.length, 0)
    return alone.applications.size > 0
  }
  for (const one of live) {
    if (assignment.applications.has(one.offer.id)) continue
    const condition = conditionOf(lines, one, assignment, appliesAlone)
    if (condition !== undefined) refusals.push({ offerId: one.offer.id, condition })
  }
  return refusals
}

function conditionOf(
  lines: readonly ItemLine[],
  one: LiveItemOffer,
  assignment: Assignment,
  appliesAlone: (one: LiveItemOffer) => boolean,
): FailedCondition | undefined {
  const missingUnits = missingUnitsOf(lines, one)
  if (missingUnits > 0) return { kind: 'minimum', missingUnits }
  if (appliesAlone(one)) {
    const touched = new Set(one.parts.flat())
    const other = assignment.steps.find(({ line }) => touched.has(line))
    if (other !== undefined) return { kind: 'conflict', withOfferId: other.offerId }
  }
  const { offer } = one
  // A markdown whose days have not come does not touch the goods yet.
  if (offer.effect === 'markdown') return undefined
  return { kind: 'minimum', missingMinor: offer.effect === 'unit-off' ? leastFor(offer.off) : 1 }
}

/** Units of the offer's goods that must be added before it can apply once; 0 when there are enough. */
function missingUnitsOf(lines: readonly ItemLine[], { offer, parts }: LiveItemOffer): number {
  const unitsOf = (among: Iterable<number>) => {
    let units = 0
    // A line with a fraction is in no offer that counts units (PRC-1f).
    for (const at of among) if (lines[at]?.fractional === false) units += lines[at].units
    return units
  }
  const all = () => unitsOf(new Set(parts.flat()))
  switch (offer.effect) {
    case 'unit-off':
      return Math.max(0, (offer.minimumUnits ?? 0) - all())
    case 'buy-get':
      return Math.max(0, offer.buy + offer.get - all())
    case 'buy-other': {
      const { buy, get } = offer
      const apart =
        Math.max(0, buy.units - unitsOf(parts[0] ?? [])) + Math.max(0, get.units - unitsOf(parts[1] ?? []))
      // A unit that both selectors touch serves once.
      return Math.max(apart, buy.units + get.units - all())
    }
    case 'bundle': {
      const empty = parts.filter((part) => unitsOf(part) === 0).length
      return Math.max(empty, offer.parts.length - all())
    }
    default:
      return 0
  }
}
