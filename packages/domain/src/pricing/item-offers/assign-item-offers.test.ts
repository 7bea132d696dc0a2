import { expect, test } from 'vitest'
import type { ItemOffer, Selector } from '../offers.ts'
import { assignItemOffers, type ItemLine, type LiveItemOffer } from './assign-item-offers.ts'

const selector: Selector = { everything: true }
const common = { name: 'Offer', priority: 0, from: 0 }
const unitOff = (id: number, percentBp: number, more: object = {}): ItemOffer => ({
  ...common,
  id,
  effect: 'unit-off',
  selector,
  off: { percentBp },
  ...more,
})
const buyGet = (id: number, buy: number, get: number, more: object = {}): ItemOffer => ({
  ...common,
  id,
  effect: 'buy-get',
  selector,
  buy,
  get,
  percentBp: 10_000,
  ...more,
})
const buyOther = (id: number): ItemOffer => ({
  ...common,
  id,
  effect: 'buy-other',
  buy: { selector, units: 1 },
  get: { selector, units: 1 },
  percentBp: 5000,
})

const UNLIMITED = Number.MAX_SAFE_INTEGER

function line(unitMinor: number, units = 1, more: Partial<ItemLine> = {}): ItemLine {
  return {
    uid: `${unitMinor}`,
    unitMinor,
    units,
    fractional: false,
    valueMinor: unitMinor * units,
    daysToExpiry: undefined,
    ...more,
  }
}

function live(offer: ItemOffer, parts: number[][], applicationsMax = 1000): LiveItemOffer {
  return { offer, parts, applicationsMax }
}

/** `line: offer −amount ×units`, and the total. */
function assigned(lines: ItemLine[], ...offers: LiveItemOffer[]): string[] {
  const { steps, discountMinor, optimal } = assignItemOffers(lines, offers, 80_000)
  expect(optimal).toBe(true)
  return [
    ...steps.map((step) => `${step.line}: ${step.offerId} −${step.amountMinor} ×${step.units}`),
    `−${discountMinor}`,
  ]
}

test('[PRC-1d, PRC-13b] a percentage is rounded on each unit', () => {
  // 10% of 15 paise is 1.5, so 2; three units make 6, not round(4.5) = 5.
  expect(assigned([line(15, 3)], live(unitOff(1, 1000), [[0]]))).toEqual(['0: 1 −6 ×3', '−6'])
})

test('[PRC-6g] an amount off is at most the price of the unit', () => {
  const offer: ItemOffer = { ...common, id: 1, effect: 'unit-off', selector, off: { amountMinor: 500 } }
  expect(assigned([line(300), line(900)], live(offer, [[0, 1]]))).toEqual([
    '0: 1 −300 ×1',
    '1: 1 −500 ×1',
    '−800',
  ])
})

test('[PRC-13c] with a minimum all units are reduced once so many are there, and none before', () => {
  const any2 = live(unitOff(1, 1500, { minimumUnits: 2 }), [[0, 1]])
  expect(assigned([line(1000)], { ...any2, parts: [[0]] })).toEqual(['−0'])
  expect(assigned([line(1000), line(600, 2)], any2)).toEqual(['0: 1 −150 ×1', '1: 1 −180 ×2', '−330'])
})

test('[PRC-13d] buy 2 get 1: the cheapest of each full group is free, shared by all its units', () => {
  // 1000, 800, 600, 400: one group of three. Which one it is decides the greatest discount: 600 free.
  const lines = [line(1000), line(800), line(600), line(400)]
  expect(assigned(lines, live(buyGet(1, 2, 1), [[0, 1, 2, 3]]))).toEqual([
    '0: 1 −250 ×1',
    '1: 1 −200 ×1',
    '2: 1 −150 ×1',
    '−600',
  ])
})

test('[PRC-13d] units beyond full groups stay free for other offers', () => {
  const lines = [line(1000), line(800), line(600), line(400)]
  const offers = [live(buyGet(1, 2, 1), [[0, 1, 2, 3]]), live(unitOff(2, 1000), [[0, 1, 2, 3]])]
  expect(assigned(lines, ...offers)).toContain('3: 2 −40 ×1')
})

