import {
  createHash,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  pbkdf2Sync,
  randomBytes,
  sign,
} from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join } from 'node:path'
import type { TillPlace } from '@nexus/contract'
import {
  type Certificate,
  canonicalBytes,
  certificateBytes,
  decodeEntry,
  type EnrolRequest,
  type Entry,
  firstPrevHash,
  fromBase64Url,
  type HeartbeatRequest,
  type HelloRequest,
  hqKeyBytes,
  type Marks,
  markBytes,
  type PushRequest,
  type ServerKeys,
  signedCertificate,
  signedHqKey,
  toBase64Url,
} from '@nexus/sync'
import type { Published } from '../../apps/till/src/rulebook/testing.ts'

/**
 * A hop for one till, in memory: enrols, stores pushes in order and answers heads. It serves the built
 * page under `/till/` with the content policy of the real server, at one address over all its lives.
 */
export type Hop = {
  url: string
  /** Bytes as pushed, by epoch. */
  entries: Map<string, Uint8Array[]>
  /** Enrolment codes that are still good. */
  codes: Set<string>
  published: Published | undefined
  /** Version that is asked for at shift opening. */
  minimumApp: string | null
  /** Epochs that a manager closed. */
  closed: string[]
  /** Files whose path has one of these are not served. */
  hidden: string[]
  /** What is asked for, method and path. */
  asked: string[]
  /** Answers what the page asks under `/rig/`. */
  rig: ((url: URL) => unknown) | undefined
  /** Every message ends without an answer, as on a line that is cut; the page itself still comes. */
  isCutOff: boolean
  /** The second place has everything that was pushed. */
  archived: boolean
  /** So much later it is at the hop than on this machine. */
  aheadMs: number
  start(): Promise<void>
  /** Ends all connections, as a server that died. */
  stop(): Promise<void>
  /** Every token so far is refused from now on. */
  expireTokens(): void
}

export const people = [
  { id: '0190a1b2-0000-7000-8000-0000000000a1', name: 'Asha', pin: '4711', role: 'cashier' as const },
  { id: '0190a1b2-0000-7000-8000-0000000000a2', name: 'Bala', pin: '8052', role: 'store-manager' as const },
]
const ids = {
  tenant: '0190a1b2-0000-7000-8000-000000000001',
  store: '0190a1b2-0000-7000-8000-000000000002',
  register: '0190a1b2-0000-7000-8000-000000000003',
}
const POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "img-src 'self' data: blob:",
].join('; ')
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

