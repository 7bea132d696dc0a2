import {
  type Advice,
  type CouponOutcome,
  type FailedCondition,
  formatQuantity,
  formatRupees,
  type PricedCart,
  type PricedLine,
  type Rulebook,
  type Step,
} from '@nexus/domain'

/** Names of things in a trace; what is not in the rulebook is called by its number. */
type Named = { offer(id: number): string; product(id: number): string; list(id: number): string }

/**
 * A priced cart and its trace in English, one row each: lines with list, steps and taxes, the totals,
 * offers that did not apply with the one reason, coupons, and what would save more (PRC-8).
 */
export function priceInWords(priced: PricedCart & Advice, rulebook: Rulebook): string[] {
  const offers = new Map(rulebook.offers.map((offer) => [offer.id, offer.name]))
  const named: Named = {
    offer: (id) => `"${offers.get(id) ?? id}"`,
    product: (id) => rulebook.findProduct(id)?.names.en ?? `product ${id}`,
    list: (id) => rulebook.findPriceList(id)?.name ?? `list ${id}`,
  }
  return [
    ...priced.lines.flatMap((line) => lineInWords(line, named)),
    ...totalsInWords(priced),
    ...(priced.coupons ?? []).map(({ code, outcome }) => `Coupon ${code}: ${couponInWords(outcome, named)}.`),
    ...priced.notApplied.map(
      ({ offerId, condition }) =>
        `${named.offer(offerId)} did not apply: ${conditionInWords(condition, named)}.`,
    ),
    ...(priced.gifts ?? []).map(
      ({ offerId, products, unitsLeft }) =>
        `${named.offer(offerId)}: ${unitsLeft} more of ${products.map(named.product).join(' or ')} may be added as a gift.`,
    ),
    ...priced.nudges.map((nudge) => {
      const more =
        'missingMinor' in nudge
          ? `goods for ${formatRupees(nudge.missingMinor)} more`
          : `${nudge.missingUnits} more of ${named.product(nudge.productId)}`
      return `Add ${more}: ${named.offer(nudge.offerId)} then saves ${formatRupees(nudge.savesMinor)}.`
    }),
    ...(priced.cheaperWithout === undefined
      ? []
      : [
          `Without ${named.offer(priced.cheaperWithout.offerId)} the bill would be ${formatRupees(priced.cheaperWithout.savesMinor)} cheaper.`,
        ]),
    ...(priced.optimal === false
      ? ['The search was cut: a better assignment of item offers may exist.']
      : []),
  ]
}

function lineInWords(line: PricedLine, named: Named): string[] {
  const rows = [
    `${line.uid}: ${formatQuantity(line.quantityMilli)} × ${named.product(line.productId)}, ${formatRupees(line.paidMinor)}`,
    `  list ${named.list(line.listId)}: ${formatRupees(line.unitMinor)} each, ${formatRupees(line.grossMinor)}`,
    ...line.steps.map((step) => `  ${stepInWords(step, named)}: ${formatRupees(-step.amountMinor)}`),
  ]
  if (line.gift?.refused !== undefined) {
    const { offerId, refused } = line.gift
    const reason =
      refused.kind === 'not-a-gift' ? 'it is none of its gifts' : conditionInWords(refused, named)
    rows.push(`  no gift of ${named.offer(offerId)}: ${reason}`)
  }
  rows.push(`  ${taxInWords(line)}`)
  if (line.rupeeMinor !== 0) rows.push(`  rounding to the rupee: ${formatRupees(line.rupeeMinor)}`)
  return rows
}

function stepInWords(step: Step, named: Named): string {
  switch (step.kind) {
    case 'offer':
      return `offer ${named.offer(step.offerId)}${step.units === undefined ? '' : ` on ${step.units}`}`
    case 'coupon':
      return `coupon ${step.code}, ${named.offer(step.offerId)}`
    case 'manual':
      return step.on === 'line' ? 'discount by hand' : 'share of the discount by hand on the bill'
    case 'points':
      return 'share of the points'
    case 'ceiling':
      return 'down to the MRP'
  }
}

function taxInWords(line: PricedLine): string {
  if (line.taxKind !== 'taxable') {
    const kinds = { nil: 'nil-rated', exempt: 'exempt', 'non-gst': 'outside GST' }
    return `${kinds[line.taxKind]}: value ${formatRupees(line.taxableMinor)}`
  }
  const rate = `${line.rateBp / 100}%`
  const heads =
    line.igstMinor !== 0
      ? `IGST ${formatRupees(line.igstMinor)}`
      : `CGST ${formatRupees(line.cgstMinor)}, SGST ${formatRupees(line.cgstMinor)}`
  const rest = line.roundOffMinor === 0 ? '' : `, round-off ${formatRupees(line.roundOffMinor)}`
  return `GST ${rate}: taxable ${formatRupees(line.taxableMinor)}, ${heads}${rest}`
}

function totalsInWords(priced: PricedCart): string[] {
  const rows: [label: string, amountMinor: number][] = [
    ['At list prices', priced.grossMinor],
    ['Discounts', -priced.discountMinor],
    ['Taxable value', priced.taxableMinor],
    ['CGST', priced.cgstMinor],
    ['SGST', priced.cgstMinor],
    ['IGST', priced.igstMinor],
    ['Round-off of taxes', priced.roundOffMinor],
    ['Rounding to the rupee', priced.rupeeMinor],
  ]
  return [
    ...rows
      .filter(([, amountMinor]) => amountMinor !== 0)
      .map(([label, amountMinor]) => `${label}: ${formatRupees(amountMinor)}`),
    `To pay: ${formatRupees(priced.toPayMinor)}`,
  ]
}

function couponInWords(outcome: CouponOutcome, named: Named): string {
  switch (outcome.kind) {
    case 'applied':
      return `takes off ${formatRupees(outcome.amountMinor)}`
    case 'unknown':
      return 'nobody knows this code'
    case 'used':
      return 'it was used already'
    case 'repeated':
      return 'it was entered before'
    case 'no-goods':
      return 'nothing on the bill is meant by it'
    default:
      return conditionInWords(outcome, named)
  }
}

function conditionInWords(condition: FailedCondition, named: Named): string {
  switch (condition.kind) {
    case 'store':
      return 'it does not hold in this store'
    case 'calendar':
      return 'it does not hold at this time'
    case 'audience':
      return 'it is not for this customer'
    case 'limit':
      return 'its limit is reached'
    case 'minimum':
      return 'missingMinor' in condition
        ? `it needs ${formatRupees(condition.missingMinor)} more`
        : `it needs ${condition.missingUnits} more`
    case 'conflict':
      return `${named.offer(condition.withOfferId)} applied instead`
    case 'unknown-effect':
      return 'this release does not know its effect'
  }
}
