import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'

export type FieldError = { field: string; message: string }

/** What the validator found, as Fastify hands it to the error handler. */
export class RequestInvalid extends Error {
  readonly fields: readonly FieldError[]
  constructor(fields: readonly FieldError[]) {
    super(fields.map((fault) => `${fault.field} ${fault.message}`).join(' '))
    this.name = 'RequestInvalid'
    this.fields = fields
  }
}

/**
 * Checks by TypeBox. Bodies are taken as they are; only path and query, which are text, are turned
 * into numbers and booleans and get their defaults.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema)
  const isText = httpPart !== 'body'
  return (value: unknown) => {
    const given = isText ? Value.Default(schema, Value.Convert(schema, { ...(value as object) })) : value
    if (compiled.Check(given)) return { value: given }
    return { error: new RequestInvalid(fieldErrors(compiled.Errors(given))) }
  }
}

/** What is wrong with a value that did not come over HTTP, field by field; empty when it fits. */
export function faultsOf(schema: TSchema, value: unknown): FieldError[] {
  return Value.Check(schema, value) ? [] : fieldErrors(Value.Errors(schema, value))
}

type Fault = { keyword: string; instancePath: string; params: object }
const faultsMax = 20

/** One sentence for each field, in the words of a person who fills in a form. */
function fieldErrors(faults: readonly Fault[]): FieldError[] {
  const byField = new Map<string, string>()
  for (const fault of faults) {
    const path = fault.instancePath.slice(1).replaceAll('/', '.')
    // The keyword says which parameters there are.
    const params = fault.params as Record<string, unknown>
    if (fault.keyword === 'required') {
      for (const name of params.requiredProperties as string[]) {
        byField.set(path === '' ? name : `${path}.${name}`, 'is missing. Fill it in.')
      }
    } else if (fault.keyword === 'additionalProperties') {
      // Each member that is too many is named by a fault of its own.
    } else {
      // Of a union's many complaints the last, its own, is the one to show.
      const known = byField.get(path)
      if (known === undefined || fault.keyword === 'anyOf') byField.set(path, sentence(fault.keyword, params))
    }
    if (byField.size >= faultsMax) break
  }
  return [...byField].map(([field, message]) => ({ field, message }))
}

function sentence(keyword: string, params: Record<string, unknown>): string {
  switch (keyword) {
    case 'type':
      return `is not ${kinds[String(params.type)] ?? String(params.type)}. Correct it.`
    case 'minLength':
      return Number(params.limit) === 1
        ? 'is empty. Fill it in.'
        : `needs at least ${params.limit} characters.`
    case 'maxLength':
      return `may have at most ${params.limit} characters. Shorten it.`
    case 'minimum':
      return `must be ${params.limit} or more.`
    case 'maximum':
      return `must be ${params.limit} or less.`
    case 'minItems':
      return `needs at least ${params.limit} ${Number(params.limit) === 1 ? 'entry' : 'entries'}.`
    case 'maxItems':
      return `may have at most ${params.limit} entries. Send fewer at a time.`
    case 'boolean':
      return 'is not known here. Check how it is written, or take it out.'
    case 'pattern':
      return 'is not written as expected. Check it for typing mistakes.'
    default:
      return 'is not one of the values that are allowed here.'
  }
}

const kinds: Record<string, string> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'yes or no (true or false)',
  array: 'a list',
  object: 'a group of fields',
  null: 'empty',
}
