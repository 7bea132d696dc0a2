import { isEmptyDraft } from '../cart/cart.ts'
import type { JournalStatus } from '../journal/index.ts'
import type { TillState } from './state.ts'

/** Which screen the till shows. Everything but `sell` is a step on the way to it. */
export type Phase =
  | 'starting'
  | 'failed'
  | 'enrol'
  | 'key-lost'
  | 'read-only'
  | 'retired'
  | 'sign-in'
  | 'open-shift'
  | 'take-over-shift'
  | 'sell'

/** The screen follows from what is true; nobody navigates. */
export function phaseOf(
  { state, newEpoch, signedIn, shift }: Pick<JournalStatus, 'state' | 'newEpoch' | 'signedIn' | 'shift'>,
  {
    locked,
    holder,
    sellsWithoutKey,
    draft,
    paid,
  }: Pick<TillState, 'locked' | 'holder' | 'sellsWithoutKey' | 'draft' | 'paid'>,
): Phase {
  if (state === 'starting' || state === 'failed' || state === 'read-only') return state
  // The open bill is finished first, and its change is still to be read (JRN-21c).
  const isFinishing = (draft !== undefined && !isEmptyDraft(draft)) || paid !== undefined
  if (state === 'retired' && !isFinishing) return 'retired'
  if (state === 'not-enrolled') return 'enrol'
  // Between people only: it never stands before an open bill.
  if (signedIn === null && newEpoch === 'key-lost' && !sellsWithoutKey) return 'key-lost'
  if (signedIn === null || locked) return 'sign-in'
  if (shift === null) return 'open-shift'
  const mine = shift.openedBy === null || shift.openedBy === signedIn.id
  const tookOver = holder?.shift === shift.id && holder.person === signedIn.id
  return mine || tookOver ? 'sell' : 'take-over-shift'
}
