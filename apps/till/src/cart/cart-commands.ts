import type { Core } from '../app/core.ts'
import type { PayState } from '../app/state.ts'
import { byHandCommands } from './by-hand-commands.ts'
import type { Draft } from './cart.ts'
import { couponCommands } from './coupon-commands.ts'
import { giftCommands } from './gift-commands.ts'
import { lineCommands } from './line-commands.ts'
import { scanCommands } from './scan-commands.ts'
import { searchCommands } from './search-commands.ts'
import { voidCommands } from './void-commands.ts'

export type CartCommands = ReturnType<typeof cartCommands>

/** Everything that changes the cart before Pay. */
export function cartCommands(core: Core) {
  const { store } = core
  const coupons = couponCommands(core)
  const scans = scanCommands(core, coupons)
  const lines = lineCommands(core)

  /** Brings back a cart that a reload interrupted. Rejects when its rows cannot be read. */
  async function restore(draft: Draft, pay: PayState | undefined): Promise<void> {
    const catalogue = core.catalogue()
    if (catalogue === undefined) return
    const ids = draft.lines.flatMap((line) => line.productId ?? [])
    await catalogue.ensure(ids)
    core.showDraft(draft, { pay })
    coupons.askAgain()
  }

  /** Takes back the last void; codes that were given back with it are asked for again. */
  function undo(): void {
    lines.undo()
    coupons.askAgain()
  }

  /** Called as time goes by: prices and offers that begin or end now change the open cart, until Pay (PRC-5c). */
  function reprice(): void {
    const { draft, pay } = store.getState()
    if (draft !== undefined && pay === undefined) core.showDraft(draft)
  }

  return {
    scan: scans.scan,
    resume: scans.resume,
    ...searchCommands(core, scans, coupons),
    ...lines,
    ...byHandCommands(core),
    ...giftCommands(core, scans, lines.setQuantity),
    ...voidCommands(core, coupons),
    enterCoupon: coupons.enterCoupon,
    removeCoupon: coupons.removeCoupon,
    settleCoupons: coupons.settleCoupons,
    undo,
    reprice,
    restore,
  }
}
