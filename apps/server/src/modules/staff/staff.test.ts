import { argon2Sync, createHmac, pbkdf2Sync, randomUUIDv7 } from 'node:crypto'
import { listStaff, putStaff as putStaffEndpoint, type StaffBody } from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { buildApp } from '../../build-app.ts'
import type { Context } from '../../context.ts'
import type { StaffCaller } from '../../http/serve.ts'
import { administrator, forEachDialect, openShop } from '../../testing/index.ts'
import { enrol } from '../stores/enrolment/enrol.ts'
import { putStore } from '../stores/index.ts'
import {
  contextOn,
  emptyJournal,
  enrolRequest,
  freshCode,
  newKey,
  registerId,
  setUpStore,
  storeBody,
  storeId,
} from '../stores/testing/world.ts'
import { putPassword, putPin, putStaff, resetPassword, staffNames, staffPage } from './index.ts'
import { requireStrongPassword } from './password.ts'
import { matchesHash } from './peppered-hash.ts'
import { requireStrongPin } from './pin.ts'
import { getStaff } from './queries.ts'
import { permissionsOf } from './roles.ts'
import { rosterFor } from './roster.ts'
import { signIn as checkSignIn } from './sign-in.ts'

const password = 'lamp river copper nine'
const program = { how: 'test' }
const everything = { storeIds: undefined }
const otherStore = '01890000-0000-7000-8000-000000000002'
const address = '10.0.0.7'

function body(change: Partial<StaffBody> = {}): StaffBody {
  return {
    name: 'Asha Rao',
    login: 'asha',
    role: 'cashier',
    storeIds: [storeId],
    active: true,
    language: 'hi',
    ...change,
  }
}

function caller(staffId: string, role: StaffBody['role'], storeIds?: string[]): StaffCaller {
  return { kind: 'staff', staffId, name: 'Manager', permissions: permissionsOf(role), storeIds }
}

