import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildSearchIndex, searchIndex } from './search-index.ts'
import { wordsOf } from './words.ts'

/** What the index promises, worked out the slow way: every product, every word. */
function naiveSearch(texts: readonly (readonly string[])[], text: string, limit: number): number[] {
  const asked = wordsOf(text)
  if (asked.length === 0) return []
  const collator = new Intl.Collator('en')
  const ranked = texts
    .map((own, place) => ({ place, name: own[0] ?? '', words: own.flatMap(wordsOf) }))
    .sort((one, other) => collator.compare(one.name, other.name) || one.place - other.place)
  const those = (fits: (word: string, query: string) => boolean) =>
    ranked.filter(({ words }) => asked.every((query) => words.some((word) => fits(word, query))))
  const exact = those((word, query) => word === query)
  const begun = those((word, query) => word.startsWith(query))
  const found = new Set([...exact, ...begun])
  if (found.size === 0) for (const one of those(beginsNear)) found.add(one)
  return [...found].slice(0, limit).map(({ place }) => place)
}

function beginsNear(word: string, query: string): boolean {
  if (word.startsWith(query)) return true
  if (query.length < 3) return false
  const lengths = [query.length - 1, query.length, query.length + 1]
  return lengths.some((length) => length <= word.length && isOneEdit(query, word.slice(0, length)))
}

/** One letter wrong, missing, too many, or two neighbours swapped. */
function isOneEdit(query: string, word: string): boolean {
  for (let at = 0; at <= query.length; at++) {
    const before = query.slice(0, at)
    if (!word.startsWith(before)) return false
    const [q, w] = [query.slice(at), word.slice(at)]
    if (q.slice(1) === w.slice(1) && q !== '' && w !== '') return true
    if (q.slice(1) === w || q === w.slice(1)) return true
    if (q.length > 1 && q.slice(1, 2) + q.slice(0, 1) + q.slice(2) === w) return true
  }
  return false
}

const word = fc.constantFrom(
  'lip',
  'lips',
  'lipstick',
  'matte',
  'mat',
  'serum',
  'rose',
  'rosé',
  'no7',
  '30ml',
  'लिप',
  'लाल',
)
const lettersOf = (...units: string[]) =>
  fc.string({ unit: fc.constantFrom(...units), minLength: 1, maxLength: 6 })
const letters = fc.oneof(lettersOf('l', 'i', 'p', 's', 'm', 'a', 't', '7'), lettersOf('ल', 'ि', 'प', 'ा'))
const name = fc.array(fc.oneof(word, letters), { maxLength: 4 }).map((words) => words.join(' '))
const texts = fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 40 })

test('the index finds what a search through every word finds, in the same order', () => {
  fc.assert(
    fc.property(texts, name, fc.integer({ min: 1, max: 50 }), (all, query, limit) => {
      expect(searchIndex(buildSearchIndex(all), query, limit)).toEqual(naiveSearch(all, query, limit))
    }),
    { numRuns: 3000 },
  )
})

const shelf = [
  ['Matte Lip Colour, Brick 04', 'मैट लिप कलर', 'Zarina', 'LIP-0004'],
  ['Lip Balm Rose', 'लिप बाम गुलाब', 'Zarina', 'LIP-0031'],
  ['Lipstick Crème', 'लिपस्टिक', "D'Ora", 'STK-0099'],
  ['Vitamin C Face Serum 30 ml', 'विटामिन सी', 'Aloka', 'SER-0001'],
]
const find = (query: string) =>
  searchIndex(buildSearchIndex(shelf), query, 10).map((place) => shelf[place]?.[0])

test.each([
  [
    'whole words come before longer ones',
    'lip',
    ['Lip Balm Rose', 'Matte Lip Colour, Brick 04', 'Lipstick Crème'],
  ],
  ['every word counts, in any order', 'colour lip', ['Matte Lip Colour, Brick 04']],
  ['brand', 'zarina balm', ['Lip Balm Rose']],
  ['apostrophes are not typed', 'dora', ['Lipstick Crème']],
  ['accents are not typed', 'creme', ['Lipstick Crème']],
  ['SKU', 'LIP-0031', ['Lip Balm Rose']],
  ['Hindi', 'लिप बा', ['Lip Balm Rose']],
  ['size without the blank', 'serum 30ml', ['Vitamin C Face Serum 30 ml']],
  ['a wrong letter', 'sirum', ['Vitamin C Face Serum 30 ml']],
  ['a missing letter', 'srum', ['Vitamin C Face Serum 30 ml']],
  ['a letter too many', 'serrum', ['Vitamin C Face Serum 30 ml']],
  ['swapped letters', 'seurm', ['Vitamin C Face Serum 30 ml']],
  ['a wrong letter in Hindi', 'विटाकिन', ['Vitamin C Face Serum 30 ml']],
  ['two errors are another word', 'sirun', []],
  ['nothing but signs', ' -- ', []],
])('finds by %s', (_what, query, expected) => {
  expect(find(query)).toEqual(expected)
})
