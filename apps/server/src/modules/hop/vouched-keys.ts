import { type KnownKey, readCertificate, type SignedCertificate } from '@nexus/sync'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import { findHopFact, setHopFact } from '../journal/index.ts'
import { proveCertificate } from '../stores/index.ts'

/**
 * Certificates of epochs of which no entry may ever come here, though they sign for entries of others
 * (JRN-3e): that of a till that lost its key and enrolled anew. Kept on disk, since a till's pass outlives
 * this process, and since restored headquarters may have forgotten the epoch (JRN-4s).
 */
export type VouchedKeys = {
  /** undefined for an epoch of which no certificate was brought. */
  find(db: Db, epoch: string): Promise<KnownKey | undefined>
  /** As it was brought. */
  certificate(db: Db, epoch: string): Promise<SignedCertificate | undefined>
  /** Keeps what a hello or headquarters brings; what the chain did not sign counts for nothing. */
  keep(signed: SignedCertificate): Promise<void>
}

export function openVouchedKeys({ database, secrets }: Pick<Context, 'database' | 'secrets'>): VouchedKeys {
  const certificate: VouchedKeys['certificate'] = async (db, epoch) => {
    const text = await findHopFact(db, factOf(epoch))
    // as: written below.
    return text === undefined ? undefined : (JSON.parse(text) as SignedCertificate)
  }
  return {
    certificate,
    async find(db, epoch) {
      const signed = await certificate(db, epoch)
      return signed && readCertificate(signed.certificate)?.certificate
    },
    async keep(signed) {
      const proved = proveCertificate(secrets, signed)
      if (proved === undefined || (await certificate(database.read, proved.epoch)) !== undefined) return
      await database.write((tx) => setHopFact(tx, factOf(proved.epoch), JSON.stringify(signed)))
    },
  }
}

/** A fact's name has 40 characters at most. */
function factOf(epoch: string): string {
  return `vouched:${epoch.replaceAll('-', '')}`
}
