import { type Answer, type ClientOptions, call, type Endpoint, type Input, urlOf } from '@nexus/contract'
import { type QueryKey, queryOptions } from '@tanstack/react-query'
import type { TSchema } from 'typebox'

export type AnyEndpoint = Endpoint<
  TSchema | undefined,
  TSchema | undefined,
  TSchema | undefined,
  TSchema | undefined
>

const client: ClientOptions = { baseUrl: '' }

/** Calls the server. Throws `Problem` for a refusal and a TypeError when the server is not reached. */
export async function ask<E extends AnyEndpoint>(
  endpoint: E,
  input: Input<E>,
  signal?: AbortSignal,
): Promise<Answer<E>> {
  return await call(client, endpoint, input, signal)
}

/** Query of a GET endpoint: its key is the address, so that equal questions share one answer. */
export function asks<E extends AnyEndpoint>(endpoint: E, input: Input<E>) {
  return queryOptions({
    queryKey: keyOf(endpoint, input),
    queryFn: ({ signal }) => ask(endpoint, input, signal),
  })
}

/** Key under which answers of an endpoint are kept; without input, of all its answers. */
export function keyOf<E extends AnyEndpoint>(endpoint: E, input?: Input<E>): QueryKey {
  return input === undefined ? [endpoint.path] : [endpoint.path, addressOf(endpoint, input)]
}

/** Address of a question, e.g. of a file that the server makes of what a list shows. */
export function addressOf<E extends AnyEndpoint>(endpoint: E, input: Input<E>): string {
  // as: what an endpoint takes is these two and a body; the compiler cannot see it through the generic.
  return urlOf(endpoint, input as Parameters<typeof urlOf>[1])
}
