import { billCommands } from '../bills/bill-commands.ts'
import { cartCommands } from '../cart/cart-commands.ts'
import { payCommands } from '../pay/pay-commands.ts'
import { createCore, type Parts } from './core.ts'
import { sessionCommands } from './session-commands.ts'

export type Till = ReturnType<typeof createTill>

/** The engine of the screens: plain TypeScript outside React. Components draw its store and call its commands. */
export function createTill(parts: Parts) {
  const kept = parts.keeper.read()
  const core = createCore(parts)
  const cart = cartCommands(core)
  const pay = payCommands(core, cart)
  const session = sessionCommands(core, cart)
  const bills = billCommands(core)

  // An interrupted cart needs journal and rulebook; both open in their own time.
  let restored = false
  function restoreOnce(): void {
    if (restored || parts.journal.getStatus().state !== 'ready' || core.catalogue() === undefined) return
    restored = true
    session.restore(kept).catch(() => core.notify('journal-failed', { tone: 'bad' }))
  }
  parts.journal.subscribe(restoreOnce)
  parts.rulebook.subscribe(restoreOnce)
  restoreOnce()

  return { ...core, cart, pay, session, bills }
}
