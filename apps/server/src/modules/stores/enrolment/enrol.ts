import { randomBytes } from 'node:crypto'
import { type EnrolTillAnswer, Problem } from '@nexus/contract'
import type { EnrolRequest, SignedCheckpoint } from '@nexus/sync'
import type { Context } from '../../../context.ts'
import type { Tx } from '../../../db/database.ts'
import { writeRacing } from '../../../db/write-racing.ts'
import { type Counter, forgive, takeAttempt } from '../../attempts/index.ts'
import { recordAudit } from '../../audit/index.ts'
import { tillPlaceOf } from '../queries.ts'
import { updateStatus } from '../sql.ts'
import { adoptEpoch } from './adopt-epoch.ts'
import { deviceKey, isCheckpointOf, isRequestOf } from './certificates.ts'
import { issueDeviceToken } from './device-token.ts'
import { hashOfCode } from './enrolment-code.ts'
import { requireReported } from './held-codes.ts'
import { type EpochWish, issueEpoch, verifierKeyOf } from './issue-epochs.ts'
import type { JournalView } from './ports.ts'
import { type EpochRecord, findCode, findEpoch, findEpochByProof, useCode } from './sql.ts'

type Enrolled = { device: EpochRecord; spare: EpochRecord | undefined }

/** People mistype codes; a program that guesses them soon waits. */
const patience = { freeFailures: 10, firstDelayMs: 1000, delayMsMax: 300_000 }

/**
 * Gives a device an epoch of a register, with the spare for a later life that begins offline (JRN-3,
 * JRN-4): by a one-time code, or by a checkpoint that the current epoch's key signed. A re-send with
 * the same proof and the same key gets the same enrolment, also after the code has expired; of two that
 * race, the loser's unique key sends it back to read the winner's answer.
 *
 * Throws `enrolment/code-unknown`, `-used`, `-expired`, `enrolment/held-after-restore`,
 * `device/unknown`, `device/bad-signature`, `request/too-many`.
 */
export async function enrol(
  context: Context,
  journal: JournalView,
  request: EnrolRequest,
  address: string,
): Promise<EnrolTillAnswer> {
  requireKeys(request)
  const enrolled = await (request.code !== null
    ? enrolByCode(context, journal, request, request.code, address)
    : enrolByKey(context, journal, request, request.proof))
  return await answerOf(context, journal, request, enrolled)
}

function requireKeys(request: EnrolRequest): void {
  if ((request.code === null) === (request.proof === null)) {
    throw new Problem('request/invalid', 'An enrolment is proved by a code or by a key, one of them.')
  }
  if (!deviceKey(request.publicKey) || !deviceKey(request.sparePublicKey)) {
    throw new Problem('request/invalid', 'Both public keys must be ECDSA P-256 keys in SPKI form, base64url.')
  }
  if (request.publicKey === request.sparePublicKey) {
    throw new Problem('request/invalid', 'The spare needs a key of its own.')
  }
}

async function enrolByCode(
  context: Context,
  journal: JournalView,
  request: EnrolRequest,
  typed: string,
  address: string,
): Promise<Enrolled> {
  const counter: Counter = { name: `enrol:address:${address}`, patience }
  const now = context.clock.now()
  const blockedUntil = await context.database.write((tx) => takeAttempt(tx, [counter], now))
  if (blockedUntil !== undefined) {
    throw new Problem(
      'request/too-many',
      'Too many codes that were wrong came from this network. Wait a little, then type the code again.',
      { retryAfterMs: blockedUntil - now },
    )
  }
  const hash = hashOfCode(context, typed)
  const provedBy = hash.toString('base64url')
  const enrolled = await writeRacing(context.database, async (tx) => {
    const code = await findCode(tx, hash)
    if (!code) {
      throw new Problem(
        'enrolment/code-unknown',
        'This is not a code of this server. Compare it with the screen that shows it, or make a new one under Stores.',
      )
    }
    const same = await enrolledBefore(tx, provedBy, request)
    if (same) return same
    requireUsable(code, now)
    const enrolled = await issueBoth(tx, context, request, {
      registerId: code.registerId,
      provedBy,
      verifierKey: randomBytes(32),
      restored: await requireReported(tx, journal),
    })
    if (!(await useCode(tx, hash, enrolled.device.id, now))) throw used()
    return enrolled
  })
  await context.database.write((tx) => forgive(tx, [], [counter], context.clock.now()))
  return enrolled
}

