import { type CouponOffer, compileOffers, couponCode, couponOf } from '@nexus/domain'
import type { Core } from '../app/core.ts'
import { bindsMoney } from '../pay/tenders.ts'
import { type Draft, type DraftCoupon, openDraft } from './cart.ts'

/** Codes that a bill takes; each is entered by hand and stands in the entry. */
const COUPONS_MAX = 20

export type CouponCommands = ReturnType<typeof couponCommands>

/** Codes that customers bring. */
export function couponCommands(core: Core) {
  const { parts, store } = core

  /** The coupon that a text is, scanned or typed. */
  function couponIn(text: string): CouponOffer | undefined {
    const catalogue = core.catalogue()
    return catalogue && couponOf(compileOffers(catalogue.rulebook.offers), text)
  }

  /** Puts a code on the bill; true when it stands there. What became of it is told beside the totals. */
  function enterCoupon(text: string): boolean {
    const code = couponCode(text)
    const { pay, draft: open } = store.getState()
    const refuse = (why: Parameters<Core['notify']>[0]) => {
      core.notify(why, { tone: 'bad', params: { code, max: COUPONS_MAX } })
      return false
    }
    const offer = couponIn(code)
    if (offer === undefined) return refuse('coupon-unknown')
    // Money that was taken belongs to these prices; before that, a code simply goes back to selling.
    if (pay !== undefined && bindsMoney(pay)) return refuse('scan-while-paying')
    const draft = open ?? openDraft(parts.newId())
    const { coupons = [] } = draft
    if (coupons.some((one) => one.code === code)) return refuse('coupon-repeated')
    if (coupons.length >= COUPONS_MAX) return refuse('coupons-full')
    const isSeries = offer.code.kind === 'series'
    const entered: DraftCoupon = isSeries ? { code, state: 'unknown', asking: true } : { code }
    core.showDraft(
      { ...draft, coupons: [...coupons, entered] },
      { pay: undefined, paid: undefined, notice: undefined, undo: undefined },
    )
    parts.playSound('good')
    if (isSeries) void ask(code)
    return true
  }

  /** A code of a series counts only while headquarters or a reservation says so (PRC-6m, PRC-11b). */
  async function ask(code: string): Promise<void> {
    const answer = await parts.coupons.claim(code)
    const { draft, pay } = store.getState()
    if (draft?.coupons?.some((one) => one.code === code) !== true) {
      // It was taken out meanwhile.
      await parts.coupons.release(code)
      return
    }
    // Prices are frozen: the bill is finished with what was known.
    if (pay !== undefined) return
    if (answer === 'offline') {
      core.showDraft(withCoupon(draft, code, undefined))
      core.notify('coupon-offline', { tone: 'bad', params: { code } })
      return
    }
    core.showDraft(withCoupon(draft, code, { code, ...answer }))
    if (answer.state !== 'usable') parts.playSound('bad')
  }

  /** Asks anew for the codes of a cart that came back: what they were given may have ended. */
  function askAgain(): void {
    const { draft, pay } = store.getState()
    if (draft === undefined || pay !== undefined) return
    const asked = (draft.coupons ?? []).filter(({ state }) => state !== undefined)
    let next = draft
    for (const { code } of asked) next = withCoupon(next, code, { code, state: 'unknown', asking: true })
    if (asked.length === 0) return
    core.showDraft(next)
    for (const { code } of asked) void ask(code)
  }

  function removeCoupon(code: string): void {
    const { draft, pay } = store.getState()
    if (draft === undefined || pay !== undefined) return
    const gone = draft.coupons?.find((one) => one.code === code)
    core.showDraft(withCoupon(draft, code, undefined), { notice: undefined })
    if (gone?.state === 'usable') void parts.coupons.release(code)
  }

  /** Gives back what a bill did not use: it was voided, or the code took nothing off. */
  function releaseCoupons({ coupons = [] }: Draft, used: ReadonlySet<string> = new Set()): void {
    for (const { code, state } of coupons) {
      if (state === 'usable' && !used.has(code)) void parts.coupons.release(code)
    }
  }

  /** After a bill is complete: its codes are redeemed here, whatever headquarters knows; others go back. */
  async function settleCoupons(draft: Draft, used: ReadonlySet<string>): Promise<void> {
    releaseCoupons(draft, used)
    for (const { code, state } of draft.coupons ?? []) {
      // Without this note the reservation is refused again as soon as the bill is pushed.
      if (state === 'usable' && used.has(code)) await parts.coupons.redeemed(code).catch(() => undefined)
    }
  }

  return { couponIn, enterCoupon, removeCoupon, askAgain, releaseCoupons, settleCoupons }
}

/** The draft with a code's entry replaced, or taken out. */
function withCoupon(draft: Draft, code: string, coupon: DraftCoupon | undefined): Draft {
  const coupons = (draft.coupons ?? []).flatMap((one) =>
    one.code !== code ? [one] : coupon === undefined ? [] : [coupon],
  )
  const { coupons: _, ...rest } = draft
  return coupons.length === 0 ? rest : { ...rest, coupons }
}
