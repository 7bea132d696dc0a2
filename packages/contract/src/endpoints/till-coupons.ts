import { type Static, Type } from 'typebox'
import { Instant } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** A code as it was typed or scanned; blanks around it and its case do not matter. */
const CouponText = Type.String({ minLength: 1, maxLength: 40 })

/** What the server says of a code of a series; `state` is what goes into the pricing context (PRC-6m). */
export const CouponClaim = Type.Object({
  /** As it is compared and kept: without blanks around it, in capitals. */
  code: Type.String(),
  state: Type.Union([Type.Literal('usable'), Type.Literal('used'), Type.Literal('unknown')]),
  /**
   * Of a usable code: no other register gets it before this instant, so this one may redeem it until then
   * without a line (PRC-11b).
   */
  until: Type.Optional(Instant),
  /**
   * Why it is not usable: `used` is `redeemed` on a bill or `reserved` by another register for now,
   * `unknown` is `void`, `expired`, or without a reason no code that was ever given out.
   */
  reason: Type.Optional(
    Type.Union([
      Type.Literal('redeemed'),
      Type.Literal('reserved'),
      Type.Literal('void'),
      Type.Literal('expired'),
    ]),
  ),
})
export type CouponClaim = Static<typeof CouponClaim>

export const claimCoupon = endpoint({
  method: 'POST',
  path: '/v1/tills/coupons/claim',
  tag: 'coupons',
  allow: 'device',
  summary:
    'Reserve a code of a coupon series for the calling register, for a day at most. The same register asking again is answered the same. The reservation ends with the bill that redeems it; the till that made the bill must know that by itself until the bill is pushed.',
  body: Type.Object({ code: CouponText }),
  answer: CouponClaim,
})
export const releaseCoupon = endpoint({
  method: 'POST',
  path: '/v1/tills/coupons/release',
  tag: 'coupons',
  allow: 'device',
  summary:
    'Give a reserved code back, since the cart was given up or the coupon taken out. What the register does not hold stays as it is.',
  body: Type.Object({ code: CouponText }),
})
