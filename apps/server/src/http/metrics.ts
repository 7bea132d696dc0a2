import type { FastifyInstance } from 'fastify'
import { Histogram } from 'prom-client'
import type { Context } from '../context.ts'

/**
 * One measurement and one log line a request. Neither holds anything of a person: the route's
 * pattern stands for the address, and no query, header or body is written.
 */
export function measureRequests(app: FastifyInstance, context: Pick<Context, 'metrics' | 'log'>): void {
  const durations = new Histogram({
    name: 'nexus_http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [context.metrics],
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    context.log.info(
      {
        requestId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    )
  })
}