forEachDialect((dialect) => {
  test('a person is read as written, without anything secret', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const id = randomUUIDv7()
    await putStaff(context, program, id, body())
    await putPin(context, program, id, '4711')
    await putPassword(context, program, id, password)
    expect(await getStaff(context.database.read, everything, id)).toEqual({
      id,
      ...body(),
      hasPin: true,
      hasPassword: true,
      lastSignInAt: null,
    })
    await putStaff(context, program, id, body({ storeIds: null, name: 'आशा' }))
    expect(await getStaff(context.database.read, everything, id)).toMatchObject({
      storeIds: null,
      name: 'आशा',
      hasPin: true,
    })
    expect(await staffNames(context.database.read, [id, storeId])).toEqual(new Map([[id, 'आशा']]))
    const audit = await context.database.read
      .selectFrom('audit')
      .selectAll()
      .where('subject', '=', 'staff')
      .orderBy('id')
      .execute()
    expect(audit.map((row) => JSON.parse(row.after_json ?? ''))).toEqual([
      body(),
      { changed: 'pin' },
      { changed: 'password' },
      body({ storeIds: null, name: 'आशा' }),
    ])
  })

  test('the list filters by store, role, state and name, sorts, and keeps to the caller’s stores', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await putStore(context, { by: null, how: 'test' }, otherStore, storeBody({ code: 'IND' }))
    const people: [string, Partial<StaffBody>][] = [
      ['asha', { name: 'Asha' }],
      ['bina', { name: 'Bina', storeIds: [storeId, otherStore], role: 'store-manager' }],
      ['chand', { name: 'Chand', storeIds: [otherStore], active: false }],
      ['devi', { name: 'Devi', storeIds: null, role: 'administrator' }],
      ['esha', { name: 'Esha', storeIds: [] }],
    ]
    for (const [login, change] of people) {
      await putStaff(context, program, randomUUIDv7(), body({ login, ...change }))
    }
    const logins = async (query: Parameters<typeof staffPage>[2], storeIds?: string[]) =>
      (await staffPage(context.database.read, { storeIds }, query)).rows.map((row) => row.login)
    expect(await logins({})).toEqual(['asha', 'bina', 'chand', 'devi', 'esha'])
    expect(await logins({ sort: '-name' })).toEqual(['esha', 'devi', 'chand', 'bina', 'asha'])
    expect(await logins({ store: storeId })).toEqual(['asha', 'bina', 'devi'])
    expect(await logins({ role: 'store-manager' })).toEqual(['bina'])
    expect(await logins({ active: false })).toEqual(['chand'])
    expect(await logins({ q: 'SH' })).toEqual(['asha', 'esha'])
    expect(await logins({}, [storeId])).toEqual(['asha'])
    expect(await logins({}, [storeId, otherStore])).toEqual(['asha', 'bina', 'chand'])
    expect(await logins({}, [])).toEqual([])
    expect(await staffPage(context.database.read, everything, { page: 2, pageSize: 3 })).toMatchObject({
      total: 5,
      rows: [{ login: 'devi' }, { login: 'esha' }],
    })
  })

  test('sign-in names are given once, and stores must exist', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await putStaff(context, program, randomUUIDv7(), body())
    await expect(putStaff(context, program, randomUUIDv7(), body())).rejects.toMatchObject({
      code: 'staff/login-taken',
    })
    await expect(
      putStaff(context, program, randomUUIDv7(), body({ login: 'bina', storeIds: [otherStore] })),
    ).rejects.toMatchObject({ code: 'store/not-found' })
  })

  test('nobody makes, changes or takes over somebody who may do more than they', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await putStore(context, { by: null, how: 'test' }, otherStore, storeBody({ code: 'IND' }))
    const manager = { how: 'test', caller: caller(randomUUIDv7(), 'store-manager', [storeId]) }
    const boss = randomUUIDv7()
    await putStaff(context, program, boss, body({ login: 'boss', role: 'administrator' }))
    const neighbour = randomUUIDv7()
    await putStaff(context, program, neighbour, body({ login: 'nita', storeIds: [otherStore] }))
    const refused = { code: 'session/not-allowed' }
    const id = randomUUIDv7()
    const wishes: Partial<StaffBody>[] = [
      { role: 'accountant' },
      { storeIds: null },
      { storeIds: [storeId, otherStore] },
    ]
    for (const wish of wishes) {
      await expect(putStaff(context, manager, id, body(wish))).rejects.toMatchObject(refused)
    }
    await expect(putStaff(context, manager, boss, body({ login: 'boss' }))).rejects.toMatchObject(refused)
    await expect(putPassword(context, manager, boss, password)).rejects.toMatchObject(refused)
    await expect(putPin(context, manager, neighbour, '4711')).rejects.toMatchObject(refused)
    await putStaff(context, manager, id, body())
    await putPin(context, manager, id, '4711')
  })

  test('nobody locks themselves out', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const id = randomUUIDv7()
    const self = body({ login: 'boss', role: 'administrator', storeIds: null })
    await putStaff(context, program, id, self)
    const actor = { how: 'test', caller: caller(id, 'administrator') }
    for (const change of [{ active: false }, { role: 'accountant' as const }, { storeIds: [storeId] }]) {
      await expect(putStaff(context, actor, id, { ...self, ...change })).rejects.toMatchObject({
        code: 'staff/self-lockout',
      })
    }
    await putStaff(context, actor, id, { ...self, name: 'The Boss' })
  })

  test('a wrong name and a wrong password are told apart by nothing', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const id = randomUUIDv7()
    await putStaff(context, program, id, body())
    await putPassword(context, program, id, password)
    const off = randomUUIDv7()
    await putStaff(context, program, off, body({ login: 'bina', active: false }))
    await putPassword(context, program, off, password)
    await putStaff(context, program, randomUUIDv7(), body({ login: 'chand' }))
    const answers = []
    for (const given of [
      { login: 'nobody', password },
      { login: 'asha', password: `${password}!` },
      { login: 'bina', password },
      { login: 'chand', password },
    ]) {
      answers.push(
        await checkSignIn(context, given, address).catch(({ code, message, facts }) => ({
          code,
          message,
          facts,
        })),
      )
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ code: 'session/refused' })
    expect(await checkSignIn(context, { login: ' Asha ', password }, address)).toMatchObject({ id })
  })

  test('a name that is guessed at waits, for whoever knows the password too', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const id = randomUUIDv7()
    await putStaff(context, program, id, body())
    await putPassword(context, program, id, password)
    for (let guess = 0; guess < 6; guess++) {
      await expect(
        checkSignIn(context, { login: 'asha', password: `guess ${guess}` }, address),
      ).rejects.toMatchObject({
        code: 'session/refused',
      })
    }
    await expect(checkSignIn(context, { login: 'asha', password }, '10.9.9.9')).rejects.toMatchObject({
      code: 'session/locked',
      facts: { retryAfterMs: 2000 },
    })
    context.clock.advance(2000)
    await checkSignIn(context, { login: 'asha', password }, '10.9.9.9')
  })

  test('the command line sets a password for a name', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const id = randomUUIDv7()
    await putStaff(context, program, id, body())
    await resetPassword(context, 'asha', password)
    await checkSignIn(context, { login: 'asha', password }, address)
    await expect(resetPassword(context, 'nobody', password)).rejects.toMatchObject({
      code: 'staff/not-found',
    })
  })

  test('a roster holds the store’s people, and PIN verifiers for the calling device only', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await putStore(context, { by: null, how: 'test' }, otherStore, storeBody({ code: 'IND' }))
    const asha = randomUUIDv7()
    await putStaff(context, program, asha, body())
    await putPin(context, program, asha, '4711')
    const boss = { login: 'boss', name: 'Boss', storeIds: null, role: 'administrator' } as const
    const bossId = randomUUIDv7()
    await putStaff(context, program, bossId, body(boss))
    await putStaff(context, program, randomUUIDv7(), body({ login: 'nita', storeIds: [otherStore] }))
    await putStaff(context, program, randomUUIDv7(), body({ login: 'zara', name: 'Zara', active: false }))
    const enrolled = []
    for (let device = 0; device < 2; device++) {
      const request = enrolRequest({ code: await freshCode(context) }, newKey(), newKey())
      enrolled.push(await enrol(context, emptyJournal(), request, address))
    }
    const rosters = []
    for (const { token } of enrolled) {
      const epoch = JSON.parse(Buffer.from(token.token.split('.')[0] ?? '', 'base64url').toString())[2]
      rosters.push(await rosterFor(context, { kind: 'device', registerId, storeId, epoch }))
    }
    const [first, second] = rosters
    expect(first?.people.map((person) => person.login)).toEqual(['asha'])
    const pin = first?.people[0]?.pin
    // What a till does with a PIN that is typed in.
    const derived = pbkdf2Sync(
      '4711',
      Buffer.from(pin?.salt ?? '', 'base64url'),
      pin?.iterations ?? 1,
      32,
      'sha256',
    )
    const verifierUnder = (key: string | undefined) =>
      createHmac('sha256', Buffer.from(key ?? '', 'base64url'))
        .update(derived)
        .digest('base64url')
    expect(pin?.verifier).toBe(verifierUnder(enrolled[0]?.verifierKey))
    expect(second?.people[0]?.pin?.verifier).toBe(verifierUnder(enrolled[1]?.verifierKey))
    expect(second?.people[0]?.pin?.verifier).not.toBe(pin?.verifier)
    expect(second?.version).not.toBe(first?.version)
    await putPin(context, program, bossId, '8265')
    const epoch = JSON.parse(
      Buffer.from(enrolled[0]?.token.token.split('.')[0] ?? '', 'base64url').toString(),
    )[2]
    const later = await rosterFor(context, { kind: 'device', registerId, storeId, epoch })
    expect(later.people.map((person) => person.login)).toEqual(['asha', 'boss'])
    await expect(
      rosterFor(context, { kind: 'device', registerId, storeId, epoch: storeId }),
    ).rejects.toMatchObject({ code: 'device/unknown' })
  })

  test('a PIN is kept as Argon2id with the pepper, for its person only, its cost beside it', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const id = randomUUIDv7()
    await putStaff(context, program, id, body())
    const hashOf = async () => {
      await putPin(context, program, id, '4711')
      const row = await context.database.read.selectFrom('staff').select('pin_hash').executeTakeFirstOrThrow()
      return row.pin_hash ?? ''
    }
    const hash = await hashOf()
    // memory in KiB $ passes $ lanes $ 16 bytes of salt $ 32 bytes of tag
    expect(hash).toMatch(/^argon2id\$19456\$2\$1\$[\w-]{22}\$[\w-]{43}$/)
    expect(await hashOf()).not.toBe(hash)
    const { secrets } = context
    expect(await matchesHash(secrets, '4711', hash, `pin:${id}`)).toBe(true)
    expect(await matchesHash(secrets, '4712', hash, `pin:${id}`)).toBe(false)
    expect(await matchesHash(secrets, '4711', hash, `pin:${randomUUIDv7()}`)).toBe(false)
    expect(await matchesHash({ pepper: Buffer.alloc(32, 1) }, '4711', hash, `pin:${id}`)).toBe(false)
  })

  test('neither a PIN nor what is derived from it can be read in the database', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const id = randomUUIDv7()
    await putStaff(context, program, id, body())
    await putPin(context, program, id, '4711')
    const row = await context.database.read.selectFrom('staff').selectAll().executeTakeFirstOrThrow()
    const salt = Buffer.from(row.pin_salt ?? new Uint8Array())
    const derived = pbkdf2Sync('4711', salt, row.pin_iterations ?? 1, 32, 'sha256')
    expect(Buffer.from(row.pin_sealed ?? new Uint8Array()).includes(derived)).toBe(false)
    // Moved to another person's row it opens nothing.
    const other = randomUUIDv7()
    await putStaff(context, program, other, body({ login: 'bina' }))
    await context.database.write((tx) =>
      tx
        .updateTable('staff')
        .set({ pin_salt: salt, pin_iterations: row.pin_iterations, pin_sealed: row.pin_sealed })
        .where('id', '=', other)
        .execute(),
    )
    const request = enrolRequest({ code: await freshCode(context) }, newKey(), newKey())
    const { token } = await enrol(context, emptyJournal(), request, address)
    const epoch = JSON.parse(Buffer.from(token.token.split('.')[0] ?? '', 'base64url').toString())[2]
    await expect(rosterFor(context, { kind: 'device', registerId, storeId, epoch })).rejects.toThrow()
  })
})

