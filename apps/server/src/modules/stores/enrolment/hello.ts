import { type HelloTillAnswer, Problem } from '@nexus/contract'
import type { HelloAnswer, HelloRequest } from '@nexus/sync'
import type { Context } from '../../../context.ts'
import type { Tx } from '../../../db/database.ts'
import { writeRacing } from '../../../db/write-racing.ts'
import { findRegister, updateStatus } from '../sql.ts'
import { adoptEpoch, adoptedProof } from './adopt-epoch.ts'
import { deviceKey, isCheckpointOf, isRequestOf } from './certificates.ts'
import { issueDeviceToken } from './device-token.ts'
import { requireReported } from './held-codes.ts'
import { issueEpoch, verifierKeyOf } from './issue-epochs.ts'
import type { JournalView } from './ports.ts'
import { type EpochRecord, findEpoch, findEpochByProof, markOpened, revokeUnopenedSpares } from './sql.ts'

/**
 * A till says where it stands and hears where the server stands, gets its token for a day, and has its
 * spare confirmed or replaced (JRN-3). It is known by a checkpoint that its epoch's key signed. An epoch
 * that this server does not know (it was restored from an older backup) is known by its certificate
 * (JRN-4).
 *
 * A revoked epoch is answered like any other: what it sold must reach the server.
 *
 * Throws `device/unknown`, `device/bad-signature`.
 */
export async function hello(
  context: Context,
  journal: JournalView,
  request: HelloRequest,
): Promise<HelloTillAnswer> {
  const db = context.database.read
  const epoch = (await findEpoch(db, request.epoch)) ?? (await adoptEpoch(context, request.certificate))
  const register = epoch && (await findRegister(db, epoch.registerId))
  if (!epoch || !register || epoch.id !== request.epoch || register.id !== request.register) {
    throw new Problem(
      'device/unknown',
      'This server does not know this till. Check the address; a till of this chain is enrolled with a code.',
    )
  }
  const isProved = isCheckpointOf(epoch, request.checkpoint) && isRequestOf(epoch, request)
  if (request.checkpoint.checkpoint.epoch !== epoch.id || !isProved) {
    throw new Problem('device/bad-signature', 'The hello was not signed by the key of this epoch.')
  }
  const standing = await journal.standing(db, request)
  const isForked = standing.forks.some((fork) => fork.epoch === epoch.id)
  const now = context.clock.now()
  const spare = await writeRacing(context.database, async (tx) => {
    await markOpened(tx, epoch.id, now)
    await updateStatus(tx, register.id, {
      lastSeenAt: now,
      app: request.app,
      clockSkewMs: request.wallMs - now,
    })
    if (standing.forks.length > 0) {
      const issuedBefore = isForked ? undefined : beganAt(epoch, now)
      await revokeUnopenedSpares(tx, register.id, { revokedAt: now, issuedBefore })
    }
    // Its key may be on two devices, and so would be a spare: it waits for an enrolment (JRN-3k).
    // A device that was handed over begins no other life (JRN-21c).
    return isForked || epoch.retiredAt !== null
      ? 'none'
      : await confirmOrReplace(tx, context, journal, request, epoch)
  })
  return {
    requestId: request.requestId,
    ...standing,
    serverAt: now,
    spare,
    minimumApp: null,
    keys: journal.keys(),
    token: issueDeviceToken(context, {
      registerId: register.id,
      storeId: register.storeId,
      epoch: epoch.id,
    }),
    verifierKey: epoch.provedBy === adoptedProof ? verifierKeyOf(context, epoch).toString('base64url') : null,
  }
}

/** From when on a spare can only be of this life of the register: an older fork does not touch it. */
function beganAt(epoch: EpochRecord, now: number): number {
  return epoch.kind === 'device' ? epoch.issuedAt : (epoch.openedAt ?? now)
}

async function confirmOrReplace(
  tx: Tx,
  context: Context,
  journal: JournalView,
  request: HelloRequest,
  epoch: EpochRecord,
): Promise<HelloAnswer['spare']> {
  if (request.spare !== null) {
    const held = await findEpoch(tx, request.spare)
    const isGood = held?.registerId === epoch.registerId && held.kind === 'spare' && held.state === 'issued'
    if (isGood) return 'kept'
  }
  const key = request.sparePublicKey
  if (key === null || key === epoch.publicKey || !deviceKey(key)) return 'none'
  const known = await findEpochByProof(tx, epoch.id, key)
  if (known) {
    return known.state === 'issued' ? { certificate: known.certificate, signature: known.signature } : 'none'
  }
  let restored: boolean
  try {
    restored = await requireReported(tx, journal)
  } catch (error) {
    // Without new codes there is no spare for now; the next hello asks again.
    if (error instanceof Problem) return 'none'
    throw error
  }
  const spare = await issueEpoch(tx, context, {
    registerId: epoch.registerId,
    kind: 'spare',
    publicKey: key,
    provedBy: epoch.id,
    verifierKey: verifierKeyOf(context, epoch),
    restored,
  })
  return { certificate: spare.certificate, signature: spare.signature }
}
