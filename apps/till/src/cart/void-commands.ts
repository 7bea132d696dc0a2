import { type Core, rulebookRef } from '../app/core.ts'
import type { PayState } from '../app/state.ts'
import { JournalRefused } from '../journal/index.ts'
import { isEmptyDraft } from './cart.ts'
import type { CouponCommands } from './coupon-commands.ts'

/** Why a cart is voided; words in reason-words.ts. Kept in the journal as the code. */
export const VOID_REASONS = ['customer-left', 'wrong-goods', 'cannot-pay', 'mistake', 'test'] as const
export type VoidReason = (typeof VOID_REASONS)[number]

/** Ending a cart without a sale. */
export function voidCommands(core: Core, { releaseCoupons }: CouponCommands) {
  const { parts, store } = core

  /** Asks why before anything is voided. */
  function askVoid(): void {
    const { draft, pay } = store.getState()
    if (draft === undefined || isEmptyDraft(draft) || pay?.completing) return
    if (pay?.upi === undefined) store.setState({ dialog: { kind: 'void-cart' } })
    else core.notify('upi-waits', { tone: 'bad' })
  }

  /** Ends the cart without a sale and journals it. Money of a bank that was taken is named to headquarters. */
  async function voidCart(reason: VoidReason): Promise<void> {
    const { draft, priced, pay } = store.getState()
    const catalogue = core.catalogue()
    if (draft === undefined || pay?.completing) return
    if (pay?.upi !== undefined) return core.notify('upi-waits', { tone: 'bad' })
    const rulebook = catalogue ? rulebookRef(catalogue) : null
    const lines = draft.lines.length + (draft.returned?.picks.length ?? 0)
    for (const params of moneyWithoutSale(pay)) {
      await parts.journal.append({
        type: 'incident',
        cart: draft.cart,
        rulebook,
        body: { kind: 'payment-without-sale', params, place: null },
      })
    }
    const ending = parts.journal.append({
      type: 'void-cart',
      cart: draft.cart,
      rulebook,
      body: {
        reason,
        lines,
        grossMinor: priced?.grossMinor ?? 0,
        recalledFrom: draft.recalledFrom,
        root: draft.root,
      },
    })
    await ending.catch((cause: unknown) => {
      // A cart that a restart brought back after its end: it has ended already.
      if (!(cause instanceof JournalRefused && cause.code === 'cart-ended')) throw cause
    })
    releaseCoupons(draft)
    core.showDraft(undefined, { pay: undefined, dialog: undefined, undo: { kind: 'cart', draft } })
    core.notify('cart-voided', { undo: 'cart', params: { lines } })
  }

  /** A cart whose lines were all voided one by one ends here, so that the journal knows of it. */
  async function endEmptied(): Promise<void> {
    const { draft } = store.getState()
    if (draft === undefined || !isEmptyDraft(draft)) return
    if (draft.lastUid > 0) await voidCart('mistake')
    else {
      // Nothing but codes was entered: no cart that the journal should know of.
      releaseCoupons(draft)
      core.showDraft(undefined)
    }
    store.setState({ undo: undefined, notice: undefined })
  }

  return { askVoid, voidCart, endEmptied }
}

/** What banks took, or may have taken, for a cart that is voided: a person must bring it back. */
function moneyWithoutSale(pay: PayState | undefined): Record<string, string | number | null>[] {
  const found: Record<string, string | number | null>[] = []
  for (const tender of pay?.taken ?? []) {
    if (tender.kind === 'cash') continue
    const { kind, amountMinor, reference } = tender
    const attempt = tender.kind === 'upi' ? tender.attempt : null
    found.push({ tender: kind, amountMinor, reference, attempt })
  }
  if (pay?.doubt !== undefined) {
    const { attempt, amountMinor } = pay.doubt
    found.push({ tender: 'upi', amountMinor, reference: null, attempt })
  }
  return found
}
