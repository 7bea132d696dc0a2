import fc from 'fast-check'

/** The parts of JSON Schema that TypeBox writes and that values are made from here. */
type Schema = {
  type?: string
  const?: unknown
  anyOf?: readonly Schema[]
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  patternProperties?: Readonly<Record<string, Schema>>
  additionalProperties?: unknown
  items?: Schema
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  maxProperties?: number
}

/** Names on which programs stumble. */
const oddTexts = [
  'a',
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__proto__',
  '0',
  '-1',
  'null',
  '٣',
  '\u0000',
]
/** Lists are short: long ones have tests of their own. */
const itemsMax = 4

/**
 * Values that a schema accepts, most of them at its limits: the least and the greatest numbers, odd texts, few
 * ids so that they meet. Throws for a schema with a part that is not known here.
 */
export function fromSchema(given: object): fc.Arbitrary<unknown> {
  // as: TypeBox schemas are JSON Schemas at run time.
  const schema = given as Schema
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(fromSchema))
  switch (schema.type) {
    case 'object':
      return objectFrom(schema)
    case 'array': {
      const minLength = schema.minItems ?? 0
      const maxLength = Math.min(schema.maxItems ?? itemsMax, Math.max(minLength, itemsMax))
      return fc.array(fromSchema(schema.items ?? {}), { minLength, maxLength })
    }
    case 'integer':
      return integerFrom(schema)
    case 'string':
      return textFrom(schema)
    case 'boolean':
      return fc.boolean()
    default:
      throw new Error(`values of ${JSON.stringify(schema)} cannot be made`)
  }
}

function objectFrom({
  properties = {},
  required = [],
  patternProperties,
  additionalProperties,
  ...rest
}: Schema) {
  const members = Object.entries(properties).map(([name, member]) => [name, fromSchema(member)] as const)
  const fixed = fc.record(Object.fromEntries(members), { requiredKeys: [...required] })
  const [pattern, value] = Object.entries(patternProperties ?? {})[0] ?? []
  if (pattern !== undefined && value !== undefined) {
    const key = fc
      .oneof(fc.stringMatching(new RegExp(pattern)), fc.constantFrom('1', '2'))
      .filter((name) => new RegExp(pattern).test(name))
    return fc.dictionary(key, fromSchema(value), {
      maxKeys: Math.min(rest.maxProperties ?? itemsMax, itemsMax),
    })
  }
  if (typeof additionalProperties !== 'object' || additionalProperties === null) return fixed
  const more = fc.dictionary(fc.constantFrom('hi', ...oddTexts), fromSchema(additionalProperties), {
    maxKeys: 2,
  })
  return fc.tuple(more, fixed).map(([extra, own]) => ({ ...extra, ...own }))
}

function integerFrom({
  minimum = -1_000_000,
  maximum = Number.MAX_SAFE_INTEGER,
}: Schema): fc.Arbitrary<number> {
  const within = (value: number) => Math.min(Math.max(value, minimum), maximum)
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...[minimum, minimum + 1, 1, 2, 3, 100, 1000].map(within)) },
    { weight: 1, arbitrary: fc.constantFrom(...[maximum, maximum - 1, 999_999_999].map(within)) },
    { weight: 1, arbitrary: fc.integer({ min: minimum, max: maximum }) },
  )
}

function textFrom({ pattern, minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  const texts = oddTexts.filter(({ length }) => length >= minLength && length <= maxLength)
  const free = fc.string({ minLength, maxLength, unit: 'binary' })
  return fc.oneof(free, ...(texts.length > 0 ? [fc.constantFrom(...texts)] : []))
}
