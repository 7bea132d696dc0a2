import { upiLink } from '@nexus/domain'
import { documentDraftOf } from '@nexus/sync'
import { type Core, rulebookRef } from '../app/core.ts'
import type { PayState, PrintState, UpiAttempt } from '../app/state.ts'
import { reopenDraft, sellableLines } from '../cart/cart.ts'
import type { CartCommands } from '../cart/cart-commands.ts'
import { type Bill, JournalRefused } from '../journal/index.ts'
import { type Buyer, needsBuyer, personalOfBuyer } from './buyer.ts'
import {
  bankFault,
  bindsMoney,
  cardReference,
  cashFault,
  settle,
  type Taken,
  tendersOf,
  typedAmount,
  upiReference,
} from './tenders.ts'

/** Pay that is open so long is priced again (JRN-13). */
export const PAY_MS_MAX = 15 * 60_000
/** Cosmetics stores, as payment networks number trades. */
const MERCHANT_CODE = '5977'

export type PayCommands = ReturnType<typeof payCommands>

/** From F8 to a completed bill. */
export function payCommands(core: Core, cart: CartCommands) {
  const { parts, store } = core

  const toPayMinor = () => store.getState().priced?.toPayMinor ?? 0
  const setPay = (change: Partial<PayState>) => {
    const { pay } = store.getState()
    if (pay) store.setState({ pay: { ...pay, ...change } })
  }
  const fail = (fault: PayState['fault']) => {
    setPay({ fault })
    parts.playSound('bad')
  }

  /** Opens Pay and freezes the instant that decides prices. Every scanned code is settled first. */
  function open(): void {
    const { draft, pay, rows } = store.getState()
    if (pay !== undefined || core.phase() !== 'sell') return
    if (draft === undefined || draft.lines.length === 0) {
      core.notify('cart-empty')
      return
    }
    const red = rows.filter((row) => row.refusal !== undefined)
    if (red[0] !== undefined) {
      store.setState({ selected: red[0].uid })
      core.notify('codes-not-on-bill', { tone: 'bad', params: { count: red.length } })
      return
    }
    if (sellableLines(draft).length === 0) {
      core.notify('nothing-on-bill', { tone: 'bad' })
      return
    }
    core.showDraft(draft, { pay: freshPay(), notice: undefined, undo: undefined })
  }

  function freshPay(): PayState {
    return {
      pricedAt: core.now(),
      method: 'cash',
      text: '',
      taken: [],
      upi: undefined,
      doubt: undefined,
      buyer: undefined,
      fault: undefined,
      completing: false,
    }
  }

  /** True while a large bill waits for its buyer's name; no money is taken before. */
  function asksBuyer(): boolean {
    const { pay, priced } = store.getState()
    return pay !== undefined && pay.buyer === undefined && needsBuyer(priced?.taxableMinor ?? 0)
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
    const { remainingMinor } = settle(toPayMinor(), pay.taken)
    if (remainingMinor === 0) return complete()
    const amount = handedMinor ?? typedAmount(pay.text, remainingMinor)
    if (amount === undefined) return fail('not-an-amount')
    const fault = cashFault(toPayMinor(), pay.taken, amount)
    if (fault !== undefined) return fail(fault)
    add({ kind: 'cash', handedMinor: amount })
    if (!hold && isCovered()) await complete()
  }

  function add(tender: Taken): void {
    const { pay } = store.getState()
    if (pay) setPay({ taken: [...pay.taken, tender], text: '', fault: undefined, method: 'cash' })
  }

  function isCovered(): boolean {
    const { pay } = store.getState()
    return pay !== undefined && settle(toPayMinor(), pay.taken).remainingMinor === 0
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

  /** Shows the QR for the typed amount, or for all that is left; the intent is journalled first (JRN-15). */
  async function askUpi(): Promise<void> {
    const { pay, draft } = store.getState()
    const catalogue = core.catalogue()
    const { place } = parts.journal.getStatus()
    if (pay === undefined || pay.completing || pay.upi !== undefined || asksBuyer()) return
    if (draft === undefined || catalogue === undefined || place === null) return
    if (place.company.upiId === null) return core.notify('upi-off', { tone: 'bad' })
    if (pay.doubt !== undefined) return fail('upi-in-doubt')
    const amountMinor = typedAmount(pay.text, settle(toPayMinor(), pay.taken).remainingMinor)
    if (amountMinor === undefined) return fail('not-an-amount')
    const fault = bankFault(toPayMinor(), pay.taken, amountMinor)
    if (fault !== undefined) return fail(fault)

    const attempt = parts.newId()
    const reference = attempt.replaceAll('-', '')
    const link = upiLink({
      payeeAddress: place.company.upiId,
      payeeName: place.company.tradeName,
      merchantCode: MERCHANT_CODE,
      reference,
      note: `${place.store.name} ${place.register.number}`,
      amountMinor,
    })
    const upi = { attempt, amountMinor, link, startedAt: core.now(), step: 'intent' } as const
    setPay({ method: 'upi', text: '', fault: undefined, upi })
    try {
      await parts.journal.append({
        type: 'payment-intent',
        cart: draft.cart,
        rulebook: rulebookRef(catalogue),
        body: {
          attempt,
          kind: 'upi',
          provider: 'upi-qr',
          amountMinor,
          direction: 'in',
          reference,
          // A plain QR has no end of its own: only the cashier's word ends the attempt.
          expiresAt: null,
        },
      })
      setPay({ upi: { ...upi, startedAt: core.now(), step: 'waiting' } })
    } catch {
      // Nothing was shown to the customer, so no money can come.
      setPay({ upi: undefined })
      fail('not-saved')
    }
  }

  /** The customer paid: the bank's reference was read off a phone. */
  async function confirmUpi(typed: string): Promise<void> {
    const read = upiReference(typed)
    if ('fault' in read) return fail(read.fault)
    const upi = await endUpi('paid', read.reference)
    if (upi === undefined) return
    const { attempt, amountMinor } = upi
    add({ kind: 'upi', amountMinor, attempt, reference: read.reference })
    if (isCovered()) await complete()
  }

  /** The cashier looked: no money left the customer's phone. Only then may a new attempt begin (JRN-15). */
  async function cancelUpi(): Promise<void> {
    if (await endUpi('failed', null)) setPay({ method: 'cash' })
  }

  /**
   * Nobody can say whether money left: other money is taken, and the attempt stays without a result until
   * the phone or the bank tells (JRN-15e). A second attempt waits for that.
   */
  function leaveUpiOpen(): void {
    const { pay } = store.getState()
    if (pay?.upi?.step === 'waiting')
      setPay({ upi: undefined, doubt: pay.upi, method: 'cash', fault: undefined })
  }

  /** The customer's phone shows more now: back to the attempt in doubt. */
  function reopenUpi(): void {
    const { pay } = store.getState()
    if (pay?.doubt === undefined || pay.upi !== undefined || pay.completing) return
    setPay({ upi: pay.doubt, doubt: undefined, method: 'upi', text: '', fault: undefined })
  }

  async function endUpi(state: 'paid' | 'failed', providerReference: string | null) {
    const { pay, draft } = store.getState()
    const catalogue = core.catalogue()
    const upi = pay?.upi
    if (upi?.step !== 'waiting' || draft === undefined || catalogue === undefined) return undefined
    setPay({ upi: { ...upi, step: 'result' }, fault: undefined })
    try {
      await parts.journal.append({
        type: 'payment-result',
        cart: draft.cart,
        rulebook: rulebookRef(catalogue),
        body: {
          attempt: upi.attempt,
          state,
          by: 'cashier',
          amountMinor: upi.amountMinor,
          providerReference,
          detail: null,
        },
      })
      setPay({ upi: undefined })
      return upi
    } catch {
      setPay({ upi })
      fail('not-saved')
      return undefined
    }
  }

  /** F10: a card of the typed amount, or of all that is left; the form asks for approval code and digits. */
  function askCard(): void {
    const { pay } = store.getState()
    if (pay === undefined || pay.completing || pay.upi !== undefined || asksBuyer()) return
    const amountMinor = typedAmount(pay.text, settle(toPayMinor(), pay.taken).remainingMinor)
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
    const amountMinor = typedAmount(pay.text, settle(toPayMinor(), pay.taken).remainingMinor)
    if (amountMinor === undefined) return fail('not-an-amount')
    const fault = bankFault(toPayMinor(), pay.taken, amountMinor)
    if (fault !== undefined) return fail(fault)
    const read = cardReference(approval, lastFour)
    if ('fault' in read) return fail(read.fault)
    add({ kind: 'card', amountMinor, reference: read.reference })
    if (isCovered()) await complete()
  }

  /**
   * Makes the sale (JRN-1). Until the journal answers nothing says "paid"; a repeat for the same cart
   * gives the same bill, so that a second Enter after trouble is harmless.
   */
  async function complete(): Promise<void> {
    const { pay, draft, priced } = store.getState()
    const catalogue = core.catalogue()
    if (pay === undefined || pay.completing || pay.upi !== undefined || !isCovered()) return
    if (draft === undefined || priced === undefined || catalogue === undefined) return
    setPay({ completing: true, fault: undefined })
    const { changeMinor } = settle(priced.toPayMinor, pay.taken)
    const language = parts.language()
    const codes = new Map(draft.lines.map((line) => [line.uid, line.code]))
    try {
      const bill = await parts.journal.completeSale({
        cart: draft.cart,
        rulebook: rulebookRef(catalogue),
        documents: [
          documentDraftOf({
            priced,
            rulebook: catalogue.rulebook,
            context: core.pricingContext(pay.pricedAt),
            language,
            scannedCode: (uid) => codes.get(uid),
          }),
        ],
        tenders: tendersOf(priced.toPayMinor, pay.taken),
        changeMinor,
        language,
        recalledFrom: draft.recalledFrom,
        root: draft.root,
        ...(pay.buyer !== undefined && { personal: personalOfBuyer(pay.buyer) }),
      })
      if (pay.doubt !== undefined) await reportDoubt(draft.cart, rulebookRef(catalogue), pay.doubt)
      core.showDraft(undefined, {
        pay: undefined,
        undo: undefined,
        notice: undefined,
        dialog: undefined,
        paid: { bill, totalMinor: priced.toPayMinor, changeMinor, print: 'printing' },
      })
      parts.playSound('done')
      cart.resume()
      await printFirst(bill)
    } catch (cause) {
      if (cause instanceof JournalRefused && cause.code === 'cart-ended') {
        // The cart was voided and its lines came back after a restart: they go on as a cart of their own.
        core.showDraft(reopenDraft(draft, parts.newId()))
        setPay({ completing: false })
        return complete()
      }
      setPay({ completing: false })
      fail('not-saved')
      cart.resume()
    }
  }

  /** The bill was paid otherwise while an attempt is open: should its money come, a person gives it back. */
  async function reportDoubt(
    cartId: string,
    rulebook: { version: number; checksum: string },
    { attempt, amountMinor }: UpiAttempt,
  ): Promise<void> {
    const body = { kind: 'payment-in-doubt', params: { tender: 'upi', amountMinor, attempt }, place: null }
    await parts.journal.append({ type: 'incident', cart: cartId, rulebook, body }).catch(() => {
      // The intent without a result says the same; the sale is complete and must be shown.
    })
  }

  /** The first copy. Where it does not come out, the paid panel and the bill's own page print again. */
  async function printFirst(bill: Bill): Promise<void> {
    const job = { id: parts.newId(), duplicate: false, openDrawer: bill.body.tenders.some(isCash) }
    const outcome = await parts.printBill(bill, job)
    showPrint(bill, outcome.outcome === 'printed' ? 'printed' : outcome.fault)
    if (outcome.outcome !== 'printed') return
    const printed = await parts.journal.confirmPrint(bill.identity, job.id, null)
    const { paid } = store.getState()
    if (paid?.bill.identity === bill.identity) store.setState({ paid: { ...paid, bill: printed } })
  }

  function showPrint(bill: Bill, print: PrintState): void {
    const { paid } = store.getState()
    if (paid?.bill.identity === bill.identity) store.setState({ paid: { ...paid, print } })
  }

  /** Called every second: Pay that stood open too long is closed and priced again (JRN-13). */
  function tick(): void {
    const { pay, draft } = store.getState()
    if (pay === undefined || pay.completing || pay.upi !== undefined) return
    if (core.now() - pay.pricedAt < PAY_MS_MAX) return
    // A bank's money was asked for these prices; the bill is finished with them.
    if (pay.doubt !== undefined || pay.taken.some((tender) => tender.kind !== 'cash')) return
    core.showDraft(draft, { pay: pay.taken.length === 0 ? undefined : { ...pay, pricedAt: core.now() } })
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
    askUpi,
    confirmUpi,
    cancelUpi,
    leaveUpiOpen,
    reopenUpi,
    askCard,
    confirmCard,
    complete,
    showPrint,
    tick,
    settlement: () => settle(toPayMinor(), store.getState().pay?.taken ?? []),
  }
}

function isCash({ kind }: { kind: string }): boolean {
  return kind === 'cash'
}
