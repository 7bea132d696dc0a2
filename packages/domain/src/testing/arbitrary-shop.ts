import fc from 'fast-check'
import type { RulebookData } from '../pricing/rulebook.ts'
import type { Batch, Cart, Offer, PriceRow, PricingContext, RulebookProduct } from '../pricing/types.ts'
import { NOW } from './corner-shop.ts'

/** A rulebook, a cart that it can price, and a context: small enough to collide, odd enough to hurt. */
export type Case = { data: RulebookData; cart: Cart; context: PricingContext }

const taxClasses = [
  ...[500, 1200, 1800, 2800, 4000, 25].map((rateBp) => ({ kind: 'taxable' as const, rateBp })),
  { kind: 'nil' as const, rateBp: 0 },
  { kind: 'exempt' as const, rateBp: 0 },
  { kind: 'non-gst' as const, rateBp: 0 },
].map((rate, at) => ({ id: `class-${at}`, name: 'Class', rates: [{ from: 0, ...rate }] }))

/** Mostly shop prices, with the small odd amounts where rounding shows. */
const amount = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 1, max: 99 }).map((rupees) => rupees * 100),
  fc.integer({ min: 100, max: 500_000 }),
)

function batches(productId: number): fc.Arbitrary<Batch[]> {
  const mrp = fc.option(amount, { nil: undefined })
  return fc.array(fc.tuple(mrp, mrp), { maxLength: 3 }).map((list) =>
    list.map(([mrpMinor, revisedMrpMinor], at) => ({
      id: productId * 10 + at,
      batchNo: `B${at}`,
      ...(mrpMinor !== undefined && { mrpMinor }),
      ...(revisedMrpMinor !== undefined && { revisedMrpMinor }),
    })),
  )
}

function productOf(id: number): fc.Arbitrary<RulebookProduct> {
  return fc
    .record({
      batches: batches(id),
      taxClassId: fc.constantFrom(...taxClasses.map((taxClass) => taxClass.id)),
      measured: fc.boolean(),
      chainMinor: amount,
      others: fc.array(
        fc.record({
          list: fc.constantFrom(1, 2, 3, 4, 5),
          unitMinor: amount,
          from: fc.constantFrom(0, NOW - 1, NOW, NOW + 1),
        }),
        { maxLength: 3 },
      ),
    })
    .map(({ batches, taxClassId, measured, chainMinor, others }) => ({
      id,
      sku: `SKU-${id}`,
      names: { en: `Product ${id}` },
      brandId: 1,
      categoryId: 1,
      hsn: '330499',
      uqc: measured ? 'GMS' : 'NOS',
      taxClassId,
      barcodes: [],
      batches,
      prices: [{ list: 1, unitMinor: chainMinor, from: 0 }, ...others] satisfies PriceRow[],
    }))
}

const offer = (id: number): fc.Arbitrary<Offer> =>
  fc
    .record({
      effect: fc.constantFrom('percent-off-bill', 'percent-off-bill', 'percent-off-bill', 'not-invented-yet'),
      priority: fc.integer({ min: 0, max: 2 }),
      percentBp: fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.constantFrom(500, 1000, 10_000)),
      minimumMinor: fc.option(amount, { nil: undefined }),
      from: fc.constantFrom(0, 0, 0, NOW, NOW + 1),
      until: fc.constantFrom(undefined, undefined, NOW, NOW + 1),
      storeIds: fc.constantFrom(undefined, undefined, ['koramangala'], ['elsewhere']),
    })
    .map(({ minimumMinor, until, storeIds, ...rest }) => {
      const made = {
        id,
        name: `Offer ${id}`,
        ...rest,
        ...(minimumMinor !== undefined && { minimumMinor }),
        ...(until !== undefined && { until }),
        ...(storeIds !== undefined && { storeIds }),
      }
      // A newer rulebook holds effects that this engine's types do not know.
      return made as Offer
    })

/** Any shop, cart and context that `price` accepts. */
export const pricingCase: fc.Arbitrary<Case> = fc
  .record({
    products: fc.tuple(productOf(1), productOf(2), productOf(3), productOf(4)),
    offers: fc.tuple(offer(1), offer(2), offer(3)).chain((offers) => fc.shuffledSubarray([...offers])),
    inclusive: fc.boolean(),
    rupeeRounding: fc.boolean(),
    placeOfSupply: fc.constantFrom('29', '29', '27'),
    tier: fc.constantFrom(undefined, 'member'),
    lines: fc.array(
      fc.record({
        productId: fc.integer({ min: 1, max: 4 }),
        units: fc.integer({ min: 1, max: 5 }),
        milli: fc.integer({ min: 1, max: 3000 }),
        batch: fc.option(fc.nat(2), { nil: undefined }),
      }),
      { maxLength: 8 },
    ),
  })
  .map(({ products, offers, inclusive, rupeeRounding, placeOfSupply, tier, lines }) => ({
    data: {
      version: 1,
      checksum: 'any',
      rupeeRounding,
      products: [...products],
      taxClasses,
      offers,
      priceLists: [
        { id: 1, name: 'Chain', scope: 'chain', scopeId: '', inclusive },
        { id: 2, name: 'South', scope: 'region', scopeId: 'south', inclusive },
        { id: 3, name: 'Koramangala', scope: 'store', scopeId: 'koramangala', inclusive },
        { id: 4, name: 'Members', scope: 'chain', scopeId: '', tier: 'member', inclusive },
        { id: 5, name: 'Elsewhere', scope: 'store', scopeId: 'elsewhere', inclusive },
      ],
    },
    context: {
      pricedAt: NOW,
      storeId: 'koramangala',
      regionId: 'south',
      storeState: '29',
      placeOfSupply,
      ...(tier !== undefined && { tier }),
    },
    cart: {
      lines: lines.map(({ productId, units, milli, batch }, at) => {
        const product = products[productId - 1]
        const batchId = batch === undefined ? undefined : product?.batches[batch]?.id
        return {
          uid: `l${at}`,
          productId,
          quantityMilli: product?.uqc === 'GMS' ? milli : units * 1000,
          ...(batchId !== undefined && { batchId }),
        }
      }),
    },
  }))
