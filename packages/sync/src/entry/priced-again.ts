import type { Cart, CartLine, PricingContext } from '@nexus/domain'
import type { BillDocument, LineManual } from './schema.ts'

/**
 * The cart that a sold document was priced from (PRC-9a). `price` with the engine and rulebook version
 * that its entry names, and `contextOf`, gives its figures again.
 */
export function cartOf({ lines, pricing }: Pick<BillDocument, 'lines' | 'pricing'>): Cart {
  const { coupons, manual, pointsMinor } = pricing
  return {
    lines: lines.map(
      ({ uid, product, batch, quantityMilli, giftOf, manual }): CartLine => ({
        uid,
        productId: product,
        quantityMilli,
        ...(batch !== null && { batchId: batch }),
        ...(giftOf !== undefined && { giftOf }),
        ...(manual !== undefined && { manual: figureOf(manual) }),
      }),
    ),
    ...(coupons !== undefined && { coupons: coupons.map(({ code }) => code) }),
    ...(manual !== undefined && {
      manual: 'percentBp' in manual ? { percentBp: manual.percentBp } : { amountMinor: manual.amountMinor },
    }),
    ...(pointsMinor !== undefined && { pointsMinor }),
  }
}

/** Everything outside cart and rulebook that decided a document's prices. `storeId`: its entry's store. */
export function contextOf(storeId: string, pricing: BillDocument['pricing']): PricingContext {
  const { pricedAt, region, storeState, placeOfSupply, tier, isStaff, isFirstPurchase, uses, coupons } =
    pricing
  return {
    pricedAt,
    storeId,
    regionId: region,
    storeState,
    placeOfSupply,
    ...(tier !== null && { tier }),
    ...(isStaff !== undefined && { isStaff }),
    ...(isFirstPurchase !== undefined && { isFirstPurchase }),
    ...(uses !== undefined && {
      uses: Object.fromEntries(uses.map(({ offer, ...known }) => [offer, known])),
    }),
    ...(coupons !== undefined && {
      couponStates: Object.fromEntries(
        coupons.flatMap(({ code, state }) => (state === undefined ? [] : [[code, state]])),
      ),
    }),
  }
}

function figureOf(manual: LineManual): NonNullable<CartLine['manual']> {
  if ('percentBp' in manual) return { percentBp: manual.percentBp }
  if ('amountMinor' in manual) return { amountMinor: manual.amountMinor }
  return { unitMinor: manual.unitMinor }
}
