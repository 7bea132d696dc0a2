import { randomUUIDv7 } from 'node:crypto'
import { Problem } from '@nexus/contract'
import type { StorageFacts } from '@nexus/sync'
import type { Context } from '../../../context.ts'
import type { Tx } from '../../../db/database.ts'
import { seal, unseal } from '../../../sealing.ts'
import { companyMissing } from '../queries.ts'
import { findCompany, findRegister, findStore } from '../sql.ts'
import { issueCertificate, keyIdOf } from './certificates.ts'
import { takeNextSeriesCode } from './series-code.ts'
import { type EpochRecord, insertEpoch } from './sql.ts'

export type EpochWish = {
  registerId: string
  kind: 'device' | 'spare'
  /** SPKI, base64url. */
  publicKey: string
  /** What proved the right to it: with the key it names the answer. */
  provedBy: string
  /** Key of the device's PIN verifiers, 32 bytes. */
  verifierKey: Buffer
  storage?: StorageFacts | undefined
  /** Whether the data ever came back from a backup. */
  restored: boolean
}

/** Gives out an epoch: id, series code and certificate, in the transaction that makes them durable. */
export async function issueEpoch(tx: Tx, context: Context, wish: EpochWish): Promise<EpochRecord> {
  const company = await findCompany(tx)
  const register = await findRegister(tx, wish.registerId)
  const store = register && (await findStore(tx, register.storeId))
  if (!company) throw companyMissing()
  if (!register || !store)
    throw new Problem('register/not-found', 'This register is gone. Make a new code for another one.')
  const now = context.clock.now()
  const id = randomUUIDv7()
  const seriesCode = await takeNextSeriesCode(
    tx,
    { id: register.id, storeCode: store.code, number: register.number },
    { now, restored: wish.restored },
  )
  const keyId = keyIdOf(wish.publicKey)
  const { certificate, signature } = issueCertificate(context.secrets, {
    tenant: company.id,
    store: store.id,
    register: register.id,
    epoch: id,
    code: seriesCode,
    publicKey: wish.publicKey,
    keyId,
  })
  const epoch: EpochRecord = {
    id,
    registerId: register.id,
    kind: wish.kind,
    state: 'issued',
    seriesCode,
    publicKey: wish.publicKey,
    keyId,
    certificate,
    signature,
    provedBy: wish.provedBy,
    issuedAt: now,
    openedAt: null,
    retiredAt: null,
    verifierKeySealed: sealVerifierKey(context, id, wish.verifierKey),
  }
  await insertEpoch(tx, epoch, wish.storage)
  return epoch
}

export function sealVerifierKey(context: Pick<Context, 'secrets'>, epochId: string, key: Buffer): Buffer {
  return seal(context.secrets.sealing, `verifier-key:${epochId}`, key)
}

/** Key of the PIN verifiers of the device that an epoch was given to, 32 bytes. */
export function verifierKeyOf(
  context: Pick<Context, 'secrets'>,
  epoch: Pick<EpochRecord, 'id' | 'verifierKeySealed'>,
): Buffer {
  return unseal(context.secrets.sealing, `verifier-key:${epoch.id}`, epoch.verifierKeySealed)
}
