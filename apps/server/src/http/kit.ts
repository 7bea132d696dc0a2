import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type Permission, Problem, type ProblemBody, type ProblemCode, problemTypes } from '@nexus/contract'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Config } from '../config.ts'
import { isBusy, isDiskFull } from '../db/errors.ts'
import type { DeviceCaller, StaffCaller } from './serve.ts'
import { RequestInvalid, validatorCompiler } from './validation.ts'

/** Find out who calls; each throws a `session/…` or `device/…` Problem when nobody does. */
export type Authenticators = {
  device(request: FastifyRequest): Promise<DeviceCaller>
  staff(request: FastifyRequest): Promise<StaffCaller>
}

/** Bytes that a JSON body may have: a push is at most 256 KiB of entries and their wrapping (JRN-8). */
const bodyBytesMax = 1024 * 1024
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * An empty app with everything that all routes share: request ids, who may call, validation,
 * problems as RFC 9457. A route that does not declare `config.allow` makes this throw.
 */
export function createApp(
  config: Pick<Config, 'TRUST_PROXY' | 'TLS_CERT' | 'TLS_KEY'>,
  log: FastifyBaseLogger,
  authenticators: Authenticators,
): FastifyInstance {
  const options = {
    loggerInstance: log,
    disableRequestLogging: true,
    trustProxy: config.TRUST_PROXY ? config.TRUST_PROXY.split(',') : false,
    bodyLimit: bodyBytesMax,
    genReqId: (request: { headers: IncomingHttpHeaders }) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && uuid.test(given) ? given : randomUUID()
    },
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  } as const
  const app: FastifyInstance =
    config.TLS_CERT && config.TLS_KEY
      ? Fastify({ ...options, https: { cert: config.TLS_CERT, key: config.TLS_KEY } })
      : Fastify(options)
  app.setValidatorCompiler(validatorCompiler)
  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      new Problem(
        'request/not-found',
        `Nothing is at ${request.method} ${pathOf(request)}. Check the address.`,
      ),
      request,
      reply,
    ),
  )
  app.decorateRequest('caller')
  app.addHook('onRoute', (route) => {
    if (route.config?.allow === undefined) {
      throw new Error(`${String(route.method)} ${route.url} does not say who may call it (config.allow)`)
    }
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    await admit(request, authenticators)
  })
  return app
}

/** Before the body is read: nobody's megabytes are parsed for a stranger. */
async function admit(request: FastifyRequest, authenticators: Authenticators): Promise<void> {
  const allow = request.routeOptions.config.allow
  request.caller = { kind: 'anyone' }
  // An address without a route has nothing to guard; the not-found handler answers.
  if (allow === undefined || allow === 'anyone') {
    if (isWrite(request)) refuseForeignOrigin(request)
    return
  }
  if (allow === 'device') {
    request.caller = await authenticators.device(request)
    return
  }
  if (isWrite(request)) requireOwnOrigin(request)
  const caller = await authenticators.staff(request)
  request.caller = caller
  if (allow !== 'signed-in') requirePermission(caller, allow)
}

/** Throws `session/not-allowed` when the person's role lacks the permission. */
export function requirePermission(caller: StaffCaller, permission: Permission): void {
  if (caller.permissions.has(permission)) return
  throw new Problem(
    'session/not-allowed',
    'Your role does not allow this. Ask an administrator to give you the role, or to do it for you.',
    { permission },
  )
}

function isWrite(request: FastifyRequest): boolean {
  return request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'OPTIONS'
}

/** Refuses a write that a browser says another site started. */
function refuseForeignOrigin(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign()
  const origin = request.headers.origin
  if (origin !== undefined && hostOf(origin) !== request.host) throw foreign()
}

/** A session travels in a cookie, which browsers send along for other sites too: a write must prove its origin. */
function requireOwnOrigin(request: FastifyRequest): void {
  refuseForeignOrigin(request)
  if (request.headers.origin === undefined && request.headers['sec-fetch-site'] !== 'same-origin')
    throw foreign()
}

function foreign(): Problem {
  return new Problem(
    'request/cross-site',
    "Changes are only taken from this server's own pages. Open the back office at this address and try there; a program sends its Origin header.",
  )
}

function hostOf(origin: string): string | undefined {
  return URL.parse(origin)?.host
}

/** RFC 9457 for everything that goes wrong; what we did not foresee is logged and says nothing of itself. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error)
  const type = problemTypes[problem.code]
  if (type.status >= 500) {
    request.log.error({ requestId: request.id, err: error, code: problem.code }, 'a request failed')
  }
  if (problem.code === 'server/busy' || problem.code === 'server/stopping') reply.header('retry-after', 5)
  const body: ProblemBody = {
    type: `/problems/${problem.code}`,
    code: problem.code,
    title: type.title,
    status: type.status,
    detail: problem.message,
    requestId: request.id,
    retry: type.retry,
    ...(problem.errors.length > 0 ? { errors: [...problem.errors] } : {}),
    ...(Object.keys(problem.facts).length > 0 ? { facts: problem.facts } : {}),
  }
  // The route's response schema is for its own answer, not for problems.
  return reply
    .code(type.status)
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(body)
}

/** The refusal that stands for any error. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof RequestInvalid) {
    return new Problem(
      'request/invalid',
      error.message || 'The request does not match its schema.',
      {},
      error.fields,
    )
  }
  if (isDiskFull(error)) {
    return new Problem(
      'server/disk-full',
      'The server has no room left to store this, and stored nothing. Tills keep their bills and send them again; free space on the server.',
    )
  }
  if (isBusy(error)) {
    return new Problem(
      'server/busy',
      'The database is busy. Nothing was changed; try again in a few seconds.',
    )
  }
  const code = fastifyProblems[(error as { code?: string }).code ?? '']
  if (code) return new Problem(code, fastifyDetails[code] ?? problemTypes[code].title)
  const status = (error as { statusCode?: number }).statusCode
  if (status !== undefined && status >= 400 && status < 500) {
    return new Problem('request/invalid', 'The request cannot be read. Check its headers and its body.')
  }
  return new Problem(
    'server/unexpected',
    'Something went wrong on our side. Try again; if it stays, give the request id to whoever looks after the server.',
  )
}

const fastifyProblems: Record<string, ProblemCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request/too-large',
  FST_REQ_FILE_TOO_LARGE: 'request/too-large',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request/invalid',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request/invalid',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request/invalid',
}
const fastifyDetails: Partial<Record<ProblemCode, string>> = {
  'request/too-large': 'The request is larger than this server accepts. Send less at a time.',
  'request/invalid': 'The body is not JSON, or its content type does not say so. Send application/json.',
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? ''
}
