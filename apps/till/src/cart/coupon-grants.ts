import type { CouponClaim } from '@nexus/contract'
import type { CouponState } from '@nexus/domain'
import { openDB } from 'idb'
import type { JournalClient } from '../journal/index.ts'

/** Why headquarters does not give a code out. */
export type CouponReason = NonNullable<CouponClaim['reason']>

/** What this till may do with a code of a series; `offline`: nobody can say now. */
export type CouponAnswer = { state: CouponState; why?: CouponReason } | 'offline'

/** Codes of coupon series that are reserved for this register: each is redeemed once (PRC-11b). */
export type CouponGrants = {
  /** Reserves a code, or finds the reservation that this till holds while headquarters is away. Never rejects. */
  claim(code: string): Promise<CouponAnswer>
  /** The code stands on a completed bill: this till gives it to nobody again. */
  redeemed(code: string): Promise<void>
  /** Gives a code back that is on no bill; what headquarters does not hear ends by itself. */
  release(code: string): Promise<void>
}

/** A code as this device knows it. `until`: the till's time at which the reservation ends. */
export type KeptGrant = { code: string; until: number; redeemed: boolean }

/** Where grants outlive the page. */
export type GrantStore = {
  get(code: string): Promise<KeptGrant | undefined>
  put(grant: KeptGrant): Promise<void>
  delete(code: string): Promise<void>
}

type Headquarters = Pick<JournalClient, 'claimCoupon' | 'releaseCoupon'>

/** Longer nobody waits at a counter; the reservation that arrives later is kept all the same. */
const ANSWER_MS = 4000

/** @param now the till's time, ms */
export function couponGrants(
  { claimCoupon, releaseCoupon }: Headquarters,
  store: GrantStore,
  now: () => number,
): CouponGrants {
  async function ask(code: string): Promise<CouponAnswer> {
    const { state, until, reason } = await claimCoupon(code)
    // A reservation without a last instant is good for this bill and for no later one.
    const keeping =
      state === 'usable' ? store.put({ code, until: until ?? now(), redeemed: false }) : store.delete(code)
    // What this device cannot keep is asked for again; the answer holds all the same.
    await keeping.catch(() => undefined)
    return { state, ...(reason !== undefined && { why: reason }) }
  }

  return {
    async claim(code) {
      const kept = await store.get(code).catch(() => undefined)
      // The bill may still be on its way to headquarters, which then knows less than this till.
      if (kept?.redeemed) return { state: 'used', why: 'redeemed' }
      const asked = ask(code).catch((): CouponAnswer => 'offline')
      const answer = await Promise.race([asked, later(ANSWER_MS)])
      if (answer !== 'offline') return answer
      return kept !== undefined && now() < kept.until ? { state: 'usable' } : 'offline'
    },
    async redeemed(code) {
      await store.put({ code, until: 0, redeemed: true })
    },
    async release(code) {
      const kept = await store.get(code).catch(() => undefined)
      if (kept?.redeemed) return
      try {
        await releaseCoupon(code)
        await store.delete(code)
      } catch {
        // Headquarters keeps it for this register, so this till goes on holding it.
      }
    },
  }
}

function later(ms: number): Promise<'offline'> {
  return new Promise((resolve) => setTimeout(resolve, ms, 'offline'))
}

/** Grants in a database of their own; blocked storage keeps none, and codes are then asked for each time. */
export function openGrantStore(): GrantStore {
  const opened = openDB('nexus-coupons', 1, {
    upgrade: (created) => created.createObjectStore('grants', { keyPath: 'code' }),
  })
  return {
    // Written by `put` alone.
    get: async (code) => (await (await opened).get('grants', code)) as KeptGrant | undefined,
    put: async (grant) => void (await (await opened).put('grants', grant)),
    delete: async (code) => await (await opened).delete('grants', code),
  }
}
