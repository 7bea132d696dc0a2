import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  call,
  claimCoupon,
  enrolTill,
  findTillBill,
  helloTill,
  tillPlace,
  tillRoster,
  tillRulebook,
  tillRulebookPart,
} from '@nexus/contract'
import { readCertificate } from '@nexus/sync'
import type { FastifyInstance } from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from '../../build-app.ts'
import { readConfig } from '../../config.ts'
import { type Context, openContext } from '../../context.ts'
import { prepareDatabase } from '../../prepare-database.ts'
import { addPriceList } from '../catalogue/index.ts'
import { publishRulebook } from '../rulebook/publish-rulebook.ts'
import { putStaff } from '../staff/index.ts'
import { makeStoreServerCode } from '../store-servers/index.ts'
import { authenticateDevice, createEnrolmentCode } from '../stores/index.ts'
import {
  enrolRequest,
  freshCode,
  helloRequest,
  newKey,
  registerId,
  setUpStore,
  storeId,
} from '../stores/testing/world.ts'
import { hashOf, openCopies } from './copies.ts'
import { joinHeadquarters } from './link.ts'
import { openVouchedKeys } from './vouched-keys.ts'

type Server = { context: Context; app: FastifyInstance; url: string; folder: string }

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-hop-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A server that listens; of a headquarters the staff caller is an administrator. */
async function open(folder: string, env: Record<string, string>, port = 0): Promise<Server> {
  const settings = { DATA_DIR: folder, LOG_LEVEL: 'silent', SQLITE_READERS: '1', ...env }
  const context = await openContext(readConfig(settings))
  await prepareDatabase(context)
  const app = await buildApp(context)
  const url = (await app.listen({ host: '127.0.0.1', port })).replace('127.0.0.1', 'localhost')
  let closed = false
  const close = app.close.bind(app)
  app.close = (async () => {
    if (closed) return
    closed = true
    await close()
    await context.database.close()
  }) as typeof app.close
  onTestFinished(() => app.close())
  return { context, app, url, folder }
}

/** Headquarters with one store, its server, and a till that enrolled at headquarters. */
async function openBoth() {
  const hq = await open(newFolder(), {})
  await setUpStore(hq.context)
  const by = { by: null, how: 'test' }
  await putStaff(hq.context, { how: 'test' }, '01890000-0000-7000-8000-0000000000c1', {
    name: 'Ravi Cashier',
    login: 'ravi',
    role: 'cashier',
    storeIds: [storeId],
    language: 'en',
    active: true,
  })
  const { code } = await makeStoreServerCode(hq.context, storeId, { ...by, origin: hq.url })
  const folder = newFolder()
  await joinHeadquarters({ DATA_DIR: folder }, { hq: hq.url, code })
  const hop = await open(folder, { NEXUS_ROLE: 'store', PUBLIC_URL: 'https://shop.lan:4600' })
  const [key, spareKey] = [newKey(), newKey()]
  const enrolment = await call({ baseUrl: hq.url }, enrolTill, {
    body: enrolRequest({ code: await freshCode(hq.context) }, key, spareKey),
  })
  const epoch = readCertificate(enrolment.enrolment.certificate)?.certificate.epoch ?? ''
  const hello = (change = {}) => helloRequest(key, epoch, enrolment.enrolment, change)
  const greet = () => call({ baseUrl: hop.url }, helloTill, { body: hello() })
  const asTill = async () => {
    const { token } = await greet()
    return { baseUrl: hop.url, headers: () => ({ authorization: `Bearer ${token.token}` }) }
  }
  return { hq, hop, key, epoch, enrolment, hello, greet, asTill }
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await isDone()) return
    await sleep(50)
  }
  throw new Error('it did not come about in time')
}

