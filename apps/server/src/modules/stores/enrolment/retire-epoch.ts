import { Problem } from '@nexus/contract'
import { type Certificate, readCertificate } from '@nexus/sync'
import type { Db, Tx } from '../../../db/database.ts'
import { findPlaceNumbers, findRegister } from '../sql.ts'
import { findEpoch, issuedEpochs, retireEpochAt, revokeUnopenedSpares } from './sql.ts'

/**
 * The device of an epoch is gone (JRN-21): its unopened spares end, it gets no other epoch, and the register
 * waits for its next device. An epoch that was not given out here changes nothing; repeating is safe.
 */
export async function retireEpoch(tx: Tx, epochId: string, at: number): Promise<void> {
  const epoch = await findEpoch(tx, epochId)
  if (epoch === undefined) return
  await retireEpochAt(tx, epochId, at)
  await revokeUnopenedSpares(tx, epoch.registerId, { revokedAt: at, issuedBefore: undefined })
}

/** An epoch that was given out, with its certificate and small keys; undefined for any other. */
export async function findIssuedEpoch(
  db: Db,
  epochId: string,
): Promise<{ certificate: Certificate; storeNo: number; registerNo: number } | undefined> {
  const epoch = await findEpoch(db, epochId)
  const certificate = epoch && readCertificate(epoch.certificate)?.certificate
  if (certificate === undefined) return undefined
  const numbers = await findPlaceNumbers(db, certificate.store, certificate.register)
  return numbers && { certificate, ...numbers }
}

/** What is known of a register's devices besides their journals. Throws `register/not-found`. */
export async function registerView(db: Db, registerId: string) {
  const register = await findRegister(db, registerId)
  if (register === undefined) {
    throw new Problem(
      'register/not-found',
      'There is no such register. Choose one from the list of stores.',
      {
        registerId,
      },
    )
  }
  const { told, lastSeenAt } = register.status
  return {
    storeId: register.storeId,
    issued: await issuedEpochs(db, registerId),
    told: told === null ? undefined : { ...told, at: lastSeenAt ?? 0 },
  }
}
