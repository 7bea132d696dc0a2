import { type ChildProcess, spawn } from 'node:child_process'
import { createPrivateKey, randomUUIDv7, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { call, heartbeatTill, helloTill, pushTill } from '@nexus/contract'
import { certificateBytes, type HelloRequest, requestBytes, signedCertificate } from '@nexus/sync'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../config.ts'
import { openContext } from '../../context.ts'
import { prepareDatabase } from '../../prepare-database.ts'
import { emptyMysqlUrl, forEachDialect } from '../../testing/index.ts'
import { ScriptedTill } from '../journal/testing/scripted-till.ts'
import { claimInstallation } from '../platform/index.ts'
import { makeStoreServerCode } from '../store-servers/index.ts'
import { findCompany, putRegister } from '../stores/index.ts'
import { registerBody, setUpStore, storeId } from '../stores/testing/world.ts'
import { joinHeadquarters } from './link.ts'

const salesEach = 40
const registers = ['21', '22', '23'].map((n) => `01890000-0000-7000-8000-0000000000${n}`)
const program = fileURLToPath(new URL('../../cli/nexus.ts', import.meta.url))

/** A server process that can be killed and started again at the same address. */
async function nexusProcess(env: Record<string, string>) {
  const port = await freePort()
  const url = `http://localhost:${port}`
  let child: ChildProcess | undefined
  const server = {
    url,
    async start() {
      const started = spawn(process.execPath, [program, 'start'], {
        env: { ...process.env, LOG_LEVEL: 'error', PORT: String(port), PUBLIC_URL: url, ...env },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      child = started
      const giveUpAt = Date.now() + 60_000
      for (;;) {
        const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
        if (answer?.ok) return
        if (started.exitCode !== null || Date.now() > giveUpAt) throw new Error('the server did not start')
        await sleep(50)
      }
    },
    async kill() {
      const running = child
      child = undefined
      if (!running || running.exitCode !== null) return
      running.kill('SIGKILL')
      await new Promise((resolve) => running.once('exit', resolve))
    },
  }
  onTestFinished(() => server.kill())
  return server
}

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'nexus-hop-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  return made
}

/** A chain with one store of three registers, its tills, and a code for its server. */
async function makeHeadquarters(env: Record<string, string>) {
  const context = await openContext(readConfig({ ...env, LOG_LEVEL: 'silent' }))
  try {
    await prepareDatabase(context)
    await claimInstallation(context, 'shop')
    await setUpStore(context)
    for (const [n, id] of registers.entries()) {
      const body = registerBody({ number: n + 3, name: `Counter ${n + 3}` })
      await putRegister(context, { by: null, how: 'test' }, id, body)
    }
    const by = { by: null, how: 'test', origin: 'http://hq' }
    const { code } = await makeStoreServerCode(context, storeId, by)
    const tenant = (await findCompany(context.database.read))?.id ?? ''
    return { code, tenant }
  } finally {
    await context.database.close()
  }
}

/** A hello as a till signs it. */
function helloOf(
  till: ScriptedTill,
  enrolment: { privateKey: ReturnType<typeof createPrivateKey> },
): HelloRequest {
  const dsaEncoding = 'ieee-p1363'
  const by = (key: typeof enrolment.privateKey, bytes: Uint8Array) =>
    sign('sha256', bytes, { key, dsaEncoding }).toString('base64url')
  const head = { epoch: till.epoch, seq: till.entries.length, hash: till.lastHash }
  const request = {
    requestId: randomUUIDv7(),
    register: till.place.register,
    epoch: till.epoch,
    heads: [head],
    spare: null,
    sparePublicKey: null,
    cursors: {},
    app: 'test-1',
    at: till.at,
    wallMs: Date.now(),
    certificate: signedCertificate(
      till.certificate,
      by(enrolment.privateKey, certificateBytes(till.certificate)),
    ),
    checkpoint: till.checkpoint(head.seq, head.hash),
  }
  return { ...request, signature: by(till.key.privateKey, requestBytes(request)) }
}

forEachDialect((dialect) => {
  test('[JRN-20a, JRN-20e, JRN-20g, F25] a store server killed again and again in mid-push and mid-forward, and headquarters too: nothing lost, nothing twice', async () => {
    const [hqFolder, hopFolder] = [folder(), folder()]
    const database = dialect.name === 'mysql' ? { DATABASE_URL: await emptyMysqlUrl() } : {}
    const hqEnv = { DATA_DIR: hqFolder, ...database }
    const { code, tenant } = await makeHeadquarters(hqEnv)
    const enrolment = { privateKey: createPrivateKey(readFileSync(join(hqFolder, 'secrets/ENROLMENT_KEY'))) }
    const hq = await nexusProcess(hqEnv)
    const hop = await nexusProcess({ DATA_DIR: hopFolder, NEXUS_ROLE: 'store' })
    await hq.start()
    await joinHeadquarters({ DATA_DIR: hopFolder }, { hq: hq.url, code })

    const tills = registers.map((register, n) => {
      const till = new ScriptedTill(enrolment, {
        place: { tenant, store: storeId, register },
        code: `KOR${n + 3}A`,
      })
      till.open()
      for (let sale = 0; sale < salesEach; sale++) till.sale()
      return till
    })
    const told = tills.map(() => 0)

    /** Each till says hello and pushes until the store server is gone or has everything. */
    async function live(): Promise<void> {
      await Promise.all(
        tills.map(async (till, n) => {
          const open = { baseUrl: hop.url }
          const greeting = await call(open, helloTill, { body: helloOf(till, enrolment) }).catch(
            () => undefined,
          )
          if (greeting === undefined) return
          const headers = () => ({ authorization: `Bearer ${greeting.token.token}` })
          told[n] = greeting.heads[0]?.seq ?? 0
          for (;;) {
            const from = (told[n] ?? 0) + 1
            if (from > till.entries.length) return
            const body = till.push(from, Math.min(from + 2, till.entries.length))
            const answer = await call({ ...open, headers }, pushTill, { body }).catch(() => undefined)
            if (answer === undefined) return
            expect(answer.head.seq).toBeGreaterThanOrEqual(told[n] ?? 0)
            told[n] = answer.head.seq
          }
        }),
      )
    }

    for (const [round, afterMs] of [120, 60, 250, 400].entries()) {
      await hop.start()
      const before = [...told]
      const pushing = live()
      await sleep(afterMs)
      await hop.kill()
      await pushing
      if (round === 1) await hq.kill()
      if (round === 2) await hq.start()
      // What was acknowledged is there after the start.
      for (const [n, seq] of before.entries()) expect(told[n]).toBeGreaterThanOrEqual(seq)
    }
    await hop.start()
    // A pass ends when headquarters' generation is first heard: tills say hello again.
    for (let again = 0; again < 5 && told.some((seq) => seq <= salesEach); again++) await live()
    expect(told).toEqual(tills.map(() => salesEach + 1))
    await hop.kill()
    await hop.start()

    const context = await openContext(readConfig({ ...hqEnv, LOG_LEVEL: 'silent' }))
    onTestFinished(() => context.database.close())
    const db = context.database.read
    const bills = () => db.selectFrom('bill').select('number').execute()
    await expect
      .poll(async () => (await bills()).length, { timeout: 90_000, interval: 200 })
      .toBe(tills.length * salesEach)
    expect(new Set((await bills()).map(({ number }) => number)).size).toBe(tills.length * salesEach)
    const stored = await db.selectFrom('journal_entry').select(['hash', 'bytes']).execute()
    const written = tills.flatMap(({ entries }) => entries)
    const byHash = new Map(stored.map(({ hash, bytes }) => [Buffer.from(hash).toString('base64url'), bytes]))
    expect(stored.length).toBe(written.length)
    for (const { hash, bytes } of written)
      expect(Buffer.from(byHash.get(hash) ?? [])).toEqual(Buffer.from(bytes))
    const forks = await db.selectFrom('journal_fork').select('seq').execute()
    expect(forks).toEqual([])
    // Headquarters' mark comes back through the store server, with its signature.
    const [till] = tills
    if (till === undefined) return
    const greeting = await call({ baseUrl: hop.url }, helloTill, { body: helloOf(till, enrolment) })
    const headers = () => ({ authorization: `Bearer ${greeting.token.token}` })
    const head = { epoch: till.epoch, seq: till.entries.length, hash: till.lastHash }
    const beat = {
      requestId: randomUUIDv7(),
      register: till.place.register,
      epoch: till.epoch,
      head,
      at: till.at,
      app: 'test-1',
      waiting: { entries: 0, sales: 0, soldMinor: 0, oldestAt: null },
      checkpoint: till.checkpoint(head.seq, head.hash),
    }
    const marks = async () =>
      (await call({ baseUrl: hop.url, headers }, heartbeatTill, { body: beat })).marks.received
    await expect.poll(async () => (await marks())?.seq, { timeout: 60_000 }).toBe(head.seq)
    expect((await marks())?.signature).toMatch(/^[A-Za-z0-9_-]{86}$/)
  }, 240_000)
})
