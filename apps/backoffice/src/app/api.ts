import { type Answer, type ClientOptions, call, type Endpoint, type Input, urlOf } from '@nexus/contract'
import { keepPreviousData, type QueryKey, queryOptions } from '@tanstack/react-query'
import type { TSchema } from 'typebox'

type AnyEndpoint = Endpoint<TSchema | undefined, TSchema | undefined, TSchema | undefined, TSchema | undefined>

const client: ClientOptions = { baseUrl: '' }

/** Calls the server. Throws `Problem` for a refusal and a TypeError when the server is not reached. */
export async function ask<E extends AnyEndpoint>(endpoint: E, input: Input<E>, signal?: AbortSignal): Promise<Answer<E>> {
  return await call(client, endpoint, input, signal)
}

/** Query of a GET endpoint: its key is the address, so that equal questions share one answer. */
export function asks<E extends AnyEndpoint>(endpoint: E, input: Input<E>) {
  return queryOptions({
    queryKey: keyOf(endpoint, input),
    queryFn: ({ signal }) => ask(endpoint, input, signal),
    placeholderData: keepPreviousData,
  })
}

/** Key under which answers of an endpoint are kept; without input, of all its answers. */
export function keyOf<E extends AnyEndpoint>(endpoint: E, input?: Input<E>): QueryKey {
  return input === undefined ? [endpoint.path] : [endpoint.path, urlOf(endpoint, input)]
}

/** Address of a file that the server makes, e.g. an export of what a list shows. */
export function addressOf<E extends AnyEndpoint>(endpoint: E, input: Input<E>): string {
  return urlOf(endpoint, input)
}
