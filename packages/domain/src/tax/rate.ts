import { multiplyDivide, multiplyDivideDown } from '../money/round.ts'
import type { TaxClass, TaxRate } from '../pricing/types.ts'

/** The row of a tax class in force at an instant (TAX-1); undefined before its first row. */
export function taxRateAt(taxClass: TaxClass, at: number): TaxRate | undefined {
  let current: TaxRate | undefined
  for (const rate of taxClass.rates) {
    if (rate.from > at) break
    current = rate
  }
  return current
}

/**
 * One head of the tax on a taxable value: the CGST, which SGST equals (TAX-3), within a State,
 * otherwise the IGST.
 */
export function headOf(taxableMinor: number, rateBp: number, intraState: boolean): number {
  return multiplyDivide(taxableMinor, rateBp, intraState ? 20_000 : 10_000)
}

/** All heads together. */
export function taxOf(taxableMinor: number, rateBp: number, intraState: boolean): number {
  const headMinor = headOf(taxableMinor, rateBp, intraState)
  return intraState ? 2 * headMinor : headMinor
}

/** The taxable value inside an amount that includes its tax (TAX-2). */
export function taxableWithin(paidMinor: number, rateBp: number): number {
  return multiplyDivide(paidMinor, 10_000, 10_000 + rateBp)
}

/** The largest value that, with its tax added, does not pass a ceiling (PRC-3). */
export function largestTaxable(ceilingMinor: number, rateBp: number, intraState: boolean): number {
  // Rounding takes less than a paisa off the tax, so that no value above this one can fit.
  let taxableMinor = multiplyDivideDown(ceilingMinor, 10_000, 10_000 + rateBp) + 1
  while (taxableMinor + taxOf(taxableMinor, rateBp, intraState) > ceilingMinor) taxableMinor -= 1
  return taxableMinor
}
