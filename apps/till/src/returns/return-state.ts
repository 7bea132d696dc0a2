import type { BrokenGift, ReturnDocument } from '@nexus/domain'
import type { DraftPick, ReturnReason } from './draft-return.ts'
import type { FoundBill } from './find-bill.ts'

/** Why a return does not go on; each has a sentence with a way out, in return-words.ts. */
export type ReturnFault =
  | { code: 'no-number' }
  | { code: 'bill-unknown'; number: string }
  /** Not made on this till, and headquarters does not answer. */
  | { code: 'bill-elsewhere'; number: string }
  | { code: 'not-a-sale'; number: string }
  /** Goods of another bill stand in the cart (RET-1c). */
  | { code: 'one-bill'; number: string }
  | { code: 'all-returned'; number: string }
  /** The return window is over (RET-4d). */
  | { code: 'window-over'; lastDay: string }
  | { code: 'not-read' }
  | { code: 'not-on-bill'; scanned: string }
  | { code: 'nothing-left'; name: string }
  | { code: 'nothing-picked' }
  /** Gifts come back with the goods that earned them (RET-3b). */
  | { code: 'gifts-come-back' }
  | { code: 'cart-full' }

/** The return screen while it is open. */
export type Returning = {
  /** The bill is being looked for. */
  looking: boolean
  fault: ReturnFault | undefined
  /** Several bills have the number that was typed. */
  choices: readonly FoundBill[]
  found: FoundBill | undefined
  reason: ReturnReason
  /** In the order of the bill's lines; a line that stays with the customer has none. */
  picks: readonly DraftPick[]
  /** What the picks give back; undefined while nothing is picked. */
  value: ReturnDocument | undefined
  /** Gifts that these picks break and that are not among them. */
  broken: readonly BrokenGift[]
}

export const NO_RETURNING: Returning = {
  looking: false,
  fault: undefined,
  choices: [],
  found: undefined,
  reason: 'not-wanted',
  picks: [],
  value: undefined,
  broken: [],
}
