import { Writable } from 'node:stream'
import { endpoint, type Permission, Problem, type ProblemBody } from '@nexus/contract'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { Type } from 'typebox'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../config.ts'
import { testClock } from '../testing/shop.ts'
import { type Authenticators, createApp } from './kit.ts'
import { serve } from './serve.ts'

function callersWith(...permissions: Permission[]): Authenticators {
  return {
    device: async () => ({ kind: 'device', registerId: 'r', storeId: 's', epoch: 'e' }),
    staff: async () => ({
      kind: 'staff',
      staffId: 's',
      name: 'S',
      permissions: new Set(permissions),
      storeIds: undefined,
    }),
  }
}

async function emptyApp(authenticators = callersWith()) {
  const lines: string[] = []
  const to = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const clock = testClock()
  const metrics = new Registry()
  const app = await createApp({ config: readConfig({}), log: pino(to), metrics, clock }, authenticators)
  onTestFinished(() => app.close())
  return { app, lines, clock, metrics }
}

const paint = endpoint({
  method: 'PUT',
  path: '/walls/:wall',
  tag: 'test',
  allow: 'anyone',
  summary: 'Paint a wall.',
  params: Type.Object({ wall: Type.Integer() }),
  query: Type.Object({ coats: Type.Integer({ default: 2 }), dry: Type.Optional(Type.Boolean()) }),
  body: Type.Object({
    colour: Type.String({ minLength: 1 }),
    litres: Type.Integer({ minimum: 1 }),
    shine: Type.Optional(Type.Union([Type.Literal('matt'), Type.Literal('gloss')])),
  }),
  answer: Type.Object({ wall: Type.Integer(), coats: Type.Integer(), dry: Type.Optional(Type.Boolean()) }),
})

async function paintShop() {
  const kit = await emptyApp()
  serve(kit.app, paint, async ({ params, query }) => ({ ...params, ...query, secret: 'not in the schema' }))
  return kit
}

const put = (payload: object, url = '/walls/7'): InjectOptions => ({ method: 'PUT', url, payload })

test('a route that does not say who may call it is refused when the app is built', async () => {
  const { app } = await emptyApp()
  expect(() => app.get('/open', async () => 'hello')).toThrow(/config\.allow/)
})

test('path and query become numbers, and the answer holds only what its schema names', async () => {
  const { app } = await paintShop()
  const answer = await app.inject(put({ colour: 'red', litres: 1 }, '/walls/7?dry=true'))
  expect(answer.json()).toEqual({ wall: 7, coats: 2, dry: true })
})

test('a body is never coerced: the refusal names each field and says what to do', async () => {
  const { app } = await paintShop()
  const answer = await app.inject(put({ litres: '1', shine: 'both' }))
  expect(answer.statusCode).toBe(400)
  expect(answer.headers['content-type']).toMatch('application/problem+json')
  expect(answer.json()).toMatchObject({
    type: '/problems/request/invalid',
    code: 'request/invalid',
    status: 400,
    retry: 'never',
    requestId: answer.headers['x-request-id'],
    errors: [
      { field: 'colour', message: 'is missing. Fill it in.' },
      { field: 'litres', message: 'is not a whole number. Correct it.' },
      { field: 'shine', message: 'is not one of the values that are allowed here.' },
    ],
  })
})

test.each([
  [{ colour: '', litres: 1 }, 'colour', 'is empty. Fill it in.'],
  [{ colour: 'red', litres: 0 }, 'litres', 'must be 1 or more.'],
])('%j is refused in the words of a form', async (payload, field, message) => {
  const { app } = await paintShop()
  const answer = await app.inject(put(payload))
  expect(answer.json<ProblemBody>().errors).toEqual([{ field, message }])
})

test('a body that is not JSON, is missing or is too large is refused, each in its way', async () => {
  const { app } = await paintShop()
  const send = async (payload: string, type = 'application/json') => {
    const answer = await app.inject({
      method: 'PUT',
      url: '/walls/7',
      payload,
      headers: { 'content-type': type },
    })
    return [answer.statusCode, answer.json<ProblemBody>().code]
  }
  expect(await send('{"colour":')).toEqual([400, 'request/invalid'])
  expect(await send('')).toEqual([400, 'request/invalid'])
  expect(await send('<a/>', 'application/xml')).toEqual([400, 'request/invalid'])
  expect(await send(`"${'x'.repeat(1024 * 1024)}"`)).toEqual([413, 'request/too-large'])
})

test('a request keeps the id it came with when that is a UUID, and gets one when it is not', async () => {
  const { app } = await emptyApp()
  const id = '01890000-0000-7000-8000-000000000001'
  const idOf = async (given: string) =>
    (await app.inject({ url: '/x', headers: { 'x-request-id': given } })).headers['x-request-id']
  expect(await idOf(id)).toBe(id)
  expect(await idOf('evil\tline')).toMatch(/^[0-9a-f-]{36}$/)
})

test('an error that nobody foresaw is logged with its request id, and its text stays inside', async () => {
  const { app, lines } = await emptyApp()
  app.get('/broken', { config: { allow: 'anyone' } }, async () => {
    throw new Error('password is hunter2')
  })
  const answer = await app.inject('/broken')
  expect(answer.statusCode).toBe(500)
  expect(answer.json()).toMatchObject({ code: 'server/unexpected', retry: 'later' })
  expect(answer.body).not.toContain('hunter2')
  const line = lines.find((one) => one.includes('hunter2'))
  expect(line).toContain(answer.headers['x-request-id'])
})

