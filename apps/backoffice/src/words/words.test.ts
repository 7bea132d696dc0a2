import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '..')

/** Ids of a catalogue file with their texts; read as text, so that a missing translation is not papered over. */
function catalogue(language: string): Map<string, string> {
  const text = readFileSync(join(import.meta.dirname, `${language}.po`), 'utf8')
  const entries = text.matchAll(/^msgid (".*"(?:\n".*")*)\nmsgstr (".*"(?:\n".*")*)/gm)
  const read = new Map([...entries].map(([, id = '', message = '']) => [unquote(id), unquote(message)]))
  read.delete('')
  return read
}

function unquote(lines: string): string {
  // Strings of a .po file are JSON strings, one a line.
  return lines
    .split('\n')
    .map((line) => JSON.parse(line) as string)
    .join('')
}

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }))

/** Every message in the sources: id and English text. */
const written = sources.flatMap(({ text }) =>
  [
    ...text.matchAll(
      /i18n\._\(\s*'([^']+)',\s*(?:values|\{(?:[^{}]|\{[^{}]*\})*\}),\s*\{\s*message:\s*('(?:[^'\\]|\\.)*'|"[^"]*")/g,
    ),
  ].map(([, id = '', quoted = '']) => ({ id, message: quoted.slice(1, -1) })),
)

/** Names of values; what stands behind `one`, `other` or `=0` is a text. */
const placeholders = (message: string) =>
  [
    ...new Set([...message.matchAll(/(?<!(?:one|other|=\d+) )\{(\w+)[,}]/g)].map(([, name]) => name)),
  ].toSorted()

test('the sources are read: every message of a screen is found', () => {
  const calls = sources.flatMap(({ text }) => [...text.matchAll(/i18n\._\(/g)]).length
  expect(written).toHaveLength(calls)
  expect(calls).toBeGreaterThan(700)
})

test('the English catalogue says what the sources say, no more and no less', () => {
  expect(Object.fromEntries(catalogue('en'))).toEqual(
    Object.fromEntries(written.map(({ id, message }) => [id, message])),
  )
})

test('one id has one message, wherever it stands', () => {
  const byId = Map.groupBy(written, ({ id }) => id)
  const doubled = [...byId].filter(([, uses]) => new Set(uses.map(({ message }) => message)).size > 1)
  expect(doubled).toEqual([])
})

test('Hindi translates everything and loses no figure', () => {
  const english = catalogue('en')
  const hindi = catalogue('hi')
  expect([...english.keys()].filter((id) => (hindi.get(id) ?? '') === '')).toEqual([])
  for (const [id, message] of english) {
    expect({ id, names: placeholders(hindi.get(id) ?? '') }).toEqual({ id, names: placeholders(message) })
  }
})

test('no component has words of its own, neither between tags nor in labels', () => {
  const between = /<[A-Za-z][^<>]*>([^<>{}]*\p{L}{2,}[^<>{}]*)<\//gu
  const labels = /(?:aria-label|title|label|placeholder|description|alt)="([^"]*\p{L}{2,}[^"]*)"/gu
  const stray = sources
    .filter(({ path }) => path.endsWith('.tsx'))
    .flatMap(({ text }) =>
      [...text.matchAll(between), ...text.matchAll(labels)].map(([, words = '']) => words.trim()),
    )
  // The product's name, and keys as they stand on the keyboard.
  expect(stray.filter((words) => !['Nexus', 'Ctrl K'].includes(words))).toEqual([])
})
