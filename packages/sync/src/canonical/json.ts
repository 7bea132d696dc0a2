import { utf8 } from './utf8.ts'

/**
 * Canonical JSON (RFC 8785): members sorted by UTF-16 code units, numbers and strings as ECMAScript
 * writes them, no blanks. Members whose value is undefined are left out.
 *
 * Throws TypeError on what JSON cannot carry without loss: lone surrogates, NaN, infinities, undefined
 * in an array, functions, symbols, big integers, objects that are neither plain nor arrays.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return textLiteral(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`Canonical JSON has no ${value}`)
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
      return objectLiteral(value)
    default:
      throw new TypeError(`Canonical JSON has no ${typeof value}`)
  }
}

/** UTF-8 bytes of the canonical JSON: what is hashed and signed. */
export function canonicalBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return utf8(canonicalJson(value))
}

function textLiteral(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('Canonical JSON has no lone surrogates')
  return JSON.stringify(text)
}

function objectLiteral(value: object): string {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError('Canonical JSON has plain objects only')
  }
  let members = ''
  // sort() without arguments compares UTF-16 code units, as section 3.2.3 of the RFC asks.
  for (const name of Object.keys(value).sort()) {
    const member: unknown = Reflect.get(value, name)
    if (member === undefined) continue
    members += `${members === '' ? '' : ','}${nameLiteral(name)}:${canonicalJson(member)}`
  }
  return `{${members}}`
}

/** Entries of a release have the same few hundred names: each is quoted once. */
const nameLiterals = new Map<string, string>()
const namesMost = 1_000

function nameLiteral(name: string): string {
  const known = nameLiterals.get(name)
  if (known !== undefined) return known
  const literal = textLiteral(name)
  if (nameLiterals.size < namesMost) nameLiterals.set(name, literal)
  return literal
}
