import fc from 'fast-check'
import type { Offer, Reduction, Selector } from '../pricing/offers.ts'
import type { Cart, PricingContext } from '../pricing/types.ts'
import { type Case, pricingCase } from './arbitrary-shop.ts'
import { NOW } from './corner-shop.ts'

const ids = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
const selector: fc.Arbitrary<Selector> = fc.oneof(
  fc.constant({ everything: true as const }),
  ids.map((products) => ({ products })),
  ids.map((products) => ({ everything: true as const, except: { products } })),
  fc.constant({ brands: [1], unitFromMinor: 500 }),
)
const percentBp = fc.constantFrom(1, 500, 1000, 3333, 5000, 10_000)
const amountMinor = fc.constantFrom(1, 99, 1000, 25_000)
const off: fc.Arbitrary<Reduction> = fc.oneof(
  percentBp.map((percentBp) => ({ percentBp })),
  fc.record({ percentBp, capMinor: amountMinor }),
  amountMinor.map((amountMinor) => ({ amountMinor })),
)
const count = fc.integer({ min: 1, max: 3 })
const minimum = fc.constantFrom(1, 1000, 50_000)

const effect = fc.oneof(
  fc.record({ effect: fc.constant('unit-off'), selector, off: off.filter((one) => !('capMinor' in one)) }),
  fc.record({
    effect: fc.constant('unit-off'),
    selector,
    off: percentBp.map((percentBp) => ({ percentBp })),
    minimumUnits: count,
  }),
  fc.record({ effect: fc.constant('buy-get'), selector, buy: count, get: count, percentBp }),
  fc.record({
    effect: fc.constant('buy-other'),
    buy: fc.record({ selector, units: count }),
    get: fc.record({ selector, units: count }),
    percentBp,
  }),
  fc.record({ effect: fc.constant('bundle'), parts: fc.tuple(selector, selector), priceMinor: amountMinor }),
  fc.record({ effect: fc.constant('complimentary'), selector }),
  fc.record({ effect: fc.constant('percent-off-bill'), percentBp, minimumMinor: minimum }),
  fc.record({
    effect: fc.constant('threshold'),
    selector,
    on: fc.constantFrom('selector', 'bill'),
    tiers: off.map((off) => [{ fromMinor: 1000, off }]),
  }),
  fc.record({
    effect: fc.constant('gift'),
    selector,
    fromMinor: minimum,
    gifts: ids,
    unitMinor: fc.constantFrom(0, 100),
  }),
  fc.record({
    effect: fc.constant('coupon'),
    code: fc.constantFrom('SAVE', 'MORE').map((text) => ({ kind: 'public', text })),
    selector,
    off,
    minimumMinor: minimum,
  }),
)

const offer = (id: number) =>
  fc
    .record({
      effect,
      priority: fc.nat(2),
      combinable: fc.boolean(),
      perBill: fc.option(count, { nil: undefined }),
      weekdays: fc.constantFrom(undefined, undefined, [7], [1]),
    })
    .map(({ effect, priority, combinable, perBill, weekdays }) => {
      const made = {
        id,
        name: `Offer ${id}`,
        from: 0,
        priority,
        combinable,
        ...(perBill !== undefined && { limits: { perBill } }),
        ...(weekdays !== undefined && { weekdays }),
        ...effect,
      }
      // as: each effect was made whole above.
      return made as Offer
    })

/** A shop of `pricingCase` with offers of every effect, and a cart with gifts, coupons, manual discounts and points. */
export const everyEffectCase: fc.Arbitrary<Case> = fc
  .record({
    shop: pricingCase,
    offers: fc
      .tuple(offer(1), offer(2), offer(3), offer(4), offer(5))
      .chain((all) => fc.shuffledSubarray([...all]))
      // Publishing refuses a code that another offer has.
      .map((some) => some.filter((offer, at) => some.findIndex((one) => sharesCode(one, offer)) === at)),
    gifts: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }),
    coupons: fc.subarray(['save', 'SAVE', 'more', 'nothing']),
    manual: fc.option(fc.constantFrom({ percentBp: 1000 }, { amountMinor: 777 }), { nil: undefined }),
    override: fc.option(fc.constantFrom({ unitMinor: 100 }, { percentBp: 5000 }), { nil: undefined }),
    pointsMinor: fc.constantFrom(undefined, undefined, 500),
  })
  .map(({ shop, offers, gifts, coupons, manual, override, pointsMinor }) => {
    const lines = shop.cart.lines.map((line, at) => {
      const giftOf = at < gifts.length ? gifts[at] : undefined
      return {
        ...line,
        ...(giftOf !== undefined && { giftOf }),
        ...(at === 2 && override !== undefined && { manual: override }),
      }
    })
    const cart: Cart = {
      lines,
      coupons,
      ...(manual !== undefined && { manual }),
      ...(pointsMinor !== undefined && { pointsMinor }),
    }
    const context: PricingContext = { ...shop.context, pricedAt: NOW }
    return { data: { ...shop.data, offers }, cart, context }
  })

function sharesCode(one: Offer, other: Offer): boolean {
  if (one === other) return true
  if (one.effect !== 'coupon' || other.effect !== 'coupon') return false
  return one.code.kind === 'public' && other.code.kind === 'public' && one.code.text === other.code.text
}
