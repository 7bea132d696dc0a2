import { readCertificate } from '@nexus/sync'
import { expect, test } from 'vitest'
import type { Context } from '../../../context.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { getRegister } from '../queries.ts'
import {
  checkpointBy,
  contextOn,
  type DeviceKey,
  emptyJournal,
  enrolRequest,
  freshCode,
  helloRequest,
  newKey,
  registerId,
  setUpStore,
  storeId,
} from '../testing/world.ts'
import { issueCertificate } from './certificates.ts'
import { authenticateDevice } from './device-token.ts'
import { enrol } from './enrol.ts'
import { hello } from './hello.ts'
import { deviceVerifierKey } from './verifier-key.ts'

async function enrolled(context: Context) {
  await setUpStore(context)
  const key = newKey()
  const spareKey = newKey()
  const code = await freshCode(context)
  const answer = await enrol(context, emptyJournal(), enrolRequest({ code }, key, spareKey), '10.0.0.7')
  const epochOf = (text: string | undefined) => readCertificate(text ?? '')?.certificate.epoch ?? ''
  return {
    key,
    spareKey,
    answer,
    epoch: epochOf(answer.enrolment.certificate),
    spare: epochOf(answer.spare?.certificate),
  }
}

/** A journal that holds another branch of these epochs. */
function forkedIn(epochs: readonly string[]) {
  return emptyJournal({
    standing: async (db, request) => ({
      ...(await emptyJournal().standing(db, request)),
      forks: epochs.map((epoch) => ({ epoch, fromSeq: 2 })),
    }),
  })
}

/** A certificate as this installation gave it out before its database was lost. */
function lostCertificate(context: Context, key: DeviceKey, tenant: string, epoch: string) {
  return issueCertificate(context.secrets, {
    tenant,
    store: storeId,
    register: registerId,
    epoch,
    code: 'KOR2A',
    publicKey: key.publicKey,
    keyId: key.keyId,
  })
}
const lostEpoch = '01890000-0000-7000-8000-0000000000e1'

