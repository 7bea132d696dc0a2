import type { FastifyInstance } from 'fastify'
import type { Context } from './context.ts'
import { type Authenticators, createApp } from './http/kit.ts'
import { sendNotFound } from './http/problems.ts'
import { platformRoutes } from './modules/platform/index.ts'

export type BuildOptions = {
  /** In place of the modules' own, e.g. in tests of one module. */
  authenticators?: Authenticators
  /** True from the moment on which the server takes no new work. */
  isStopping?: () => boolean
}

/** Builds the app with every module's routes, without listening. */
export async function buildApp(context: Context, options: BuildOptions = {}): Promise<FastifyInstance> {
  const authenticators = options.authenticators
  if (!authenticators) throw new Error('the modules that authenticate are not wired yet')
  const app = await createApp(context, authenticators)
  app.setNotFoundHandler(sendNotFound)
  platformRoutes(context, options.isStopping ?? (() => false))(app)
  return app
}
