import fc from 'fast-check'
import type { ItemLine, LiveItemOffer } from '../pricing/item-offers/types.ts'
import type { ItemOffer, Selector } from '../pricing/offers.ts'

/** Lines and live item offers, small and close enough to compete. */
export type ItemCase = { lines: ItemLine[]; offers: LiveItemOffer[] }

const selector: Selector = { everything: true }
const price = fc.oneof(fc.constantFrom(0, 1, 999, 1000, 2000, 3000), fc.integer({ min: 1, max: 5000 }))
const rate = fc.oneof(fc.constantFrom(10_000, 5000, 1000), fc.integer({ min: 1, max: 10_000 }))

const line = fc
  .record({
    unitMinor: price,
    units: fc.integer({ min: 1, max: 3 }),
    weighed: fc.integer({ min: 0, max: 9 }),
    above: fc.integer({ min: 0, max: 9 }),
    daysToExpiry: fc.option(fc.integer({ min: -1, max: 40 }), { nil: undefined }),
  })
  .map(({ unitMinor, units, weighed, above, daysToExpiry }): Omit<ItemLine, 'uid'> => {
    const fractional = weighed === 0
    const pieces = fractional ? 1 : units
    const cut = above < 3 ? above : 0
    return {
      unitMinor,
      units: pieces,
      fractional,
      valueMinor: Math.max(0, unitMinor * pieces - cut),
      daysToExpiry,
    }
  })

const effect: fc.Arbitrary<(common: CommonFields) => ItemOffer> = fc.oneof(
  fc
    .record({ rate, minimum: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }) })
    .map(({ rate, minimum }) => (common: CommonFields) => ({
      ...common,
      effect: 'unit-off' as const,
      selector,
      off: { percentBp: rate },
      ...(minimum !== undefined && { minimumUnits: minimum }),
    })),
  fc.integer({ min: 1, max: 1500 }).map((amountMinor) => (common: CommonFields) => ({
    ...common,
    effect: 'unit-off' as const,
    selector,
    off: { amountMinor },
  })),
  fc
    .record({ rate, buy: fc.integer({ min: 1, max: 2 }), get: fc.integer({ min: 1, max: 2 }) })
    .map(({ rate, buy, get }) => (common: CommonFields) => ({
      ...common,
      effect: 'buy-get' as const,
      selector,
      buy,
      get,
      percentBp: rate,
    })),
  fc
    .record({ rate, buy: fc.integer({ min: 1, max: 2 }), get: fc.integer({ min: 1, max: 2 }) })
    .map(({ rate, buy, get }) => (common: CommonFields) => ({
      ...common,
      effect: 'buy-other' as const,
      buy: { selector, units: buy },
      get: { selector, units: get },
      percentBp: rate,
    })),
  fc
    .record({ parts: fc.integer({ min: 2, max: 3 }), priceMinor: fc.integer({ min: 0, max: 6000 }) })
    .map(({ parts, priceMinor }) => (common: CommonFields) => ({
      ...common,
      effect: 'bundle' as const,
      parts: Array.from({ length: parts }, () => selector),
      priceMinor,
    })),
  fc.record({ rate, later: rate }).map(({ rate, later }) => (common: CommonFields) => ({
    ...common,
    effect: 'markdown' as const,
    selector,
    steps: [
      { withinDays: 7, percentBp: rate },
      { withinDays: 30, percentBp: later },
    ],
  })),
  fc.constant((common: CommonFields) => ({ ...common, effect: 'complimentary' as const, selector })),
)

type CommonFields = { id: number; name: string; priority: number; from: number; combinable: boolean }

/** A case of up to `unitsMax` units and `offersMax` offers. */
export function itemCase(unitsMax: number, offersMax: number): fc.Arbitrary<ItemCase> {
  return fc
    .record({
      lines: fc.array(line, { minLength: 1, maxLength: unitsMax }),
      offers: fc.array(
        fc.record({
          effect,
          priority: fc.integer({ min: 0, max: 2 }),
          combinable: fc.boolean(),
          applicationsMax: fc.oneof(fc.constant(1000), fc.integer({ min: 0, max: 3 })),
          // By part, a bit a line.
          touches: fc.array(fc.integer({ min: 1, max: 2 ** unitsMax - 1 }), { minLength: 3, maxLength: 3 }),
        }),
        { minLength: 1, maxLength: offersMax },
      ),
    })
    .map(({ lines, offers }) => {
      const kept: ItemLine[] = []
      let room = unitsMax
      for (const one of lines) {
        if (one.units > room) continue
        room -= one.units
        kept.push({ ...one, uid: `L${kept.length}` })
      }
      const live = offers.map(({ effect, priority, combinable, applicationsMax, touches }, at) => {
        const offer = effect({ id: offers.length - at, name: 'Offer', priority, from: 0, combinable })
        const count = offer.effect === 'bundle' ? offer.parts.length : offer.effect === 'buy-other' ? 2 : 1
        const parts = touches
          .slice(0, count)
          .map((bits) => kept.flatMap((_, place) => (Math.floor(bits / 2 ** place) % 2 === 1 ? [place] : [])))
        return { offer, parts, applicationsMax }
      })
      return { lines: kept, offers: live }
    })
}
