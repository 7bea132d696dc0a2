import type { I18n } from '@lingui/core'
import type { TraceNames } from '@nexus/contract'
import {
  type Advice,
  type CouponOutcome,
  type FailedCondition,
  formatQuantity,
  formatRupees,
  type Nudge,
  type OpenGift,
  type PricedCart,
  type PricedLine,
  type Step,
} from '@nexus/domain'
import { taxKindName } from './document-words.ts'
import { percent } from './figures.ts'

/** Names of what a trace calls by number; what has none is called by its number. */
export type Named = { offer(id: number): string; product(id: number): string; list(id: number): string }

export function namedBy({ offers, products, priceLists }: TraceNames): Named {
  return { offer: lookUp(offers), product: lookUp(products), list: lookUp(priceLists) }
}

function lookUp(names: readonly { id: number; name: string }[]): (id: number) => string {
  const byId = new Map(names.map(({ id, name }) => [id, name]))
  return (id) => byId.get(id) ?? String(id)
}

/** A row of "why this price?": what it is, and by how much it changes the line; paise. */
export type TraceRow = { words: string; amountMinor: number }

/** A line from its list price to what is paid: amounts of the rows add up to `paidMinor`. */
export function lineTrace(i18n: I18n, line: PricedLine, inclusive: boolean, named: Named): TraceRow[] {
  const rows: TraceRow[] = [{ words: listWords(i18n, line, named), amountMinor: line.grossMinor }]
  for (const step of line.steps) {
    rows.push({ words: stepWords(i18n, step, named), amountMinor: -step.amountMinor })
  }
  // An inclusive price has its tax inside; only an exclusive one grows by it.
  if (!inclusive) {
    rows.push({ words: taxWords(i18n, line), amountMinor: 2 * line.cgstMinor + line.igstMinor })
    if (line.roundOffMinor !== 0) {
      rows.push({
        words: i18n._('trace.round-off', {}, { message: 'Round-off of GST' }),
        amountMinor: line.roundOffMinor,
      })
    }
  }
  if (line.rupeeMinor !== 0) {
    rows.push({
      words: i18n._('trace.rupee', {}, { message: 'Rounding to the rupee, this line’s share' }),
      amountMinor: line.rupeeMinor,
    })
  }
  return rows
}

function listWords(i18n: I18n, line: PricedLine, named: Named): string {
  const values = {
    list: named.list(line.listId),
    quantity: formatQuantity(line.quantityMilli),
    unit: formatRupees(line.unitMinor),
  }
  return line.unitMinor === line.mrpMinor
    ? i18n._('trace.list-at-mrp', values, { message: '{list}: {quantity} × {unit}, the MRP' })
    : i18n._('trace.list', values, { message: '{list}: {quantity} × {unit}' })
}

/** What took something off a line. */
export function stepWords(i18n: I18n, step: Step, named: Named): string {
  switch (step.kind) {
    case 'offer': {
      const offer = named.offer(step.offerId)
      return step.units === undefined
        ? i18n._('trace.offer-share', { offer }, { message: '{offer}, this line’s share' })
        : i18n._(
            'trace.offer-units',
            { offer, units: step.units },
            { message: '{offer}, on {units, plural, one {# unit} other {# units}}' },
          )
    }
    case 'coupon':
      return i18n._(
        'trace.coupon-share',
        { code: step.code, offer: named.offer(step.offerId) },
        { message: 'Coupon {code}, {offer}, this line’s share' },
      )
    case 'ceiling':
      return i18n._('trace.ceiling', {}, { message: 'Kept within the MRP' })
    case 'manual':
      return step.on === 'line'
        ? i18n._('trace.manual-line', {}, { message: 'Given by hand on this line' })
        : i18n._('trace.manual-bill', {}, { message: 'Given by hand on the bill, this line’s share' })
    case 'points':
      return i18n._('trace.points', {}, { message: 'Points, this line’s share' })
  }
}

/** GST of a line, whether it is inside the price or on top. */
export function taxWords(
  i18n: I18n,
  line: Pick<PricedLine, 'taxKind' | 'rateBp' | 'taxableMinor' | 'cgstMinor' | 'igstMinor'>,
): string {
  if (line.taxKind !== 'taxable') return taxKindName(i18n, line.taxKind)
  return i18n._(
    'trace.tax',
    {
      rate: percent(line.rateBp),
      taxable: formatRupees(line.taxableMinor),
      tax: formatRupees(2 * line.cgstMinor + line.igstMinor),
    },
    { message: 'GST {rate} on {taxable}: {tax}' },
  )
}

