/** A small seeded generator (sfc32): equal seeds give equal chains. Not for secrets. */
export type Dice = {
  /** In [0, 1). */
  fraction(): number
  /** Whole number in [from, to], both included. */
  whole(from: number, to: number): number
  pick<T>(list: readonly T[]): T
  /** One of `list`, as likely as its weight. */
  weighted<T>(list: readonly (readonly [item: T, weight: number])[]): T
  /** How many arrive when `mean` are expected. */
  poisson(mean: number): number
  /** UUIDv7 form with the given instant, else from the dice. */
  uuid(atMs: number): string
  bytes(length: number): Uint8Array
  /** Where the dice stand; `dice(seed, stream, state)` goes on from there. */
  state(): number[]
}

export function dice(seed: number, stream = 0, from?: readonly number[]): Dice {
  let [a = 0, b = 0, c = 0, counter = 0] = from ?? [0x9e3779b9 ^ seed, 0x243f6a88 ^ stream, 0xb7e15162, 1]
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  // A new seed is mixed before it is used.
  for (let round = 0; from === undefined && round < 15; round++) next()
  const fraction = () => next() / 4294967296
  const whole = (from: number, to: number) => from + Math.floor(fraction() * (to - from + 1))
  const bytes = (length: number) => Uint8Array.from({ length }, () => next() & 255)
  return {
    fraction,
    whole,
    bytes,
    state: () => [a, b, c, counter],
    pick(list) {
      const item = list[whole(0, list.length - 1)]
      if (item === undefined) throw new RangeError('the list is empty')
      return item
    },
    weighted(list) {
      let left = fraction() * list.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [item, weight] of list) {
        left -= weight
        if (left < 0) return item
      }
      const last = list.at(-1)
      if (!last) throw new RangeError('the list is empty')
      return last[0]
    },
    poisson(mean) {
      const limit = Math.exp(-mean)
      let product = fraction()
      let count = 0
      while (product > limit) {
        product *= fraction()
        count++
      }
      return count
    },
    uuid(atMs) {
      const random = bytes(16)
      const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')
      const time = atMs.toString(16).padStart(12, '0')
      const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16)
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
    },
  }
}
