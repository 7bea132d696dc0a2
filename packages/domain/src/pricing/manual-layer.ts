import { multiplyDivide, shareOf } from '../money/round.ts'
import { type Left, leftOf, takeOff } from './take-off.ts'
import type { Cart, CartLine, ManualReduction } from './types.ts'

/**
 * Layers 4 and 5: what people take off lines, then off the bill, then points, each on what is left
 * (PRC-6a). Writes into `left`. Who may give how much is decided before; a figure that is no whole,
 * positive number takes nothing, and nothing takes more than is left (PRC-6g).
 *
 * A unit price is the most that a unit then costs: it lowers a line and never raises it (PRC-6l).
 *
 * @param lines in the order of `left`
 * @param goods places of the lines from which something may be taken, ascending
 */
export function applyManual(
  lines: readonly CartLine[],
  cart: Omit<Cart, 'lines'>,
  goods: readonly number[],
  left: Left,
): void {
  for (const at of goods) {
    const { manual, quantityMilli } = lines[at] ?? {}
    if (manual === undefined || quantityMilli === undefined) continue
    const leftMinor = left.minor[at] ?? 0
    const amountMinor =
      'unitMinor' in manual
        ? aboveUnit(manual.unitMinor, quantityMilli, leftMinor)
        : manualOf(manual, leftMinor)
    takeOff(left, [at], amountMinor, (part) => ({ kind: 'manual', on: 'line', amountMinor: part }))
  }
  if (cart.manual !== undefined) {
    takeOff(left, goods, manualOf(cart.manual, leftOf(left, goods)), (part) => ({
      kind: 'manual',
      on: 'bill',
      amountMinor: part,
    }))
  }
  if (cart.pointsMinor !== undefined && isPositive(cart.pointsMinor)) {
    takeOff(left, goods, cart.pointsMinor, (part) => ({ kind: 'points', amountMinor: part }))
  }
}

function manualOf(manual: ManualReduction, leftMinor: number): number {
  if ('amountMinor' in manual) return isPositive(manual.amountMinor) ? manual.amountMinor : 0
  return isPositive(manual.percentBp) ? shareOf(leftMinor, Math.min(manual.percentBp, 10_000)) : 0
}

function aboveUnit(unitMinor: number, quantityMilli: number, leftMinor: number): number {
  // Above what is left nothing is taken, and its product with the quantity need not be worked out.
  if (!Number.isSafeInteger(unitMinor) || unitMinor < 0) return 0
  if (unitMinor * quantityMilli >= leftMinor * 1000) return 0
  return leftMinor - multiplyDivide(unitMinor, quantityMilli, 1000)
}

function isPositive(number: number): boolean {
  return Number.isSafeInteger(number) && number > 0
}
