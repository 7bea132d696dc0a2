import type { PricedCart } from '@nexus/domain'
import { type Static, Type } from 'typebox'
import { Instant, Minor, ProductId } from './common.ts'
import { amountMax, closed, instantMax, monthPattern } from './format-parts.ts'

/**
 * Carts, contexts and rulebooks as the outside hands them to the pricing engine (docs/rulebook-format.md):
 * integer paise, thousandths and basis points, instants in milliseconds since 1970 UTC. Objects are closed
 * and every list and number is bounded.
 */

/** Lines of one cart; a trolley has 100. */
const linesMax = 1000

const Amount = Type.Integer({ minimum: 0, maximum: amountMax, description: 'paise' })
const AtLeastOne = Type.Integer({ minimum: 1, maximum: amountMax, description: 'paise' })
const Percent = Type.Integer({ minimum: 1, maximum: 10_000, description: 'basis points' })
const Key = Type.String({ minLength: 1, maxLength: 64 })
const At = Type.Integer({ ...Instant, minimum: 0, maximum: instantMax })
const StateCode = Type.String({ pattern: '^[0-9]{2}$', description: 'GST State code' })
const Reduction = [closed({ percentBp: Percent }), closed({ amountMinor: AtLeastOne })]

export const CartFormat = closed({
  lines: Type.Array(
    closed({
      uid: Key,
      productId: ProductId,
      batchId: Type.Optional(ProductId),
      quantityMilli: Type.Integer({ minimum: 1, maximum: amountMax, description: 'thousandths' }),
      giftOf: Type.Optional(ProductId),
      manual: Type.Optional(Type.Union([...Reduction, closed({ unitMinor: Amount })])),
    }),
    { maxItems: linesMax },
  ),
  coupons: Type.Optional(Type.Array(Key, { maxItems: 20 })),
  manual: Type.Optional(Type.Union(Reduction)),
  pointsMinor: Type.Optional(Amount),
})
export type CartFormat = Static<typeof CartFormat>

const Uses = closed({
  customer: Type.Optional(Amount),
  total: Type.Optional(Amount),
  givenMinor: Type.Optional(Amount),
})
/** Who buys, where and when; what is left out is taken from the store, the clock, or is a stranger's. */
export const PricingContextFormat = closed({
  pricedAt: Type.Optional(At),
  storeId: Type.Optional(Key),
  placeOfSupply: Type.Optional(StateCode),
  tier: Type.Optional(Key),
  isStaff: Type.Optional(Type.Boolean()),
  isFirstPurchase: Type.Optional(Type.Boolean()),
  /** By offer id: what is known of its limits. */
  uses: Type.Optional(
    Type.Record(Type.String({ pattern: '^[1-9][0-9]{0,9}$' }), Uses, {
      additionalProperties: false,
      maxProperties: 1000,
    }),
  ),
  /** By code, in capitals. */
  couponStates: Type.Optional(
    Type.Record(
      Type.String({ pattern: '^[^_].{0,63}$' }),
      Type.Union([Type.Literal('usable'), Type.Literal('used'), Type.Literal('unknown')]),
      { additionalProperties: false, maxProperties: 20 },
    ),
  ),
})
export type PricingContextFormat = Static<typeof PricingContextFormat>

/** A cart and the circumstances: the body of POST /v1/price but for its version, and the file of `nexus price`. */
export const CartFile = closed({ cart: CartFormat, context: Type.Optional(PricingContextFormat) })
export type CartFile = Static<typeof CartFile>

const Names = Type.Unsafe<{ en: string; [language: string]: string }>(
  Type.Object(
    { en: Type.String({ minLength: 1, maxLength: 200 }) },
    { additionalProperties: Type.String({ maxLength: 200 }), maxProperties: 50 },
  ),
)
const Product = closed({
  id: ProductId,
  sku: Key,
  names: Names,
  brandId: ProductId,
  categoryId: ProductId,
  departmentId: Type.Optional(ProductId),
  tags: Type.Optional(Type.Array(Key, { maxItems: 100 })),
  /** Money on a card, no goods: in no offer and no discount. */
  giftCard: Type.Optional(Type.Literal(true)),
  hsn: Type.String({ maxLength: 8 }),
  uqc: Type.String({ minLength: 3, maxLength: 3 }),
  taxClassId: Key,
  barcodes: Type.Array(Key, { maxItems: 100 }),
  batches: Type.Array(
    closed({
      id: ProductId,
      batchNo: Type.String({ maxLength: 64 }),
      mrpMinor: Type.Optional(AtLeastOne),
      revisedMrpMinor: Type.Optional(AtLeastOne),
      expiry: Type.Optional(
        closed({
          kind: Type.Union([Type.Literal('use-before'), Type.Literal('expiry')]),
          month: Type.String({ pattern: monthPattern }),
        }),
      ),
    }),
    { maxItems: 1000 },
  ),
  prices: Type.Array(closed({ list: ProductId, unitMinor: Amount, from: At, until: Type.Optional(At) }), {
    maxItems: 1000,
  }),
})

/**
 * A whole rulebook in one file. Offers are anything here: which effect an offer has decides its schema
 * (`offerFormats`), and one that this release does not know keeps no cart from being priced (PRC-6j).
 */
export const RulebookFormat = closed({
  version: Type.Optional(ProductId),
  rupeeRounding: Type.Optional(Type.Boolean()),
  stores: Type.Optional(
    Type.Array(closed({ id: Key, regionId: Key, state: StateCode }), { minItems: 1, maxItems: 10_000 }),
  ),
  taxClasses: Type.Array(
    closed({
      id: Key,
      name: Type.String({ minLength: 1, maxLength: 200 }),
      rates: Type.Array(
        closed({
          from: At,
          kind: Type.Union([
            Type.Literal('taxable'),
            Type.Literal('nil'),
            Type.Literal('exempt'),
            Type.Literal('non-gst'),
          ]),
          rateBp: Type.Integer({ minimum: 0, maximum: 100_000 }),
        }),
        { minItems: 1, maxItems: 100 },
      ),
    }),
    { minItems: 1, maxItems: 1000 },
  ),
  priceLists: Type.Array(
    closed({
      id: ProductId,
      name: Type.String({ minLength: 1, maxLength: 200 }),
      scope: Type.Union([Type.Literal('store'), Type.Literal('region'), Type.Literal('chain')]),
      scopeId: Type.String({ maxLength: 64 }),
      tier: Type.Optional(Key),
      inclusive: Type.Boolean(),
    }),
    { minItems: 1, maxItems: 10_000 },
  ),
  products: Type.Array(Product, { maxItems: 100_000 }),
  offers: Type.Array(Type.Unknown(), { maxItems: 10_000 }),
})
export type RulebookFormat = Static<typeof RulebookFormat>

/** A priced cart: every member of `PricedCart` of `@nexus/domain`; the sums are described here. */
export const PricedCartFormat = Type.Unsafe<PricedCart>(
  Type.Object(
    {
      engine: Type.Integer(),
      inclusive: Type.Boolean(),
      lines: Type.Array(
        Type.Object({ uid: Type.String(), paidMinor: Minor }, { additionalProperties: true }),
      ),
      grossMinor: Minor,
      discountMinor: Minor,
      taxableMinor: Minor,
      cgstMinor: Minor,
      igstMinor: Minor,
      roundOffMinor: Minor,
      rupeeMinor: Minor,
      toPayMinor: Minor,
    },
    { additionalProperties: true },
  ),
)
