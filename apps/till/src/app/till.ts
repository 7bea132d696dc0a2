import { billCommands } from '../bills/bill-commands.ts'
import { cartCommands } from '../cart/cart-commands.ts'
import { payCommands } from '../pay/pay-commands.ts'
import { returnCommands } from '../returns/return-commands.ts'
import { createCore, type Parts } from './core.ts'
import { sessionCommands } from './session-commands.ts'

/** Between tries to bring back an interrupted cart. */
const RETRY_MS = 2000

export type Till = ReturnType<typeof createTill>

/** The engine of the screens: plain TypeScript outside React. Components draw its store and call its commands. */
export function createTill(parts: Parts) {
  const { kept } = parts.keeper
  const core = createCore(parts)
  const cart = cartCommands(core)
  const pay = payCommands(core, cart)
  const returns = returnCommands(core)
  const session = sessionCommands(core, cart)
  const bills = billCommands(core)

  // An interrupted cart needs journal and rulebook; both open in their own time.
  let begun = false
  function restoreOnce(): void {
    const { state } = parts.journal.getStatus()
    if (begun || (state !== 'ready' && state !== 'retired') || core.catalogue() === undefined) return
    begun = true
    void restore()
  }
  async function restore(): Promise<void> {
    try {
      await session.restore(kept)
      core.store.setState({ restoring: false })
      cart.resume()
    } catch {
      // Nothing is lost: it stands where it was kept, and the next try follows.
      core.notify('journal-failed', { tone: 'bad' })
      begun = false
      setTimeout(restoreOnce, RETRY_MS)
    }
  }
  core.store.setState({ restoring: kept?.draft != null })
  parts.journal.subscribe(restoreOnce)
  parts.rulebook.subscribe(restoreOnce)
  restoreOnce()

  return { ...core, cart, pay, returns, session, bills }
}
