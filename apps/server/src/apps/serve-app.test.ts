import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../config.ts'
import { createApp } from '../http/kit.ts'
import { sendNotFound } from '../http/problems.ts'
import { testClock } from '../testing/shop.ts'
import { serveApp } from './serve-app.ts'

const script = `console.log("${'x'.repeat(2000)}")`
const browser = { accept: 'text/html,application/xhtml+xml' }

async function appWith(files: Record<string, string | Buffer>): Promise<FastifyInstance> {
  const dist = mkdtempSync(join(tmpdir(), 'nexus-dist-'))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(dist, name, '..'), { recursive: true })
    writeFileSync(join(dist, name), content)
  }
  const context = {
    config: readConfig({}),
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    clock: testClock(),
  }
  const nobody = async () => {
    throw new Error('nobody signs in here')
  }
  const app = await createApp(context, { device: nobody, staff: nobody })
  app.setNotFoundHandler(sendNotFound)
  serveApp(app, { name: 'till', folder: dist, dist, prefix: '/till/', connects: 'https:' })
  onTestFinished(async () => {
    await app.close()
    rmSync(dist, { recursive: true })
  })
  return app
}

const built = {
  'index.html': '<!doctype html><title>Till</title>',
  'sw.js': 'self.x = 1',
  'assets/main-abc123.js': script,
  'assets/main-abc123.js.br': brotliCompressSync(script),
  'assets/main-abc123.js.gz': gzipSync(script),
  '.inputs': 'stamp',
}

test('files are sent ready compressed, in the form that the browser takes', async () => {
  const app = await appWith(built)
  const get = async (accepted: string) =>
    await app.inject({ url: '/till/assets/main-abc123.js', headers: { 'accept-encoding': accepted } })
  const br = await get('gzip, deflate, br')
  expect(br.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'text/javascript; charset=utf-8',
  })
  expect(brotliDecompressSync(br.rawPayload).toString()).toBe(script)
  expect(gunzipSync((await get('gzip')).rawPayload).toString()).toBe(script)
  expect((await get('')).body).toBe(script)
})

test('files with a hash in their name are kept for ever, the page and the service worker are asked for each time', async () => {
  const app = await appWith(built)
  const cached = async (url: string) => (await app.inject({ url, headers: browser })).headers['cache-control']
  expect(await cached('/till/assets/main-abc123.js')).toContain('immutable')
  expect(await cached('/till/')).toBe('no-cache')
  expect(await cached('/till/sw.js')).toBe('no-cache')
})

test('a file that has not changed is not sent again', async () => {
  const app = await appWith(built)
  const { etag } = (await app.inject('/till/sw.js')).headers
  const again = await app.inject({ url: '/till/sw.js', headers: { 'if-none-match': String(etag) } })
  expect([again.statusCode, again.body]).toEqual([304, ''])
})

test("an address inside the app is the app's page, a missing file is not found", async () => {
  const app = await appWith(built)
  expect((await app.inject({ url: '/till/bills/7', headers: browser })).body).toContain('<title>Till</title>')
  expect((await app.inject({ url: '/till/assets/gone.js', headers: { accept: '*/*' } })).statusCode).toBe(404)
  expect((await app.inject({ url: '/till', headers: browser })).headers.location).toBe('/till/')
})

test.each([
  '/till/.inputs',
  '/till/..%2f..%2fetc/passwd',
  '/till/../../package.json',
  '/till/assets/main-abc123.js.br',
])('%s is not given out', async (url) => {
  const app = await appWith(built)
  const answer = await app.inject({ url, headers: { accept: '*/*' } })
  expect(answer.statusCode).toBe(404)
})

test('an app that was not built says so', async () => {
  const app = await appWith({})
  const answer = await app.inject({ url: '/till/', headers: browser })
  expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining('nexus start')])
})