/** Why an offer that touches the bill did not apply: the one condition that failed first. */
export function conditionWords(i18n: I18n, condition: FailedCondition, named: Named): string {
  switch (condition.kind) {
    case 'store':
      return i18n._('trace.wrong-store', {}, { message: 'Not for this store' })
    case 'calendar':
      return i18n._('trace.wrong-time', {}, { message: 'Not on at that time' })
    case 'audience':
      return i18n._('trace.wrong-audience', {}, { message: 'Not for this customer' })
    case 'limit':
      return i18n._('trace.limit', {}, { message: 'Its limit is used up' })
    case 'minimum':
      return 'missingUnits' in condition
        ? i18n._(
            'trace.units-missing',
            { units: condition.missingUnits },
            { message: 'Needs {units, plural, one {# more unit} other {# more units}} of its goods' },
          )
        : i18n._(
            'trace.amount-missing',
            { amount: formatRupees(condition.missingMinor) },
            { message: 'Needs {amount} more of its goods' },
          )
    case 'conflict':
      return i18n._(
        'trace.conflict',
        { offer: named.offer(condition.withOfferId) },
        { message: 'Gives way to {offer}' },
      )
    case 'unknown-effect':
      return i18n._(
        'trace.unknown-effect',
        {},
        { message: 'The pricing engine of this bill does not know it' },
      )
  }
}

/** What became of an entered code. */
export function couponWords(i18n: I18n, outcome: CouponOutcome, named: Named): string {
  switch (outcome.kind) {
    case 'applied':
      return i18n._(
        'trace.coupon-applied',
        { amount: formatRupees(outcome.amountMinor) },
        { message: 'Took off {amount}' },
      )
    case 'unknown':
      return i18n._('trace.coupon-unknown', {}, { message: 'Not known to be usable' })
    case 'used':
      return i18n._('trace.coupon-used', {}, { message: 'Already used' })
    case 'repeated':
      return i18n._('trace.coupon-repeated', {}, { message: 'Entered before' })
    case 'no-goods':
      return i18n._('trace.coupon-no-goods', {}, { message: 'Nothing on the bill is among its goods' })
    default:
      return conditionWords(i18n, outcome, named)
  }
}

/** Why units of a line that is marked as a gift are at full price; undefined where none are. */
export function giftWords(i18n: I18n, gift: PricedLine['gift'], named: Named): string | undefined {
  if (gift?.refused === undefined) return undefined
  const { offerId, refused } = gift
  const reason =
    refused.kind === 'not-a-gift'
      ? i18n._('trace.not-a-gift', {}, { message: 'It is none of its gifts' })
      : conditionWords(i18n, refused, named)
  return i18n._(
    'trace.gift-refused',
    { offer: named.offer(offerId), reason },
    { message: 'No gift of {offer}: {reason}' },
  )
}

/** A gift whose threshold is reached and that nobody has taken. */
export function openGiftWords(i18n: I18n, { offerId, products, unitsLeft }: OpenGift, named: Named): string {
  return i18n._(
    'trace.open-gift',
    {
      offer: named.offer(offerId),
      units: unitsLeft,
      goods: products.map((productId) => named.product(productId)).join(', '),
    },
    { message: '{offer}: {units, plural, one {# gift} other {# gifts}} could be taken of {goods}' },
  )
}

/** What a little more would have brought. */
export function nudgeWords(i18n: I18n, nudge: Nudge, named: Named): string {
  const values = { offer: named.offer(nudge.offerId), saved: formatRupees(nudge.savesMinor) }
  return 'missingUnits' in nudge
    ? i18n._(
        'trace.nudge-units',
        { ...values, units: nudge.missingUnits, product: named.product(nudge.productId) },
        { message: 'With {units} more of {product}, {offer} saves {saved}' },
      )
    : i18n._(
        'trace.nudge-amount',
        { ...values, missing: formatRupees(nudge.missingMinor) },
        { message: 'With goods for {missing} more, {offer} saves {saved}' },
      )
}

/** An item offer without which the bill would be cheaper; undefined where there is none. */
export function harmWords(i18n: I18n, { cheaperWithout }: Advice, named: Named): string | undefined {
  if (cheaperWithout === undefined) return undefined
  return i18n._(
    'trace.cheaper-without',
    { offer: named.offer(cheaperWithout.offerId), amount: formatRupees(cheaperWithout.savesMinor) },
    { message: 'Without {offer} the bill would be {amount} cheaper' },
  )
}

/** What the search for the best item offers may have left; undefined where the result is proved. */
export function boundWords(
  i18n: I18n,
  { lines, optimal, boundMinor }: Pick<PricedCart, 'lines' | 'optimal' | 'boundMinor'>,
): string | undefined {
  if (optimal !== false || boundMinor === undefined) return undefined
  let givenMinor = 0
  for (const { steps } of lines) {
    // Only item offers say on how many units they are.
    for (const step of steps)
      if (step.kind === 'offer' && step.units !== undefined) givenMinor += step.amountMinor
  }
  return i18n._(
    'trace.bound',
    { amount: formatRupees(boundMinor - givenMinor) },
    {
      message:
        'The search for the best item offers ended at its limit: at most {amount} more might have been saved',
    },
  )
}
