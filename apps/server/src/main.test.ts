import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { FolderTaken } from './data-folder.ts'
import { sqlitePath } from './db/open.ts'
import { listJobs } from './jobs/index.ts'
import { type Server, type StartOptions, startServer } from './main.ts'
import { secretNames, secretsFolder } from './secrets.ts'
import { emptyMysqlUrl } from './testing/index.ts'
import { mariadbNote, withoutMariadb } from './testing/mariadb.ts'
import { makeAuthority, makeServerCertificate } from './tls/authority.ts'

async function start(env: Record<string, string> = {}, options: StartOptions = {}) {
  const folder = env.DATA_DIR ?? mkdtempSync(join(tmpdir(), 'nexus-main-'))
  const config = readConfig({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent', SQLITE_READERS: '1', ...env })
  let server: Server | undefined
  onTestFinished(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  server = await startServer(config, options)
  return { server, folder }
}

const ready = (server: Server) => fetch(`${server.url}/health/ready`)

test('an empty folder becomes a server that is live, ready and describes itself', async () => {
  const { server } = await start()
  expect(await (await ready(server)).json()).toEqual({ status: 'ready' })
  expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('process_cpu_user_seconds_total')
  expect(await (await fetch(`${server.url}/v1/openapi.json`)).json()).toMatchObject({ openapi: '3.1.0' })
})

test('a second server on the same folder is refused and disturbs nothing', async () => {
  const { server, folder } = await start()
  await expect(start({ DATA_DIR: folder })).rejects.toBeInstanceOf(FolderTaken)
  expect((await ready(server)).status).toBe(200)
})

test('a start that fails gives everything back: the next one works', async () => {
  const { folder } = await start({}).then(async (first) => {
    await first.server.stop()
    return first
  })
  const failing = start({ DATA_DIR: folder }, { prepare: async () => Promise.reject(new Error('no seeds')) })
  await expect(failing).rejects.toThrow('no seeds')
  const { server } = await start({ DATA_DIR: folder })
  expect((await ready(server)).status).toBe(200)
})

test('with other secrets than those of its database the server does not start', async () => {
  const { server, folder } = await start()
  await server.stop()
  rmSync(join(folder, 'secrets'), { recursive: true })
  await expect(start({ DATA_DIR: folder })).rejects.toThrow('secrets')
})

test('stopping lets the request under way finish, then takes no other', async () => {
  const { server } = await start()
  const body = JSON.stringify({ login: 'nobody', password: 'not-a-password' })
  const headers = {
    'content-type': 'application/json',
    'content-length': body.length,
    expect: '100-continue',
  }
  const request = httpRequest(`${server.url}/v1/session`, { method: 'POST', headers })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.once('error', reject)
  })
  request.flushHeaders()
  // The server has the request and waits for its body.
  await once(request, 'continue')
  const stopped = server.stop()
  request.end(body)
  expect((await answered).statusCode).toBe(401)
  await stopped
  await expect(ready(server)).rejects.toThrow()
})

test('[F64] a stopping server says that it is not ready while it still works', async () => {
  const { server } = await start({ STOP_DELAY_MS: '500' })
  const stopped = server.stop()
  const answer = await ready(server)
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ code: 'server/stopping', retry: 'later' })
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
  await stopped
})

/** Until when each job of a stopped server is held. */
function jobsIn(folder: string): unknown[] {
  const file = new DatabaseSync(sqlitePath(folder), { readOnly: true })
  try {
    return file
      .prepare('SELECT lease_until FROM job')
      .all()
      .map((row) => row.lease_until)
  } finally {
    file.close()
  }
}

test('after a stop the jobs have given their leases back', async () => {
  const { server, folder } = await start()
  await server.stop()
  expect(jobsIn(folder).length).toBeGreaterThan(0)
  expect(new Set(jobsIn(folder))).toEqual(new Set([0]))
})

test('a role of api runs no jobs', async () => {
  const { server, folder } = await start({ NEXUS_ROLE: 'api' })
  await server.stop()
  expect(jobsIn(folder)).toEqual([])
})

test('a worker runs jobs and shows its health, but serves neither apps nor API', async () => {
  const { server } = await start({ NEXUS_ROLE: 'worker' })
  expect((await ready(server)).status).toBe(200)
  expect((await fetch(`${server.url}/v1/session`)).status).toBe(404)
  expect((await fetch(`${server.url}/till/`, { headers: { accept: 'text/html' } })).status).toBe(404)
})

test.skipIf(withoutMariadb)(
  `an api and a worker share one MySQL database by mounted secrets${mariadbNote}`,
  async () => {
    const DATABASE_URL = await emptyMysqlUrl()
    const { server: api, folder } = await start({ DATABASE_URL, NEXUS_ROLE: 'api' })
    const mounted = Object.fromEntries(
      secretNames.map((name) => [`${name}_FILE`, join(secretsFolder(folder), name)]),
    )
    const { server: worker } = await start({ DATABASE_URL, NEXUS_ROLE: 'worker', ...mounted })
    expect([(await ready(api)).status, (await ready(worker)).status]).toEqual([200, 200])
    await expect
      .poll(async () => (await listJobs(api.context.database.read)).map((job) => job.failure))
      .toContain(null)
    // A third with secrets of its own would refuse every PIN and every till.
    await expect(start({ DATABASE_URL })).rejects.toThrow('secrets')
  },
)

test('with a certificate of its own authority the server speaks HTTPS, and a device that trusts it gets in', async () => {
  const now = Date.now()
  const authority = await makeAuthority('Test', now)
  const { certificate, key } = await makeServerCertificate(authority, ['localhost', '127.0.0.1'], now)
  const { server } = await start({ TLS_CERT: certificate, TLS_KEY: key })
  expect(server.url).toMatch(/^https:/)
  const status = await new Promise((resolve, reject) => {
    httpsRequest(`${server.url}/health/live`, { ca: authority.certificate }, (answer) =>
      resolve(answer.statusCode),
    )
      .on('error', reject)
      .end()
  })
  expect(status).toBe(200)
  expect(new X509Certificate(certificate).checkIssued(new X509Certificate(authority.certificate))).toBe(true)
})
