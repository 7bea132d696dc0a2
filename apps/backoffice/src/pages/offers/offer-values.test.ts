import { type Effect, offerFormats } from '@nexus/contract'
import { startOfDate } from '@nexus/domain'
import fc from 'fast-check'
import { Check } from 'typebox/value'
import { expect, test } from 'vitest'
import {
  definitionOf,
  type EffectName,
  effects,
  emptyOffer,
  emptyStep,
  emptyTier,
  formField,
  type OfferValues,
  percentOf,
  valuesOf,
  withSelectors,
} from './offer-values.ts'

const now = startOfDate('2026-11-23')
const filled: OfferValues = {
  ...emptyOffer(now),
  name: ' Any 2 lips ',
  off: { kind: 'percent', percent: '12.5', amount: '50', cap: '1,500' },
  minimumUnits: '2',
  bundlePrice: '599',
  minimum: '1499',
  thresholds: [
    { ...emptyTier(), from: '999', percent: '5' },
    { ...emptyTier(), from: '1999', kind: 'amount', amount: '250' },
  ],
  markdowns: [{ ...emptyStep(), days: '60', percent: '30' }],
  giftFrom: '1500',
  gifts: ['7'],
  giftPrice: '1',
  code: 'LUCKY15',
}
/** The values of an effect whose every selector names goods. */
function filledFor(effect: EffectName, change: Partial<OfferValues> = {}): OfferValues {
  const values = { ...filled, effect, ...change }
  const selectors = withSelectors(values, effect).map((selector, at) => ({
    ...selector,
    categories: [String(at + 1)],
  }))
  return { ...values, selectors }
}

test('a filled form makes a definition that the engine takes, for every effect', () => {
  for (const effect of effects) {
    const definition = { id: 1, ...definitionOf(filledFor(effect)) }
    expect([effect, Check(offerFormats[effect], definition)]).toEqual([effect, true])
  }
  // No effect of the engine is missing from the form.
  expect(Object.keys(offerFormats).toSorted()).toEqual(effects.toSorted())
})

test('rupees and percentages as typed become paise and basis points', () => {
  expect(definitionOf(filledFor('unit-off'))).toMatchObject({
    name: 'Any 2 lips',
    off: { percentBp: 1250 },
    minimumUnits: 2,
    selector: { categories: [1] },
  })
  expect(definitionOf(filledFor('coupon')).off).toEqual({ percentBp: 1250, capMinor: 150_000 })
  expect(definitionOf(filledFor('threshold')).tiers).toEqual([
    { fromMinor: 99_900, off: { percentBp: 500 } },
    { fromMinor: 199_900, off: { amountMinor: 25_000 } },
  ])
  expect(['25', '12.5', '0.05', '100 %', '', 'x', '1.234'].map(percentOf)).toEqual([
    2500,
    1250,
    5,
    10_000,
    undefined,
    undefined,
    undefined,
  ])
})

test('an unfinished draft is kept with what it says, and without what it does not', () => {
  const empty = { ...emptyOffer(now), name: 'Later' }
  expect(definitionOf(empty)).toEqual({
    name: 'Later',
    effect: 'unit-off',
    priority: 0,
    from: startOfDate('2026-11-24'),
    selector: {},
  })
})

test('[PRC-5b] days and times are the stores’, the last day is included', () => {
  const calendar = (change: Partial<OfferValues>) =>
    definitionOf({ ...filledFor('complimentary'), ...change })
  const at = startOfDate('2026-12-01')
  const day = 86_400_000
  expect(calendar({ firstDay: '2026-12-01', lastDay: '2026-12-24' })).toMatchObject({
    from: at,
    until: startOfDate('2026-12-25'),
  })
  const hours = { firstTime: '10:30', lastTime: '22:00', hourFrom: '22:00', hourUntil: '02:00' }
  expect(calendar({ firstDay: '2026-12-01', lastDay: '2026-12-01', ...hours })).toMatchObject({
    from: at + 10.5 * 3_600_000,
    until: at + 22 * 3_600_000,
    hours: { fromMinute: 1320, untilMinute: 120 },
  })
  expect(calendar({ weekdays: ['7', '6'] }).weekdays).toEqual([6, 7])
  expect(calendar({ weekdays: ['1', '2', '3', '4', '5', '6', '7'] })).not.toHaveProperty('weekdays')
  expect(calendar({ firstDay: '' }).from).toBe(0)
  // A beginning with seconds stays as it is until somebody changes it.
  const odd = valuesOf({
    ...calendar({}),
    name: 'x',
    effect: 'complimentary',
    from: at + 61_234,
    until: at + day + 1,
  })
  expect(definitionOf(odd)).toMatchObject({ from: at + 61_234, until: at + day + 1 })
  expect(definitionOf({ ...odd, firstTime: '' })).toMatchObject({ from: at })
})