test('[PRC-13e] buy one, get another at half price: the cheapest that is left over, never a dearer one', () => {
  // 0 is bought; of 900 and 500 the 500 is reduced by 250, shared 1000 : 500.
  const lines = [line(1000), line(900), line(500)]
  expect(assigned(lines, live(buyOther(1), [[0], [1, 2]]))).toEqual(['0: 1 −167 ×1', '2: 1 −83 ×1', '−250'])
})

test('[PRC-13e] a cheaper unit that another offer takes does not stand in the way', () => {
  // The 500 at 60% off (300) and the 900 at half price (450) beat the 500 at half price.
  const lines = [line(1000), line(900), line(500)]
  const offers = [live(buyOther(1), [[0], [1, 2]]), live(unitOff(2, 6000), [[2]])]
  expect(assigned(lines, ...offers)).toEqual(['0: 1 −237 ×1', '1: 1 −213 ×1', '2: 2 −300 ×1', '−750'])
})

test('[PRC-13f] a bundle costs its price, as often as its parts are there', () => {
  // (1000 + 500) − 1200 = 300 twice; spread 2000 : 1000.
  const offer: ItemOffer = {
    ...common,
    id: 1,
    effect: 'bundle',
    parts: [selector, selector],
    priceMinor: 1200,
  }
  const lines = [line(1000, 2), line(500, 3)]
  expect(assigned(lines, live(offer, [[0], [1]]))).toEqual(['0: 1 −400 ×2', '1: 1 −200 ×2', '−600'])
  expect(assigned([line(700), line(500)], live(offer, [[0], [1]]))).toEqual(['−0'])
})

test('[PRC-13f] no bundle is made at a loss, not even where it keeps a cheap unit from another offer', () => {
  const bundle: ItemOffer = {
    ...common,
    id: 2,
    effect: 'bundle',
    parts: [selector, selector],
    priceMinor: 300,
  }
  // With 100 and 150 in a bundle that costs 50 more, the 5000 could be reduced by 2500 instead of 50.
  const lines = [line(9000), line(5000), line(150), line(100)]
  const offers = [live(buyOther(1), [[0], [1, 3]]), live(bundle, [[2], [3]])]
  const found = assignItemOffers(lines, offers, 80_000)
  expect(found.discountMinor).toBe(50)
  expect(found.applications.has(2)).toBe(false)
  expect(found.optimal).toBe(true)
})

test('[PRC-13g] a markdown goes by the first step that covers the days, never for an unknown or past date', () => {
  const steps = [
    { withinDays: 7, percentBp: 5000 },
    { withinDays: 30, percentBp: 2000 },
  ]
  const offer: ItemOffer = { ...common, id: 1, effect: 'markdown', selector, steps }
  const lines = [7, 8, 31, -1, undefined].map((daysToExpiry) => line(1000, 1, { daysToExpiry }))
  expect(assigned(lines, live(offer, [[0, 1, 2, 3, 4]]))).toEqual(['0: 1 −500 ×1', '1: 1 −200 ×1', '−700'])
})

test('[PRC-13h] a complimentary item is free as often as limits allow', () => {
  const offer: ItemOffer = { ...common, id: 1, effect: 'complimentary', selector }
  expect(assigned([line(500, 3)], live(offer, [[0]], 1))).toEqual(['0: 1 −500 ×1', '−500'])
})

test('[PRC-1f] a weighed line is one unit, and enters nothing that counts units', () => {
  const weighed = line(2000, 1, { fractional: true, valueMinor: 750 })
  const offers = [live(buyGet(1, 1, 1), [[0, 1]]), live(unitOff(2, 1000), [[0]])]
  expect(assigned([weighed, line(500)], ...offers)).toEqual(['0: 2 −75 ×1', '−75'])
})

test('[PRC-1f] a weighed line carries a percentage or a markdown, and nothing by the piece', () => {
  const weighed = [line(2000, 1, { fractional: true, valueMinor: 750, daysToExpiry: 3 })]
  const steps = [{ withinDays: 7, percentBp: 2000 }]
  const markdown: ItemOffer = { ...common, id: 1, effect: 'markdown', selector, steps }
  expect(assigned(weighed, live(markdown, [[0]]))).toEqual(['0: 1 −150 ×1', '−150'])
  expect(assigned(weighed, live(unitOff(1, 1000, { minimumUnits: 1 }), [[0]]))).toEqual(['−0'])
  const amount: ItemOffer = { ...common, id: 1, effect: 'unit-off', selector, off: { amountMinor: 100 } }
  expect(assigned(weighed, live(amount, [[0]]))).toEqual(['−0'])
})