test('a hash of a higher or a lower cost goes on matching', async () => {
  const pepper = Buffer.alloc(32, 7)
  const salt = Buffer.alloc(16, 9)
  for (const [memory, passes, parallelism] of [
    [8192, 1, 1],
    [32_768, 3, 2],
  ] as const) {
    const tag = argon2Sync('argon2id', {
      message: password,
      nonce: salt,
      secret: pepper,
      memory,
      passes,
      parallelism,
      tagLength: 32,
    })
    const hash = `argon2id$${memory}$${passes}$${parallelism}$${salt.toString('base64url')}$${tag.toString('base64url')}`
    expect(await matchesHash({ pepper }, password, hash)).toBe(true)
    expect(await matchesHash({ pepper }, `${password}!`, hash)).toBe(false)
  }
})

test('PINs that repeat or count are refused, others taken', () => {
  for (const pin of ['0000', '1111', '1212', '123123', '1234', '4321', '7890', '2109', '98765432']) {
    expect(() => requireStrongPin(pin), pin).toThrow('guessed first')
  }
  for (const pin of ['4711', '1235', '1243', '112233', '8265', '01029384']) {
    expect(() => requireStrongPin(pin), pin).not.toThrow()
  }
})

test('passwords that guessers try first are refused, others taken', () => {
  const person = { login: 'asha', name: 'Asha Rao Kulkarni' }
  for (const weak of [
    'Password123',
    'aaaaaaaaaa',
    '1234567890',
    'qwertyuiop',
    'kulkarni2026',
    'xxASHAxx99',
    'Welcome@2026',
  ]) {
    expect(() => requireStrongPassword(weak, person), weak).toThrow('Guessers')
  }
  for (const strong of [password, 'Tr4ct0r-moonlight', 'नदी ताँबा दीपक']) {
    expect(() => requireStrongPassword(strong, person), strong).not.toThrow()
  }
})

