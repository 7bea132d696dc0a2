import type { PricedCart } from '@nexus/domain'
import { documentDraftOf } from '@nexus/sync'
import { type Core, rulebookRef } from '../app/core.ts'
import type { PayState, PrintState, UpiAttempt } from '../app/state.ts'
import { cartOfDraft, type Draft, isEmptyDraft, reopenDraft } from '../cart/cart.ts'
import type { CartCommands } from '../cart/cart-commands.ts'
import { contextOfDraft } from '../cart/price-draft.ts'
import { type Bill, JournalRefused } from '../journal/index.ts'
import { withReturn } from '../returns/draft-return.ts'
import { returnedHere, sameQuantities } from '../returns/find-bill.ts'
import { personalOfBuyer } from './buyer.ts'
import type { PayCore } from './pay-core.ts'
import { refundTender, type Taken, tendersOf } from './tenders.ts'

/** How money goes back, and the reference of what was sent. */
type Refund = { kind: Taken['kind']; reference: string | null }

/** From covered tenders to a bill that exists, and its first paper. */
export function completeCommands(core: Core, payCore: PayCore, cart: CartCommands) {
  const { parts, store } = core
  const { toPayMinor, refundMinor, setPay, fail, settlement, isCovered } = payCore

  /**
   * Makes the sale (JRN-1). Until the journal answers nothing says "paid"; a repeat for the same cart
   * gives the same bill, so that a second Enter after trouble is harmless.
   *
   * @param refund how the difference goes back where more comes back than is sold
   */
  async function complete(refund: Refund = { kind: 'cash', reference: null }): Promise<void> {
    const { pay, draft, priced } = store.getState()
    const catalogue = core.catalogue()
    if (pay === undefined || pay.completing || pay.upi !== undefined || !isCovered()) return
    if (draft === undefined || priced === undefined || catalogue === undefined) return
    setPay({ completing: true, fault: undefined })
    const { changeMinor } = settlement()
    const [totalMinor, backMinor] = [toPayMinor(), refundMinor()]
    const tenders = tendersOf(totalMinor, pay.taken)
    if (backMinor > 0) tenders.push(refundTender(backMinor, refund))
    const language = parts.language()
    const codes = new Map(draft.lines.map((line) => [line.uid, line.code]))
    try {
      if (!(await isStillRight(draft))) return dropReturn(draft, pay)
      const bill = await parts.journal.completeSale({
        cart: draft.cart,
        rulebook: rulebookRef(catalogue),
        documents: withReturn(draft, pay.pricedAt, () =>
          documentDraftOf({
            priced,
            cart: cartOfDraft(draft),
            rulebook: catalogue.rulebook,
            context: contextOfDraft(draft, core.pricingContext(pay.pricedAt, pay.uses)),
            language,
            scannedCode: (uid) => codes.get(uid),
            reasons: reasonsOf(draft),
          }),
        ),
        tenders,
        changeMinor,
        language,
        recalledFrom: draft.recalledFrom,
        root: draft.root,
        ...(pay.buyer !== undefined && { personal: personalOfBuyer(pay.buyer) }),
      })
      const [document] = bill.body.documents
      if (document?.pricing.pricedAt !== pay.pricedAt) {
        // An old cart that a restart brought back: it was sold then, and what was taken now goes back.
        core.showDraft(undefined, { pay: undefined, undo: undefined })
        core.notify('sold-before', { tone: 'bad', params: { number: document?.number ?? '' } })
        cart.resume()
        return
      }
      if (pay.doubt !== undefined) await reportDoubt(draft.cart, rulebookRef(catalogue), pay.doubt)
      core.showDraft(undefined, {
        pay: undefined,
        undo: undefined,
        notice: undefined,
        dialog: undefined,
        paid: { bill, totalMinor, refundMinor: backMinor, changeMinor, print: 'printing' },
      })
      void cart.settleCoupons(draft, usedCodes(priced))
      core.countUses(priced)
      parts.playSound('done')
      cart.resume()
      await printFirst(bill)
    } catch (cause) {
      if (cause instanceof JournalRefused && cause.code === 'cart-ended') {
        // The cart was voided and its lines came back after a restart: they go on as a cart of their own.
        core.showDraft(reopenDraft(draft, parts.newId()))
        setPay({ completing: false })
        return complete(refund)
      }
      setPay({ completing: false })
      fail('not-saved')
      cart.resume()
    }
  }

  /** False where goods of the same bill came back in another cart since this return was made (RET-2i). */
  async function isStillRight({ returned, cart: own }: Draft): Promise<boolean> {
    if (returned === undefined) return true
    return sameQuantities(returned.here, await returnedHere(returned.bill, parts.journal, own))
  }

  /** The goods were given back already: they leave the cart, and what is sold stays to be paid. */
  function dropReturn({ returned, ...draft }: Draft, pay: PayState): void {
    const open = isEmptyDraft(draft) ? undefined : { ...pay, completing: false }
    core.showDraft(draft, { pay: open })
    core.notify('returned-meanwhile', { tone: 'bad', params: { number: returned?.bill.number ?? '' } })
    cart.resume()
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
    const printed = await parts.journal.confirmPrint(bill.identity, job.id)
    const { paid } = store.getState()
    if (paid?.bill.identity === bill.identity) store.setState({ paid: { ...paid, bill: printed } })
  }

  function showPrint(bill: Bill, print: PrintState): void {
    const { paid } = store.getState()
    if (paid?.bill.identity === bill.identity) store.setState({ paid: { ...paid, print } })
  }

  return { complete }
}

/** Why people took something off, and who allowed it. */
function reasonsOf({ lines, manual }: Draft) {
  return {
    ...(manual !== undefined && { bill: { reason: manual.reason, approval: manual.approval } }),
    lines: Object.fromEntries(
      lines.flatMap(({ uid, manual: given }) =>
        given === undefined ? [] : [[uid, { reason: given.reason, approval: given.approval }]],
      ),
    ),
  }
}

/** Codes that took something off. */
function usedCodes({ coupons = [] }: PricedCart): ReadonlySet<string> {
  return new Set(coupons.flatMap(({ code, outcome }) => (outcome.kind === 'applied' ? [code] : [])))
}

function isCash({ kind }: { kind: string }): boolean {
  return kind === 'cash'
}
