import { randomUUIDv7 } from 'node:crypto'
import { readCertificate } from '@nexus/sync'
import { expect, test } from 'vitest'
import type { Context } from '../../../context.ts'
import { forEachDialect } from '../../../testing/index.ts'
import { noteHeartbeat } from '../note-heartbeat.ts'
import { getRegister } from '../queries.ts'
import { findStore } from '../sql.ts'
import {
  checkpointBy,
  contextOn,
  emptyJournal,
  enrolRequest,
  freshCode,
  helloRequest,
  newKey,
  registerId,
  setUpStore,
  storeId,
} from '../testing/world.ts'
import { enrol } from './enrol.ts'
import { enrolOwn } from './enrol-own.ts'
import { hello } from './hello.ts'
import { findIssuedEpoch, registerView, retireEpoch } from './retire-epoch.ts'

const certificateIn = (text: string | undefined) => readCertificate(text ?? '')?.certificate

/** Enrols a device by code; answers its epoch and certificate. */
async function enrolDevice(context: Context) {
  const key = newKey()
  const request = enrolRequest({ code: await freshCode(context) }, key, newKey())
  const { enrolment } = await enrol(context, emptyJournal(), request, '10.0.0.7')
  return { key, enrolment, epoch: certificateIn(enrolment.certificate)?.epoch ?? '' }
}

forEachDialect((dialect) => {
  test('[JRN-21c, JRN-21d] a device that was declared gone gets neither spare nor epoch; the register waits for its next one', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const { key, enrolment, epoch } = await enrolDevice(context)
    const registerNow = () => getRegister(context.database.read, emptyJournal(), registerId)
    expect(await registerNow()).toMatchObject({ enrolled: true, seriesCode: 'KOR2A' })
    for (let times = 0; times < 2; times++) {
      await context.database.write((tx) => retireEpoch(tx, epoch, context.clock.now()))
    }
    expect(await registerNow()).toMatchObject({ enrolled: false, seriesCode: null })
    const asked = helloRequest(key, epoch, enrolment, { sparePublicKey: newKey().publicKey })
    expect((await hello(context, emptyJournal(), asked)).spare).toBe('none')
    const byKey = enrolRequest({ proof: checkpointBy(key, epoch), by: key }, newKey(), newKey())
    await expect(enrol(context, emptyJournal(), byKey, '10.0.0.7')).rejects.toMatchObject({
      code: 'device/unknown',
    })
    const next = await enrolDevice(context)
    expect(next.epoch).not.toBe(epoch)
    expect((await registerNow()).seriesCode).not.toBe('KOR2A')
  })

  test('[JRN-21a] what is known of a register’s devices: epochs given out, and the head announced last', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const { epoch } = await enrolDevice(context)
    const db = context.database.read
    expect(await findIssuedEpoch(db, epoch)).toMatchObject({
      certificate: { register: registerId, code: 'KOR2A' },
      storeNo: 1,
      registerNo: 1,
    })
    expect(await findIssuedEpoch(db, randomUUIDv7())).toBeUndefined()
    const told = { epoch, seq: 7, hash: 'A'.repeat(43) }
    await context.database.write((tx) => noteHeartbeat(tx, registerId, { seenAt: 5, told }))
    expect(await registerView(db, registerId)).toEqual({
      storeId,
      issued: [{ epoch, code: 'KOR2A' }],
      told: { ...told, at: 5 },
    })
    await expect(registerView(db, randomUUIDv7())).rejects.toMatchObject({ code: 'register/not-found' })
  })

  test('[JRN-20c, JRN-14aa] own journals are enrolled like tills; only recovery has a series code, and each is given out once', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const store = await findStore(context.database.read, storeId)
    const enrolled = async (
      kind: 'hq' | 'recovery' | 'store-server',
      storeNo: number,
      journal = emptyJournal(),
    ) => {
      const { publicKey } = newKey()
      const wish = { kind, storeNo, epoch: randomUUIDv7(), register: randomUUIDv7(), publicKey }
      const signed = await context.database.write((tx) => enrolOwn(context, journal)(tx, wish))
      return certificateIn(signed.certificate)
    }
    expect(await enrolled('hq', 0)).toMatchObject({ code: 'HQ' })
    expect(await enrolled('store-server', store?.no ?? 0)).toMatchObject({ code: 'SS', store: storeId })
    expect(await enrolled('recovery', store?.no ?? 0)).toMatchObject({ code: 'KOR0A', store: storeId })
    expect(await enrolled('recovery', store?.no ?? 0)).toMatchObject({ code: 'KOR0B' })
    await expect(enrolled('recovery', 99)).rejects.toMatchObject({ code: 'store/not-found' })
    // After a restore codes wait until the registers have reported (JRN-9k).
    await enrolDevice(context)
    const restored = emptyJournal({ restoredAt: async () => context.clock.now() + 1 })
    await expect(enrolled('recovery', store?.no ?? 0, restored)).rejects.toMatchObject({
      code: 'enrolment/held-after-restore',
    })
    expect(await enrolled('hq', 0, restored)).toMatchObject({ code: 'HQ' })
  })
})
