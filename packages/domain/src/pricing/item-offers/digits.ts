import type { Counter } from './counters.ts'

/** Where a digit of a state stands: in which of its words, and from which bit on. */
export type Digit = { word: number; shift: number; mask: number }

/** Bits of a word; states stay small integers, which are compared and hashed fast. */
const WORD_BITS = 30

/** Places of all counters' digits, and how many words they take together. */
export function layOut(counters: readonly Counter[]): { digits: Digit[][]; words: number } {
  let word = 0
  let shift = 0
  const digits = counters.map(({ radices }) =>
    radices.map((radix): Digit => {
      const bits = 32 - Math.clz32(radix - 1)
      if (shift + bits > WORD_BITS) {
        word++
        shift = 0
      }
      const digit = { word, shift, mask: (1 << bits) - 1 }
      shift += bits
      return digit
    }),
  )
  return { digits, words: word + 1 }
}
