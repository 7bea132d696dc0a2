import type { RulebookData } from '../pricing/rulebook.ts'
import type { Cart, CartLine, PercentOffBill, PricingContext, RulebookProduct } from '../pricing/types.ts'

/** 22 November 2026, 10:00 in Kolkata. */
export const NOW = 1_795_321_800_000

/**
 * Corner Shop as tests know it: a chain list, nine products, and one awkward tax: shampoo went from
 * 18% to 5% on 22 September 2025.
 */
export function cornerShop(changes: Partial<RulebookData> = {}): RulebookData {
  return {
    version: 1,
    checksum: 'corner-shop',
    rupeeRounding: false,
    taxClasses: [
      { id: 'gst-18', name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] },
      { id: 'gst-5', name: 'GST 5%', rates: [{ from: 0, kind: 'taxable', rateBp: 500 }] },
      {
        id: 'shampoo',
        name: 'Shampoo',
        rates: [
          { from: 0, kind: 'taxable', rateBp: 1800 },
          { from: GST_2, kind: 'taxable', rateBp: 500 },
        ],
      },
      { id: 'nil', name: 'Nil', rates: [{ from: 0, kind: 'nil', rateBp: 0 }] },
      { id: 'exempt', name: 'Exempt', rates: [{ from: 0, kind: 'exempt', rateBp: 0 }] },
      { id: 'outside', name: 'Outside GST', rates: [{ from: 0, kind: 'non-gst', rateBp: 0 }] },
    ],
    priceLists: [{ id: 1, name: 'Chain', scope: 'chain', scopeId: '', inclusive: true }],
    offers: [],
    products: [
      product(1, 'Vitamin C serum', 'gst-18', 49900),
      product(2, 'Perfume', 'gst-18', 99900),
      product(3, 'Shampoo', 'shampoo', 34900),
      product(4, 'Hair oil', 'gst-5', 14900),
      product(5, 'Bindi', 'nil', 4900),
      product(6, 'Sachet', 'gst-18', 100),
      product(7, 'Nail paint', 'gst-18', 9950),
      product(8, 'Plastic bangles', 'exempt', 3333),
      { ...product(9, 'Loose henna', 'gst-5', 101), uqc: 'GMS' },
    ],
    ...changes,
  }
}

/** Midnight in Kolkata before 22 September 2025. */
export const GST_2 = 1_758_479_400_000

/** A product at its MRP on list 1, with one batch whose id is ten times its own. */
export function product(id: number, name: string, taxClassId: string, mrpMinor: number): RulebookProduct {
  return {
    id,
    sku: `SKU-${id}`,
    names: { en: name },
    brandId: 1,
    categoryId: 1,
    hsn: '330499',
    uqc: 'NOS',
    taxClassId,
    barcodes: [],
    batches: [{ id: id * 10, batchNo: `B${id}`, mrpMinor }],
    prices: [{ list: 1, unitMinor: mrpMinor, from: 0 }],
  }
}

/** A walk-in sale in Karnataka, now. */
export function context(changes: Partial<PricingContext> = {}): PricingContext {
  return {
    pricedAt: NOW,
    storeId: 'koramangala',
    regionId: 'south',
    storeState: '29',
    placeOfSupply: '29',
    ...changes,
  }
}

/** A cart of whole units: `cart([1, 2], [3, 1])` is two of product 1 and one of product 3. */
export function cart(...lines: [productId: number, units: number][]): Cart {
  return {
    lines: lines.map(([productId, units], at): CartLine => {
      return { uid: `l${at + 1}`, productId, quantityMilli: units * 1000 }
    }),
  }
}

/** An offer of a percentage off the bill, always in force. */
export function percentOff(percentBp: number, changes: Partial<PercentOffBill> = {}): PercentOffBill {
  return { id: 1, name: 'Offer', priority: 1, from: 0, effect: 'percent-off-bill', percentBp, ...changes }
}
