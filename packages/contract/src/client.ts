import type { TSchema } from 'typebox'
import type { Answer, Endpoint, Input } from './endpoint.ts'
import { Problem, type ProblemBody, type ProblemCode, problemTypes } from './problems.ts'

export type ClientOptions = {
  /** Origin and prefix, e.g. '' for the same origin. */
  baseUrl: string
  fetch?: typeof fetch
  /** Added to each request, e.g. the till's token. */
  headers?: () => Record<string, string>
}

/** Path of an endpoint with its parameters put in and the query appended; members that are undefined are left out. */
export function urlOf(
  endpoint: Pick<Endpoint, 'path'>,
  input: { params?: Record<string, unknown>; query?: Record<string, unknown> },
): string {
  const path = endpoint.path.replace(/:([A-Za-z]+)/g, (_, name: string) =>
    encodeURIComponent(String(input.params?.[name])),
  )
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}

/**
 * Calls an endpoint. Throws `Problem` with the server's code for a refusal, and whatever `fetch`
 * throws when the server is not reached.
 */
export async function call<
  E extends Endpoint<TSchema | undefined, TSchema | undefined, TSchema | undefined, TSchema | undefined>,
>(options: ClientOptions, endpoint: E, input: Input<E>, signal?: AbortSignal): Promise<Answer<E>> {
  const given = input as { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }
  const form = endpoint.consumes === 'multipart/form-data'
  const request: RequestInit = {
    method: endpoint.method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(given.body !== undefined && !form ? { 'content-type': 'application/json' } : {}),
      ...options.headers?.(),
    },
  }
  if (given.body !== undefined) request.body = form ? (given.body as FormData) : JSON.stringify(given.body)
  if (signal) request.signal = signal
  const response = await (options.fetch ?? fetch)(options.baseUrl + urlOf(endpoint, given), request)
  if (!response.ok) throw await problemOf(response)
  if (response.status === 204) return undefined as Answer<E>
  return (await (endpoint.produces ? response.arrayBuffer() : response.json())) as Answer<E>
}

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text()
  try {
    const body = JSON.parse(text) as ProblemBody
    if (body.code in problemTypes) {
      return new Problem(body.code as ProblemCode, body.detail, body.facts ?? {}, body.errors ?? [])
    }
  } catch {
    // A proxy's page, not ours: the status is all we know.
  }
  return new Problem(
    response.status === 503 ? 'server/busy' : 'server/unexpected',
    `The server answered ${response.status}.`,
  )
}
