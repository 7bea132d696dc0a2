import type { I18n } from '@lingui/core'
import type { CouponState } from '@nexus/contract'

/** How codes of a series look, with a dot for each character by chance: `DIW·······`. */
export function codeForm({ prefix, length }: { prefix: string; length: number }): string {
  return prefix + '·'.repeat(Math.max(0, length - prefix.length))
}

export const couponStates = ['free', 'reserved', 'redeemed', 'void', 'expired'] as const

/** What a code is good for now. */
export function stateName(i18n: I18n, state: CouponState): string {
  switch (state) {
    case 'free':
      return i18n._('coupon.free', {}, { message: 'Free' })
    case 'reserved':
      return i18n._('coupon.reserved', {}, { message: 'Reserved' })
    case 'redeemed':
      return i18n._('coupon.redeemed', {}, { message: 'Redeemed' })
    case 'void':
      return i18n._('coupon.void', {}, { message: 'Void' })
    case 'expired':
      return i18n._('coupon.expired', {}, { message: 'Expired' })
  }
}
