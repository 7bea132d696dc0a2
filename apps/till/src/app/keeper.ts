import { openDB } from 'idb'
import type { Draft } from '../cart/cart.ts'
import type { PayState, TillState } from './state.ts'

/** What survives a reload besides the journal: an unfinished cart with its payment, and who holds the drawer. */
export type Kept = {
  draft: Draft | null
  pay: Pick<PayState, 'pricedAt' | 'uses' | 'method' | 'taken' | 'upi' | 'doubt' | 'buyer'> | null
  holder: TillState['holder'] | null
}

/** Keeps an open cart on this device. Losing it costs scanning again; the sale itself is the journal's. */
export type Keeper = {
  /** What the run before left behind. */
  kept: Kept | undefined
  keep(kept: Kept): void
}

/**
 * Opens the kept cart. In a database of its own: localStorage reaches the disk up to a minute later, and
 * a killed browser would bring back a cart that was sold long ago. Never rejects: without storage a
 * reload loses the open cart, as the status panel says of the storage.
 */
export async function openKeeper(): Promise<Keeper> {
  const database = await openDB('nexus-open-cart', 1, {
    upgrade: (created) => created.createObjectStore('cart'),
  }).catch(() => undefined)
  // Written by `keep` alone.
  const kept = (await database?.get('cart', 'open').catch(() => undefined)) as Kept | undefined
  let next: Kept | undefined
  let writing = false

  /** One write at a time; of several changes meanwhile only the last one matters. */
  async function write(): Promise<void> {
    for (let now = next; now !== undefined; now = next) {
      next = undefined
      await database?.put('cart', now, 'open').catch(() => undefined)
    }
    writing = false
  }
  return {
    kept,
    keep(changed) {
      next = changed
      if (writing) return
      writing = true
      // Behind the frame that shows the change.
      setTimeout(write)
    },
  }
}

/** What of the state is kept. */
export function keptOf({ draft, pay, holder }: TillState): Kept {
  return {
    draft: draft ?? null,
    pay: pay
      ? {
          pricedAt: pay.pricedAt,
          uses: pay.uses,
          method: pay.method,
          taken: pay.taken,
          buyer: pay.buyer,
          doubt: pay.doubt,
          // Before its intent is journalled an attempt was shown to nobody.
          upi: pay.upi?.step === 'intent' ? undefined : pay.upi,
        }
      : null,
    holder: holder ?? null,
  }
}
