import { randomBytes } from 'node:crypto'
import type { SignedCertificate } from '@nexus/sync'
import type { Context } from '../../../context.ts'
import { isDuplicateKey } from '../../../db/errors.ts'
import { findRegister } from '../sql.ts'
import { proveCertificate } from './certificates.ts'
import { sealVerifierKey } from './issue-epochs.ts'
import { type EpochRecord, findEpoch, insertEpoch, takeSeriesCode } from './sql.ts'

/** `provedBy` of an epoch that came back with its certificate. */
export const adoptedProof = 'certificate'

/**
 * Takes an epoch back that this server gave out and then lost with its newest data: its certificate
 * proves it (JRN-4), and its series code is never given out again. Undefined when the certificate is not
 * this installation's or names a register that does not exist here. Repeating changes nothing.
 */
export async function adoptEpoch(
  context: Context,
  signed: SignedCertificate,
): Promise<EpochRecord | undefined> {
  const certificate = proveCertificate(context.secrets, signed)
  if (!certificate) return undefined
  const register = await findRegister(context.database.read, certificate.register)
  if (register?.storeId !== certificate.store) return undefined
  const now = context.clock.now()
  const epoch: EpochRecord = {
    id: certificate.epoch,
    registerId: register.id,
    kind: 'device',
    state: 'active',
    seriesCode: certificate.code,
    publicKey: certificate.publicKey,
    keyId: certificate.keyId,
    certificate: signed.certificate,
    signature: signed.signature,
    provedBy: adoptedProof,
    issuedAt: now,
    openedAt: now,
    retiredAt: null,
    // The device's key is lost too; hello hands it the new one.
    verifierKeySealed: sealVerifierKey(context, certificate.epoch, randomBytes(32)),
  }
  try {
    await context.database.write(async (tx) => {
      await takeSeriesCode(tx, certificate.code, register.id, now)
      await insertEpoch(tx, epoch, undefined)
    })
    return epoch
  } catch (error) {
    if (isDuplicateKey(error)) return await findEpoch(context.database.read, certificate.epoch)
    throw error
  }
}
