import { invariant } from '../invariant.ts'

/** Notes and coins that are legal tender in India, in paise, largest first. */
export const DENOMINATIONS_MINOR = [
  200_000, 50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50,
] as const

/** Pieces of one note or coin. */
export type CashPieces = { denominationMinor: number; count: number }

/** What a drawer holds by its count, in paise. */
export function countTotal(pieces: readonly CashPieces[]): number {
  let totalMinor = 0
  for (const { denominationMinor, count } of pieces) {
    invariant(Number.isSafeInteger(count) && count >= 0, 'pieces are counted in whole numbers')
    totalMinor += denominationMinor * count
  }
  return totalMinor
}

/** What moved through a drawer in a shift, in paise, each not negative. */
export type DrawerMovements = {
  floatMinor: number
  /** Cash that counted towards bills: handed over less change. */
  salesMinor: number
  refundsMinor: number
  cashInMinor: number
  cashOutMinor: number
  safeDropsMinor: number
}

/** What a drawer should hold; negative only when more was taken out than is known to have come in. */
export function expectedCash(movements: DrawerMovements): number {
  const { floatMinor, salesMinor, refundsMinor, cashInMinor, cashOutMinor, safeDropsMinor } = movements
  return floatMinor + salesMinor + cashInMinor - refundsMinor - cashOutMinor - safeDropsMinor
}

/** Counted less expected: negative when cash is missing. */
export function cashDifference(countedMinor: number, movements: DrawerMovements): number {
  return countedMinor - expectedCash(movements)
}