/** The app as it runs, which knows people by their cookies. */
async function openDoor(context: Context): Promise<FastifyInstance> {
  return await buildApp({ ...context, metrics: new Registry() })
}
const ownOrigin = { origin: 'http://localhost:4600', host: 'localhost:4600' }

async function enter(app: FastifyInstance): Promise<string> {
  const payload = { login: 'asha', password }
  const answer = await app.inject({ method: 'POST', url: '/v1/session', headers: ownOrigin, payload })
  expect(answer.statusCode).toBe(200)
  const cookie = String(answer.headers['set-cookie'])
  expect(cookie).toMatch(/^nexus_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
  return cookie.split(';')[0] ?? ''
}

async function statusOf(
  app: FastifyInstance,
  cookie: string,
  { method = 'GET', url = '/v1/session' }: { method?: 'GET' | 'DELETE'; url?: string } = {},
): Promise<number> {
  return (await app.inject({ method, url, headers: { ...ownOrigin, cookie } })).statusCode
}

test('a session signs in, is renewed by use, and ends by signing out, time and a new password', async () => {
  await using shop = await openShop()
  await using app = await openDoor(shop.context)
  const id = randomUUIDv7()
  await putStaff(shop.context, program, id, body({ role: 'administrator', storeIds: null }))
  await putPassword(shop.context, program, id, password)
  const cookie = await enter(app)
  const stored = await shop.context.database.read.selectFrom('session').selectAll().execute()
  const secret = Buffer.from(cookie.slice('nexus_session='.length), 'base64url')
  expect(Buffer.from(stored[0]?.id_hash ?? new Uint8Array()).equals(secret)).toBe(false)
  const hour = 3600_000
  for (let used = 0; used < 3; used++) {
    shop.clock.advance(11 * hour)
    expect(await statusOf(app, cookie)).toBe(200)
  }
  expect(await statusOf(app, 'nexus_session=AAAA')).toBe(401)
  expect(await statusOf(app, '')).toBe(401)
  expect(await statusOf(app, cookie, { method: 'DELETE' })).toBe(204)
  expect(await statusOf(app, cookie)).toBe(401)
  const second = await enter(app)
  shop.clock.advance(12 * hour)
  expect(await statusOf(app, second)).toBe(401)
  const third = await enter(app)
  await putPassword(shop.context, program, id, `${password} again`)
  expect(await statusOf(app, third)).toBe(401)
})

test('who is switched off, or loses a role, feels it at the next request', async () => {
  await using shop = await openShop()
  await using app = await openDoor(shop.context)
  const id = randomUUIDv7()
  const asha = body({ role: 'administrator', storeIds: null })
  await putStaff(shop.context, program, id, asha)
  await putPassword(shop.context, program, id, password)
  const cookie = await enter(app)
  const list = () => statusOf(app, cookie, { url: '/v1/staff' })
  expect(await list()).toBe(200)
  await putStaff(shop.context, program, id, { ...asha, role: 'merchandiser' })
  expect(await list()).toBe(403)
  await putStaff(shop.context, program, id, { ...asha, active: false })
  expect(await list()).toBe(401)
})

test('people are listed and changed over HTTP by those who may', async () => {
  await using shop = await openShop()
  const id = randomUUIDv7()
  const row = await shop.call(putStaffEndpoint, { params: { staffId: id }, body: body({ storeIds: null }) })
  expect(row).toMatchObject({ id, login: 'asha', hasPin: false })
  expect((await shop.call(listStaff, { query: {} })).rows).toHaveLength(1)
  const cashier = shop.as({ ...administrator, permissions: permissionsOf('cashier') })
  await expect(cashier.call(listStaff, { query: {} })).rejects.toMatchObject({ code: 'session/not-allowed' })
})
