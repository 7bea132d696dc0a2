import { randomInt } from 'node:crypto'

/** Read aloud and typed by hand: no 0 and O, no 1, I and L, no U beside V. */
const characters = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Of so many codes that somebody makes up, one may be real. */
const guessesMin = 10_000

type Form = { prefix: string; length: number }

/** Different codes of a series that nobody can guess: the prefix, then characters by chance. */
export function randomCodes({ prefix, length }: Form, count: number): string[] {
  const codes = new Set<string>()
  while (codes.size < count) {
    let code = prefix
    while (code.length < length) code += characters[randomInt(characters.length)]
    codes.add(code)
  }
  return [...codes]
}

/** How many codes a series may have, so that guessing is in vain; 0 where its prefix fills the code. */
export function codesMax({ prefix, length }: Form): number {
  const places = Math.max(0, length - prefix.length)
  return Math.min(Number.MAX_SAFE_INTEGER, Math.floor(characters.length ** places / guessesMin))
}
