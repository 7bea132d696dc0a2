import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { languageSign, languages, openWords } from './words.ts'

const SRC = join(import.meta.dirname, '..')

/** Ids of a catalogue file with their text; read as text, so that a missing translation is not papered over. */
function catalogue(language: string): Map<string, string> {
  const text = readFileSync(join(import.meta.dirname, `${language}.po`), 'utf8')
  const entries = text.matchAll(/^msgid (".*"(?:\n".*")*)\nmsgstr (".*"(?:\n".*")*)/gm)
  return new Map([...entries].map(([, id = '', message = '']) => [unquote(id), unquote(message)]))
}

function unquote(lines: string): string {
  // Strings of a .po file are JSON strings, one a line.
  return lines
    .split('\n')
    .map((line) => JSON.parse(line) as string)
    .join('')
}

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.') && !path.startsWith('testing'))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }))

/** Every message in the sources: id and English text. */
const written = sources.flatMap(({ path, text }) =>
  [...text.matchAll(/i18n\._\(\s*'([^']+)'[\s\S]*?message:\s*('(?:[^'\\]|\\.)*'|"[^"]*")/g)].map(
    ([, id = '', quoted = '']) => ({ path, id, message: quoted.slice(1, -1).replaceAll("\\'", "'") }),
  ),
)

const placeholders = (message: string) =>
  [...message.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name).toSorted()

test('the sources are read: every message of a screen is found', () => {
  const calls = sources.flatMap(({ text }) => [...text.matchAll(/i18n\._\(/g)]).length
  expect(written).toHaveLength(calls)
  expect(calls).toBeGreaterThan(300)
})

test('the English catalogue says what the sources say, no more and no less', () => {
  const english = catalogue('en')
  english.delete('')
  expect(Object.fromEntries(english)).toEqual(
    Object.fromEntries(written.map(({ id, message }) => [id, message])),
  )
})

test('one id has one message, wherever it stands', () => {
  const byId = Map.groupBy(written, ({ id }) => id)
  const doubled = [...byId].filter(([, uses]) => new Set(uses.map(({ message }) => message)).size > 1)
  expect(doubled).toEqual([])
})

test.each(languages.filter((language) => language !== 'en'))(
  '%s translates everything and loses no figure',
  (language) => {
    const english = catalogue('en')
    const other = catalogue(language)
    expect([...english.keys()].filter((id) => (other.get(id) ?? '') === '' && id !== '')).toEqual([])
    for (const [id, message] of english) {
      if (id !== '')
        expect({ id, names: placeholders(other.get(id) ?? '') }).toEqual({ id, names: placeholders(message) })
    }
  },
)

test('no component has words of its own, neither between tags nor in labels', () => {
  const between = /<[A-Za-z][^<>]*>([^<>{}]*\p{L}{2,}[^<>{}]*)<\//gu
  const labels = /(?:aria-label|title|placeholder|alt)="([^"]*\p{L}{2,}[^"]*)"/gu
  const stray = sources
    .filter(({ path }) => path.endsWith('.tsx'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(between), ...text.matchAll(labels)].map(
        ([, words = '']) => `${path}: ${words.trim()}`,
      ),
    )
    // Names of keys are on the keyboard, in every language.
    .filter((words) => !/: (?:F\d+|Del|Esc|⇧ Del)$/.test(words))
  expect(stray).toEqual([])
})

test('a language is one more file: English comes first and each one has a short sign in its own script', async () => {
  expect(languages[0]).toBe('en')
  const signs = languages.map(languageSign)
  expect(signs.slice(0, 2)).toEqual(['EN', 'हि'])
  expect(new Set(signs).size).toBe(languages.length)
  const words = await openWords('hi')
  expect(words.i18n._('tender.cash')).toBe('कैश')
  await words.speak('en')
  expect(words.i18n._('tender.cash')).toBe('Cash')
  expect((await words.inLanguage('hi'))._('tender.cash')).toBe('कैश')
  expect(words.i18n.locale).toBe('en')
})

test('a language without a file is English, not silence', async () => {
  expect((await openWords('xx')).i18n.locale).toBe('en')
})
