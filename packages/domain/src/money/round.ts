import { invariant } from '../invariant.ts'

/**
 * a × b ÷ c as a whole number, halves away from zero: the only place where money is rounded (PRC-1).
 *
 * @param c more than 0
 */
export function multiplyDivide(a: number, b: number, c: number): number {
  const product = a * b
  // A product whose double is safe was exact, and so is the floor of its division: the next whole
  // number is further away than a double rounds. Beyond that BigInt keeps the last paisa.
  if (!Number.isSafeInteger(product)) return multiplyDivideBig(a, b, c)
  const units = product < 0 ? -product : product
  const quotient = Math.floor(units / c)
  const rest = units - quotient * c
  const rounded = rest * 2 >= c ? quotient + 1 : quotient
  return product < 0 && rounded > 0 ? -rounded : rounded
}

/** a × b ÷ c rounded down, for ceilings; a, b not negative. */
export function multiplyDivideDown(a: number, b: number, c: number): number {
  const product = a * b
  if (!Number.isSafeInteger(product)) return toSafe((toBig(a) * toBig(b)) / toBig(c))
  return Math.floor(product / c)
}

/**
 * A share of an amount: `rateBp` basis points of `amountMinor`, rounded.
 *
 * @param rateBp 10,000 is the whole
 */
export function shareOf(amountMinor: number, rateBp: number): number {
  return multiplyDivide(amountMinor, rateBp, 10_000)
}

function multiplyDivideBig(a: number, b: number, c: number): number {
  const product = toBig(a) * toBig(b)
  const units = product < 0n ? -product : product
  const divisor = toBig(c)
  const rounded = (units * 2n + divisor) / (divisor * 2n)
  return toSafe(product < 0n ? -rounded : rounded)
}

function toBig(value: number): bigint {
  invariant(Number.isSafeInteger(value), 'amounts, quantities and rates are whole numbers below 2^53')
  return BigInt(value)
}

function toSafe(value: bigint): number {
  const number = Number(value)
  invariant(Number.isSafeInteger(number), 'an amount stays below 2^53')
  return number
}
