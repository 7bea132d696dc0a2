import type { CouponClaim } from '@nexus/contract'
import { couponCode } from '@nexus/domain'
import type { Context } from '../../context.ts'
import { stateOf } from './queries.ts'
import { findCode, lockCode, releaseCode, reserveCode } from './sql.ts'

type Parts = Pick<Context, 'database' | 'clock'>

/** How long a register may redeem a code without a line: over a shop's day, with room for a late evening. */
const grantMs = 24 * 3600_000

/**
 * Reserves a code of a series for a register (PRC-11b). Of many that ask at once one gets it; that one
 * asking again is answered the same, until its reservation has run out.
 */
export async function claimCoupon(
  { database, clock }: Parts,
  entered: string,
  registerId: string,
): Promise<CouponClaim> {
  const code = couponCode(entered)
  return await database.write(async (tx): Promise<CouponClaim> => {
    const now = clock.now()
    const found = (await lockCode(tx, code)) ? await findCode(tx, code) : undefined
    if (found === undefined) return { code, state: 'unknown' }
    const state = stateOf(found, now)
    if (state === 'redeemed') return { code, state: 'used', reason: 'redeemed' }
    if (state === 'void' || state === 'expired') return { code, state: 'unknown', reason: state }
    if (state === 'reserved' && found.reserved_until !== null) {
      return found.reserved_by === registerId
        ? { code, state: 'usable', until: found.reserved_until }
        : { code, state: 'used', reason: 'reserved' }
    }
    const until = Math.min(now + grantMs, found.expires_at ?? Number.MAX_SAFE_INTEGER)
    await reserveCode(tx, code, registerId, until)
    return { code, state: 'usable', until }
  })
}

/** Gives a code back that the register holds; anything else stays as it is. */
export async function releaseCoupon(
  { database }: Pick<Context, 'database'>,
  entered: string,
  registerId: string,
): Promise<void> {
  await database.write(async (tx) => await releaseCode(tx, couponCode(entered), registerId))
}
