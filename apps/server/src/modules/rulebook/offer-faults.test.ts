import { offerFormats } from '@nexus/contract'
import { expect, test } from 'vitest'
import { faultsOfOffers, productsNamedBy } from './offer-faults.ts'

const known = {
  stores: new Set(['village']),
  products: new Set([1, 2, 3]),
  brands: new Set([10]),
  categories: new Set([20]),
}
const common = { id: 7, name: 'Diwali', priority: 1, from: 1000 }
const brand = { brands: [10] }

/** A good offer of each effect. */
const good = {
  'unit-off': { ...common, effect: 'unit-off', selector: { everything: true }, off: { amountMinor: 500 } },
  'buy-get': { ...common, effect: 'buy-get', selector: brand, buy: 2, get: 1, percentBp: 10_000 },
  'buy-other': {
    ...common,
    effect: 'buy-other',
    buy: { selector: brand, units: 1 },
    get: { selector: { categories: [20], except: { products: [3] } }, units: 1 },
    percentBp: 5000,
  },
  bundle: {
    ...common,
    effect: 'bundle',
    parts: [{ products: [1] }, { products: [2] }],
    priceMinor: 999_999_999,
  },
  markdown: {
    ...common,
    effect: 'markdown',
    selector: brand,
    steps: [
      { withinDays: 7, percentBp: 5000 },
      { withinDays: 30, percentBp: 2000 },
    ],
  },
  complimentary: { ...common, effect: 'complimentary', selector: { products: [1] }, limits: { perBill: 1 } },
  'percent-off-bill': { ...common, effect: 'percent-off-bill', percentBp: 1000, minimumMinor: 0 },
  threshold: {
    ...common,
    effect: 'threshold',
    selector: brand,
    on: 'bill',
    tiers: [
      { fromMinor: 100_000, off: { percentBp: 500, capMinor: 20_000 } },
      { fromMinor: 200_000, off: { amountMinor: 30_000 } },
    ],
  },
  gift: { ...common, effect: 'gift', selector: brand, fromMinor: 99_900, gifts: [2, 3], unitMinor: 0 },
  coupon: {
    ...common,
    effect: 'coupon',
    code: { kind: 'public', text: 'DIWALI10' },
    selector: { everything: true },
    off: { percentBp: 1000, capMinor: 10_000 },
  },
}

const found = (...offers: unknown[]) => faultsOfOffers(offers, known, 0)

test('[PRC-6j] every effect has a schema, and a good offer of each has no fault', () => {
  expect(Object.keys(good).sort()).toEqual(Object.keys(offerFormats).sort())
  for (const offer of Object.values(good)) expect(found(offer)).toEqual([])
  const everywhere = {
    ...good['unit-off'],
    until: 1001,
    weekdays: [6, 7],
    hours: { fromMinute: 1320, untilMinute: 120 },
    storeIds: ['village'],
    audience: { kind: 'tier', tiers: ['gold'] },
    limits: { perBill: 1, perCustomer: 1, total: 1, budgetMinor: 1 },
    combinable: true,
  }
  expect(found(everywhere)).toEqual([])
})