export function makeHop(folder: string): Hop {
  const enrolment = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const hq = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const generation = randomBytes(16).toString('base64url')
  const verifierKey = randomBytes(32)
  const entries = new Map<string, Uint8Array[]>()
  let tokens = new Set<string>()
  let server: Server | undefined
  let port = 0
  let epochs = 0

  const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
  const token = () => {
    const made = { token: randomBytes(16).toString('hex'), expiresAt: Date.now() + 3_600_000 }
    tokens.add(made.token)
    return made
  }
  async function headOf(epoch: string) {
    const stored = entries.get(epoch) ?? []
    const last = stored.at(-1)
    return {
      epoch,
      seq: stored.length,
      hash: last ? toBase64Url(sha256(last)) : await firstPrevHash(epoch, sha256),
    }
  }
  const signed = (key: KeyObject, bytes: Uint8Array) =>
    sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  async function marksOf(epoch: string): Promise<Marks> {
    const mark = { ...(await headOf(epoch)), generation }
    const byHq = (kind: 'received' | 'durable') => ({
      ...mark,
      signature: signed(hq.privateKey, markBytes(kind, mark)),
    })
    return {
      stored: { ...mark, signature: null },
      received: byHq('received'),
      durable: hop.archived ? byHq('durable') : null,
    }
  }
  const spkiOf = ({ publicKey }: { publicKey: KeyObject }) =>
    publicKey.export({ format: 'der', type: 'spki' }).toString('base64url')
  const hqKey = {
    use: 'hq-marks',
    publicKey: spkiOf(hq),
    keyId: toBase64Url(sha256(fromBase64Url(spkiOf(hq)))),
  } as const
  const keys: ServerKeys = {
    enrolment: spkiOf(enrolment),
    hq: signedHqKey(hqKey, signed(enrolment.privateKey, hqKeyBytes(hqKey))),
  }
  const now = () => Date.now() + hop.aheadMs
  function certify(publicKey: string) {
    epochs += 1
    const keyId = toBase64Url(sha256(fromBase64Url(publicKey)))
    const epoch = `0190a1b2-0000-7000-8000-${String(epochs).padStart(12, '0')}`
    const certificate: Certificate = { ...ids, epoch, code: `KOR${epochs}A`, publicKey, keyId }
    return signedCertificate(certificate, signed(enrolment.privateKey, certificateBytes(certificate)))
  }
  const place: TillPlace = {
    tenant: ids.tenant,
    company: {
      legalName: 'Varnika Retail Private Limited',
      tradeName: 'Varnika',
      pan: 'AAACV1234F',
      upiId: null,
      billFooter: '',
      rupeeRounding: false,
    },
    store: {
      id: ids.store,
      code: 'KOR',
      name: 'Koramangala',
      gstin: '29AAACV1234F1Z5',
      state: '29',
      regionId: 'south',
      address: '80 Feet Road',
      city: 'Bengaluru',
      pin: '560034',
      phone: '',
      language: 'en',
      cutOver: '04:00',
    },
    register: { id: ids.register, number: 1, name: 'Register 1' },
  }
  const roster = {
    version: '1',
    people: people.map(({ id, name, pin, role }) => {
      const salt = randomBytes(16)
      const derived = pbkdf2Sync(pin, salt, 1000, 32, 'sha256')
      const verifier = createHmac('sha256', verifierKey).update(derived).digest('base64url')
      const secret = { salt: salt.toString('base64url'), iterations: 1000, verifier }
      return { id, name, login: name.toLowerCase(), role, language: 'en', pin: secret }
    }),
  }
  /** Answers by method and path; a number is a refusal's status. */
  const routes: Record<string, (body: never, url: URL) => Promise<unknown>> = {
    'POST /v1/enrolments': async (body: EnrolRequest) => {
      if (body.code !== null && !hop.codes.delete(body.code)) return problem(404, 'enrolment/code-unknown')
      return {
        requestId: body.requestId,
        enrolment: certify(body.publicKey),
        spare: certify(body.sparePublicKey),
        heads: [],
        generation,
        serverAt: now(),
        keys,
        token: token(),
        verifierKey: verifierKey.toString('base64url'),
        place,
      }
    },
    'POST /v1/till/hello': async (body: HelloRequest) => ({
      requestId: body.requestId,
      generation,
      serverAt: now(),
      heads: await Promise.all(body.heads.map(({ epoch }) => headOf(epoch))),
      marks: await Promise.all(body.heads.map(({ epoch }) => marksOf(epoch))),
      forks: [],
      spare: 'kept',
      closed: hop.closed,
      erasures: { version: 0, identities: [] },
      minimumApp: hop.minimumApp,
      keys,
      token: token(),
      verifierKey: null,
    }),
    'POST /v1/till/push': async (body: PushRequest) => {
      const stored = entries.get(body.epoch) ?? []
      entries.set(body.epoch, stored)
      body.entries.forEach((text, at) => {
        if (body.firstSeq + at === stored.length + 1) stored.push(fromBase64Url(text))
      })
      return {
        requestId: body.requestId,
        generation,
        serverAt: now(),
        head: await headOf(body.epoch),
        marks: await marksOf(body.epoch),
        quarantined: [],
        forked: [],
        retryAfterMs: null,
        maxBatch: { entries: 100, bytes: 262_144 },
      }
    },
    'POST /v1/till/heartbeat': async (body: HeartbeatRequest) => ({
      requestId: body.requestId,
      generation,
      serverAt: now(),
      head: await headOf(body.epoch),
      marks: await marksOf(body.epoch),
    }),
    'GET /v1/till/place': async () => place,
    'GET /v1/till/roster': async () => roster,
    'GET /v1/till/rulebook': async () => hop.published?.manifest ?? problem(404, 'rulebook/none'),
    'GET /v1/till/rulebook/delta': async () => problem(404, 'rulebook/version-unknown'),
  }

  function file(path: string): { bytes: Buffer; type: string } | undefined {
    const name = path === '/till/' ? 'index.html' : path.slice('/till/'.length)
    const full = join(folder, name)
    if (!path.startsWith('/till/') || path.includes('..') || !existsSync(full)) return undefined
    if (hop.hidden.some((part) => path.includes(part))) return undefined
    return { bytes: readFileSync(full), type: TYPES[extname(full)] ?? 'application/octet-stream' }
  }

  async function answer(method: string, url: URL, bearer: string | undefined, body: string): Promise<Reply> {
    if (hop.rig && url.pathname.startsWith('/rig/')) return json(await hop.rig(url))
    const open = ['/v1/enrolments', '/v1/till/hello'].includes(url.pathname)
    if (!open && !tokens.has(bearer ?? '')) return json(problem(401, 'device/token-expired'))
    const part = /^\/v1\/till\/rulebook\/parts\/(.+)$/.exec(url.pathname)
    if (part) {
      const bytes = hop.published?.parts.get(part[1] ?? '')
      return bytes
        ? { status: 200, type: 'application/json', bytes }
        : json(problem(404, 'rulebook/chunk-unknown'))
    }
    const route = routes[`${method} ${url.pathname}`]
    // as: a table of handlers cannot tell the compiler which body belongs to which path.
    return json(
      route ? await route(JSON.parse(body || 'null') as never, url) : problem(404, 'request/not-found'),
    )
  }

  const hop: Hop = {
    get url() {
      return `http://localhost:${port}`
    },
    entries,
    codes: new Set(['KOR-1234']),
    published: undefined,
    minimumApp: null,
    closed: [],
    hidden: [],
    asked: [],
    rig: undefined,
    isCutOff: false,
    archived: false,
    aheadMs: 0,
    async start() {
      const started = createServer(async (request, response) => {
        const url = new URL(request.url ?? '/', 'http://localhost')
        let body = ''
        try {
          for await (const part of request) body += part
        } catch {
          return // The sender went away in the middle: nobody waits for an answer.
        }
        hop.asked.push(`${request.method} ${url.pathname}`)
        if (hop.isCutOff && url.pathname.startsWith('/v1/')) return void response.destroy()
        const bearer = request.headers.authorization?.replace('Bearer ', '')
        const found = request.method === 'GET' ? file(url.pathname) : undefined
        const reply = found
          ? { status: 200, ...found }
          : await answer(request.method ?? 'GET', url, bearer, body)
        response.writeHead(reply.status, {
          'content-type': reply.type,
          'content-security-policy': POLICY,
          'cache-control': url.pathname.includes('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
        })
        response.end(reply.bytes)
      })
      server = started
      await new Promise<void>((resolve) => started.listen(port, '127.0.0.1', resolve))
      const address = started.address()
      if (address && typeof address === 'object') port = address.port
    },
    async stop() {
      const stopped = server
      server = undefined
      if (!stopped) return
      stopped.closeAllConnections()
      await new Promise((resolve) => stopped.close(resolve))
    },
    expireTokens() {
      tokens = new Set()
    },
  }
  return hop
}

type Reply = { status: number; type: string; bytes: Uint8Array }

class Refusal {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    this.status = status
    this.code = code
  }
}

