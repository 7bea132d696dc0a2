import { wordsOf } from './words.ts'

/**
 * A prefix index in typed arrays. Products stand in it by rank: alphabetical by English name, so that
 * the first hits are the first to be shown.
 */
export type SearchIndex = {
  /** Place in the table of products, by rank. */
  byRank: Uint32Array
  /** UTF-16 units of all words, sorted, one after another. */
  letters: Uint16Array
  /** Where word n begins in `letters`; one more than there are words. */
  wordStarts: Uint32Array
  /** Ranks of the products that have word n, ascending, one word after another. */
  postings: Uint32Array
  /** Where word n begins in `postings`; one more than there are words. */
  postingStarts: Uint32Array
  /** Every letter and digit in the words, once: what a typing error may have meant. */
  alphabet: string
}

/** A half-open range of words. */
type Range = { from: number; to: number }

/** Shorter words have too many neighbours for an error to be told from another word. */
const FUZZY_LENGTH_MIN = 3
const QUERY_WORDS_MAX = 8
const COLLATOR = new Intl.Collator('en')

/**
 * Builds the index; `texts[n]` is what the product at place n is found by, its first text the name it is
 * ranked by.
 */
export function buildSearchIndex(texts: readonly (readonly string[])[]): SearchIndex {
  const names = texts.map(([name = '']) => name)
  const byRank = Uint32Array.from(texts.keys()).sort(
    (one, other) => COLLATOR.compare(names[one] ?? '', names[other] ?? '') || one - other,
  )
  const ranksOf = new Map<string, number[]>()
  byRank.forEach((place, rank) => {
    for (const word of new Set(texts[place]?.flatMap(wordsOf))) {
      const ranks = ranksOf.get(word)
      if (ranks) ranks.push(rank)
      else ranksOf.set(word, [rank])
    }
  })
  const words = [...ranksOf.keys()].sort()
  const lists = words.map((word) => ranksOf.get(word) ?? [])
  return {
    byRank,
    letters: Uint16Array.from(unitsOf(words)),
    wordStarts: startsOf(words.map((word) => word.length)),
    postings: Uint32Array.from(lists.flat()),
    postingStarts: startsOf(lists.map((list) => list.length)),
    alphabet: [...new Set(words.join(''))].sort().join(''),
  }
}

function* unitsOf(words: readonly string[]): Iterable<number> {
  for (const word of words) for (let at = 0; at < word.length; at++) yield word.charCodeAt(at)
}

function startsOf(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1)
  lengths.forEach((length, at) => {
    starts[at + 1] = (starts[at] ?? 0) + length
  })
  return starts
}

/**
 * Places of products whose words begin with every word of the text: first those that have each as a
 * whole word, each group alphabetical. Where there is none, words of three letters and more may have one
 * letter wrong, missing, too many, or swapped with its neighbour. Empty for a text without words.
 */
export function searchIndex(index: SearchIndex, text: string, limit: number): number[] {
  const words = wordsOf(text).slice(0, QUERY_WORDS_MAX)
  if (words.length === 0 || limit <= 0) return []
  const exact = matchAll(
    index,
    words.map((word) => [wholeWord(index, word)]),
  )
  const begun = matchAll(
    index,
    words.map((word) => [prefixRange(index, word)]),
  )
  const found = collect(index, [exact, begun], limit)
  if (found.length > 0) return found
  return collect(
    index,
    [
      matchAll(
        index,
        words.map((word) => neighbours(index, word)),
      ),
    ],
    limit,
  )
}

/** Set of ranks as bits. */
type Bits = Uint32Array

/** Ranks that have, for every word asked for, one of its ranges of words. */
function matchAll(index: SearchIndex, asked: readonly (readonly Range[])[]): Bits {
  let all: Bits | undefined
  for (const ranges of asked) {
    const bits = new Uint32Array((index.byRank.length + 31) >>> 5)
    for (const { from, to } of ranges) {
      const end = index.postingStarts[to] ?? 0
      for (let at = index.postingStarts[from] ?? 0; at < end; at++) {
        const rank = index.postings[at] ?? 0
        bits[rank >>> 5] = (bits[rank >>> 5] ?? 0) | (1 << (rank & 31))
      }
    }
    all = all ? all.map((word, at) => word & (bits[at] ?? 0)) : bits
  }
  return all ?? new Uint32Array(0)
}

/** The first places of the sets, a later set without what an earlier one gave. */
function collect(index: SearchIndex, sets: readonly Bits[], limit: number): number[] {
  const found: number[] = []
  sets.forEach((bits, nth) => {
    for (let word = 0; word < bits.length && found.length < limit; word++) {
      let rest = bits[word] ?? 0
      for (const earlier of sets.slice(0, nth)) rest &= ~(earlier[word] ?? 0)
      for (; rest !== 0 && found.length < limit; rest &= rest - 1) {
        found.push(index.byRank[(word << 5) + (31 - Math.clz32(rest & -rest))] ?? 0)
      }
    }
  })
  return found
}

function wholeWord(index: SearchIndex, word: string): Range {
  const { from, to } = prefixRange(index, word)
  // Sorted by units: the word itself comes before every longer one.
  const length = (index.wordStarts[from + 1] ?? 0) - (index.wordStarts[from] ?? 0)
  return from < to && length === word.length ? { from, to: from + 1 } : { from, to: from }
}

/** Words that begin with the prefix; looked for inside `within`. */
function prefixRange(index: SearchIndex, prefix: string, within?: Range): Range {
  const whole = within ?? { from: 0, to: index.wordStarts.length - 1 }
  const from = lowerBound(index, prefix, whole, false)
  return { from, to: lowerBound(index, prefix, { from, to: whole.to }, true) }
}

/** First word of the range that is not below the prefix, or, with `beyond`, above all words that begin with it. */
function lowerBound(index: SearchIndex, prefix: string, within: Range, beyond: boolean): number {
  let { from: low, to: high } = within
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = comparePrefix(index, middle, prefix)
    if (order < 0 || (beyond && order === 0)) low = middle + 1
    else high = middle
  }
  return low
}

/** Below 0: the word stands before the prefix; 0: it begins with it; above 0: it stands behind. */
function comparePrefix(index: SearchIndex, word: number, prefix: string): number {
  const start = index.wordStarts[word] ?? 0
  const length = (index.wordStarts[word + 1] ?? 0) - start
  for (let at = 0; at < prefix.length; at++) {
    if (at === length) return -1
    const difference = (index.letters[start + at] ?? 0) - prefix.charCodeAt(at)
    if (difference !== 0) return difference
  }
  return 0
}

/** Ranges of words that begin with the word after at most one edit. May overlap. */
function neighbours(index: SearchIndex, word: string): Range[] {
  const ranges = [prefixRange(index, word)]
  if (word.length < FUZZY_LENGTH_MIN) return ranges
  const isLatin = /^[\p{ASCII}]+$/u.test(word)
  const letters = [...index.alphabet].filter((letter) => /^\p{ASCII}$/u.test(letter) === isLatin)
  for (let at = 0; at <= word.length; at++) {
    // What stands before the edit narrows the search for all edits here.
    const before = word.slice(0, at)
    const within = prefixRange(index, before)
    if (within.from === within.to) break
    const rest = word.slice(at)
    const tails = letters.flatMap((letter) => [letter + rest, letter + rest.slice(1)])
    tails.push(rest.slice(1), rest.slice(1, 2) + rest.slice(0, 1) + rest.slice(2))
    for (const tail of new Set(tails)) {
      const range = prefixRange(index, before + tail, within)
      if (range.from < range.to) ranges.push(range)
    }
  }
  return ranges
}
