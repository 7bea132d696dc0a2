/** Longer words are cut: nobody types more, and the index stays small. */
const lengthMax = 40

/** Lower case without accents, quotes inside words dropped; blanks and other signs stay. Indic vowel signs stay too. */
function fold(text: string): string {
  const plain = isAscii(text)
    ? text
    : text
        .normalize('NFKD')
        .replace(/[\u0300-\u036f]/g, '')
        .normalize('NFC')
  return plain.toLowerCase().replace(/['’‘`´]/g, '')
}

/** One name, however it is typed: without case, accents, quotes and doubled blanks. */
export function nameKey(name: string): string {
  return fold(name).replace(/\s+/g, ' ').trim()
}

/** The words of texts, each once, in order of appearance. What is searched is split in the same way. */
export function splitWords(texts: readonly string[]): string[] {
  const words = new Set<string>()
  for (const text of texts) {
    for (const word of fold(text).split(/[^\p{L}\p{M}\p{N}]+/u)) {
      if (word !== '') words.add(word.length > lengthMax ? [...word].slice(0, lengthMax).join('') : word)
    }
  }
  return [...words]
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false
  return true
}
