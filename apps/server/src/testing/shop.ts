import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Answer, call, type Endpoint, type Input, permissions } from '@nexus/contract'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { buildApp } from '../build-app.ts'
import { readConfig } from '../config.ts'
import { type Context, openContext } from '../context.ts'
import type { Caller, DeviceCaller, StaffCaller } from '../http/serve.ts'
import { prepareDataFolder } from './databases.ts'

type AnyEndpoint = Endpoint
export type Speaker = {
  /** Calls an endpoint over HTTP inside the process; throws `Problem` for a refusal, like the apps' client. */
  call<E extends AnyEndpoint>(endpoint: E, input: Input<E>): Promise<Answer<E>>
  /** The bare answer, for status, headers and bytes. */
  fetch: typeof fetch
}
export type Shop = Speaker &
  AsyncDisposable & {
    app: FastifyInstance
    context: Context
    clock: TestClock
    /** Speaks as someone else, e.g. a till, or a person with fewer permissions. */
    as(caller: Caller): Speaker
  }

/** A clock that stands until it is moved. */
export type TestClock = { now(): number; set(at: number): void; advance(ms: number): void }

export function testClock(start = Date.UTC(2026, 10, 23, 6, 30)): TestClock {
  let at = start
  return {
    now: () => at,
    set(to) {
      at = to
    },
    advance(ms) {
      at += ms
    },
  }
}

/** An administrator of every store. */
export const administrator: StaffCaller = {
  kind: 'staff',
  staffId: '01890000-0000-7000-8000-0000000000ad',
  name: 'Asha Administrator',
  permissions: new Set(permissions),
  storeIds: undefined,
}

/** The real app with the real modules on a fresh SQLite in a temporary folder; speaks as an administrator. */
export async function openShop(env: Record<string, string> = {}): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-shop-'))
  await prepareDataFolder(folder)
  const config = readConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent', SQLITE_READERS: '1', ...env })
  const clock = testClock()
  const context = await openContext(config, { clock })
  // Who speaks is said by the test, through a header that only this app knows.
  const callers = new Map<string, Caller>()
  const app = await buildApp(context, {
    authenticators: {
      device: async (request) => expectKind(callers.get(String(request.headers['x-test-caller'])), 'device'),
      staff: async (request) => expectKind(callers.get(String(request.headers['x-test-caller'])), 'staff'),
    },
  })
  await app.ready()
  const as = (caller: Caller): Speaker => {
    const key = String(callers.size)
    callers.set(key, caller)
    return speaker(app, { 'x-test-caller': key, origin: 'http://localhost:4600' })
  }
  return {
    ...as(administrator),
    app,
    context,
    clock,
    as,
    async [Symbol.asyncDispose]() {
      await app.close()
      await context.database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function expectKind<K extends Caller['kind']>(
  caller: Caller | undefined,
  kind: K,
): Extract<Caller, { kind: K }> {
  if (caller?.kind !== kind)
    throw new Error(`this test speaks as ${caller?.kind}, and the route wants ${kind}`)
  // The discriminant was just compared.
  return caller as Extract<Caller, { kind: K }>
}

function speaker(app: FastifyInstance, headers: Record<string, string>): Speaker {
  const fetchInside: typeof fetch = async (input, init) => {
    const request = new Request(new URL(String(input), 'http://localhost:4600'), init)
    for (const [name, value] of Object.entries(headers)) {
      if (!request.headers.has(name)) request.headers.set(name, value)
    }
    const { pathname, search } = new URL(request.url)
    const answer = await app.inject({
      // The contract's methods are all among those of inject.
      method: request.method as NonNullable<InjectOptions['method']>,
      url: pathname + search,
      headers: { ...Object.fromEntries(request.headers), host: 'localhost:4600' },
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
  return {
    fetch: fetchInside,
    call: (endpoint, input) => call({ baseUrl: '', fetch: fetchInside }, endpoint, input),
  }
}

/** A till of a store, for routes that tills call. */
export function tillCaller(registerId: string, storeId: string, epoch: string): DeviceCaller {
  return { kind: 'device', registerId, storeId, epoch }
}
