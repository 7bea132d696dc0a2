import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { StandingAnswer } from '@nexus/sync'
import { expect, test } from 'vitest'
import type { Context } from '../../context.ts'
import { forEachDialect } from '../../testing/index.ts'
import { signedRenewal } from '../hop/link.ts'
import { noteHeartbeat, selectRegisters } from '../stores/index.ts'
import { contextOn, registerId, setUpStore, storeId } from '../stores/testing/world.ts'
import { makeStoreServerCode } from './code.ts'
import { joinStoreServer } from './join.ts'
import { authenticateOnBehalf, authenticateStoreServer, issuePass, renewPass } from './pass.ts'
import { getStoreServer, revokeStoreServer, storeServerAddress, storeServersOf } from './queries.ts'
import { mastersOf, takeStanding } from './standing.ts'

const by = { by: null, how: 'test', origin: 'https://hq.example.in' }
const app = 'server-test'

function newServer() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64url')
  return { key: privateKey, publicKey }
}

async function joined(context: Context) {
  await setUpStore(context)
  const { code } = await makeStoreServerCode(context, storeId, by)
  const server = newServer()
  const request = { code, publicKey: server.publicKey, app }
  return { code, ...server, answer: await joinStoreServer(context, request, '10.0.0.7') }
}

const noStanding: StandingAnswer = {
  requestId: '01890000-0000-7000-8000-000000000099',
  generation: 'AAAAAAAAAAAAAAAAAAAAAA',
  serverAt: 0,
  heads: [],
  marks: [],
  forked: [],
  holes: [],
  closed: [],
  lacking: [],
}
const asked = { requestId: noStanding.requestId, heads: [], forks: [] }

