import type { Random } from '../ports.ts'

/** Reproducible random numbers (mulberry32): the same seed, the same history. */
export type Dice = {
  /** In [0, 1). */
  fraction(): number
  /** Whole number in [0, below). */
  below(below: number): number
  /** True in so many of a hundred throws. */
  percent(percent: number): boolean
  pick<T>(items: readonly T[]): T
}

export function dice(seed: number): Dice {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(fraction() * limit)
  const percent = (limit: number) => fraction() * 100 < limit
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)]
    if (item === undefined) throw new Error('Nothing to pick from')
    return item
  }
  return { fraction, below, percent, pick }
}

/** The `Random` port from a seed. */
export function seededRandom(seed: number): Random {
  const { below } = dice(seed)
  const bytes = (length: number) => {
    const drawn = new Uint8Array(length)
    for (let at = 0; at < length; at++) drawn[at] = below(256)
    return drawn
  }
  const uuid = (atMs: number) => {
    const random = Buffer.from(bytes(10).buffer).toString('hex')
    const time = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0').slice(-12)
    const variant = (8 + below(4)).toString(16)
    return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(3, 6)}-${random.slice(6, 18)}`
  }
  return { bytes, uuid }
}
