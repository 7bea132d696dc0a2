import fc from 'fast-check'

/** A document of JSON with one place changed; `text` is what goes over the wire. */
export type HostileEdit = { path: string; text: string }

/** JSON that a person or a program with bad intentions puts where something else belongs. */
const hostileTexts = [
  'null',
  'true',
  '-1',
  '0',
  '0.5',
  '1e20',
  '1e308',
  '1e999',
  '-0',
  '9007199254740993',
  '""',
  '"__proto__"',
  '"=cmd|calc"',
  JSON.stringify('x'.repeat(100_000)),
  '[]',
  '{}',
  '{"__proto__":{"isStaff":true}}',
  '{"constructor":{"prototype":{"isStaff":true}}}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  `[${Array(2000).fill('0').join(',')}]`,
  `[${Array(2000).fill('{}').join(',')}]`,
]

/**
 * Documents in which any one place, however deep, holds something hostile, is doubled in its list, or has a
 * member beside it that nobody asked for.
 */
export function hostileEdits(document: unknown): fc.Arbitrary<HostileEdit> {
  const places = placesIn(document, '')
  return fc
    .record({
      place: fc.constantFrom(...places),
      text: fc.constantFrom(...hostileTexts),
      isAdded: fc.boolean(),
    })
    .map(({ place, text, isAdded }) => ({ path: place, text: edited(document, '', place, text, isAdded) }))
}

function placesIn(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([name, member]) => placesIn(member, `${path}/${name}`))]
}

/** JSON of a document with `text` at a place, written by hand: an object would lose a member `__proto__`. */
function edited(value: unknown, path: string, place: string, text: string, isAdded: boolean): string {
  if (path === place && !isAdded) return text
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const isHere = path === place
  const members = Object.entries(value).map(([name, member]): [string, string] => [
    name,
    edited(member, `${path}/${name}`, place, text, isAdded),
  ])
  if (Array.isArray(value)) {
    const entries = members.map(([, member]) => member)
    return `[${[...entries, ...(isHere ? [entries[0] ?? text] : [])].join(',')}]`
  }
  if (isHere) members.push(['__proto__', text])
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${member}`).join(',')}}`
}
