import { type HelloTillAnswer, helloTill, Problem } from '@nexus/contract'
import type { HelloAnswer, HelloRequest } from '@nexus/sync'
import type { Context } from '../../context.ts'
import type { Db } from '../../db/database.ts'
import {
  isCheckpointOf,
  isRequestOf,
  noteHeartbeat,
  placeResolver,
  proveCertificate,
} from '../stores/index.ts'
import type { Headquarters } from './headquarters.ts'

/** Headquarters is asked only where it answered before, and a till does not wait long for it. */
const hqMs = 3000

export type HelloTools = {
  hq: Headquarters
  storeId: string
  isConnected(): boolean
  /** Brings the store's rows here again: a register may be new. */
  fetchMasters(): Promise<unknown>
  /** How this journal stands, with headquarters' marks. */
  standing(
    db: Db,
    request: HelloRequest,
  ): Promise<Pick<HelloAnswer, 'generation' | 'heads' | 'marks' | 'forks' | 'closed' | 'erasures'>>
  /** Keeps the certificate: this epoch may sign for older ones before an entry of its own comes (JRN-3e). */
  vouch(certificate: HelloRequest['certificate']): Promise<void>
  issuePass(place: { registerId: string; storeId: string; epoch: string }): HelloTillAnswer['token']
}

/**
 * A till says hello to its store server: the chain's certificate and the epoch's key prove it, so nothing
 * needs headquarters. With the line up it is passed on as it is, for what only headquarters can give: the
 * spare, a new key of verifiers, the version asked for.
 *
 * Throws `device/unknown`, `device/bad-signature`.
 */
export async function sayHello(
  context: Pick<Context, 'database' | 'clock' | 'secrets'>,
  tools: HelloTools,
  request: HelloRequest,
): Promise<HelloTillAnswer> {
  const { database, clock, secrets } = context
  const certificate = proveCertificate(secrets, request.certificate)
  const isOurs =
    certificate?.epoch === request.epoch &&
    certificate.register === request.register &&
    certificate.store === tools.storeId
  if (!certificate || !isOurs || !(await isPlaceKnown(database.read, tools, certificate.register))) {
    throw new Problem(
      'device/unknown',
      'This store server does not know this till as one of its store. The till goes on with headquarters.',
    )
  }
  const { register: registerId, publicKey, keyId } = certificate
  const isProved =
    request.checkpoint.checkpoint.epoch === request.epoch &&
    isCheckpointOf({ registerId, publicKey, keyId }, request.checkpoint) &&
    isRequestOf(certificate, request)
  if (!isProved) {
    throw new Problem('device/bad-signature', 'The hello was not signed by the key of this epoch.')
  }
  await tools.vouch(request.certificate)
  const now = clock.now()
  await database.write((tx) =>
    noteHeartbeat(tx, registerId, { seenAt: now, app: request.app, clockSkewMs: request.wallMs - now }),
  )
  const standing = await tools.standing(database.read, request)
  const hq = tools.isConnected() ? await passOn(tools.hq, request) : undefined
  return {
    requestId: request.requestId,
    ...standing,
    closed: [...new Set([...standing.closed, ...(hq?.closed ?? [])])],
    erasures: hq?.erasures ?? standing.erasures,
    serverAt: now,
    // Without headquarters nobody confirms the spare or replaces it (JRN-3i); it stays as it is.
    spare: hq?.spare ?? 'kept',
    minimumApp: hq?.minimumApp ?? null,
    token: tools.issuePass({ registerId, storeId: tools.storeId, epoch: certificate.epoch }),
    verifierKey: hq?.verifierKey ?? null,
  }
}

async function passOn(hq: Headquarters, request: HelloRequest): Promise<HelloTillAnswer | undefined> {
  try {
    return await hq.askOpenly(helloTill, { body: request }, hqMs)
  } catch {
    // Whatever headquarters says or not: this server answers for itself, and the next hello asks again.
    return undefined
  }
}

const resolvePlace = placeResolver()

async function isPlaceKnown(db: Db, tools: HelloTools, registerId: string): Promise<boolean> {
  if (await resolvePlace(db, tools.storeId, registerId)) return true
  if (!tools.isConnected()) return false
  await tools.fetchMasters().catch(() => undefined)
  return (await resolvePlace(db, tools.storeId, registerId)) !== undefined
}