test('[PRC-2b] a discount of thousands of millions is shared to the paisa', () => {
  const offer: ItemOffer = {
    ...common,
    id: 1,
    effect: 'bundle',
    parts: [selector, selector],
    priceMinor: 1_000_000_003,
  }
  // 4,000,000,027 by 3,000,000,019 : 2,000,000,011. The products are beyond what a number holds exactly.
  expect(assigned([line(3_000_000_019), line(2_000_000_011)], live(offer, [[0], [1]]))).toEqual([
    '0: 1 −2400000017 ×1',
    '1: 1 −1600000010 ×1',
    '−4000000027',
  ])
})

test('[PRC-7d] up to six offers that combine are tried in every way; with more of them nothing is proved', () => {
  const stack = (count: number) =>
    Array.from({ length: count }, (_, at) => live(unitOff(at, 1000, { combinable: true }), [[0]]))
  expect(assignItemOffers([line(1000)], stack(6), 80_000)).toMatchObject({
    discountMinor: 469,
    optimal: true,
  })
  const more = assignItemOffers([line(1000)], stack(7), 80_000)
  expect(more).toMatchObject({ discountMinor: 469, boundMinor: 1000, optimal: false })
})

test('[PRC-6b, PRC-13i] combinable offers take turns on what is left; others never share a unit', () => {
  const both = { combinable: true }
  const first = live(unitOff(1, 1000, both), [[0]])
  const second = live(unitOff(2, 2000, { ...both, priority: 5 }), [[0]])
  // 20% of 1000 first (higher priority), then 10% of 800.
  expect(assigned([line(1000)], first, second)).toEqual(['0: 2 −200 ×1', '0: 1 −80 ×1', '−280'])
  expect(assigned([line(1000)], first, live(unitOff(2, 2000), [[0]]))).toEqual(['0: 2 −200 ×1', '−200'])
})

test('[PRC-6b, PRC-13i] a group offer on top reckons with what is left', () => {
  // 10% off each, then half of the 450 that is left of the 500: 225, spread 900 : 450.
  const offers = [
    live(unitOff(1, 1000, { combinable: true }), [[0, 1]]),
    live(buyGet(2, 1, 1, { combinable: true, percentBp: 5000 }), [[0, 1]]),
  ]
  expect(assigned([line(1000), line(500)], ...offers)).toEqual([
    '0: 1 −100 ×1',
    '0: 2 −150 ×1',
    '1: 1 −50 ×1',
    '1: 2 −75 ×1',
    '−375',
  ])
})

test('[PRC-7a] the best for the customer wins over the first that fits', () => {
  // Buy 1 get 1 on both would give 500; half off the 1000 and 40% off the 500 give 700.
  const offers = [
    live(buyGet(1, 1, 1, { priority: 9 }), [[0, 1]]),
    live(unitOff(2, 5000), [[0]]),
    live(unitOff(3, 4000), [[1]]),
  ]
  expect(assigned([line(1000), line(500)], ...offers)).toEqual(['0: 2 −500 ×1', '1: 3 −200 ×1', '−700'])
})

test('[PRC-7a, PRC-13k] ties go to fewer applications, then priority, then the lower id, then the earlier unit', () => {
  // One group of two for 500, or 250 from each of two units.
  const one = live(buyGet(7, 1, 1), [[0, 1]])
  expect(assigned([line(500, 2)], live(unitOff(1, 5000), [[0]]), { ...one, parts: [[0]] })).toEqual([
    '0: 7 −500 ×2',
    '−500',
  ])
  expect(
    assigned([line(500)], live(unitOff(1, 1000), [[0]]), live(unitOff(2, 1000, { priority: 1 }), [[0]]))[0],
  ).toBe('0: 2 −50 ×1')
  expect(assigned([line(500)], live(unitOff(2, 1000), [[0]]), live(unitOff(1, 1000), [[0]]))[0]).toBe(
    '0: 1 −50 ×1',
  )
  expect(assigned([line(500), line(500)], live(unitOff(1, 1000), [[0, 1]], 1))[0]).toBe('0: 1 −50 ×1')
})