forEachDialect((dialect) => {
  test('a hello gives a token that lets the till call for a day', async () => {
    const context = contextOn(await dialect.open())
    const { key, epoch, answer } = await enrolled(context)
    const said = await hello(context, emptyJournal(), helloRequest(key, epoch, answer.enrolment))
    expect(said.token.expiresAt).toBe(context.clock.now() + 24 * 3600_000)
    const authenticate = authenticateDevice(context)
    const request = { headers: { authorization: `Bearer ${said.token.token}` } }
    expect(await authenticate(request)).toEqual({ kind: 'device', registerId, storeId, epoch })
    context.clock.advance(24 * 3600_000)
    await expect(authenticate(request)).rejects.toMatchObject({ code: 'device/token-expired' })
  })

  test('a token that was changed, or that another installation made, is nobody', async () => {
    const database = await dialect.open()
    const context = contextOn(database)
    const other = contextOn(database)
    const { answer } = await enrolled(context)
    const [payload, mac] = answer.token.token.split('.')
    const changed = Buffer.from(
      Buffer.from(payload ?? '', 'base64url')
        .toString()
        .replace('1', '2'),
    ).toString('base64url')
    for (const authorization of [`Bearer ${changed}.${mac}`, 'Bearer ', 'Basic YTpi', undefined]) {
      await expect(
        authenticateDevice(context)({ headers: authorization ? { authorization } : {} }),
      ).rejects.toMatchObject({ code: 'device/unknown' })
    }
    await expect(
      authenticateDevice(other)({ headers: { authorization: `Bearer ${answer.token.token}` } }),
    ).rejects.toMatchObject({ code: 'device/unknown' })
  })

  test('[JRN-3n, JRN-10h] a hello that the key of its epoch did not sign is refused', async () => {
    const context = contextOn(await dialect.open())
    const { key, epoch, answer } = await enrolled(context)
    const request = helloRequest(key, epoch, answer.enrolment)
    const journal = emptyJournal()
    const forged = { ...request, checkpoint: checkpointBy(newKey(), epoch) }
    await expect(hello(context, journal, forged)).rejects.toMatchObject({ code: 'device/bad-signature' })
    // [JRN-3n] A checkpoint is in every export; the request around it must be the key's own.
    const around = { ...request, sparePublicKey: newKey().publicKey }
    await expect(hello(context, journal, around)).rejects.toMatchObject({ code: 'device/bad-signature' })
    const raised = {
      ...request,
      checkpoint: {
        ...request.checkpoint,
        checkpoint: { ...request.checkpoint.checkpoint, seq: 99 },
      },
    }
    await expect(hello(context, journal, raised)).rejects.toMatchObject({ code: 'device/bad-signature' })
    expect(await hello(context, journal, request)).toMatchObject({ requestId: request.requestId })
  })

  test('[JRN-3i] each hello confirms the spare, and replaces one that is gone', async () => {
    const context = contextOn(await dialect.open())
    const { key, epoch, spare, answer } = await enrolled(context)
    const say = (change: Parameters<typeof helloRequest>[3], journal = emptyJournal()) =>
      hello(context, journal, helloRequest(key, epoch, answer.enrolment, change))
    expect((await say({ spare })).spare).toBe('kept')
    expect((await say({ spare: lostEpoch })).spare).toBe('none')
    const next = newKey()
    const replaced = (await say({ spare: null, sparePublicKey: next.publicKey })).spare
    expect(replaced).toMatchObject({ certificate: expect.any(String) })
    // The answer was lost: the same key gets the same spare.
    expect((await say({ spare: null, sparePublicKey: next.publicKey })).spare).toEqual(replaced)
  })

  test('[JRN-3j] a fork revokes every spare of the register', async () => {
    const context = contextOn(await dialect.open())
    const { key, epoch, spare, answer } = await enrolled(context)
    const request = () => helloRequest(key, epoch, answer.enrolment, { spare })
    expect((await hello(context, forkedIn([epoch]), request())).spare).toBe('none')
    expect((await hello(context, emptyJournal(), request())).spare).toBe('none')
  })

  test('[JRN-3k] who opened a spare that another device opened first gets no spare: it waits for an enrolment', async () => {
    const context = contextOn(await dialect.open())
    const { spareKey, spare, answer } = await enrolled(context)
    const certificate = answer.spare ?? answer.enrolment
    const next = newKey()
    const ask = { sparePublicKey: next.publicKey }
    const loser = forkedIn([spare])
    const said = await hello(context, loser, helloRequest(spareKey, spare, certificate, ask))
    expect(said.spare).toBe('none')
    // Its enrolment brings one.
    const proof = { proof: checkpointBy(spareKey, spare), by: spareKey }
    const renewed = await enrol(context, emptyJournal(), enrolRequest(proof, newKey(), next), '10.0.0.7')
    expect(readCertificate(renewed.spare?.certificate ?? '')?.certificate.publicKey).toBe(next.publicKey)
  })

  test('[JRN-3i, JRN-3j] an old fork leaves the spares alone that were given out after it', async () => {
    const context = contextOn(await dialect.open())
    const { key, epoch, spare } = await enrolled(context)
    context.clock.advance(1000)
    const nextKey = newKey()
    const proof = { proof: checkpointBy(key, epoch), by: key }
    const next = await enrol(context, emptyJournal(), enrolRequest(proof, nextKey, newKey()), '10.0.0.7')
    const epochOf = (text: string | undefined) => readCertificate(text ?? '')?.certificate.epoch ?? ''
    const present = epochOf(next.enrolment.certificate)
    context.clock.advance(1000)
    const say = async (held: string) => {
      const request = helloRequest(nextKey, present, next.enrolment, { spare: held })
      return (await hello(context, forkedIn([epoch]), request)).spare
    }
    expect(await say(epochOf(next.spare?.certificate))).toBe('kept')
    expect(await say(spare)).toBe('none')
  })

  test('[JRN-3j] an epoch that was a spare ends the spares that were given out before it was opened', async () => {
    const context = contextOn(await dialect.open())
    const { key, epoch, spareKey, spare, answer } = await enrolled(context)
    context.clock.advance(1000)
    const shared = newKey()
    const ask = { spare: null, sparePublicKey: shared.publicKey }
    const given = (await hello(context, emptyJournal(), helloRequest(key, epoch, answer.enrolment, ask)))
      .spare
    const held =
      typeof given === 'string' ? '' : (readCertificate(given.certificate)?.certificate.epoch ?? '')
    context.clock.advance(1000)
    const certificate = answer.spare ?? answer.enrolment
    const request = helloRequest(spareKey, spare, certificate, { spare: held })
    expect((await hello(context, forkedIn([epoch]), request)).spare).toBe('none')
  })

  test('[JRN-4u] a spare whose answer was lost comes with the enrolment that asks for the same key', async () => {
    const context = contextOn(await dialect.open())
    const { key, epoch, answer } = await enrolled(context)
    const next = newKey()
    const ask = { spare: null, sparePublicKey: next.publicKey }
    const given = (await hello(context, emptyJournal(), helloRequest(key, epoch, answer.enrolment, ask)))
      .spare
    const proof = { proof: checkpointBy(key, epoch), by: key }
    const renewed = await enrol(context, emptyJournal(), enrolRequest(proof, newKey(), next), '10.0.0.7')
    expect(renewed.spare).toEqual(given)
  })

  test('[JRN-3f] a spare that was opened offline says hello as the present epoch', async () => {
    const context = contextOn(await dialect.open())
    const { spareKey, spare, answer } = await enrolled(context)
    expect(await getRegister(context.database.read, emptyJournal(), registerId)).toMatchObject({
      enrolled: true,
      seriesCode: 'KOR2A',
    })
    context.clock.advance(1000)
    const certificate = answer.spare ?? answer.enrolment
    await hello(context, emptyJournal(), helloRequest(spareKey, spare, certificate))
    expect(await getRegister(context.database.read, emptyJournal(), registerId)).toMatchObject({
      seriesCode: 'KOR2B',
    })
    // The device keeps its PIN verifiers.
    expect((await deviceVerifierKey(context, spare))?.toString('base64url')).toBe(answer.verifierKey)
  })

  test('[JRN-4s] an epoch that the server forgot is known by its certificate, and its code stays taken', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const key = newKey()
    const tenant = '01890000-0000-7000-8000-0000000000aa'
    const certificate = lostCertificate(context, key, tenant, lostEpoch)
    const said = await hello(context, emptyJournal(), helloRequest(key, lostEpoch, certificate))
    // The old key of the verifiers is lost with the database; every hello brings the new one.
    expect(said.verifierKey).toBe((await deviceVerifierKey(context, lostEpoch))?.toString('base64url'))
    const code = await freshCode(context)
    const answer = await enrol(
      context,
      emptyJournal(),
      enrolRequest({ code }, newKey(), newKey()),
      '10.0.0.7',
    )
    expect(readCertificate(answer.enrolment.certificate)?.certificate.code).toBe('KOR2B')
  })

  test('[JRN-4s] a forgotten epoch proves itself by its certificate when it asks for a new one', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const key = newKey()
    const tenant = '01890000-0000-7000-8000-0000000000aa'
    const certificate = lostCertificate(context, key, tenant, lostEpoch)
    const proof = { proof: checkpointBy(key, lostEpoch), by: key, certificate }
    const ask = (by: typeof proof | Omit<typeof proof, 'certificate'>) =>
      enrol(context, emptyJournal(), enrolRequest(by, newKey(), newKey()), '10.0.0.7')
    await expect(ask({ proof: proof.proof, by: key })).rejects.toMatchObject({ code: 'device/unknown' })
    expect(readCertificate((await ask(proof)).enrolment.certificate)?.certificate.code).toBe('KOR2B')
  })

  test('a certificate of another installation is not believed', async () => {
    const database = await dialect.open()
    const context = contextOn(database)
    await setUpStore(context)
    const key = newKey()
    const foreign = lostCertificate(contextOn(database), key, storeId, lostEpoch)
    await expect(hello(context, emptyJournal(), helloRequest(key, lostEpoch, foreign))).rejects.toMatchObject(
      { code: 'device/unknown' },
    )
    expect(await database.read.selectFrom('register_epoch').selectAll().execute()).toEqual([])
  })

  test('a hello tells when the register was seen, by which release, and how wrong its clock is', async () => {
    const context = contextOn(await dialect.open())
    const { key, epoch, answer } = await enrolled(context)
    const wallMs = context.clock.now() - 90_000
    await hello(context, emptyJournal(), helloRequest(key, epoch, answer.enrolment, { wallMs }))
    expect(await getRegister(context.database.read, emptyJournal(), registerId)).toMatchObject({
      lastSeenAt: context.clock.now(),
      app: '1.0.1',
      clockSkewMs: -90_000,
      persisted: true,
    })
  })
})
