import { endpoint, type ProblemBody } from '@nexus/contract'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { testClock } from '../testing/shop.ts'
import { createApp } from './kit.ts'
import { serve } from './serve.ts'

const nobody = {
  device: async () => {
    throw new Error('no device here')
  },
  staff: async () => ({
    kind: 'staff' as const,
    staffId: 's',
    name: 'S',
    permissions: new Set<never>(),
    storeIds: undefined,
  }),
}

async function emptyApp() {
  const log = pino({ level: 'silent' })
  return await createApp({ config: readConfig({}), log, metrics: new Registry(), clock: testClock() }, nobody)
}

test('a route that does not say who may call it is refused when the app is built', async () => {
  const kit = await emptyApp()
  expect(() => kit.get('/open', async () => 'hello')).toThrow(/config\.allow/)
})

const paint = endpoint({
  method: 'PUT',
  path: '/walls/:wall',
  tag: 'test',
  allow: 'anyone',
  summary: 'Paint a wall.',
  params: Type.Object({ wall: Type.Integer() }),
  query: Type.Object({ coats: Type.Integer({ default: 2 }) }),
  body: Type.Object({ colour: Type.String({ minLength: 1 }), litres: Type.Integer({ minimum: 1 }) }),
  answer: Type.Object({ wall: Type.Integer(), coats: Type.Integer() }),
})

async function paintShop() {
  const kit = await emptyApp()
  serve(kit, paint, async ({ params, query }) => ({ ...params, ...query, secret: 'not in the schema' }))
  return kit
}

test('path and query become numbers, and the answer holds only what its schema names', async () => {
  const answer = await (await paintShop()).inject({
    method: 'PUT',
    url: '/walls/7',
    payload: { colour: 'red', litres: 1 },
  })
  expect(answer.json()).toEqual({ wall: 7, coats: 2 })
})

test('a body is never coerced: the refusal names each field and what to do', async () => {
  const answer = await (await paintShop()).inject({
    method: 'PUT',
    url: '/walls/7',
    payload: { litres: '1' },
  })
  const body = answer.json<ProblemBody>()
  expect(answer.statusCode).toBe(400)
  expect(answer.headers['content-type']).toMatch('application/problem+json')
  expect(body).toMatchObject({
    type: '/problems/request/invalid',
    retry: 'never',
    requestId: answer.headers['x-request-id'],
    errors: [
      { field: 'colour', message: 'is missing. Fill it in.' },
      { field: 'litres', message: 'is not a whole number. Correct it.' },
    ],
  })
})
