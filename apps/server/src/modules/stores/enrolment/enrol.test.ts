import { createPublicKey, verify } from 'node:crypto'
import type { ProblemCode } from '@nexus/contract'
import { fromBase64Url, readCertificate } from '@nexus/sync'
import { expect, test } from 'vitest'
import type { Context } from '../../../context.ts'
import { forEachDialect } from '../../../testing/index.ts'
import {
  checkpointBy,
  company,
  contextOn,
  type DeviceKey,
  emptyJournal,
  enrolRequest,
  freshCode,
  newKey,
  registerId,
  setUpStore,
  storeId,
} from '../testing/world.ts'
import { enrol } from './enrol.ts'
import { createEnrolmentCode } from './enrolment-code.ts'
import type { JournalView } from './ports.ts'

const address = '10.0.0.7'
const day = 24 * 3600_000

async function enrolWith(
  context: Context,
  proof: Parameters<typeof enrolRequest>[0],
  keys: { key: DeviceKey; spare: DeviceKey } = { key: newKey(), spare: newKey() },
  journal: JournalView = emptyJournal(),
) {
  const request = enrolRequest(proof, keys.key, keys.spare)
  return { ...keys, answer: await enrol(context, journal, request, address) }
}

async function refusalOf(work: Promise<unknown>): Promise<ProblemCode | 'taken'> {
  try {
    await work
    return 'taken'
  } catch (error) {
    return (error as { code: ProblemCode }).code
  }
}