test('a log line of a request holds route, status and time, but nothing of a person', async () => {
  const { app, lines } = await paintShop()
  await app.inject({
    ...put({ colour: 'asha@example.in', litres: 1 }, '/walls/7?coats=3'),
    headers: { cookie: 'nexus_session=abc', authorization: 'Bearer def' },
  })
  const line = JSON.parse(lines.at(-1) ?? '{}')
  expect(line).toMatchObject({ method: 'PUT', route: '/walls/:wall', status: 200 })
  expect(lines.join()).not.toMatch(/asha|abc|def|coats|127\.0\.0\.1/)
})

test('durations are measured by route', async () => {
  const { app, metrics } = await paintShop()
  await app.inject(put({ colour: 'red', litres: 1 }))
  expect(await metrics.metrics()).toContain(
    'nexus_http_request_seconds_count{method="PUT",route="/walls/:wall",status="200"} 1',
  )
})

test('every answer carries a policy that loads nothing from elsewhere and upgrades nothing', async () => {
  const { app } = await emptyApp()
  const { headers } = await app.inject('/x')
  expect(headers['content-security-policy']).toContain("default-src 'self'")
  expect(headers['content-security-policy']).not.toMatch(
    /upgrade-insecure-requests|https?:|unsafe-eval(?<!wasm-unsafe-eval)/,
  )
  expect(headers['x-content-type-options']).toBe('nosniff')
})

const stores = { method: 'POST', url: '/stores', payload: {} } as const
const own = { origin: 'http://localhost:80', host: 'localhost:80' }

async function officeWith(...permissions: Permission[]): Promise<FastifyInstance> {
  const { app } = await emptyApp(callersWith(...permissions))
  app.post('/stores', { config: { allow: 'stores.write' } }, async () => 'done')
  app.get('/stores', { config: { allow: 'stores.write' } }, async () => 'list')
  app.post('/till', { config: { allow: 'device' } }, async (request) => request.caller.kind)
  return app
}

test('a person without the permission is refused, with it the handler runs', async () => {
  const refused = await (await officeWith('stores.read')).inject({ ...stores, headers: own })
  expect(refused.json()).toMatchObject({
    status: 403,
    code: 'session/not-allowed',
    facts: { permission: 'stores.write' },
  })
  expect((await (await officeWith('stores.write')).inject({ ...stores, headers: own })).body).toBe('done')
})

test('a stranger is refused before the body is read', async () => {
  const { app } = await emptyApp({
    ...callersWith(),
    staff: async () => {
      throw new Problem('session/required', 'Sign in first.')
    },
  })
  app.post('/stores', { config: { allow: 'stores.write' } }, async () => 'done')
  const answer = await app.inject({ ...stores, payload: 'not json at all', headers: own })
  expect(answer.json()).toMatchObject({ status: 401, code: 'session/required' })
})

test.each([
  ['its own Origin', own, 200],
  ["the browser's word for same origin", { 'sec-fetch-site': 'same-origin' }, 200],
  ['no word at all', {}, 403],
  ['an Origin of elsewhere', { ...own, origin: 'https://evil.example' }, 403],
  ['an Origin of another port', { ...own, origin: 'http://localhost:81' }, 403],
  ['a torn Origin', { ...own, origin: 'null' }, 403],
  ["the browser's word for another site", { ...own, 'sec-fetch-site': 'cross-site' }, 403],
])('a write by cookie with %s is answered accordingly', async (_, headers, status) => {
  const app = await officeWith('stores.write')
  expect((await app.inject({ ...stores, headers })).statusCode).toBe(status)
})

test('reads, and writes of tills with their token, need no Origin', async () => {
  const app = await officeWith('stores.write')
  expect((await app.inject('/stores')).body).toBe('list')
  expect((await app.inject({ method: 'POST', url: '/till', payload: {} })).body).toBe('device')
})

test('after 20 failed attempts within a minute an address waits, and others do not', async () => {
  const { app, clock } = await emptyApp()
  let refuse = true
  app.post('/session', { config: { allow: 'anyone' } }, async () => {
    if (refuse) throw new Problem('session/refused', 'Name or password is wrong.')
    return 'in'
  })
  const attempt = async (remoteAddress: string) =>
    await app.inject({ method: 'POST', url: '/session', payload: {}, remoteAddress })
  for (let count = 0; count < 20; count++) expect((await attempt('10.0.0.1')).statusCode).toBe(401)
  clock.advance(30_000)
  const held = await attempt('10.0.0.1')
  expect(held.json()).toMatchObject({ code: 'request/too-many', retry: 'later' })
  expect(held.headers['retry-after']).toBe('30')
  expect((await attempt('10.0.0.2')).statusCode).toBe(401)
  refuse = false
  clock.advance(30_001)
  expect((await attempt('10.0.0.1')).body).toBe('in')
})

test('any number of successful sign-ins from one address is fine', async () => {
  const { app } = await emptyApp()
  app.post('/session', { config: { allow: 'anyone' } }, async () => 'in')
  for (let count = 0; count < 30; count++) {
    expect((await app.inject({ method: 'POST', url: '/session', payload: {} })).statusCode).toBe(200)
  }
})
