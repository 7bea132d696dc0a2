import type { OfferUsesForTills } from '@nexus/contract'
import type { PricedCart, PricingContext } from '@nexus/domain'

type Uses = Record<number, { total: number; givenMinor: number }>

/**
 * Adds the bills of this till to what headquarters counted of limited offers, until it counts anew: by then
 * they have arrived there, or are in the next count (PRC-11a). Without a line the till so stays within a
 * limit that it alone would pass.
 */
export function countOwnUses() {
  let since = 0
  let own: Uses = {}

  function startAt(asOf: number): void {
    if (asOf === since) return
    since = asOf
    own = {}
  }

  return {
    /** What is known in all; undefined before headquarters told of any limited offer. */
    with(told: OfferUsesForTills | null): PricingContext['uses'] {
      if (told === null || told.uses.length === 0) return undefined
      startAt(told.asOf)
      const uses: Uses = {}
      for (const { offerId, total, givenMinor } of told.uses) {
        const here = own[offerId]
        uses[offerId] = {
          total: total + (here?.total ?? 0),
          givenMinor: givenMinor + (here?.givenMinor ?? 0),
        }
      }
      return uses
    },
    count({ applied = [] }: PricedCart): void {
      for (const { offerId, applications, amountMinor } of applied) {
        const before = own[offerId]
        own[offerId] = {
          total: (before?.total ?? 0) + applications,
          givenMinor: (before?.givenMinor ?? 0) + amountMinor,
        }
      }
    },
  }
}
