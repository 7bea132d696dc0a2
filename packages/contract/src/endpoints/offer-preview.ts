import type { Advice, PricedCart } from '@nexus/domain'
import { type Static, Type } from 'typebox'
import { Hash, Id, Instant, Nullable, ProductId } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { PricedCartFormat } from '../pricing-formats.ts'
import { OfferDefinition, OfferStatus } from './offers.ts'

const OfferId = Type.Integer({ minimum: 1, maximum: 2147483647 })
const Named = Type.Object({ id: Type.Integer(), name: Type.String() })

export const getOfferChoices = endpoint({
  method: 'GET',
  path: '/v1/offers/choices',
  tag: 'offers',
  allow: 'products.read',
  summary: 'Brands and categories that an offer may name, and customer tiers that price lists know.',
  answer: Type.Object({
    brands: Type.Array(Named),
    categories: Type.Array(Named),
    tiers: Type.Array(Type.String()),
  }),
})

export const OfferGoods = Type.Object({ id: ProductId, sku: Type.String(), name: Type.String() })
export type OfferGoods = Static<typeof OfferGoods>
export const getOfferGoods = endpoint({
  method: 'GET',
  path: '/v1/offers/:offerId/goods',
  tag: 'offers',
  allow: 'products.read',
  summary: 'Products that an offer names, gifts and exclusions too.',
  params: Type.Object({ offerId: OfferId }),
  answer: Type.Object({ products: Type.Array(OfferGoods) }),
})

/** A bill, by the entry that made it. */
const BillRef = Type.Object({ identity: Hash, document: Type.Integer({ minimum: 0, maximum: 1 }) })

export const previewOffer = endpoint({
  method: 'POST',
  path: '/v1/offers/preview',
  tag: 'offers',
  allow: 'products.read',
  summary:
    'Price a cart, or a past bill again, with and without an offer as it stands in a form. Nothing is written. A cart is priced by the newest rulebook for a customer of the offer’s audience, with the coupon entered and the first gift taken; a bill by its own rulebook, customer and instant, the offer’s dates apart.',
  body: Type.Object(
    {
      /** The offer that the definition changes; left out for one that is not stored yet. */
      offerId: Type.Optional(OfferId),
      definition: OfferDefinition,
      of: Type.Union([
        Type.Object(
          {
            lines: Type.Array(
              Type.Object(
                {
                  productId: ProductId,
                  batchId: Type.Optional(ProductId),
                  quantityMilli: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
                },
                { additionalProperties: false },
              ),
              { minItems: 1, maxItems: 200 },
            ),
            /** Left out: the offer's first store among the caller's, or the caller's first. */
            storeId: Type.Optional(Id),
            /** Left out: now, or the offer's beginning where that is later. */
            at: Type.Optional(Instant),
          },
          { additionalProperties: false },
        ),
        Type.Object({ bill: BillRef }, { additionalProperties: false }),
      ]),
    },
    { additionalProperties: false },
  ),
  answer: Type.Object({
    /** By which the draft is called in the figures. */
    offerId: OfferId,
    storeId: Type.String(),
    pricedAt: Instant,
    rulebookVersion: Type.Integer(),
    without: PricedCartFormat,
    /** With what may be said beyond the price, as members of their own. */
    with: Type.Unsafe<PricedCart & Advice>(PricedCartFormat),
    /** What figures name by number. */
    names: Type.Object({
      offers: Type.Array(Named),
      products: Type.Array(Named),
      priceLists: Type.Array(Named),
    }),
  }),
})

export const OfferConflict = Type.Object({
  offer: Type.Object({
    id: OfferId,
    name: Type.String(),
    effect: Type.String(),
    status: OfferStatus,
    priority: Type.Integer(),
    from: Nullable(Instant),
    until: Nullable(Instant),
  }),
  /**
   * `competes`: on one unit, or on one bill, only one of both; `adds-up`: both may come off (PRC-6b, PRC-6d).
   */
  relation: Type.Union([Type.Literal('competes'), Type.Literal('adds-up')]),
  /** What they meet on: the same units, the one offer of the bill, or the one coupon of the bill. */
  on: Type.Union([Type.Literal('units'), Type.Literal('bill'), Type.Literal('coupon')]),
  /** Products on sale that both speak of. */
  products: Type.Integer(),
  /** One of them; null for none. */
  example: Nullable(Type.String()),
})
export type OfferConflict = Static<typeof OfferConflict>
export const listOfferConflicts = endpoint({
  method: 'GET',
  path: '/v1/offers/:offerId/conflicts',
  tag: 'offers',
  allow: 'products.read',
  summary:
    'Live and scheduled offers that can meet a stored offer on one bill: same time, store and customer, and goods in common. Those that compete first; at most a hundred.',
  params: Type.Object({ offerId: OfferId }),
  answer: Type.Object({
    conflicts: Type.Array(OfferConflict),
    /** How many there are in all. */
    total: Type.Integer(),
    /** False while the offer has faults: nothing was compared. */
    isCompared: Type.Boolean(),
  }),
})
