import type { FastifyInstance, InjectOptions } from 'fastify'

/**
 * `fetch` into an app of this process, without a socket: the contract's client over the real routes,
 * for tests and for seeding.
 *
 * @param headers added to each request that does not name them
 */
export function injectFetch(app: FastifyInstance, headers: Record<string, string> = {}): typeof fetch {
  return async (input, init) => {
    const request = new Request(new URL(String(input), 'http://localhost:80'), init)
    for (const [name, value] of Object.entries(headers)) {
      if (!request.headers.has(name)) request.headers.set(name, value)
    }
    const { pathname, search } = new URL(request.url)
    const answer = await app.inject({
      // The contract's methods are all among those of inject.
      method: request.method as NonNullable<InjectOptions['method']>,
      url: pathname + search,
      headers: { ...Object.fromEntries(request.headers), host: 'localhost:80' },
      ...(request.body ? { payload: Buffer.from(await request.arrayBuffer()) } : {}),
    })
    const answerHeaders = new Headers()
    for (const [name, value] of Object.entries(answer.headers)) {
      for (const one of Array.isArray(value) ? value : [value]) answerHeaders.append(name, String(one))
    }
    const empty = answer.statusCode === 204 || answer.statusCode === 304
    return new Response(empty ? null : new Uint8Array(answer.rawPayload), {
      status: answer.statusCode,
      headers: answerHeaders,
    })
  }
}
