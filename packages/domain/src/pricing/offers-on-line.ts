import { localDate } from '../calendar/calendar.ts'
import { compileOffers, touchingOffers } from './compile-offers.ts'
import { daysLeftOf } from './selector.ts'
import type { CartLine, PricedLine, Rulebook } from './types.ts'

/**
 * Ids of the offers that look at a line: those with a selector that takes it, and those of the whole bill.
 * Tells a cashier which of a bill's refused offers belong to the line in question (PRC-8d).
 */
export function offersOnLine(
  cartLine: CartLine,
  { productId, unitMinor }: Pick<PricedLine, 'productId' | 'unitMinor'>,
  rulebook: Rulebook,
  pricedAt: number,
): ReadonlySet<number> {
  const { index, wholeBill, setAside } = compileOffers(rulebook.offers)
  const ids = new Set([...wholeBill, ...setAside].map(({ id }) => id))
  const product = rulebook.findProduct(productId)
  if (product === undefined) return ids
  const daysToExpiry = daysLeftOf(cartLine, product, localDate(pricedAt))
  for (const { offer } of touchingOffers(index, [{ product, unitMinor, daysToExpiry }])) ids.add(offer.id)
  return ids
}
