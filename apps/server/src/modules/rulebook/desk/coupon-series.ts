import { type OfferStatus, offerFormats, type StaticOf } from '@nexus/contract'
import { couponCode } from '@nexus/domain'
import type { Db } from '../../../db/database.ts'
import { faultsOf } from '../../../http/validation.ts'
import { statusOf } from './queries.ts'
import { couponOffers, type OfferRecord } from './sql.ts'

/** A coupon offer whose codes are given out one by one. */
export type CouponSeries = {
  offerId: number
  name: string
  /** As codes begin: in capitals. */
  prefix: string
  /** Characters of a whole code. */
  length: number
  status: OfferStatus
  from: number | null
  until: number | null
}

/**
 * Offers that are coupon series, the newest first; drafts only once they say so.
 *
 * @param id one offer; undefined: all
 */
export async function couponSeries(db: Db, now: number, id?: number): Promise<CouponSeries[]> {
  return (await couponOffers(db, id)).flatMap((offer) => {
    const code = seriesCodeOf(offer)
    if (code === undefined) return []
    return {
      offerId: offer.id,
      name: offer.name,
      prefix: couponCode(code.prefix),
      length: code.length,
      status: statusOf(offer, now),
      from: offer.from_at,
      until: offer.until_at,
    }
  })
}

const { code: Code } = offerFormats.coupon.properties

function seriesCodeOf({ definition }: OfferRecord): { prefix: string; length: number } | undefined {
  if (definition.effect !== 'coupon' || faultsOf(Code, definition.code).length > 0) return undefined
  // as: the schema has just said so; a draft may hold anything here.
  const code = definition.code as StaticOf<typeof Code>
  return code.kind === 'series' ? code : undefined
}
