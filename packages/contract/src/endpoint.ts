import type { Static, TSchema } from 'typebox'

/**
 * What a signed-in person may do. A role is a set of these; a route names the one it needs.
 * `…read` looks, `…write` changes.
 */
export const permissions = [
  'bills.read',
  'products.read',
  'products.write',
  'prices.write',
  'rulebook.publish',
  'stock.read',
  'stock.write',
  'stores.read',
  'stores.write',
  'staff.read',
  'staff.write',
  'shifts.read',
  'settlements.write',
  'audit.read',
  'attention.write',
  'registers.handover',
  'journal.decide',
  'tax.write',
  'settings.write',
] as const
export type Permission = (typeof permissions)[number]

/** Who may call: anyone, an enrolled till or a store server with its token, any signed-in person, or one with a permission. */
export type Access = 'anyone' | 'device' | 'store-server' | 'signed-in' | Permission

export type Endpoint<
  Params extends TSchema | undefined = TSchema | undefined,
  Query extends TSchema | undefined = TSchema | undefined,
  Body extends TSchema | undefined = TSchema | undefined,
  Answer extends TSchema | undefined = TSchema | undefined,
> = {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** With `:name` for each member of `params`. */
  path: string
  /** One sentence for the API page. */
  summary: string
  /** Module it belongs to; a heading on the API page. */
  tag: string
  allow: Access
  params: Params
  query: Query
  body: Body
  /** undefined: no content, or bytes of type `produces`. */
  answer: Answer
  /** Media type of an answer that is not JSON. */
  produces?: string
  /** Media type of a body that is not JSON, e.g. `multipart/form-data`. */
  consumes?: string
}

type Given = {
  method: Endpoint['method']
  path: string
  summary: string
  tag: string
  allow: Access
  params?: TSchema
  query?: TSchema
  body?: TSchema
  answer?: TSchema
  produces?: string
  consumes?: string
}
type Member<G, K extends string> = G extends Record<K, infer V extends TSchema> ? V : undefined
/** The endpoint of what was given; `allow` and `produces` stay literal, since handlers are typed by them. */
type Described<G extends Given> = Endpoint<
  Member<G, 'params'>,
  Member<G, 'query'>,
  Member<G, 'body'>,
  Member<G, 'answer'>
> &
  Pick<G, Extract<keyof G, 'allow' | 'produces'>>

/** Describes one route once: the server validates by it, the client is typed by it, OpenAPI lists it. */
export function endpoint<const G extends Given>(given: G): Described<G> {
  return {
    params: undefined,
    query: undefined,
    body: undefined,
    answer: undefined,
    ...given,
    // The spread loses which members were given; `Member` says it again for the compiler.
  } as unknown as Described<G>
}

export type Value<T extends TSchema | undefined> = T extends TSchema ? Static<T> : undefined
/** What a caller of an endpoint hands over; members that the endpoint does not have are absent. */
export type Input<E extends Endpoint> = (E['params'] extends TSchema
  ? { params: Value<E['params']> }
  : unknown) &
  (E['query'] extends TSchema ? { query: Value<E['query']> } : unknown) &
  (E['body'] extends TSchema ? { body: Value<E['body']> } : unknown)
export type Answer<E extends Endpoint> = Value<E['answer']>