const refused: [what: string, offer: unknown, field: string, sentence: string][] = [
  ['an unknown effect', { ...common, effect: 'raffle' }, 'effect', 'has "raffle" for its effect'],
  ['no effect', common, 'effect', 'has nothing that is a text for its effect'],
  ['an effect of every object', { ...common, effect: 'constructor' }, 'effect', 'Choose one of unit-off'],
  ['an empty selector', { ...good['buy-get'], selector: {} }, 'selector', 'selects nothing in selector'],
  [
    'a selector that only takes out',
    { ...good['buy-get'], selector: { except: { products: [1] } } },
    'selector',
    'selects nothing',
  ],
  [
    'an empty part',
    { ...good.bundle, parts: [{ products: [1] }, {}] },
    'parts/1',
    'selects nothing in parts/1',
  ],
  [
    'a list without entries',
    { ...good['buy-get'], selector: { brands: [] } },
    'selector/brands',
    'at least 1 entry',
  ],
  [
    'a misspelt member',
    { ...good['buy-get'], selector: { ...brand, exept: {} } },
    'selector/exept',
    'is not known here',
  ],
  [
    'a price band of nothing',
    { ...good['buy-get'], selector: { unitFromMinor: 5, unitUntilMinor: 5 } },
    'selector/unitUntilMinor',
    'ends before it begins',
  ],
  [
    'tiers that overlap',
    { ...good.threshold, tiers: [1, 1].map((fromMinor) => ({ fromMinor, off: { amountMinor: 1 } })) },
    'tiers/1/fromMinor',
    'as the one before it',
  ],
  [
    'tiers that descend',
    { ...good.threshold, tiers: [2, 3, 1].map((fromMinor) => ({ fromMinor, off: { amountMinor: 1 } })) },
    'tiers/2/fromMinor',
    'after a higher one. Put them in rising order.',
  ],
  [
    'steps that descend',
    { ...good.markdown, steps: [30, 7].map((withinDays) => ({ withinDays, percentBp: 1 })) },
    'steps/1/withinDays',
    'Put them in rising order.',
  ],
  ['no step', { ...good.markdown, steps: [] }, 'steps', 'needs at least 1 entry'],
  ['0%', { ...good['buy-get'], percentBp: 0 }, 'percentBp', 'must be 1 or more'],
  ['more than all', { ...good['buy-get'], percentBp: 10_001 }, 'percentBp', 'must be 10000 or less'],
  ['a part of a basis point', { ...good['buy-get'], percentBp: 0.5 }, 'percentBp', 'is not a whole number'],
  ['a huge number', { ...good['unit-off'], off: { amountMinor: 1e300 } }, 'off', 'Give exactly one'],
  ['no amount', { ...good['unit-off'], off: { amountMinor: 0 } }, 'off', 'percentBp (1 to 10000)'],
  ['both reductions', { ...good['unit-off'], off: { amountMinor: 1, percentBp: 1 } }, 'off', 'exactly one'],
  [
    'a cap of nothing',
    { ...good.coupon, off: { percentBp: 1, capMinor: 0 } },
    'off',
    'nothing else but capMinor',
  ],
  ['a threshold of nothing', { ...good.gift, fromMinor: 0 }, 'fromMinor', 'must be 1 or more'],
  ['a negative gift price', { ...good.gift, unitMinor: -1 }, 'unitMinor', 'must be 0 or more'],
  ['buy 0', { ...good['buy-get'], buy: 0 }, 'buy', 'must be 1 or more'],
  ['get 0', { ...good['buy-get'], get: 0 }, 'get', 'must be 1 or more'],
  [
    'buy 0 of another',
    { ...good['buy-other'], buy: { selector: brand, units: 0 } },
    'buy/units',
    'must be 1 or more',
  ],
  ['a bundle of one', { ...good.bundle, parts: [brand] }, 'parts', 'needs at least 2 entries'],
  ['a negative bundle price', { ...good.bundle, priceMinor: -1 }, 'priceMinor', 'must be 0 or more'],
  ['a gift that is no product', { ...good.gift, gifts: [2, 4] }, 'gifts', 'gives 4, which is no product'],
  [
    'a store that does not exist',
    { ...good.gift, storeIds: ['village', 'moon'] },
    'storeIds',
    'names the store moon',
  ],
  ['an end before the beginning', { ...good.gift, until: 1000 }, 'until', 'ends before it begins'],
  ['day 0', { ...good.gift, weekdays: [0] }, 'weekdays/0', 'must be 1 or more'],
  ['day 8', { ...good.gift, weekdays: [1, 8] }, 'weekdays/1', 'must be 7 or less'],
  [
    'an hour before midnight',
    { ...good.gift, hours: { fromMinute: -1, untilMinute: 5 } },
    'hours/fromMinute',
    'must be 0 or more',
  ],
  [
    'an hour after midnight',
    { ...good.gift, hours: { fromMinute: 0, untilMinute: 1441 } },
    'hours/untilMinute',
    'must be 1440 or less',
  ],
  [
    'an unknown audience',
    { ...good.gift, audience: { kind: 'vip' } },
    'audience',
    'leave it out for everyone',
  ],
  ['a limit of 0', { ...good.gift, limits: { perBill: 0 } }, 'limits/perBill', 'must be 1 or more'],
  ['a budget of 0', { ...good.gift, limits: { budgetMinor: 0 } }, 'limits/budgetMinor', 'must be 1 or more'],
  [
    'an unknown product',
    { ...good.bundle, parts: [{ products: [1] }, { products: [1, 9] }] },
    'parts/1/products',
    'names 9',
  ],
  [
    'an unknown brand',
    { ...good.gift, selector: { brands: [10, 11] } },
    'selector/brands',
    'names 11 in selector/brands, which does not exist',
  ],
  [
    'an unknown category taken out',
    { ...good.gift, selector: { ...brand, except: { categories: [21] } } },
    'selector/except/categories',
    'names 21',
  ],
  ['a code of no form', { ...good.coupon, code: { kind: 'public' } }, 'code', 'is neither {"kind": "public"'],
  [
    'a series without room',
    { ...good.coupon, code: { kind: 'series', prefix: 'NEW', length: 3 } },
    'code/length',
    'Make them longer',
  ],
  ['a missing member', { ...good['buy-get'], buy: undefined }, 'buy', 'Fill it in'],
]

