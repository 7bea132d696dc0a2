import type { KnownKey, SignedCertificate } from '@nexus/sync'
import type { Context } from '../../../context.ts'
import type { Db } from '../../../db/database.ts'
import { adoptEpoch } from './adopt-epoch.ts'
import { findEpoch } from './sql.ts'

/** Keys of epochs that were given out, for journals that have no entry of them yet. */
export function issuedKeys(context: Context) {
  return {
    /** Undefined for an unknown epoch. */
    async find(db: Db, epochId: string): Promise<KnownKey | undefined> {
      const epoch = await findEpoch(db, epochId)
      return epoch && { register: epoch.registerId, publicKey: epoch.publicKey, keyId: epoch.keyId }
    },
    /** Takes back an epoch that this server gave out and then lost; what it never signed counts for nothing. */
    async keep(signed: SignedCertificate): Promise<void> {
      await adoptEpoch(context, signed)
    },
  }
}

/** Certificate of an epoch that was given out, as its device has it; undefined for an unknown epoch. */
export async function findCertificate(db: Db, epochId: string): Promise<SignedCertificate | undefined> {
  const epoch = await findEpoch(db, epochId)
  return epoch && { certificate: epoch.certificate, signature: epoch.signature }
}
