import type { Core } from '../app/core.ts'
import type { PayState } from '../app/state.ts'
import type { Draft } from './cart.ts'
import { lineCommands } from './line-commands.ts'
import { scanCommands } from './scan-commands.ts'
import { searchCommands } from './search-commands.ts'
import { voidCommands } from './void-commands.ts'

export type CartCommands = ReturnType<typeof cartCommands>

/** Everything that changes the cart before Pay. */
export function cartCommands(core: Core) {
  const scans = scanCommands(core)

  /** Brings back a cart that a reload interrupted. Rejects when its rows cannot be read. */
  async function restore(draft: Draft, pay: PayState | undefined): Promise<void> {
    const catalogue = core.catalogue()
    if (catalogue === undefined) return
    const ids = draft.lines.flatMap((line) => line.productId ?? [])
    await catalogue.ensure(ids)
    core.showDraft(draft, { pay })
  }

  return {
    scan: scans.scan,
    resume: scans.resume,
    ...searchCommands(core, scans),
    ...lineCommands(core),
    ...voidCommands(core),
    restore,
  }
}
