import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { fromUtf8 } from '../canonical/utf8.ts'
import { sizeLimit } from './limits.ts'
import { readDocumentLines } from './lines.ts'
import { bodies, type Entry, EntryHeader, type EntryType } from './schema.ts'

/** What can be told of an entry's bytes even where they fail; null: not to be told. */
export type Outline = {
  epoch: string | null
  seq: number | null
  prevHash: string | null
  type: string | null
  at: number | null
}

/** Outcome of reading an entry's bytes. Nothing but `ok` has effects; the others wait (JRN-10). */
export type Decoded =
  | { kind: 'ok'; entry: Entry; outline: Outline }
  | { kind: 'unreadable' | 'unknown-type' | 'schema-failed' | 'too-large'; outline: Outline }

type Check = { Check(value: unknown): boolean }

// Compiled at first use: a till reads few types, and where a page forbids eval TypeBox interprets instead.
const checks = new Map<TSchema, Check>()

function fits(schema: TSchema, value: unknown): boolean {
  let check = checks.get(schema)
  if (check === undefined) {
    check = Compile(schema)
    checks.set(schema, check)
  }
  return check.Check(value)
}

const nothing: Outline = { epoch: null, seq: null, prevHash: null, type: null, at: null }

/** Whether a release knows the type; others wait for a newer one. */
export function isEntryType(type: string): type is EntryType {
  return Object.hasOwn(bodies, type)
}

/**
 * Reads an entry's bytes, once and for all. Unknown members are tolerated; never throws, whatever the
 * bytes are.
 */
export function decodeEntry(bytes: Uint8Array): Decoded {
  let value: unknown
  try {
    value = JSON.parse(fromUtf8(bytes))
  } catch {
    // Not UTF-8 or not JSON: the bytes take their slot and wait; there is nothing to say about them.
    return { kind: 'unreadable', outline: nothing }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'unreadable', outline: nothing }
  }
  const outline = outlineOf(value)
  const body: unknown = Reflect.get(value, 'body')
  if (bytes.length > sizeLimit(outline.type, carriesBytes(body))) return { kind: 'too-large', outline }
  if (outline.type !== null && !isEntryType(outline.type)) return { kind: 'unknown-type', outline }
  return checkEntry(value) ? { kind: 'ok', entry: value, outline } : { kind: 'schema-failed', outline }
}

/** Checks a parsed entry and turns its tables into lines. */
function checkEntry(value: object): value is Entry {
  if (!fits(EntryHeader, value)) return false
  const { type, body } = value as { type: string; body: unknown } // as: the header was just checked
  if (!isEntryType(type)) return false
  return readTables(type, body) && fits(bodies[type], body)
}

function readTables(type: EntryType, body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false
  if (type === 'sale') {
    return 'documents' in body && Array.isArray(body.documents) && body.documents.every(readDocumentLines)
  }
  if (type === 'invoice-issued' || type === 'recovered-bill') {
    return 'document' in body && readDocumentLines(body.document)
  }
  return true
}

function outlineOf(value: object): Outline {
  const text = (member: string) => {
    const found: unknown = Reflect.get(value, member)
    return typeof found === 'string' ? found : null
  }
  const whole = (member: string) => {
    const found: unknown = Reflect.get(value, member)
    return typeof found === 'number' && Number.isSafeInteger(found) ? found : null
  }
  return {
    epoch: text('epoch'),
    seq: whole('seq'),
    prevHash: text('prevHash'),
    type: text('type'),
    at: whole('at'),
  }
}

function carriesBytes(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'bytes' in body
}

/** Whether the entry would be read as it is meant: schema of header and body. */
export function isWellFormedEntry(entry: unknown): boolean {
  if (!fits(EntryHeader, entry)) return false
  const { type, body } = entry as { type: string; body: unknown } // as: the header was just checked
  return isEntryType(type) && fits(bodies[type], body)
}
