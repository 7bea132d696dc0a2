import type { KnownKey, SignedCertificate } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import { findEpoch } from './sql.ts'

/** Key of an epoch that was given out, for journals that have no entry of it yet; undefined for an unknown epoch. */
export async function findIssuedKey(db: Db, epochId: string): Promise<KnownKey | undefined> {
  const epoch = await findEpoch(db, epochId)
  return epoch && { register: epoch.registerId, publicKey: epoch.publicKey, keyId: epoch.keyId }
}

/** Certificate of an epoch that was given out, as its device has it; undefined for an unknown epoch. */
export async function findCertificate(db: Db, epochId: string): Promise<SignedCertificate | undefined> {
  const epoch = await findEpoch(db, epochId)
  return epoch && { certificate: epoch.certificate, signature: epoch.signature }
}
