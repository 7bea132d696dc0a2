import { liveness, metrics, openApi, Problem, readiness } from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { serve } from '../../http/serve.ts'
import { endpoints, openApiDocument } from './open-api.ts'
import { apiPage, problemPage, problemsPage } from './pages.ts'
import { touchDatabase } from './sql.ts'

/** Health, figures and the pages that explain the API. `isStopping` turns readiness off. */
export function platformRoutes(context: Context, isStopping: () => boolean): (app: FastifyInstance) => void {
  return (app) => {
    serve(app, liveness, async () => ({ status: 'live' as const }))
    serve(app, readiness, async () => {
      if (isStopping())
        throw new Problem('server/stopping', 'The server is stopping. Ask another one, or wait.')
      await reach(context)
      return { status: 'ready' as const }
    })
    serve(app, metrics, async () => await context.metrics.metrics())
    const document = JSON.stringify(openApiDocument(endpoints))
    serve(app, openApi, async () => document)
    page(app, '/docs', () => apiPage(endpoints))
    page(app, '/problems', problemsPage)
    app.get<{ Params: { '*': string } }>('/problems/*', open, async (request, reply) => {
      const text = problemPage(request.params['*'])
      if (text === undefined)
        throw new Problem('request/not-found', 'There is no such problem. See /problems for all.')
      return await reply.type('text/html').send(text)
    })
  }
}

const open = { config: { allow: 'anyone' } } as const

function page(app: FastifyInstance, path: string, render: () => string): void {
  app.get(path, open, async (_, reply) => await reply.type('text/html').send(render()))
}

const reachMs = 2000

/** Throws `server/busy` when the database does not answer in time. */
async function reach(context: Context): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('the database did not answer in time')), reachMs)
  try {
    await Promise.race([touchDatabase(context.database.read), late.promise])
  } catch (cause) {
    context.log.warn({ err: cause }, 'the database is not reached')
    throw new Problem('server/busy', 'The database does not answer. Try again in a few seconds.')
  } finally {
    clearTimeout(timer)
  }
}
