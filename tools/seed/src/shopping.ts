import type { Chain } from './chain.ts'
import { type Dice, dice } from './random.ts'

export type Purchase = {
  /** Milliseconds after local midnight at which the first item is scanned. */
  atMs: number
  lines: readonly { product: number; quantity: number }[]
  pays: 'cash' | 'upi' | 'card' | 'split'
  /** What else happens: a coupon is shown, the cashier gives something, or goods of an earlier bill come back. */
  wish: 'none' | 'coupon' | 'discount' | 'return'
  /** The cashier scans batches, which knows their dates. */
  scansBatches: boolean
}
/** What happened on one register on one day, in order of time. */
export type RegisterDay = {
  openAtMs: number
  closeAtMs: number
  floatMinor: number
  purchases: readonly Purchase[]
  differenceMinor: number
}

/** Share of a day's bills by hour from 10 to 21 o'clock. */
const hours: readonly (readonly [hour: number, weight: number])[] = [
  [10, 3],
  [11, 6],
  [12, 8],
  [13, 8],
  [14, 6],
  [15, 6],
  [16, 8],
  [17, 11],
  [18, 14],
  [19, 14],
  [20, 11],
  [21, 5],
]
const hourMs = 3_600_000

/** Draws products by weight in logarithmic time. */
export function popularity(chain: Chain): (roll: Dice) => number {
  const sums = new Float64Array(chain.products.length)
  let sum = 0
  chain.products.forEach((product, index) => {
    sum += product.weight
    sums[index] = sum
  })
  return (roll) => {
    const wanted = roll.fraction() * sum
    let low = 0
    let high = sums.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}

/**
 * One register's day. The same (seed, store, register, day) gives the same day, whatever was drawn before,
 * so that a seeding can be resumed anywhere.
 */
export function shoppingDay(
  seed: number,
  storeIndex: number,
  registerNumber: number,
  dayNumber: number,
  billsExpected: number,
  draw: (roll: Dice) => number,
): RegisterDay {
  const roll = dice(seed, 1_000_003 * storeIndex + 7919 * registerNumber + 31 * dayNumber + 17)
  const weekend = dayNumber % 7 === 2 || dayNumber % 7 === 3
  const busy = 0.7 + ((storeIndex * 37) % 60) / 100
  const count = roll.poisson(billsExpected * busy * (weekend ? 1.35 : 0.87))
  const times = Array.from(
    { length: count },
    () => roll.weighted(hours) * hourMs + roll.whole(0, hourMs - 1),
  ).sort((a, b) => a - b)
  const plain = times.map((atMs) => ({
    atMs,
    lines: basket(roll, draw),
    pays: roll.weighted([
      ['upi', 50],
      ['cash', 32],
      ['card', 14],
      ['split', 4],
    ] as const),
  }))
  const day = {
    openAtMs: 9 * hourMs + 40 * 60_000 + roll.whole(0, 900_000),
    closeAtMs: 22 * hourMs + 20 * 60_000 + roll.whole(0, 900_000),
    floatMinor: 200_000,
    differenceMinor: roll.weighted([
      [0, 85],
      [-1000, 6],
      [1000, 5],
      [-5000, 3],
      [2000, 1],
    ] as const),
  }
  // Drawn last, so that baskets are those of a chain without wishes.
  const purchases = plain.map((purchase) => ({
    ...purchase,
    wish: roll.weighted([
      ['none', 92],
      ['coupon', 5],
      ['discount', 2],
      ['return', 1],
    ] as const),
    scansBatches: roll.fraction() < 0.1,
  }))
  return { ...day, purchases }
}

function basket(roll: Dice, draw: (roll: Dice) => number): Purchase['lines'] {
  const lines = roll.weighted([
    [1, 34],
    [2, 26],
    [3, 16],
    [4, 10],
    [5, 6],
    [7, 5],
    [10, 3],
  ] as const)
  const chosen = new Map<number, number>()
  for (let n = 0; n < lines; n++) {
    const product = draw(roll)
    chosen.set(
      product,
      (chosen.get(product) ?? 0) +
        roll.weighted([
          [1, 86],
          [2, 11],
          [3, 3],
        ] as const),
    )
  }
  return [...chosen].map(([product, quantity]) => ({ product, quantity }))
}