test('[PRC-7c] a hundred equal pieces are no explosion', () => {
  const offers = [live(buyGet(1, 2, 1), [[0]]), live(unitOff(2, 3000), [[0]]), live(buyOther(3), [[0], [0]])]
  const found = assignItemOffers([line(1000, 100)], offers, 80_000)
  // 33 free of 99, and 30% off the last.
  expect(found.discountMinor).toBe(33_300)
  expect(found.optimal).toBe(true)
})

test('nothing competes: no search', () => {
  const found = assignItemOffers([line(1000), line(500)], [live(unitOff(1, 1000), [[0, 1]])], 80_000)
  expect(found.nodes).toBe(0)
  expect(found.discountMinor).toBe(150)
  expect(assignItemOffers([], [], 80_000).steps).toEqual([])
})

test('[PRC-13a] units of a line share what it is worth, the first ones the odd paise', () => {
  // The ceiling took a paisa: two units worth 500 and 499. Both are free, and no paisa more.
  const offer: ItemOffer = { ...common, id: 1, effect: 'complimentary', selector }
  expect(assigned([line(500, 2, { valueMinor: 999 })], live(offer, [[0]]))).toEqual(['0: 1 −999 ×2', '−999'])
  expect(assigned([line(500, 2, { valueMinor: 999 })], live(offer, [[0]], 1))).toEqual([
    '0: 1 −500 ×1',
    '−500',
  ])
})

test('[PRC-13b] an offer that takes nothing off a unit is not on it, nor counts towards a minimum', () => {
  const any2 = live(unitOff(1, 1000, { minimumUnits: 2 }), [[0, 1]])
  expect(assigned([line(1000), line(4)], any2)).toEqual(['−0'])
})

test('[PRC-13j] limits count units, groups and bundles', () => {
  const lines = [line(1000, 4)]
  expect(assigned(lines, live(unitOff(1, 1000), [[0]], 3))).toEqual(['0: 1 −300 ×3', '−300'])
  expect(assigned(lines, live(buyGet(1, 1, 1), [[0]], 1))).toEqual(['0: 1 −1000 ×2', '−1000'])
})

test('[PRC-7e, PRC-13a] a million pieces of one line are no explosion, and no paisa is lost', () => {
  // Nothing ties units of a percentage: exact, however many.
  expect(assigned([line(999, 1_000_000)], live(unitOff(1, 1000), [[0]], UNLIMITED))).toEqual([
    '0: 1 −100000000 ×1000000',
    '−100000000',
  ])
  // 333,333 groups of three, of which each third piece is free; the odd piece is left over.
  const found = assignItemOffers([line(999, 1_000_000)], [live(buyGet(1, 2, 1), [[0]], UNLIMITED)], 80_000)
  expect(found.steps).toEqual([{ line: 0, offerId: 1, amountMinor: 333_333 * 999, units: 999_999 }])
  expect(found.applications).toEqual(new Map([[1, 333_333]]))
  // The others were settled in bulk, and nothing is proved about them.
  expect(found.optimal).toBe(false)
  expect(found.boundMinor).toBeGreaterThanOrEqual(found.discountMinor)
})

test('[PRC-7e] units in bulk leave limits, minimums and the cheapest-first rule as they are', () => {
  const lines = [line(1000, 5000), line(700, 5000)]
  const limited = assignItemOffers(lines, [live(buyGet(1, 1, 1), [[0, 1]], 3)], 80_000)
  expect(limited.applications.get(1)).toBe(3)
  expect(limited.discountMinor).toBe(3000)
  const any3 = live(unitOff(1, 1000, { minimumUnits: 3 }), [[0, 1]], UNLIMITED)
  expect(assignItemOffers(lines, [any3], 80_000).discountMinor).toBe(5000 * 100 + 5000 * 70)
  // Thousands of the 700 are left over, so none of the 1000 may be reduced.
  const other = assignItemOffers(lines, [live(buyOther(1), [[0], [0, 1]], UNLIMITED)], 80_000)
  for (const { line, amountMinor } of other.steps) expect(line === 0 && amountMinor > 0).toBe(false)
})