forEachDialect((dialect) => {
  test('[JRN-4r] a code gives a certificate of the place, signed by the enrolment key', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const { key, spare, answer } = await enrolWith(context, { code: await freshCode(context) })
    const enrolled = readCertificate(answer.enrolment.certificate)
    expect(enrolled?.certificate).toEqual({
      tenant: answer.place.tenant,
      store: storeId,
      register: registerId,
      epoch: expect.stringMatching(/^[0-9a-f-]{36}$/),
      code: 'KOR2A',
      publicKey: key.publicKey,
      keyId: key.keyId,
    })
    const spareRead = readCertificate(answer.spare?.certificate ?? '')
    expect(spareRead?.certificate).toMatchObject({ code: 'KOR2B', publicKey: spare.publicKey })
    for (const [read, signed] of [
      [enrolled, answer.enrolment],
      [spareRead, answer.spare],
    ] as const) {
      expect(
        verify(
          'sha256',
          read?.bytes ?? new Uint8Array(),
          { key: createPublicKey(context.secrets.enrolment.privateKey), dsaEncoding: 'ieee-p1363' },
          fromBase64Url(signed?.signature ?? ''),
        ),
      ).toBe(true)
    }
    expect(answer.place.company.tradeName).toBe(company.tradeName)
    expect(fromBase64Url(answer.verifierKey)).toHaveLength(32)
  })

  test('[JRN-4u] a lost answer is asked for again by the same code and key, and stays the same', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const code = await freshCode(context)
    const first = await enrolWith(context, { code })
    context.clock.advance(2 * day)
    const again = await enrolWith(context, { code: code.toLowerCase().replace('-', ' ') }, first)
    const { enrolment, spare, verifierKey } = first.answer
    expect(again.answer).toMatchObject({ enrolment, spare, verifierKey })
  })

  test('a code that another device used is refused', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const code = await freshCode(context)
    await enrolWith(context, { code })
    expect(await refusalOf(enrolWith(context, { code }))).toBe('enrolment/code-used')
  })

  test('of two devices that send one code at once, one is enrolled', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const code = await freshCode(context)
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => refusalOf(enrolWith(context, { code }))),
    )
    expect(outcomes.sort()).toEqual([
      'enrolment/code-used',
      'enrolment/code-used',
      'enrolment/code-used',
      'taken',
    ])
  })

  test('a device that sends its request twice at once gets one enrolment', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const code = await freshCode(context)
    const keys = { key: newKey(), spare: newKey() }
    const answers = await Promise.all([1, 2, 3].map(() => enrolWith(context, { code }, keys)))
    expect(new Set(answers.map(({ answer }) => answer.enrolment.certificate)).size).toBe(1)
  })

  test('a code ends after a day, and with the next code of its register', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const old = await freshCode(context)
    const young = await freshCode(context)
    expect(await refusalOf(enrolWith(context, { code: old }))).toBe('enrolment/code-expired')
    context.clock.advance(day)
    expect(await refusalOf(enrolWith(context, { code: young }))).toBe('enrolment/code-expired')
    expect(await refusalOf(enrolWith(context, { code: 'AAAA-BBBB' }))).toBe('enrolment/code-unknown')
  })

  test('a code is read aloud easily and stored as a hash only', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const made = await createEnrolmentCode(context, registerId, {
      by: null,
      how: 'test',
      origin: 'https://hq',
    })
    expect(made.code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/)
    expect(made.url).toBe(`https://hq/till/?code=${made.code}`)
    const rows = JSON.stringify(
      await context.database.read.selectFrom('enrolment_code').selectAll().execute(),
    )
    expect(rows).not.toContain(made.code)
    const audit = JSON.stringify(await context.database.read.selectFrom('audit').selectAll().execute())
    expect(audit).not.toContain(made.code)
  })

  test('whoever guesses codes waits longer and longer, right codes included', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    for (let guess = 0; guess < 11; guess++) {
      expect(await refusalOf(enrolWith(context, { code: `WR0NG${guess}` }))).toBe('enrolment/code-unknown')
    }
    const code = await freshCode(context)
    expect(await refusalOf(enrolWith(context, { code }))).toBe('request/too-many')
    context.clock.advance(1000)
    expect(await refusalOf(enrolWith(context, { code }))).toBe('taken')
  })

  test('[JRN-3h, JRN-4u] the key of the current epoch gets a new epoch, once however often it asks', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const { key, answer } = await enrolWith(context, { code: await freshCode(context) })
    const epoch = readCertificate(answer.enrolment.certificate)?.certificate.epoch ?? ''
    const keys = { key: newKey(), spare: newKey() }
    const next = await enrolWith(context, { proof: checkpointBy(key, epoch), by: key }, keys)
    const again = await enrolWith(context, { proof: checkpointBy(key, epoch, 4), by: key }, keys)
    expect(again.answer.enrolment).toEqual(next.answer.enrolment)
    expect(readCertificate(next.answer.enrolment.certificate)?.certificate.code).toBe('KOR2C')
    // The same device keeps its verifiers.
    expect(next.answer.verifierKey).toBe(answer.verifierKey)
  })

  test('[JRN-21d] a device that replaces another begins an epoch of its own, with a code nobody had', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const given = []
    for (let device = 0; device < 3; device++) {
      const { answer } = await enrolWith(context, { code: await freshCode(context) })
      for (const signed of [answer.enrolment, answer.spare]) {
        const certificate = readCertificate(signed?.certificate ?? '')?.certificate
        given.push({ register: certificate?.register, epoch: certificate?.epoch, code: certificate?.code })
      }
    }
    expect(given.map(({ register }) => register)).toEqual(given.map(() => registerId))
    expect(new Set(given.map(({ epoch }) => epoch)).size).toBe(given.length)
    expect(given.map(({ code }) => code)).toEqual(['KOR2A', 'KOR2B', 'KOR2C', 'KOR2D', 'KOR2E', 'KOR2F'])
  })

  test('[JRN-10h] a proof by another key, or of an epoch nobody knows, changes nothing', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const { answer } = await enrolWith(context, { code: await freshCode(context) })
    const epoch = readCertificate(answer.enrolment.certificate)?.certificate.epoch ?? ''
    const rows = () => context.database.read.selectFrom('register_epoch').selectAll().execute()
    const before = await rows()
    const other = newKey()
    expect(await refusalOf(enrolWith(context, { proof: checkpointBy(other, epoch), by: other }))).toBe(
      'device/bad-signature',
    )
    const strange = '01890000-0000-7000-8000-0000000000ff'
    expect(await refusalOf(enrolWith(context, { proof: checkpointBy(other, strange), by: other }))).toBe(
      'device/unknown',
    )
    expect(await rows()).toEqual(before)
  })

  test('[JRN-3n] a checkpoint that was seen elsewhere enrols nobody: the key signs the whole request', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const { key, answer } = await enrolWith(context, { code: await freshCode(context) })
    const epoch = readCertificate(answer.enrolment.certificate)?.certificate.epoch ?? ''
    const stolen = checkpointBy(key, epoch)
    expect(await refusalOf(enrolWith(context, { proof: stolen, by: newKey() }))).toBe('device/bad-signature')
    const request = enrolRequest({ proof: stolen, by: key }, newKey(), newKey())
    for (const forged of [
      { ...request, signature: null },
      { ...request, publicKey: newKey().publicKey },
      { ...request, sparePublicKey: newKey().publicKey },
    ]) {
      await expect(enrol(context, emptyJournal(), forged, '10.0.0.7')).rejects.toMatchObject({
        code: 'device/bad-signature',
      })
    }
    await enrol(context, emptyJournal(), request, '10.0.0.7')
  })

  test('keys that are no P-256 keys are refused', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const code = await freshCode(context)
    const key = newKey()
    const odd = { ...newKey(), publicKey: 'AAAA' }
    expect(await refusalOf(enrolWith(context, { code }, { key: odd, spare: key }))).toBe('request/invalid')
    expect(await refusalOf(enrolWith(context, { code }, { key, spare: key }))).toBe('request/invalid')
    expect(await refusalOf(enrolWith(context, { code }, { key, spare: newKey() }))).toBe('taken')
  })

  test('[JRN-9k] after a restore codes wait for every enrolled register, then come from the pool', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    await enrolWith(context, { code: await freshCode(context) })
    context.clock.advance(1000)
    const restored = emptyJournal({ restoredAt: async () => context.clock.now() })
    const code = await freshCode(context)
    expect(await refusalOf(enrolWith(context, { code }, undefined, restored))).toBe(
      'enrolment/held-after-restore',
    )
    await context.database.write((tx) =>
      tx.updateTable('register_status').set({ last_seen_at: context.clock.now() }).execute(),
    )
    const { answer } = await enrolWith(context, { code }, undefined, restored)
    expect(readCertificate(answer.enrolment.certificate)?.certificate.code).toMatch(/^Z[A-Z0-9]{5}$/)
  })

  test('the verifier key and the code are unreadable in the database', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const { answer } = await enrolWith(context, { code: await freshCode(context) })
    const rows = await context.database.read.selectFrom('register_epoch').selectAll().execute()
    const key = Buffer.from(answer.verifierKey, 'base64url')
    for (const row of rows) expect(Buffer.from(row.verifier_key_sealed).includes(key)).toBe(false)
  })
})