test('[JRN-4s, JRN-20b, JRN-20j] a till says hello by its certificate and key alone, with headquarters away', async () => {
  const { hq, hop, greet, hello, epoch } = await openBoth()
  await hq.app.close()
  const answer = await greet()
  expect(answer).toMatchObject({ spare: 'kept', verifierKey: null, heads: [{ epoch, seq: 0 }] })
  // Its pass is good here and nowhere else.
  const headers = { authorization: `Bearer ${answer.token.token}` }
  await expect(authenticateDevice(hop.context)({ headers })).rejects.toMatchObject({ code: 'device/unknown' })
  const place = await call({ baseUrl: hop.url, headers: () => headers }, tillPlace, {})
  expect(place).toMatchObject({ store: { id: storeId }, storeServer: 'https://shop.lan:4600' })
  const other = newKey()
  for (const body of [{ ...hello(), at: 7 }, helloRequest(other, epoch, hello().certificate)]) {
    await expect(call({ baseUrl: hop.url }, helloTill, { body })).rejects.toMatchObject({
      code: 'device/bad-signature',
    })
  }
  const forged = { ...hello().certificate, signature: 'A'.repeat(86) }
  const body = hello({ certificate: forged })
  await expect(call({ baseUrl: hop.url }, helloTill, { body })).rejects.toMatchObject({
    code: 'device/unknown',
  })
})

test('[JRN-3e, JRN-20b] the key of an epoch that said hello counts before an entry of it came, after a restart too', async () => {
  const { hq, hop, greet, epoch, key } = await openBoth()
  const { read } = hop.context.database
  expect(await openVouchedKeys(hop.context).find(read, epoch)).toBeUndefined()
  await hq.app.close()
  await greet()
  await greet()
  await hop.app.close()
  const again = await open(hop.folder, { NEXUS_ROLE: 'store' })
  const keys = openVouchedKeys(again.context)
  expect(await keys.find(again.context.database.read, epoch)).toMatchObject({
    register: registerId,
    publicKey: key.publicKey,
  })
})

test('[JRN-3i, JRN-9k, JRN-20j] with the line up a hello is passed on: headquarters knows the till and gives the spare', async () => {
  const { hq, hop, key, epoch, enrolment } = await openBoth()
  const spare = newKey()
  const say = () => {
    const body = helloRequest(key, epoch, enrolment.enrolment, {
      sparePublicKey: spare.publicKey,
      app: 'till-9',
    })
    return call({ baseUrl: hop.url }, helloTill, { body })
  }
  await until(async () => (await say()).spare !== 'kept')
  const { spare: given } = await say()
  const certificate = typeof given === 'string' ? undefined : readCertificate(given.certificate)?.certificate
  expect(certificate?.publicKey).toBe(spare.publicKey)
  const status = await hq.context.database.read.selectFrom('register_status').selectAll().execute()
  expect(status.find((row) => row.register_id === registerId)?.app).toBe('till-9')
})

test('[JRN-20b, JRN-20j] an enrolment is headquarters’: passed on, and refused in plain words when it is away', async () => {
  const { hq, hop } = await openBoth()
  const { code } = await createEnrolmentCode(hq.context, registerId, {
    by: null,
    how: 'test',
    origin: hop.url,
  })
  const request = enrolRequest({ code }, newKey(), newKey())
  const answer = await call({ baseUrl: hop.url }, enrolTill, { body: request })
  expect(answer.place).toMatchObject({ register: { id: registerId }, storeServer: 'https://shop.lan:4600' })
  const headers = () => ({ authorization: `Bearer ${answer.token.token}` })
  expect(await call({ baseUrl: hop.url, headers }, tillPlace, {})).toMatchObject({ store: { id: storeId } })
  await expect(
    call({ baseUrl: hop.url }, enrolTill, { body: enrolRequest({ code: 'AAAA-AAAA' }, newKey(), newKey()) }),
  ).rejects.toMatchObject({ code: 'enrolment/code-unknown' })
  await hq.app.close()
  await expect(
    call({ baseUrl: hop.url }, enrolTill, { body: enrolRequest({ code }, newKey(), newKey()) }),
  ).rejects.toMatchObject({ code: 'store-server/hq-away' })
})

