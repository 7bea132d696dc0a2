import { invariant } from '../invariant.ts'
import { gtinCheckDigit, isGtin } from './gtin.ts'

/** GS1 leaves numbers beginning with 2 to each company; 29 keeps 20–28 free for scales. */
const PREFIX = '29'

/**
 * The barcode that we give a product without one: an EAN-13 of `29`, the product's id in ten digits
 * and the check digit. It is valid only inside the chain, and permanent, because ids are.
 *
 * @param productId 1 to 9,999,999,999
 */
export function internalCode(productId: number): string {
  invariant(
    Number.isInteger(productId) && productId >= 1 && productId <= 9_999_999_999,
    'a product id has at most ten digits',
  )
  const digits = PREFIX + String(productId).padStart(10, '0')
  return digits + gtinCheckDigit(digits)
}

/** The product behind an internal code; undefined for any other code. */
export function productOfInternalCode(code: string): number | undefined {
  if (code.length !== 13 || !code.startsWith(PREFIX) || !isGtin(code)) return undefined
  const productId = Number(code.slice(2, 12))
  return productId === 0 ? undefined : productId
}
