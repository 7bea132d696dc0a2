/** Marks over Latin letters, which cashiers do not type; those of Indic scripts are letters' halves and stay. */
const LATIN_MARKS = /[\u0300-\u036f]/g
const WORD = /\p{N}+|[\p{L}\p{M}]+/gu

/**
 * Words of a text as the search index compares them: lower case, without Latin accents and apostrophes,
 * digits apart from letters (`30ml` is `30` and `ml`). Without doubles, in order of appearance.
 */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(LATIN_MARKS, '')
    .replace(/['’]/g, '')
    .normalize('NFC')
    .toLowerCase()
  return [...new Set(plain.match(WORD) ?? [])]
}
