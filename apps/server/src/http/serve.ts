import type { Answer, Endpoint, Permission, Value } from '@nexus/contract'
import { Problem } from '@nexus/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'

/** Who is calling, as the authenticators found out. */
export type Caller =
  | { kind: 'anyone' }
  | { kind: 'device'; registerId: string; storeId: string; epoch: string }
  | { kind: 'store-server'; id: string; storeId: string }
  | {
      kind: 'staff'
      staffId: string
      name: string
      permissions: ReadonlySet<Permission>
      /** Stores that the person sees; undefined is all. */
      storeIds: readonly string[] | undefined
    }
export type StaffCaller = Extract<Caller, { kind: 'staff' }>
export type DeviceCaller = Extract<Caller, { kind: 'device' }>
export type StoreServerCaller = Extract<Caller, { kind: 'store-server' }>

declare module 'fastify' {
  interface FastifyContextConfig {
    allow?: Endpoint['allow']
  }
  interface FastifyRequest {
    caller: Caller
  }
}

type AnyEndpoint = Endpoint<
  TSchema | undefined,
  TSchema | undefined,
  TSchema | undefined,
  TSchema | undefined
>
type CallerOf<E extends AnyEndpoint> = E['allow'] extends 'anyone'
  ? Caller
  : E['allow'] extends 'device'
    ? DeviceCaller
    : E['allow'] extends 'store-server'
      ? StoreServerCaller
      : StaffCaller
export type Call<E extends AnyEndpoint> = {
  params: Value<E['params']>
  query: Value<E['query']>
  body: Value<E['body']>
  caller: CallerOf<E>
  request: FastifyRequest
  reply: FastifyReply
}

/**
 * Mounts one endpoint of the contract: its schemas validate, its `allow` is enforced before the
 * handler runs, its answer is what goes out. Without an answer in the contract it is 204. For bytes
 * (`produces`) the handler returns a Buffer, string or stream.
 */
export function serve<E extends AnyEndpoint>(
  app: FastifyInstance,
  endpoint: E,
  // Without an answer schema the endpoint answers bytes, or nothing.
  handler: (call: Call<E>) => Promise<E['answer'] extends TSchema ? Answer<E> : unknown>,
): void {
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    config: { allow: endpoint.allow },
    // A till's program fetches these, no browser shows them; the kit's own headers are enough.
    ...(endpoint.allow === 'device' && { helmet: false }),
    schema: {
      summary: endpoint.summary,
      tags: [endpoint.tag],
      ...(endpoint.params ? { params: endpoint.params } : {}),
      ...(endpoint.query ? { querystring: endpoint.query } : {}),
      ...(endpoint.body && !endpoint.consumes ? { body: endpoint.body } : {}),
      ...(endpoint.consumes ? { consumes: [endpoint.consumes] } : {}),
      ...(endpoint.produces ? { produces: [endpoint.produces] } : {}),
      ...(endpoint.answer ? { response: { 200: endpoint.answer } } : {}),
    },
    handler: async (request, reply) => {
      const answer = await handler({
        // Fastify has validated these against the endpoint's schemas.
        params: request.params as Value<E['params']>,
        query: request.query as Value<E['query']>,
        body: request.body as Value<E['body']>,
        caller: request.caller as CallerOf<E>,
        request,
        reply,
      })
      if (endpoint.answer) return answer
      if (!endpoint.produces) return await reply.code(204).send()
      // A handler that knows better, e.g. of a file's charset, has said so.
      if (!reply.hasHeader('content-type')) reply.type(endpoint.produces)
      return answer
    },
  })
}

/** Throws `session/not-allowed` when the caller is bound to stores and this is not one of them. */
export function requireStore(caller: StaffCaller, storeId: string): void {
  if (caller.storeIds && !caller.storeIds.includes(storeId)) {
    throw new Problem('session/not-allowed', 'You do not work for this store.', { storeId })
  }
}
