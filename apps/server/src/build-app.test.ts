import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Endpoint, ProblemBody } from '@nexus/contract'
import * as contract from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from './build-app.ts'
import { readConfig } from './config.ts'
import { type Context, openContext } from './context.ts'
import { prepareDatabase } from './prepare-database.ts'
import { administrator, openShop } from './testing/index.ts'

const endpoints = Object.values(contract as Record<string, unknown>).filter(
  (value): value is Endpoint =>
    typeof value === 'object' && value !== null && 'allow' in value && 'path' in value,
)
const guarded = endpoints.filter(({ allow }) => allow !== 'anyone')
const permitted = guarded.filter(({ allow }) => !['device', 'store-server', 'signed-in'].includes(allow))
const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`
/** The address with something in each place. */
const addressOf = ({ path }: Endpoint) => path.replace(/:[A-Za-z]+/g, '1')

let folder = ''
let context: Context
let app: FastifyInstance
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nexus-app-'))
  context = await openContext(readConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent', SQLITE_READERS: '1' }))
  await prepareDatabase(context)
  app = await buildApp(context)
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await context.database.close()
  rmSync(folder, { recursive: true })
})

test('the server has every endpoint that the contract promises', () => {
  const missing = endpoints.filter(({ method, path }) => !app.hasRoute({ method, url: path }))
  expect(missing.map(nameOf)).toEqual([])
})

test('a stranger gets into no endpoint that is not for anyone', async () => {
  const answers = await Promise.all(
    guarded.map(async (endpoint) => {
      const { statusCode } = await app.inject({
        method: endpoint.method,
        url: addressOf(endpoint),
        headers: { host: 'localhost:4600', origin: 'http://localhost:4600' },
      })
      return [nameOf(endpoint), statusCode]
    }),
  )
  expect(answers.filter(([, status]) => status !== 401)).toEqual([])
  expect(answers.length).toBeGreaterThan(40)
})

test('a made-up token or cookie is worth nothing', async () => {
  const headers = {
    host: 'localhost:4600',
    origin: 'http://localhost:4600',
    authorization: `Bearer ${'a'.repeat(20)}.${'b'.repeat(43)}`,
    cookie: `nexus_session=${'c'.repeat(43)}`,
  }
  const answers = await Promise.all(
    guarded.map(async (endpoint) => {
      const answer = await app.inject({ method: endpoint.method, url: addressOf(endpoint), headers })
      return [nameOf(endpoint), answer.statusCode]
    }),
  )
  expect(answers.filter(([, status]) => status !== 401)).toEqual([])
})

test('a person without any permission is refused wherever one is asked for, before anything else is looked at', async () => {
  await using shop = await openShop()
  const powerless = shop.as({ ...administrator, permissions: new Set() })
  const answers = await Promise.all(
    permitted.map(async (endpoint) => {
      const answer = await powerless.fetch(addressOf(endpoint), { method: endpoint.method })
      const { code, facts } = (await answer.json()) as ProblemBody
      return { endpoint: nameOf(endpoint), code, permission: facts?.permission }
    }),
  )
  expect(answers).toEqual(
    permitted.map((endpoint) => ({
      endpoint: nameOf(endpoint),
      code: 'session/not-allowed',
      permission: endpoint.allow,
    })),
  )
})

test('the first address leads to the back office', async () => {
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/office/'])
})