test('what tills read comes from headquarters, and from a copy on disk when it is away, after a restart too', async () => {
  const { hq, hop, asTill, hello } = await openBoth()
  const shopCaller = await asTill()
  await until(async () => {
    const answer = await call(shopCaller, tillRoster, {}).catch(() => undefined)
    return answer !== undefined
  })
  const before = await call(shopCaller, tillRoster, {})
  expect(before.people.map(({ name }) => name)).toEqual(['Ravi Cashier'])
  await hq.app.close()
  expect(await call(await asTill(), tillRoster, {})).toEqual(before)
  await expect(call(await asTill(), claimCoupon, { body: { code: 'X' } })).rejects.toMatchObject({
    code: 'store-server/hq-away',
  })
  // Nothing was published yet, so there is no copy of a rulebook either.
  await expect(call(await asTill(), tillRulebook, { query: {} })).rejects.toMatchObject({
    code: 'store-server/hq-away',
  })
  await expect(
    call(await asTill(), findTillBill, { params: { number: 'KOR2AI26-000001' } }),
  ).rejects.toMatchObject({ code: 'bill/not-found' })
  await hop.app.close()
  const again = await open(hop.folder, { NEXUS_ROLE: 'store' })
  const { token } = await call({ baseUrl: again.url }, helloTill, { body: hello() })
  const headers = () => ({ authorization: `Bearer ${token.token}` })
  expect(await call({ baseUrl: again.url, headers }, tillRoster, {})).toEqual(before)
})

test('the rulebook is fetched before a till asks, part by part by its hash', async () => {
  const { hq, hop, asTill } = await openBoth()
  await addPriceList(
    hq.context,
    { name: 'Selling price', scope: 'chain', scopeId: '', tier: null, inclusive: true },
    { by: null, how: 'test' },
  )
  const version = await publishRulebook(hq.context, { note: '', by: null })
  const copies = openCopies(hop.context.config)
  await until(async () => (await copies.parts()).size > 0)
  await until(async () => (await copies.get('rulebook')) !== undefined)
  await hq.app.close()
  const options = await asTill()
  const manifest = await call(options, tillRulebook, { query: {} })
  expect(manifest.version).toBe(version.version)
  const params = { hash: manifest.headHash }
  // as: the endpoint `produces` bytes.
  const bytes = (await call(options, tillRulebookPart, { params })) as unknown as ArrayBuffer
  expect(hashOf(new Uint8Array(bytes))).toBe(manifest.headHash)
  const damaged = join(hop.folder, 'copies/parts', `${manifest.headHash}.gz`)
  writeFileSync(damaged, 'no gzip')
  await expect(call(options, tillRulebookPart, { params })).rejects.toMatchObject({
    code: 'store-server/hq-away',
  })
})

test('pages of headquarters’ origin may call, others may not', async () => {
  const { hq, hop, hello } = await openBoth()
  const asked = await fetch(`${hop.url}/v1/till/hello`, {
    method: 'OPTIONS',
    headers: { origin: hq.url, 'access-control-request-method': 'POST' },
  })
  expect(asked.status).toBe(204)
  expect(asked.headers.get('access-control-allow-origin')).toBe(hq.url)
  expect(asked.headers.get('access-control-allow-headers')).toContain('authorization')
  expect(asked.headers.get('access-control-allow-private-network')).toBe('true')
  const send = (origin: string) =>
    fetch(`${hop.url}/v1/till/hello`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' },
      body: JSON.stringify(hello()),
    })
  const answer = await send(hq.url)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('access-control-allow-origin')).toBe(hq.url)
  const foreign = await send('https://elsewhere.example')
  expect(foreign.status).toBe(403)
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
})

test('a store server that never joined does not start, and says how', async () => {
  await expect(open(newFolder(), { NEXUS_ROLE: 'store' })).rejects.toThrow(/nexus store-server join/)
})
