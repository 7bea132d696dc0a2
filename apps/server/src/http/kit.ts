import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import { type Permission, Problem } from '@nexus/contract'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { Context } from '../context.ts'
import { type FailureLimit, failureLimit } from './limits.ts'
import { measureRequests } from './metrics.ts'
import { sendProblem } from './problems.ts'
import type { DeviceCaller, StaffCaller, StoreServerCaller } from './serve.ts'
import { validatorCompiler } from './validation.ts'

/** Find out who calls; each throws a `session/…` or `device/…` Problem when nobody does. */
export type Authenticators = {
  device(request: FastifyRequest): Promise<DeviceCaller>
  /** Left out: no store server is served here. */
  storeServer?(request: FastifyRequest): Promise<StoreServerCaller>
  staff(request: FastifyRequest): Promise<StaffCaller>
}

/** A JSON body at most: a push carries 256 KiB of entries, as text in JSON (JRN-8). */
const bodyBytesMax = 1024 * 1024
/** An uploaded file at most: a million rows of products. */
const fileBytesMax = 256 * 1024 * 1024
/** From first byte to last of a request, also of a large file over a slow line. */
const requestMsMax = 300_000
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * An empty app with everything that all routes share: request ids, headers, who may call, limits,
 * validation, problems as RFC 9457, a log line and a measurement each. A route that does not declare
 * `config.allow` makes registration throw. `isGuest` names origins whose pages may call from elsewhere.
 */
export async function createApp(
  context: Pick<Context, 'config' | 'log' | 'metrics' | 'clock'>,
  authenticators: Authenticators,
  { isGuest = () => false }: { isGuest?: (origin: string) => boolean } = {},
): Promise<FastifyInstance> {
  const { config } = context
  const options = {
    // The type of Fastify's own, smaller logger: pino's is not assignable both ways.
    loggerInstance: context.log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.TRUST_PROXY ? config.TRUST_PROXY.split(',') : false,
    bodyLimit: bodyBytesMax,
    genReqId: (request: { headers: IncomingHttpHeaders }) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && uuid.test(given) ? given : randomUUID()
    },
    requestTimeout: requestMsMax,
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  } as const
  const app = (config.TLS_CERT && config.TLS_KEY
    ? Fastify({ ...options, https: { cert: config.TLS_CERT, key: config.TLS_KEY } })
    : Fastify(options)) as unknown as FastifyInstance
  app.setValidatorCompiler(validatorCompiler)
  app.setErrorHandler(sendProblem)
  app.decorateRequest('caller')
  app.addHook('onRoute', (route) => {
    if (route.config?.allow === undefined) {
      throw new Error(`${String(route.method)} ${route.url} does not say who may call it (config.allow)`)
    }
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    await admitGuest(request, reply, isGuest)
  })
  measureRequests(app, context)
  // These add hooks of their own when they load, and the hooks below build on them.
  await app.register(helmet, helmetOptions)
  await app.register(cookie)
  await app.register(multipart, { limits: { files: 1, fields: 10, fileSize: fileBytesMax } })
  const limit = failureLimit()
  app.addHook('onRequest', async (request) => {
    await admit(request, { authenticators, limit, isGuest }, context.clock.now())
  })
  app.addHook('onResponse', async (request, reply) => {
    if (
      isOpenWrite(request) &&
      reply.statusCode >= 400 &&
      reply.statusCode < 500 &&
      reply.statusCode !== 429
    ) {
      limit.failed(request.ip, context.clock.now())
    }
  })
  return app
}

const helmetOptions = {
  // HTTPS is the setting's business: a server on a shop's network may speak plain HTTP to localhost
  // and nothing here upgrades requests.
  strictTransportSecurity: false,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      // WebAssembly: the till's barcode reader where the browser has none.
      scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
      workerSrc: ["'self'", 'blob:'],
      // Components set sizes and colours by style attributes.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
}

/**
 * Pages of another origin that may call, as tills call the store server (CORS). They carry a token and no
 * cookie. The browser asks first, also whether it may reach the shop's own network at all.
 */
async function admitGuest(
  request: FastifyRequest,
  reply: FastifyReply,
  isGuest: (origin: string) => boolean,
): Promise<void> {
  const { origin } = request.headers
  if (origin === undefined || !isGuest(origin)) return
  reply.header('access-control-allow-origin', origin).header('vary', 'origin')
  if (request.method !== 'OPTIONS') return
  await reply
    .header('access-control-allow-methods', 'GET, POST')
    .header('access-control-allow-headers', 'authorization, content-type, accept')
    .header('access-control-allow-private-network', 'true')
    .header('access-control-max-age', '600')
    .code(204)
    .send()
}

type Gate = {
  authenticators: Authenticators
  limit: FailureLimit
  isGuest: (origin: string) => boolean
}

/** Before the body is read: nobody's megabytes are parsed for a stranger. */
async function admit(
  request: FastifyRequest,
  { authenticators, limit, isGuest }: Gate,
  now: number,
): Promise<void> {
  const allow = request.routeOptions.config.allow
  request.caller = { kind: 'anyone' }
  // An address without a route has nothing to guard; the not-found handler answers.
  if (allow === undefined || allow === 'anyone') {
    if (isWrite(request) && !isGuest(request.headers.origin ?? '')) refuseForeignOrigin(request)
    if (isOpenWrite(request)) refuseGuesser(request, limit, now)
    return
  }
  if (allow === 'device') {
    request.caller = await authenticators.device(request)
    return
  }
  if (allow === 'store-server') {
    if (authenticators.storeServer === undefined) throw noStoreServers()
    request.caller = await authenticators.storeServer(request)
    return
  }
  if (isWrite(request)) requireOwnOrigin(request)
  const caller = await authenticators.staff(request)
  request.caller = caller
  if (allow !== 'signed-in') requirePermission(caller, allow)
}

function noStoreServers(): Problem {
  return new Problem(
    'store-server/unknown',
    'This is no headquarters: no store server can join here. Check the address that it was given.',
  )
}

/** Throws `session/not-allowed` when the person's role lacks the permission. */
function requirePermission(caller: StaffCaller, permission: Permission): void {
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

/** Signing in, enrolling, saying hello: where a stranger may try secrets. */
function isOpenWrite(request: FastifyRequest): boolean {
  return isWrite(request) && request.routeOptions.config.allow === 'anyone'
}

function refuseGuesser(request: FastifyRequest, limit: FailureLimit, now: number): void {
  const retryAfterSeconds = limit.waitSeconds(request.ip, now)
  if (retryAfterSeconds === undefined) return
  throw new Problem(
    'request/too-many',
    `Too many failed attempts came from your address. Wait ${retryAfterSeconds} seconds, then try again.`,
    { retryAfterSeconds },
  )
}

/** Refuses a write that a browser says another site started. */
function refuseForeignOrigin(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign()
  const given = request.headers.origin
  if (given === undefined) return
  const origin = URL.parse(given)
  // The same scheme for both: a proxy may speak HTTP to us, and a scheme's own port is left out.
  if (!origin || origin.host !== URL.parse(`${origin.protocol}//${request.host}`)?.host) throw foreign()
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
