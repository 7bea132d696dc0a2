import { randomUUIDv7 } from 'node:crypto'
import { expect, test } from 'vitest'
import { forEachDialect } from '../../../testing/index.ts'
import { contextOn, newKey, registerId, setUpStore, storeId } from '../testing/world.ts'
import { issueCertificate } from './certificates.ts'
import { findCertificate, issuedKeys } from './issued-keys.ts'

forEachDialect((dialect) => {
  test('[JRN-4s] an epoch that was lost with the newest data comes back with its certificate, and no stranger’s does', async () => {
    const context = contextOn(await dialect.open())
    await setUpStore(context)
    const key = newKey()
    const epoch = randomUUIDv7()
    const place = { tenant: randomUUIDv7(), store: storeId, register: registerId }
    const signed = issueCertificate(context.secrets, {
      ...place,
      epoch,
      code: 'KOR9Z',
      publicKey: key.publicKey,
      keyId: key.keyId,
    })
    const { read } = context.database
    const keys = issuedKeys(context)
    await keys.keep({ ...signed, signature: 'A'.repeat(86) })
    expect(await keys.find(read, epoch)).toBeUndefined()
    await keys.keep(signed)
    await keys.keep(signed)
    expect(await keys.find(read, epoch)).toEqual({
      register: registerId,
      publicKey: key.publicKey,
      keyId: key.keyId,
    })
    expect(await findCertificate(read, epoch)).toEqual(signed)
  })
})
