import { formatRupees } from '@nexus/domain'
import type { Core } from '../app/core.ts'
import type { PayState } from '../app/state.ts'
import { isEmptyDraft } from '../cart/cart.ts'
import type { CartCommands } from '../cart/cart-commands.ts'
import type { Buyer } from './buyer.ts'
import { completeCommands } from './complete-commands.ts'
import { createPayCore } from './pay-core.ts'
import { bankFault, bindsMoney, cardReference, cashFault, typedAmount, upiReference } from './tenders.ts'
import { upiCommands } from './upi-commands.ts'

/** Pay that is open so long is priced again (JRN-13). */
export const PAY_MS_MAX = 15 * 60_000

/** From F8 to a completed bill. */
export function payCommands(core: Core, cart: CartCommands) {
  const { store } = core
  const payCore = createPayCore(core)
  const { toPayMinor, refundMinor, setPay, fail, settlement, add, isCovered, asksBuyer } = payCore
  const { complete } = completeCommands(core, payCore, cart)
  const { asked, ...upi } = upiCommands(core, payCore, complete)

  /** Opens Pay and freezes the instant that decides prices. Every scanned code is settled first. */
  function open(): void {
    const { draft, pay } = store.getState()
    if (pay !== undefined || core.phase() !== 'sell') return
    if (draft === undefined || isEmptyDraft(draft)) {
      core.notify('cart-empty')
      return
    }
    // Before anybody pays: a bill that cannot be saved is no bill (JRN-1k).
    if (core.parts.journal.getStatus().storage.room === 'none') {
      core.parts.journal.nudge()
      core.notify('storage-full', { tone: 'bad' })
      return
    }
    if (draft.coupons?.some(({ asking }) => asking === true)) {
      core.notify('coupon-asking', { tone: 'bad' })
      return
    }
    const shownMinor = store.getState().priced?.toPayMinor
    core.showDraft(draft, { pay: freshPay(draft.cart), notice: undefined, undo: undefined })
    // Looked at after pricing: a price may have ended since the scan.
    const red = store.getState().rows.filter((row) => row.refusal !== undefined)
    if (red[0] === undefined) {
      const toPayMinor = store.getState().priced?.toPayMinor
      if (toPayMinor === undefined || shownMinor === undefined || toPayMinor === shownMinor) return
      core.notify('price-moved', {
        tone: 'bad',
        params: { before: formatRupees(shownMinor), now: formatRupees(toPayMinor) },
      })
      return
    }
    core.showDraft(store.getState().draft, { pay: undefined, selected: red[0].uid })
    core.notify('codes-not-on-bill', { tone: 'bad', params: { count: red.length } })
  }

  function freshPay(cart: string): PayState {
    const { taken, doubt } = asked(cart)
    return {
      pricedAt: core.now(),
      uses: core.offerUses(),
      method: 'cash',
      text: '',
      taken,
      upi: undefined,
      doubt,
      buyer: undefined,
      fault: undefined,
      completing: false,
    }
  }

  function setBuyer(buyer: Buyer): void {
    setPay({ buyer })
  }

  function type(text: string): void {
    setPay({ text, fault: undefined })
  }

  /** Esc: one step back; money that was taken keeps Pay open and says so. */
  function back(): void {
    const { pay } = store.getState()
    if (pay === undefined || pay.completing) return
    if (pay.upi !== undefined) {
      core.notify('upi-waits', { tone: 'bad' })
      return
    }
    if (pay.text !== '' || pay.fault !== undefined) {
      setPay({ text: '', fault: undefined })
      return
    }
    if (pay.method !== 'cash') {
      setPay({ method: 'cash' })
      return
    }
    if (bindsMoney(pay)) {
      core.notify('tenders-taken', { tone: 'bad' })
      return
    }
    core.showDraft(store.getState().draft, { pay: undefined })
  }

  /** Takes cash: the typed amount, or exactly what is left. Completes when it covers, unless `hold`. */
  async function takeCash(handedMinor: number | undefined, hold = false): Promise<void> {
    const { pay } = store.getState()
    if (pay === undefined || pay.completing || pay.upi !== undefined || asksBuyer()) return
    const { remainingMinor } = settlement()
    if (remainingMinor === 0) return complete()
    const amount = handedMinor ?? typedAmount(pay.text, remainingMinor)
    if (amount === undefined) return fail('not-an-amount')
    const fault = cashFault(toPayMinor(), pay.taken, amount)
    if (fault !== undefined) return fail(fault)
    add({ kind: 'cash', handedMinor: amount })
    if (!hold && isCovered()) await complete()
  }

  /** Gives cash or a typed card back before completion. What a bank confirmed stays. */
  function remove(at: number): void {
    const { pay } = store.getState()
    if (pay === undefined || pay.completing || pay.taken[at]?.kind === 'upi') return
    setPay({ taken: pay.taken.toSpliced(at, 1), fault: undefined })
  }

  function chooseMethod(method: PayState['method']): void {
    const { pay } = store.getState()
    if (pay !== undefined && pay.upi === undefined && !pay.completing) setPay({ method, fault: undefined })
  }

  /** F10: a card of the typed amount, or of all that is left; the form asks for approval code and digits. */
  function askCard(): void {
    const { pay } = store.getState()
    if (pay === undefined || pay.completing || pay.upi !== undefined || asksBuyer()) return
    if (refundMinor() > 0) {
      chooseMethod('card')
      return
    }
    const amountMinor = typedAmount(pay.text, settlement().remainingMinor)
    const fault =
      amountMinor === undefined ? 'not-an-amount' : bankFault(toPayMinor(), pay.taken, amountMinor)
    if (fault !== undefined) {
      fail(fault)
      return
    }
    setPay({ method: 'card', fault: undefined })
  }

  async function confirmCard(approval: string, lastFour: string): Promise<void> {
    const { pay } = store.getState()
    if (pay === undefined || pay.completing) return
    const amountMinor = typedAmount(pay.text, settlement().remainingMinor)
    if (amountMinor === undefined) return fail('not-an-amount')
    const fault = bankFault(toPayMinor(), pay.taken, amountMinor)
    if (fault !== undefined) return fail(fault)
    const read = cardReference(approval, lastFour)
    if ('fault' in read) return fail(read.fault)
    add({ kind: 'card', amountMinor, reference: read.reference })
    if (isCovered()) await complete()
  }

  /** Gives the difference back by UPI or card, with the reference of what was sent (RET-1d). Cash is `takeCash`. */
  async function refundBy(kind: 'upi' | 'card', typed: string): Promise<void> {
    const { pay } = store.getState()
    if (pay === undefined || pay.completing || refundMinor() === 0) return
    const read = upiReference(typed)
    if ('fault' in read) return fail(read.fault === 'upi-reference' ? 'refund-reference' : read.fault)
    await complete({ kind, reference: read.reference })
  }

  /** Called every second: Pay that stood open too long is closed and priced again (JRN-13). */
  function tick(): void {
    const { pay, draft } = store.getState()
    if (pay === undefined || pay.completing || pay.upi !== undefined) return
    if (core.now() - pay.pricedAt < PAY_MS_MAX) return
    // A bank's money was asked for these prices; the bill is finished with them.
    if (pay.doubt !== undefined || pay.taken.some((tender) => tender.kind !== 'cash')) return
    core.showDraft(draft, {
      pay: pay.taken.length === 0 ? undefined : { ...pay, pricedAt: core.now(), uses: core.offerUses() },
    })
    core.notify('priced-again')
  }

  return {
    open,
    setBuyer,
    type,
    back,
    takeCash,
    remove,
    chooseMethod,
    askCard,
    confirmCard,
    refundBy,
    tick,
    settlement,
    ...upi,
  }
}