test('what the server keeps comes back as it was, whatever the form is told', () => {
  const id = fc.integer({ min: 1, max: 99 })
  const ids = fc.option(fc.uniqueArray(id, { minLength: 1, maxLength: 3 }), { nil: undefined })
  const minor = fc.integer({ min: 1, max: 9_999_999 })
  const bp = fc.integer({ min: 1, max: 10_000 })
  const units = fc.integer({ min: 1, max: 99 })
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
  const names = { products: ids, brands: ids, categories: ids }
  const selector = fc.record({
    ...names,
    tags: maybe(fc.constant(['new'])),
    unitFromMinor: maybe(minor),
    unitUntilMinor: maybe(minor),
    expiresWithinDays: maybe(units),
    except: maybe(fc.record(names).filter((except) => Object.values(except).some((one) => one))),
  })
  const off = fc.oneof(fc.record({ percentBp: bp }), fc.record({ amountMinor: minor }))
  const capped = fc.oneof(off, fc.record({ percentBp: bp, capMinor: minor }))
  const part = fc.record({ selector, units })
  const parts: Record<Effect, fc.Arbitrary<object>> = {
    'unit-off': fc.record({ selector, off, minimumUnits: maybe(units) }),
    'buy-get': fc.record({ selector, buy: units, get: units, percentBp: bp }),
    'buy-other': fc.record({ buy: part, get: part, percentBp: bp }),
    bundle: fc.record({ parts: fc.array(selector, { minLength: 2, maxLength: 4 }), priceMinor: minor }),
    markdown: fc.record({
      selector,
      steps: fc.array(fc.record({ withinDays: units, percentBp: bp }), { minLength: 1, maxLength: 3 }),
    }),
    complimentary: fc.record({ selector }),
    'percent-off-bill': fc.record({ percentBp: bp, minimumMinor: maybe(minor) }),
    threshold: fc.record({
      selector,
      on: fc.constantFrom('selector', 'bill'),
      tiers: fc.array(fc.record({ fromMinor: minor, off: capped }), { minLength: 1, maxLength: 3 }),
    }),
    gift: fc.record({
      selector,
      fromMinor: minor,
      gifts: fc.uniqueArray(id, { minLength: 1 }),
      unitMinor: minor,
    }),
    coupon: fc.record({
      selector,
      off: capped,
      minimumMinor: maybe(minor),
      onGifts: maybe(fc.constant(true)),
      code: fc.oneof(
        fc.record({ kind: fc.constant('public'), text: fc.constant('LUCKY') }),
        fc.record({ kind: fc.constant('series'), prefix: fc.constant('L-'), length: units }),
      ),
    }),
  }
  const minute = fc.integer({ min: 0, max: 1439 })
  const common = fc.record({
    name: fc.constant('Offer'),
    priority: fc.integer({ min: -9, max: 9 }),
    from: fc.integer({ min: now, max: now + 9e9 }),
    until: maybe(fc.integer({ min: now, max: now + 9e9 })),
    weekdays: maybe(fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1, maxLength: 6 })),
    hours: maybe(fc.record({ fromMinute: minute, untilMinute: minute })),
    storeIds: maybe(fc.constant(['a', 'b'])),
    audience: maybe(
      fc.constantFrom({ kind: 'staff' }, { kind: 'first-purchase' }, { kind: 'tier', tiers: ['gold'] }),
    ),
    limits: maybe(fc.record({ perBill: units, budgetMinor: minor })),
    combinable: maybe(fc.constant(true)),
  })
  for (const effect of effects) {
    fc.assert(
      fc.property(common, parts[effect], (shared, own) => {
        const definition = JSON.parse(JSON.stringify({ effect, ...shared, ...own }))
        expect(definitionOf(valuesOf(definition))).toEqual(definition)
      }),
      { numRuns: 50 },
    )
  }
})

test('a draft that holds anything opens as a form', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.anything()),
      fc.constantFrom(...effects, 'odd'),
      (odd, effect) => {
        const members = {
          selector: odd.a,
          tiers: odd.b,
          steps: [odd.c],
          limits: odd.d,
          code: odd.e,
          parts: odd.f,
        }
        const values = valuesOf({ ...odd, ...members, name: 'x', effect })
        expect(() => definitionOf(values)).not.toThrow()
      },
    ),
  )
})

test('a fault of the server stands at its field', () => {
  const unit = filledFor('unit-off')
  expect(formField('selector', unit)).toBe('selectors.0.categories')
  expect(formField('selector/except/brands', unit)).toBe('selectors.0.exceptBrands')
  expect(formField('off', unit)).toBe('off.percent')
  expect(formField('until', unit)).toBe('lastDay')
  expect(formField('limits/budgetMinor', unit)).toBe('budget')
  expect(formField('get/selector/unitUntilMinor', filledFor('buy-other'))).toBe('selectors.1.priceBelow')
  expect(formField('parts/2/products', filledFor('bundle'))).toBe('selectors.2.products')
  expect(formField('tiers/1/off', filledFor('threshold'))).toBe('thresholds.1.percent')
  expect(formField('percentBp', filledFor('buy-get'))).toBe('getPercent')
  expect(formField('percentBp', filledFor('percent-off-bill'))).toBe('off.percent')
  expect(formField('code/length', filledFor('coupon'))).toBe('codeLength')
})
