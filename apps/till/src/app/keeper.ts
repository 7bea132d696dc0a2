import type { Draft } from '../cart/cart.ts'
import type { PayState, TillState } from './state.ts'

/** What survives a reload besides the journal: an unfinished cart with its payment, and who holds the drawer. */
export type Kept = {
  draft: Draft | null
  pay: Pick<PayState, 'pricedAt' | 'method' | 'taken' | 'upi' | 'doubt' | 'buyer'> | null
  holder: TillState['holder'] | null
}

/** Keeps an open cart on this device. Losing it costs scanning again; the sale itself is the journal's. */
export type Keeper = { read(): Kept | undefined; keep(kept: Kept): void }

const KEY = 'nexus-open-cart'

export function localKeeper(): Keeper {
  return {
    read() {
      try {
        const text = localStorage.getItem(KEY)
        // Written by `keep` alone; an unreadable one is no cart.
        return text === null ? undefined : (JSON.parse(text) as Kept)
      } catch {
        return undefined
      }
    },
    keep(kept) {
      try {
        localStorage.setItem(KEY, JSON.stringify(kept))
      } catch {
        // Full or blocked: a reload loses the open cart, as the status panel says of the storage.
      }
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
