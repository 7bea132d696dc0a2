import type { BadRow, ImportChange, PriceListRow, ProductBody } from '@nexus/contract'
import {
  formatDateTime,
  formatRupees,
  localDate,
  multiplyDivide,
  startOfDate,
  type TaxClass,
  taxRateAt,
} from '@nexus/domain'
import { highestCeiling } from '../check-product.ts'
import type { StoredProduct } from '../sql.ts'
import { withPrice } from './merge-row.ts'
import type { PriceRow } from './read-figures.ts'

type Fault = Omit<BadRow, 'value' | 'line'>
/** What rows are held against. */
export type Masters = {
  lists: readonly PriceListRow[]
  taxClasses: ReadonlyMap<string, TaxClass>
  at: number
}
/** What becomes of a row: nothing new, a refusal, or a changed product. */
export type Applied =
  | { kind: 'same' }
  | { kind: 'bad'; fault: Fault }
  | { kind: 'save'; body: ProductBody; isNew: boolean; change: ImportChange }

type Price = ProductBody['prices'][number]
/** As many prices as a product may have. */
const pricesMax = 200

/**
 * Puts a row's price into a product. A price without beginning holds from now on; the first one of the chain's
 * list from ever, so that a till whose clock is behind has one too. A price for some days may lie in a longer
 * one (PRC-4e), but cuts no other, and what was is not changed.
 *
 * @param product with what earlier rows of the file made of it
 */
export function applyPrice(
  product: StoredProduct,
  row: PriceRow,
  list: PriceListRow,
  { taxClasses, at }: Masters,
): Applied {
  const own = product.prices.filter(({ listId }) => listId === list.id)
  if (row.until !== undefined && row.until <= at) {
    return bad('until', 'This price would be over already.', 'Correct the dates, or take the row out.')
  }
  const placed = placePrice(product.prices, own, row, list, at)
  if ('fault' in placed) return { kind: 'bad', fault: placed.fault }
  const { price, prices } = placed
  if (price === undefined) return { kind: 'same' }
  if (prices.length > pricesMax) {
    const remedy = 'Take old ones out of it in the back office first.'
    return bad('price', `The product has ${pricesMax} prices already.`, remedy)
  }
  const holdsFrom = Math.max(price.from, at)
  const withTaxMinor = withTax(price.unitMinor, list, taxClasses.get(product.taxClassId), holdsFrom)
  const mrpMinor = highestCeiling(product.batches) ?? null
  if (mrpMinor !== null && withTaxMinor > mrpMinor) {
    return bad(
      'price',
      `The price${list.inclusive ? '' : ' with GST'} is ${formatRupees(withTaxMinor)} and the MRP ${formatRupees(mrpMinor)}; the law forbids more.`,
      'Lower the price; if the pack says more, import its MRP first.',
    )
  }
  const before = priceAt(own, holdsFrom)
  return {
    kind: 'save',
    body: { ...product, prices },
    isNew: before === undefined,
    change: {
      kind: 'price',
      line: row.line,
      sku: product.sku,
      name: product.names.en,
      list: list.name,
      from: price.from,
      until: price.until,
      beforeMinor: before?.unitMinor ?? null,
      afterMinor: price.unitMinor,
      withTaxMinor,
      mrpMinor,
    },
  }
}

/** The new price and all prices with it; without `price` nothing is new. */
type Placed = { fault: Fault } | { price: Price | undefined; prices: Price[] }

function placePrice(
  prices: Price[],
  own: readonly Price[],
  row: PriceRow,
  list: PriceListRow,
  at: number,
): Placed {
  const unitMinor = row.priceMinor
  const isStanding = row.from === undefined && row.until === undefined
  if (isStanding && (own.length > 0 || isChain(list))) {
    const after = withPrice(prices, list.id, unitMinor, at)
    const last = after.at(-1)
    return { price: last === prices.at(-1) ? undefined : last, prices: after }
  }
  const price = { listId: list.id, unitMinor, from: row.from ?? at, until: row.until ?? null }
  const same = own.find(
    (other) =>
      other.unitMinor === unitMinor &&
      other.until === price.until &&
      (row.from === undefined ? other.from <= at : other.from === row.from),
  )
  if (same && priceAt(own, Math.max(same.from, at)) === same) return { price: undefined, prices }
  const fault = clash(price, own, at)
  if (fault) return { fault }
  return { price, prices: [...prices.filter((other) => !isAt(other, price)), price] }
}

function isAt(other: Price, price: Price): boolean {
  return other.listId === price.listId && other.from === price.from
}

/** Why a price cannot hold from its beginning to its end beside the others of its list. */
function clash(price: Price, own: readonly Price[], at: number): Fault | undefined {
  const fault = (field: string, reason: string, remedy: string) => ({ field, reason, remedy })
  if (price.from < startOfDate(localDate(at))) {
    return fault('from', 'The price begins in the past.', 'Leave it empty: the price then holds at once.')
  }
  const end = price.until ?? Number.POSITIVE_INFINITY
  const others = own.filter((other) => other.from !== price.from)
  const longer = own.find(
    (other) => other.from === price.from && (other.until ?? Number.POSITIVE_INFINITY) > end,
  )
  if (longer) {
    return fault(
      'until',
      `${said(longer)} begins at the same time and holds longer.`,
      'Let this one begin a minute later, or end with the other.',
    )
  }
  const overtaken = others.find((other) => other.from > price.from && other.from <= at)
  if (overtaken) {
    return fault(
      'from',
      `Another price has counted since ${formatDateTime(overtaken.from)}, so this one never would.`,
      'Leave it empty: the price then holds at once.',
    )
  }
  const within = others.find((other) => other.from > price.from && other.from < end)
  if (within && price.until !== null) {
    return fault(
      'until',
      `${said(within)} begins within this time.`,
      'Let one of them end where the other begins.',
    )
  }
  const cut = others.find(
    (other) =>
      other.from < price.from &&
      other.until !== null &&
      other.until > price.from &&
      other.until < end &&
      !others.some(({ from }) => from === other.until),
  )
  if (cut === undefined) return undefined
  return fault('from', `${said(cut)} holds at that time.`, 'Let one of them end where the other begins.')
}

function said({ unitMinor, from, until }: Price): string {
  const end = until === null ? '' : ` until ${formatDateTime(until)}`
  return `The price ${formatRupees(unitMinor)} from ${formatDateTime(from)}${end}`
}

/** Of several prices in force the one that began last (PRC-4e). */
function priceAt(own: readonly Price[], at: number): Price | undefined {
  let found: Price | undefined
  for (const price of own) {
    if (price.from > at || (price.until !== null && price.until <= at)) continue
    if (found === undefined || price.from > found.from) found = price
  }
  return found
}

function isChain(list: PriceListRow): boolean {
  return list.scope === 'chain' && list.tier === null
}

/** A price as customers pay it, in paise: with GST, which some lists are without. */
export function withTax(
  unitMinor: number,
  list: PriceListRow | undefined,
  taxClass: TaxClass | undefined,
  at: number,
): number {
  const rate = taxClass && taxRateAt(taxClass, at)
  return list?.inclusive !== false || rate === undefined
    ? unitMinor
    : unitMinor + multiplyDivide(unitMinor, rate.rateBp, 10_000)
}

function bad(field: string, reason: string, remedy: string): Applied {
  return { kind: 'bad', fault: { field, reason, remedy } }
}
