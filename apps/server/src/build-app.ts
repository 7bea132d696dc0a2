import type { FastifyInstance } from 'fastify'
import type { Context } from './context.ts'
import { type Authenticators, createApp } from './http/kit.ts'

export type BuildOptions = {
  /** In place of the modules' own, e.g. in tests of one module. */
  authenticators?: Authenticators
}

/** Builds the app with every module's routes, without listening. */
export async function buildApp(context: Context, options: BuildOptions = {}): Promise<FastifyInstance> {
  const authenticators = options.authenticators
  if (!authenticators) throw new Error('the modules that authenticate are not wired yet')
  const app = createApp(context.config, context.log, authenticators)
  return app
}