function problem(status: number, code: string): Refusal {
  return new Refusal(status, code)
}

function json(value: unknown): Reply {
  const refused = value instanceof Refusal
  const body = refused
    ? {
        type: `/problems/${value.code}`,
        code: value.code,
        title: '',
        status: value.status,
        detail: '',
        retry: 'later',
      }
    : value
  const type = refused ? 'application/problem+json' : 'application/json'
  return { status: refused ? value.status : 200, type, bytes: new TextEncoder().encode(JSON.stringify(body)) }
}

/** Entries of an epoch as the hop holds them, decoded; throws where one is not what a till writes. */
export function readChain(hop: Hop, epoch: string): Entry[] {
  return (hop.entries.get(epoch) ?? []).map((bytes) => {
    const decoded = decodeEntry(bytes)
    if (decoded.kind !== 'ok') throw new Error(`an entry is ${decoded.kind}`)
    return decoded.entry
  })
}

/** True when every entry names the hash of the one before and its bytes are canonical. */
export async function isChain(hop: Hop, epoch: string): Promise<boolean> {
  const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())
  let prevHash = await firstPrevHash(epoch, sha256)
  for (const [at, bytes] of (hop.entries.get(epoch) ?? []).entries()) {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Entry // as: `readChain` checks it
    if (value.seq !== at + 1 || value.prevHash !== prevHash) return false
    if (!Buffer.from(canonicalBytes(value)).equals(bytes)) return false
    prevHash = toBase64Url(sha256(bytes))
  }
  return true
}