test.each(refused)('an offer with %s is refused by offer and field', (_, offer, field, sentence) => {
  const faults = found(JSON.parse(JSON.stringify(offer)))
  expect(faults).toEqual([
    { field: `offers/7/${field}`, message: expect.stringMatching(/^The offer "Diwali".*\.$/) },
  ])
  expect(faults[0]?.message).toContain(sentence)
})

test('what is no offer at all is refused by its place', () => {
  for (const nothing of [null, 5, 'offer', [], JSON.parse('{"__proto__":{"effect":"bundle"}}')]) {
    expect(found(good.gift, nothing)).toEqual([
      { field: 'offers/at-1/effect', message: expect.stringMatching(/^Offer 2 has nothing/) },
    ])
  }
  const poisoned = JSON.parse(JSON.stringify(good.gift).replace('{', '{"__proto__":{"buy":1},'))
  expect(found(poisoned).map(({ field }) => field)).toEqual(['offers/7/__proto__'])
})

test('two offers of one id are refused', () => {
  expect(found(good.gift, { ...good.bundle, name: 'Set' })).toEqual([
    { field: 'offers/7/id', message: expect.stringContaining('"Set" has the id 7 of "Diwali"') },
  ])
})

test('a code that would call two live offers is refused, and one that is free again is not', () => {
  const coupon = (id: number, code: object, change: object = {}) => ({
    ...good.coupon,
    id,
    name: `C${id}`,
    code,
    ...change,
  })
  const text = (text: string) => ({ kind: 'public', text })
  const prefix = (prefix: string) => ({ kind: 'series', prefix, length: 12 })
  const fields = (...offers: unknown[]) => faultsOfOffers(offers, known, 5000).map(({ field }) => field)

  expect(fields(coupon(1, text('SAVE')), coupon(2, text('save ')))).toEqual(['offers/2/code/text'])
  expect(fields(coupon(1, text('SAVE'), { until: 6000 }), coupon(2, text('SAVE'), { from: 6000 }))).toEqual(
    [],
  )
  expect(fields(coupon(1, text('SAVE'), { until: 5000 }), coupon(2, text('SAVE')))).toEqual([])
  expect(fields(coupon(1, text('SAVE'), { until: 5001 }), coupon(2, text('SAVE')))).toEqual([
    'offers/2/code/text',
  ])
  expect(fields(coupon(1, prefix('NEW')), coupon(2, prefix('NEW')))).toEqual(['offers/2/code/prefix'])
  expect(fields(coupon(1, prefix('NEWYEAR')), coupon(2, prefix('NEW')))).toEqual(['offers/1/code/prefix'])
  expect(fields(coupon(1, text('NEWYEAR')), coupon(2, prefix('NEW')))).toEqual(['offers/1/code/text'])
  expect(fields(coupon(1, text('NEW')), coupon(2, prefix('NEW')))).toEqual(['offers/2/code/prefix'])
  expect(fields(coupon(1, text('NEW')), coupon(2, prefix('NEWYEAR')), coupon(3, text('OLD')))).toEqual([])
  expect(faultsOfOffers([coupon(1, prefix('NEW')), coupon(2, prefix('NEWA'))], known, 0)[0]?.message).toBe(
    'The offer "C2" has NEWA, which begins with the prefix NEW of "C1", and both are live at the same time. Choose another, or end one of them first.',
  )
})

test('products that offers name are found wherever they stand', () => {
  const offers = [good['buy-other'], good.bundle, good.gift, { ...good.gift, gifts: ['odd'] }]
  expect(productsNamedBy(offers).sort()).toEqual([1, 2, 3])
})