forEachDialect((dialect) => {
  test('[JRN-20b, JRN-4s] a store server joins by a code, once, and is told the chain’s public keys and no other', async () => {
    const context = contextOn(await dialect.open())
    const { code, publicKey, answer } = await joined(context)
    expect(answer).toMatchObject({
      storeId,
      enrolmentKey: context.secrets.enrolment.publicKeySpki,
      hqKey: context.secrets.hq.publicKeySpki,
    })
    const again = await joinStoreServer(context, { code: code.toLowerCase(), publicKey, app }, '10.0.0.7')
    expect(again.id).toBe(answer.id)
    const other = { code, publicKey: newServer().publicKey, app }
    await expect(joinStoreServer(context, other, '10.0.0.7')).rejects.toMatchObject({
      code: 'enrolment/code-used',
    })
    expect((await storeServersOf(context.database.read, storeId)).map(({ id }) => id)).toEqual([answer.id])
    const audit = await context.database.read.selectFrom('audit').select('subject').execute()
    expect(audit.map(({ subject }) => subject)).toContain('store-server')
  })

  test('a code that is wrong, old or replaced joins nobody, and says what to do', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const { publicKey } = newServer()
    const join = (code: string) => joinStoreServer(context, { code, publicKey, app }, '10.0.0.7')
    await expect(join('AAAA-AAAA')).rejects.toMatchObject({ code: 'enrolment/code-unknown' })
    const first = await makeStoreServerCode(context, storeId, by)
    const second = await makeStoreServerCode(context, storeId, by)
    expect(second.command).toBe(`nexus store-server join --hq https://hq.example.in --code ${second.code}`)
    await expect(join(first.code)).rejects.toMatchObject({ code: 'enrolment/code-expired' })
    context.clock.advance(25 * 3600_000)
    await expect(join(second.code)).rejects.toMatchObject({ code: 'enrolment/code-expired' })
    await expect(
      joinStoreServer(context, { code: second.code, publicKey: 'A'.repeat(90), app }, '10.0.0.7'),
    ).rejects.toMatchObject({ code: 'request/invalid' })
  })

  test('[JRN-10h] a pass is good for an hour, is renewed by the key, and ends with the store server', async () => {
    const context = contextOn(await dialect.open())
    const { answer, key } = await joined(context)
    const authenticate = authenticateStoreServer(context)
    const withPass = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
    expect(await authenticate(withPass(answer.token.token))).toEqual({
      kind: 'store-server',
      id: answer.id,
      storeId,
    })
    context.clock.advance(3600_000)
    await expect(authenticate(withPass(answer.token.token))).rejects.toMatchObject({
      code: 'store-server/unknown',
    })
    const { token } = await renewPass(context, signedRenewal({ id: answer.id, key }, context.clock.now()))
    expect((await authenticate(withPass(token))).id).toBe(answer.id)
    const forged = signedRenewal({ id: answer.id, key: newServer().key }, context.clock.now())
    await expect(renewPass(context, forged)).rejects.toMatchObject({ code: 'store-server/unknown' })
    await expect(authenticate(withPass(`${token}x`))).rejects.toMatchObject({ code: 'store-server/unknown' })
    await revokeStoreServer(context, { by: null, how: 'test' }, answer.id)
    await expect(authenticate(withPass(token))).rejects.toMatchObject({ code: 'store-server/revoked' })
    const late = signedRenewal({ id: answer.id, key }, context.clock.now())
    await expect(renewPass(context, late)).rejects.toMatchObject({ code: 'store-server/revoked' })
    expect((await getStoreServer(context.database.read, answer.id)).revokedAt).toBe(context.clock.now())
  })

  test('[JRN-10h] it speaks for tills of its own store only', async () => {
    const context = contextOn(await dialect.open())
    const { answer } = await joined(context)
    const onBehalf = authenticateOnBehalf(context)
    const { token } = issuePass(context, answer)
    const epoch = '01890000-0000-7000-8000-000000000077'
    const headers = (device: string) => ({
      headers: { authorization: `Bearer ${token}`, 'x-nexus-device': device },
    })
    expect(await onBehalf(headers(`${registerId}/${epoch}`))).toEqual({
      kind: 'device',
      registerId,
      storeId,
      epoch,
    })
    await expect(onBehalf(headers(`${epoch}/${epoch}`))).rejects.toMatchObject({ code: 'device/unknown' })
    await expect(onBehalf(headers('nonsense'))).rejects.toMatchObject({ code: 'device/unknown' })
    expect(await onBehalf({ headers: {} })).toBeUndefined()
  })

  test('[JRN-9k] what it tells is kept; after a restore a register has reported only by its own hello', async () => {
    const context = contextOn(await dialect.open())
    const { answer } = await joined(context)
    const caller = { kind: 'store-server', id: answer.id, storeId } as const
    const now = context.clock.now()
    await context.database.write((tx) => noteHeartbeat(tx, registerId, { seenAt: now }))
    let restored: number | undefined
    const tell = (lastSeenAt: number, queuedEntries: number) =>
      takeStanding(
        context,
        async () => noStanding,
        async () => restored,
        caller,
        {
          ...asked,
          status: {
            app,
            address: 'https://shop.lan:4600',
            queuedEntries: 7,
            queuedSince: now,
            registers: [
              {
                registerId,
                lastSeenAt,
                app: 'till-1',
                clockSkewMs: 0,
                queuedEntries,
                queuedMinor: 0,
              },
            ],
          },
        },
      )
    context.clock.advance(60_000)
    const { masters } = await tell(now + 30_000, 3)
    expect(masters).toBe((await mastersOf(context, storeId)).version)
    const [server] = await storeServersOf(context.database.read, storeId)
    expect(server).toMatchObject({ queuedEntries: 7, queuedSince: now, lastSeenAt: now + 60_000 })
    expect(await storeServerAddress(context.database.read, storeId)).toBe('https://shop.lan:4600')
    const seen = async () =>
      (await selectRegisters(context.database.read, { registerIds: [registerId] }))[0]?.status
    expect(await seen()).toMatchObject({ lastSeenAt: now + 30_000, queuedEntries: 3 })
    restored = now + 40_000
    await tell(now + 50_000, 5)
    expect(await seen()).toMatchObject({ lastSeenAt: now + 30_000, queuedEntries: 3 })
    await revokeStoreServer(context, { by: null, how: 'test' }, answer.id)
    expect(await storeServerAddress(context.database.read, storeId)).toBeNull()
  })
})
