import { describe, expect, test } from 'vitest'
import type { Offer } from './offers.ts'
import { isWellFormed } from './well-formed.ts'

const base = { id: 1, name: 'Offer', priority: 0, from: 0 }
const selector = {
  products: [1],
  brands: [2],
  categories: [3],
  departments: [4],
  tags: ['new'],
  unitFromMinor: 100,
  unitUntilMinor: 900,
  expiresWithinDays: 30,
  except: { products: [5], brands: [6], categories: [7], departments: [8], tags: ['old'] },
}
const common = {
  ...base,
  weekdays: [1, 7],
  hours: { fromMinute: 0, untilMinute: 1440 },
  storeIds: ['koramangala'],
  audience: { kind: 'tier' as const, tiers: ['gold'] },
  limits: { perBill: 1, perCustomer: 2, total: 3, budgetMinor: 4 },
}
/** Each effect with every member that it may have. */
const whole: Offer[] = [
  { ...common, effect: 'unit-off', selector, off: { percentBp: 10_000 }, minimumUnits: 2 },
  { ...common, effect: 'unit-off', selector, off: { amountMinor: 1 } },
  { ...common, effect: 'buy-get', selector, buy: 1, get: 1, percentBp: 1 },
  {
    ...common,
    effect: 'buy-other',
    buy: { selector, units: 1 },
    get: { selector, units: 1 },
    percentBp: 10_000,
  },
  { ...common, effect: 'bundle', parts: [selector, selector], priceMinor: 0 },
  {
    ...common,
    effect: 'markdown',
    selector,
    steps: [
      { withinDays: 0, percentBp: 5000 },
      { withinDays: 1, percentBp: 2500 },
    ],
  },
  { ...common, effect: 'complimentary', selector },
  { ...common, effect: 'percent-off-bill', percentBp: 1 },
  {
    ...common,
    effect: 'threshold',
    on: 'selector',
    selector,
    tiers: [
      { fromMinor: 0, off: { percentBp: 500, capMinor: 1 } },
      { fromMinor: 1, off: { amountMinor: 100 } },
    ],
  },
  { ...common, effect: 'gift', selector, fromMinor: 0, gifts: [1], unitMinor: 0 },
  {
    ...common,
    effect: 'coupon',
    selector,
    code: { kind: 'public', text: 'MONSOON' },
    off: { percentBp: 500 },
    minimumMinor: 0,
  },
  {
    ...common,
    effect: 'coupon',
    selector,
    code: { kind: 'series', prefix: 'MON', length: 4 },
    off: { amountMinor: 1 },
  },
]
/** What no computation reads, and what is checked by its kind. */
const unread = new Set(['name', 'from', 'effect'])

type Change = { path: string; value: unknown; offer: unknown }

/** The offer with each of its members, and each of theirs, turned into what it cannot be. */
function* changesOf(part: unknown, rebuild: (value: unknown) => unknown, path = ''): Generator<Change> {
  const wrong = typeof part === 'number' ? [null, 'x', '1', -1, 0.5, Number.NaN, 2 ** 53] : [null, 0, '', {}]
  if (Array.isArray(part)) wrong.push([], [null], [...part, null])
  // A priority may be below nothing.
  for (const value of wrong) {
    if (path !== '' && !(path === '.priority' && value === -1)) yield { path, value, offer: rebuild(value) }
  }
  if (typeof part !== 'object' || part === null) return
  for (const [key, value] of Object.entries(part)) {
    if (path === '' && unread.has(key)) continue
    const inside = (other: unknown) => {
      if (!Array.isArray(part)) return rebuild({ ...part, [key]: other })
      return rebuild(part.with(Number(key), other))
    }
    yield* changesOf(value, inside, `${path}.${key}`)
  }
}

describe.each(whole)('[PRC-6j] $effect', (offer) => {
  test('whole and sensible figures are well formed, without what may be left out too', () => {
    expect(isWellFormed(offer)).toBe(true)
    const { weekdays, hours, storeIds, audience, limits, ...plain } = offer
    expect(isWellFormed(plain as Offer)).toBe(true)
    expect(isWellFormed({ ...offer, audience: { kind: 'first-purchase' } })).toBe(true)
    expect(isWellFormed({ ...offer, audience: { kind: 'staff' } })).toBe(true)
    expect(isWellFormed({ ...offer, limits: {} })).toBe(true)
  })

  test('any member that is not what it must be makes it none', () => {
    const passed: string[] = []
    let tried = 0
    for (const { path, value, offer: changed } of changesOf(offer, (value) => value)) {
      tried++
      // An empty exception and empty limits except and limit nothing.
      const isEmpty = /(except|limits)$/.test(path) && JSON.stringify(value) === '{}'
      if (!isEmpty && isWellFormed(changed as Offer)) passed.push(`${path} = ${JSON.stringify(value)}`)
    }
    expect(passed).toEqual([])
    expect(tried).toBeGreaterThan(100)
  })
})

test.each<[string, object]>([
  ['a day of the week that there is not', { weekdays: [8] }],
  ['a day before Monday', { weekdays: [0] }],
  ['a minute after midnight’s', { hours: { fromMinute: 0, untilMinute: 1441 } }],
  ['an audience that it does not know', { audience: { kind: 'friends' } }],
  ['a limit of nothing', { limits: { perBill: 0 } }],
  ['an effect that it does not know', { effect: 'half-moon' }],
  ['a share above the whole', { percentBp: 10_001 }],
  ['a bundle of one part', { effect: 'bundle', parts: [selector], priceMinor: 1 }],
  ['a threshold on something else', { effect: 'threshold', on: 'line', selector, tiers: [] }],
  ['a selector of nothing', { effect: 'complimentary', selector: {} }],
  ['a selector of exceptions only', { effect: 'complimentary', selector: { except: { brands: [1] } } }],
  ['a reduction by two measures', { effect: 'unit-off', selector, off: { amountMinor: 1, percentBp: 1 } }],
  [
    'a series without room for numbers',
    {
      effect: 'coupon',
      selector,
      off: { percentBp: 1 },
      code: { kind: 'series', prefix: 'MONSOON', length: 7 },
    },
  ],
  [
    'a code of a kind that it does not know',
    { effect: 'coupon', selector, off: { percentBp: 1 }, code: { kind: 'secret', prefix: 'A', length: 7 } },
  ],
])('[PRC-6j] an offer with %s is not well formed', (_, changes) => {
  expect(isWellFormed({ ...base, effect: 'percent-off-bill', percentBp: 100 })).toBe(true)
  expect(
    isWellFormed({ ...base, effect: 'percent-off-bill', percentBp: 100, ...changes } as unknown as Offer),
  ).toBe(false)
})

test.each([
  [0, 0],
  [1, 0],
])('[PRC-6j] steps and tiers that do not rise (%i, %i) are not well formed', (first, second) => {
  const percent = { percentBp: 100 }
  const steps = [
    { withinDays: first, ...percent },
    { withinDays: second, ...percent },
  ]
  expect(isWellFormed({ ...base, effect: 'markdown', selector, steps })).toBe(false)
  const tiers = [
    { fromMinor: first, off: percent },
    { fromMinor: second, off: percent },
  ]
  expect(isWellFormed({ ...base, effect: 'threshold', on: 'bill', selector, tiers })).toBe(false)
})
