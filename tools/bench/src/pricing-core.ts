import {
  type Cart,
  indexRulebook,
  type Offer,
  type PricingContext,
  price,
  type Rulebook,
} from '@nexus/domain'
import { dice } from '@nexus/seed'
import { type Benchmark, type Figure, median, percentile } from './report.ts'

const products = 20_000
const perBrand = 20
/** Products that carts are made of: a hundred brands. */
const reach = 2000
const now = Date.UTC(2026, 10, 22, 5)
/** p95 a cart in µs, as docs/spec/pricing.md has it: what must hold, and the aim. */
const budgets: Record<string, { mustUs: number; aimUs: number }> = {
  '5 lines, 1000 offers': { mustUs: 30, aimUs: 8 },
  '20 lines, 1000 offers': { mustUs: 100, aimUs: 30 },
  '60 lines competing, 500 offers': { mustUs: 20_000, aimUs: 20_000 },
  '100 lines, 1000 offers': { mustUs: 500, aimUs: 150 },
}
const cases = [
  ...[10, 1000, 10_000].flatMap((offers) =>
    [5, 20, 100].map((lines) => ({ lines, offers, competing: false })),
  ),
  { lines: 60, offers: 500, competing: true },
]

/**
 * `pricing-core`: one cart after another through `price`, warm, on one core. Few offers touch a cart, as in a
 * shop; in the competing case about twenty do. The reference is the plain-integer ceiling: unit price × quantity,
 * tax out of it and a sum, without any rule.
 */
export const benchmark: Benchmark = async ({ seconds, rounds, say }) => {
  const figures: Figure[] = []
  for (const one of cases) {
    const what = `${one.lines} lines${one.competing ? ' competing' : ''}, ${one.offers} offers`
    const rulebook = rulebookWith(one.offers, one.competing)
    const carts = cartsOf(one.lines, one.competing)
    let own: number[] = []
    let bare: number[] = []
    for (let round = 0; round < rounds; round++) {
      // Not spread into push: a million arguments overflow the stack.
      bare = bare.concat(measure(carts, (cart) => plain(cart, rulebook), seconds / 4))
      own = own.concat(measure(carts, (cart) => price(cart, rulebook, context).toPayMinor, seconds))
    }
    say(`${what}: p95 ${percentile(own, 0.95).toFixed(1)} µs`)
    figures.push({
      what,
      values: {
        'p50 µs': median(own),
        'p95 µs': percentile(own, 0.95),
        'ceiling p50 µs': median(bare),
      },
      ratio: { of: 'the plain-integer ceiling', value: median(own) / median(bare) },
    })
  }
  const p95 = (what: string) => figures.find((figure) => figure.what === what)?.values['p95 µs'] ?? Number.NaN
  const p50 = (what: string) => figures.find((figure) => figure.what === what)?.values['p50 µs'] ?? Number.NaN
  const growth = p50('20 lines, 10000 offers') / p50('20 lines, 10 offers')
  return {
    figures,
    aims: [
      ...Object.entries(budgets).flatMap(([what, { mustUs, aimUs }]) => [
        {
          aim: `${what}: p95 ≤ ${mustUs} µs`,
          reached: p95(what) <= mustUs,
          measured: `${p95(what).toFixed(1)} µs`,
        },
        {
          aim: `${what}: aiming at ${aimUs} µs`,
          reached: p95(what) <= aimUs,
          measured: `${p95(what).toFixed(1)} µs`,
        },
      ]),
      {
        aim: 'no growth from 10 to 10,000 offers that do not touch the cart',
        reached: growth <= 1.25,
        measured: `${growth.toFixed(2)} ×`,
      },
    ],
    notes: [],
  }
}

const context: PricingContext = {
  pricedAt: now,
  storeId: 'store',
  regionId: 'south',
  storeState: '29',
  placeOfSupply: '29',
}

