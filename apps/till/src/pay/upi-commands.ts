import { upiLink } from '@nexus/domain'
import { type Core, rulebookRef } from '../app/core.ts'
import type { PayState, UpiAttempt } from '../app/state.ts'
import { JournalRefused } from '../journal/index.ts'
import type { PayCore } from './pay-core.ts'
import { bankFault, type Taken, typedAmount, upiReference } from './tenders.ts'

/** Cosmetics stores, as payment networks number trades. */
const MERCHANT_CODE = '5977'

/** UPI by QR without a provider: the cashier reads off a phone what became of it (JRN-15). */
export function upiCommands(core: Core, payCore: PayCore, complete: () => Promise<void>) {
  const { parts, store } = core
  const { toPayMinor, refundMinor, setPay, fail, settlement, add, isCovered, asksBuyer } = payCore

  /** Shows the QR for the typed amount, or for all that is left; the intent is journalled first (JRN-15). */
  async function askUpi(): Promise<void> {
    const { pay, draft } = store.getState()
    const catalogue = core.catalogue()
    const { place } = parts.journal.getStatus()
    if (pay === undefined || pay.completing || pay.upi !== undefined || asksBuyer()) return
    if (draft === undefined || catalogue === undefined || place === null) return
    if (refundMinor() > 0) return setPay({ method: 'upi', fault: undefined })
    if (place.company.upiId === null) return core.notify('upi-off', { tone: 'bad' })
    if (pay.doubt !== undefined) return fail('upi-in-doubt')
    const amountMinor = typedAmount(pay.text, settlement().remainingMinor)
    if (amountMinor === undefined) return fail('not-an-amount')
    const fault = bankFault(toPayMinor(), pay.taken, amountMinor)
    if (fault !== undefined) return fail(fault)

    const attempt = parts.newId()
    const reference = attempt.replaceAll('-', '')
    const link = linkOf(reference, amountMinor)
    const upi = { attempt, amountMinor, link, startedAt: core.now(), step: 'intent' } as const
    setPay({ method: 'upi', text: '', fault: undefined, upi })
    try {
      await parts.journal.beginAttempt({
        cart: draft.cart,
        rulebook: rulebookRef(catalogue),
        dueMinor: dueOfBank(pay.taken),
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
    } catch (cause) {
      // Nothing was shown to the customer, so no money can come.
      setPay({ upi: undefined })
      fail(cause instanceof JournalRefused && cause.code === 'attempt-open' ? 'upi-in-doubt' : 'not-saved')
    }
  }

  function linkOf(reference: string, amountMinor: number): string {
    const { place } = parts.journal.getStatus()
    return upiLink({
      payeeAddress: place?.company.upiId ?? '',
      payeeName: place?.company.tradeName ?? '',
      merchantCode: MERCHANT_CODE,
      reference,
      note: `${place?.store.name ?? ''} ${place?.register.number ?? ''}`,
      amountMinor,
    })
  }

  /** What attempts may bring: all that no other tender covers. */
  function dueOfBank(taken: readonly Taken[]): number {
    return taken.reduce((left, tender) => {
      if (tender.kind === 'upi') return left
      return left - (tender.kind === 'cash' ? tender.handedMinor : tender.amountMinor)
    }, toPayMinor())
  }

  /**
   * What the journal knows of money that was asked for a cart (JRN-15): Pay begins with it, also where what
   * the screens kept is gone. Paid money is taken; of the rest the newest is in doubt.
   */
  function asked(cart: string): Pick<PayState, 'taken' | 'doubt'> {
    const { attempts } = parts.journal.getStatus()
    const own = attempts.filter((one) => one.cart === cart && one.kind === 'upi' && one.direction === 'in')
    const taken = own.flatMap(({ attempt, amountMinor, reference, paid }): Taken[] => {
      if (paid === null) return []
      return [{ kind: 'upi', amountMinor, reference: paid.providerReference ?? reference, attempt }]
    })
    const open = own.findLast(({ paid }) => paid === null)
    const doubt: UpiAttempt | undefined = open && {
      attempt: open.attempt,
      amountMinor: open.amountMinor,
      link: linkOf(open.reference, open.amountMinor),
      startedAt: open.at,
      step: 'waiting',
    }
    return { taken, doubt }
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
    const upi = pay?.upi
    if (upi?.step !== 'waiting' || draft === undefined) return undefined
    setPay({ upi: { ...upi, step: 'result' }, fault: undefined })
    try {
      await parts.journal.endAttempt({
        attempt: upi.attempt,
        state,
        by: 'cashier',
        amountMinor: upi.amountMinor,
        providerReference,
        detail: null,
      })
      setPay({ upi: undefined })
      return upi
    } catch {
      setPay({ upi })
      fail('not-saved')
      return undefined
    }
  }

  return { asked, askUpi, confirmUpi, cancelUpi, leaveUpiOpen, reopenUpi }
}
