import { multiplyDivide } from '../money/round.ts'

/**
 * The part of an amount that belongs to the interval [from, to) of a whole: what is rounded for `to` less
 * what is rounded for `from` (RET-2a). Parts of neighbouring intervals add up to the part of both, so all
 * parts of a whole give the amount exactly, in any split; for an amount that is not negative no part is.
 *
 * Carries figures of a line over its quantity, and what a bill gave as a whole (points earned, for one) over
 * what was paid for it.
 *
 * @param whole what the amount was given for, more than 0, in the unit of `from` and `to`
 */
export function shareOfInterval(amount: number, whole: number, from: number, to: number): number {
  return shareUpTo(amount, whole, to) - shareUpTo(amount, whole, from)
}

/** The part of an amount that belongs to [0, to). */
export function shareUpTo(amount: number, whole: number, to: number): number {
  // Almost every return is of a whole line, and most figures of a line are 0.
  if (amount === 0 || to === 0) return 0
  return to === whole ? amount : multiplyDivide(amount, to, whole)
}