/**
 * Half of the offers are percentages, half are buy-get. The same few touch what carts are made of (one brand in
 * five, or in the competing case every brand twice), and all others goods that no cart has.
 */
function rulebookWith(count: number, competing: boolean): Rulebook {
  const offers = Array.from({ length: count }, (_, index): Offer => {
    const touches = index < (competing ? 24 : 20)
    const brand = competing ? 1 + (index % 12) : 1 + index * 5
    const selector = touches ? { brands: [brand] } : { products: [reach + 1 + index] }
    const common = { id: index + 1, name: `Offer ${index + 1}`, priority: 0, from: 0 }
    return index % 2 === 0
      ? { ...common, effect: 'unit-off', selector, off: { percentBp: 1000 + (index % 9) * 100 } }
      : { ...common, effect: 'buy-get', selector, buy: 2, get: 1, percentBp: 10_000 }
  })
  return indexRulebook({
    version: 1,
    checksum: 'bench',
    rupeeRounding: true,
    taxClasses: [
      { id: 'GST18', name: 'GST 18%', rates: [{ from: 0, kind: 'taxable', rateBp: 1800 }] },
      { id: 'GST5', name: 'GST 5%', rates: [{ from: 0, kind: 'taxable', rateBp: 500 }] },
    ],
    priceLists: [{ id: 1, name: 'Chain', scope: 'chain', scopeId: '', inclusive: true }],
    offers,
    products: Array.from({ length: products }, (_, index) => {
      const mrpMinor = 9900 + ((index * 37) % 400) * 100
      return {
        id: index + 1,
        sku: `P${index + 1}`,
        names: { en: `Product ${index + 1}` },
        brandId: 1 + Math.floor(index / perBrand),
        categoryId: 1 + (index % 40),
        hsn: '330499',
        uqc: 'NOS',
        taxClassId: index % 5 === 0 ? 'GST5' : 'GST18',
        barcodes: [],
        batches: [{ id: index + 1, batchNo: 'B1', mrpMinor }],
        prices: [{ list: 1, unitMinor: mrpMinor - 500, from: 0 }],
      }
    }),
  })
}

function cartsOf(lines: number, competing: boolean): Cart[] {
  const random = dice(5, lines)
  const among = competing ? 12 * perBrand : reach
  const all = Array.from({ length: among }, (_, index) => index + 1)
  return Array.from({ length: 200 }, () => {
    const chosen = new Set<number>()
    while (chosen.size < lines) chosen.add(random.pick(all))
    return {
      lines: [...chosen].map((productId, index) => ({
        uid: String(index + 1),
        productId,
        quantityMilli: 1000 * (1 + (index % 3 === 0 ? 1 : 0)),
      })),
    }
  })
}

/** What the same figures cost without rules: a product of integers, a division, a sum. */
function plain(cart: Cart, rulebook: Rulebook): number {
  let toPayMinor = 0
  let taxableMinor = 0
  for (const line of cart.lines) {
    const product = rulebook.findProduct(line.productId)
    const paidMinor = ((product?.prices[0]?.unitMinor ?? 0) * line.quantityMilli) / 1000
    toPayMinor += paidMinor
    taxableMinor += Math.round((paidMinor * 10_000) / 11_800)
  }
  return toPayMinor + taxableMinor
}

/** µs of single carts, timed in batches short enough to see a slow one. */
function measure(carts: readonly Cart[], run: (cart: Cart) => number, seconds: number): number[] {
  let sum = 0
  for (let warm = 0; warm < 20; warm++) for (const cart of carts) sum += run(cart)
  const samples: number[] = []
  const until = performance.now() + seconds * 1000
  while (performance.now() < until) {
    for (const cart of carts) {
      const startedAt = performance.now()
      sum += run(cart)
      samples.push((performance.now() - startedAt) * 1000)
    }
  }
  if (!Number.isFinite(sum)) throw new Error('a price is no number')
  return samples
}