function requireUsable(
  code: { usedAt: number | null; endedAt: number | null; expiresAt: number },
  now: number,
): void {
  if (code.usedAt !== null) throw used()
  if (code.endedAt !== null) {
    throw new Problem('enrolment/code-expired', 'A newer code was made for this register. Use that one.')
  }
  if (code.expiresAt <= now) {
    throw new Problem('enrolment/code-expired', 'The code is older than a day. Make a new one under Stores.')
  }
}

function used(): Problem {
  return new Problem(
    'enrolment/code-used',
    'Another device was enrolled with this code. Make a new one under Stores.',
  )
}

async function enrolByKey(
  context: Context,
  journal: JournalView,
  request: EnrolRequest,
  proof: SignedCheckpoint | null,
): Promise<Enrolled> {
  const asked = proof?.checkpoint.epoch
  const epoch =
    (asked === undefined ? undefined : await findEpoch(context.database.read, asked)) ??
    (request.certificate === null ? undefined : await adoptEpoch(context, request.certificate))
  if (!proof || !epoch || epoch.id !== asked) {
    throw new Problem(
      'device/unknown',
      'The server does not know the epoch that asks for a new one. Check the address; a till of this chain is enrolled with a code.',
    )
  }
  if (epoch.retiredAt !== null) {
    throw new Problem(
      'device/unknown',
      'This device was handed over and gets no other epoch. What it sold is still taken; enrol it with a code to sell again.',
    )
  }
  if (!isCheckpointOf(epoch, proof) || !isRequestOf(epoch, request)) {
    throw new Problem('device/bad-signature', 'The proof was not signed by the key of the current epoch.')
  }
  return await writeRacing(context.database, async (tx) => {
    const same = await enrolledBefore(tx, epoch.id, request)
    if (same) return same
    return await issueBoth(tx, context, request, {
      registerId: epoch.registerId,
      provedBy: epoch.id,
      // The same device: it goes on with the verifiers that it has.
      verifierKey: verifierKeyOf(context, epoch),
      restored: await requireReported(tx, journal),
    })
  })
}

async function enrolledBefore(
  tx: Tx,
  provedBy: string,
  request: EnrolRequest,
): Promise<Enrolled | undefined> {
  const device = await findEpochByProof(tx, provedBy, request.publicKey)
  if (device?.kind !== 'device') return undefined
  return { device, spare: await findEpochByProof(tx, provedBy, request.sparePublicKey) }
}

async function issueBoth(
  tx: Tx,
  context: Context,
  request: EnrolRequest,
  right: Pick<EpochWish, 'registerId' | 'provedBy' | 'verifierKey' | 'restored'>,
): Promise<Enrolled> {
  const wish = { ...right, storage: request.storage }
  const device = await issueEpoch(tx, context, { ...wish, kind: 'device', publicKey: request.publicKey })
  // The till may ask with the key of a spare that a hello gave out and whose answer was lost.
  const known = await findEpochByProof(tx, right.provedBy, request.sparePublicKey)
  const spare =
    known ?? (await issueEpoch(tx, context, { ...wish, kind: 'spare', publicKey: request.sparePublicKey }))
  const now = context.clock.now()
  await updateStatus(tx, right.registerId, {
    lastSeenAt: now,
    app: request.app,
    persisted: request.storage.persisted,
  })
  await recordAudit(tx, {
    at: now,
    by: null,
    how: request.code === null ? 'till' : 'enrolment-code',
    subject: 'register-epoch',
    subjectId: right.registerId,
    label: device.seriesCode,
    before: null,
    after: { epoch: device.id, seriesCode: device.seriesCode, keyId: device.keyId, spare: spare.seriesCode },
  })
  return { device, spare }
}

async function answerOf(
  context: Context,
  journal: JournalView,
  request: EnrolRequest,
  { device, spare }: Enrolled,
): Promise<EnrolTillAnswer> {
  const db = context.database.read
  const place = await tillPlaceOf(db, device.registerId)
  // One that was opened or revoked meanwhile is none; the next hello replaces it.
  const isUnopened = spare?.kind === 'spare' && spare.state === 'issued'
  return {
    requestId: request.requestId,
    enrolment: { certificate: device.certificate, signature: device.signature },
    spare: isUnopened ? { certificate: spare.certificate, signature: spare.signature } : null,
    heads: await journal.headsOf(db, device.registerId),
    generation: await journal.generation(db),
    serverAt: context.clock.now(),
    keys: journal.keys(),
    token: issueDeviceToken(context, {
      registerId: device.registerId,
      storeId: place.store.id,
      epoch: device.id,
    }),
    verifierKey: verifierKeyOf(context, device).toString('base64url'),
    place,
  }
}
