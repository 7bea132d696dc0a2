import { type KnownKey, readCertificate, type SignedCertificate } from '@nexus/sync'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { findHopFact, setHopFact } from '../journal/index.ts'
import { proveCertificate } from '../stores/index.ts'

/**
 * Keys of epochs of which no entry may ever come here, though they sign for entries of others (JRN-3e): that
 * of a till that lost its key and enrolled anew. Kept on disk, since a till's pass outlives this process.
 */
export type VouchedKeys = {
  /** undefined for an epoch of which no certificate was brought. */
  find(db: Db, epoch: string): Promise<KnownKey | undefined>
  /** Keeps what a hello or headquarters brings; what the chain did not sign counts for nothing. */
  keep(signed: SignedCertificate): Promise<void>
}

export function openVouchedKeys({ database, secrets }: Pick<Context, 'database' | 'secrets'>): VouchedKeys {
  const find: VouchedKeys['find'] = async (db, epoch) => {
    const text = await findHopFact(db, factOf(epoch))
    return text === undefined ? undefined : readCertificate(text)?.certificate
  }
  return {
    find,
    async keep(signed) {
      const certificate = proveCertificate(secrets, signed)
      if (certificate === undefined || (await find(database.read, certificate.epoch)) !== undefined) return
      await database.write((tx) => setHopFact(tx, factOf(certificate.epoch), signed.certificate))
    },
  }
}

function factOf(epoch: string): string {
  return `key:${epoch}`
}
