import type { CashCount } from '@nexus/sync'
import { isEmptyDraft } from '../cart/cart.ts'
import type { CartCommands } from '../cart/cart-commands.ts'
import type { SignInResult } from '../device/index.ts'
import { bindsMoney } from '../pay/tenders.ts'
import type { AppUpdates } from '../service-worker/index.ts'
import type { Core } from './core.ts'
import type { Kept } from './keeper.ts'

/** A device that lost its last writes may bring back an older cart: so many bills are looked through. */
const BILLS_CHECKED = 50

/** What one person leaves to the next. */
const AFTER_SIGN_OUT = { dialog: undefined, paid: undefined, notice: undefined, sellsWithoutKey: false }

export type SessionCommands = ReturnType<typeof sessionCommands>

/** People at the till and their shifts. */
export function sessionCommands(core: Core, cart: CartCommands) {
  const { parts, store } = core
  const { journal } = parts

  async function signIn(personId: string, pin: string): Promise<SignInResult> {
    const { signedIn } = journal.getStatus()
    // Somebody else at a locked till: the one before is signed out first, so that entries name the right person.
    if (signedIn !== null && signedIn.id !== personId) await journal.signOut('replaced')
    const result = await journal.signIn(personId, pin)
    if (result.outcome === 'signed-in') store.setState({ locked: false, notice: undefined })
    return result
  }

  /** Puts off the new enrolment of a till that lost its key. */
  function sellWithoutKey(): void {
    store.setState({ sellsWithoutKey: true })
  }

  /** Covers the till; cart and payment stay as they are. */
  function lock(): void {
    if (core.phase() === 'sell') store.setState({ locked: true, dialog: undefined, notice: undefined })
  }

  /** An open cart keeps the person: it is finished or voided first. */
  function mayLeave(): boolean {
    const { draft } = store.getState()
    return draft === undefined || isEmptyDraft(draft)
  }

  async function signOut(): Promise<void> {
    await cart.endEmptied()
    await journal.signOut('asked')
    store.setState(AFTER_SIGN_OUT)
  }

  async function openShift(float: CashCount, clockConfirmed: boolean): Promise<void> {
    await journal.openShift(float, clockConfirmed)
  }

  /** Goes on with the drawer of a colleague, without a count. */
  async function takeOverShift(): Promise<void> {
    const { shift, signedIn } = journal.getStatus()
    if (shift === null || signedIn === null || shift.openedBy === null) return
    await journal.append({
      type: 'shift-handover',
      cart: null,
      rulebook: null,
      body: { from: shift.openedBy, to: signedIn.id, count: null },
    })
    store.setState({ holder: { shift: shift.id, person: signedIn.id } })
  }

  /** Opens the count of the drawer; an open bill comes first. */
  function beginClosing(): void {
    if (mayLeave()) store.setState({ dialog: { kind: 'close-shift' } })
    else core.notify('cart-open', { tone: 'bad' })
  }

  async function closeShift(count: CashCount, reason: string | null): Promise<void> {
    await cart.endEmptied()
    await journal.closeShift(count, reason)
    await journal.signOut('shift-closed')
    store.setState({ ...AFTER_SIGN_OUT, holder: undefined })
  }

  /**
   * Brings back what a reload interrupted, once the rulebook is there. A cart that was completed in
   * the last moment is not sold twice: its bill is among the last ones (JRN-11).
   */
  async function restore(kept: Kept | undefined): Promise<void> {
    if (kept === undefined) return
    if (kept.holder !== null) store.setState({ holder: kept.holder })
    if (kept.draft === null) return
    const { cart: cartId } = kept.draft
    if ((await journal.lastBills(BILLS_CHECKED)).some((bill) => bill.cart === cartId)) {
      parts.keeper.keep({ draft: null, pay: null, holder: kept.holder })
      return
    }
    const pay = kept.pay
      ? { ...kept.pay, text: '', fault: undefined, completing: false, upi: waitingAgain(kept.pay.upi) }
      : undefined
    // Pay that took nothing yet is not worth coming back to: prices may have moved.
    const worth = pay !== undefined && bindsMoney(pay)
    await cart.restore(kept.draft, worth ? pay : undefined)
  }

  /** Takes the register off this device, with all that it kept here (JRN-12b). */
  async function removeRegister(): Promise<void> {
    await journal.removeRegister()
    parts.keeper.keep({ draft: null, pay: null, holder: null })
  }

  /** Starts the version that waits, at a click: never with an open cart, and never under another window's (JRN-16a). */
  function startNewVersion(updates: Pick<AppUpdates, 'takeOver'>): void {
    if (journal.getStatus().state === 'read-only') core.notify('update-elsewhere', { tone: 'bad' })
    else if (!mayLeave() || store.getState().restoring) core.notify('cart-open', { tone: 'bad' })
    else updates.takeOver()
  }

  return {
    startNewVersion,
    removeRegister,
    signIn,
    sellWithoutKey,
    lock,
    mayLeave,
    signOut,
    openShift,
    takeOverShift,
    beginClosing,
    closeShift,
    restore,
  }
}

/** An attempt that was shown stays in doubt until the cashier says what became of it. */
function waitingAgain(upi: NonNullable<Kept['pay']>['upi']): NonNullable<Kept['pay']>['upi'] {
  return upi && { ...upi, step: 'waiting' }
}
