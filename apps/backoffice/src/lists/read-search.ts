import type { Static, TObject } from 'typebox'
import { Check } from 'typebox/value'

/**
 * Reads the query of a list from the address bar by the endpoint's own schema: the address of a screen
 * and the question to the server have the same members. What the schema does not take, an old link's
 * filter or a slip of the finger, is left out, so that the screen opens in any case.
 */
export function readSearch<S extends TObject>(schema: S, raw: Record<string, unknown>): Partial<Static<S>> {
  const read: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(schema.properties)) {
    const given = raw[name]
    if (given === undefined || given === null || given === '') continue
    const value = typed(String(given))
      .filter((candidate) => Check(member, candidate))
      .at(0)
    if (value !== undefined) read[name] = value
  }
  // as: every member was checked against the member of S that has its name.
  return read as Partial<Static<S>>
}

/** What a text of an address may mean; texts of digits may be numbers of bills, too. */
function typed(text: string): unknown[] {
  if (text === 'true' || text === 'false') return [text === 'true', text]
  return /^-?[0-9]{1,15}$/.test(text) ? [Number(text), text] : [text]
}

/** Writes members into an address, plainly: `?store=…&page=2`. Members without content are left out. */
export function writeSearch(search: Record<string, unknown>): string {
  const written = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') written.set(name, String(value))
  }
  const text = written.toString()
  return text === '' ? '' : `?${text}`
}

/** The members of an address as texts. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}
