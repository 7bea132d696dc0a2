import { Problem } from '@nexus/contract'
import {
  type Entry,
  type Marks,
  type PreparedEntry,
  type PushAnswer,
  type PushRequest,
  preparePush,
} from '@nexus/sync'
import type { Context } from '../../../context.ts'
import type { Db } from '../../../db/database.ts'
import type { DeviceCaller } from '../../../http/serve.ts'
import type { Discrepancy, SaleCheck } from '../projector.ts'
import { marksOf } from '../queries.ts'
import { sha256 } from '../sha256.ts'
import type { AcceptQueue } from './accept-queue.ts'
import type { DeviceKeys } from './device-keys.ts'
import type { Offered } from './offered.ts'

/** Small keys of a register and its store; undefined where the register is none of the store. */
export type ResolvePlace = (
  db: Db,
  storeId: string,
  registerId: string,
) => Promise<{ storeNo: number; registerNo: number } | undefined>

export type PushTools = Pick<Context, 'database' | 'clock' | 'log' | 'secrets'> & {
  queue: AcceptQueue
  keys: DeviceKeys
  resolvePlace: ResolvePlace
  checkSale: SaleCheck
}

/**
 * Stores a push of a till and answers how far its journal is stored. Everything that needs no lock is
 * done here, before the push joins a group: bytes, hashes, schema, credentials, prices.
 *
 * Safe to repeat. Throws `device/unknown`, `device/bad-signature`, `request/invalid`, `server/busy`; then
 * nothing was stored and the till keeps everything (JRN-10).
 */
export async function acceptPush(
  tools: PushTools,
  caller: DeviceCaller,
  request: PushRequest,
): Promise<PushAnswer> {
  const answer = await tools.queue.admit(() => checkAndOffer(tools, caller, request))
  return { ...answer, marks: signedMarks(tools.secrets, answer) }
}

/** `received` is the head that was committed; `durable` counts in the generation that it was signed in. */
function signedMarks(secrets: PushTools['secrets'], { head, generation, marks }: PushAnswer): Marks {
  if (marks.stored === null) return marks
  const durable = marks.durable?.generation === generation ? marks.durable : undefined
  return marksOf(secrets, generation, head, durable)
}

async function checkAndOffer(
  tools: PushTools,
  caller: DeviceCaller,
  request: PushRequest,
): Promise<PushAnswer> {
  return await tools.queue.offer(await prepareOffered(tools, caller, request))
}

/** A push that was read and checked. Throws `device/unknown`, `device/bad-signature`, `request/invalid`. */
export async function prepareOffered(
  tools: Omit<PushTools, 'queue'>,
  caller: DeviceCaller,
  request: PushRequest,
): Promise<Offered> {
  const { keys, secrets, clock } = tools
  const place = await tools.resolvePlace(tools.database.read, caller.storeId, caller.registerId)
  if (place === undefined || caller.registerId !== request.register) throw unknownTill()
  const { epoch } = request.checkpoint.checkpoint
  const key = await keys.find(epoch, request.certificate)
  const push = preparePush(request, {
    sha256,
    verify: (publicKey, bytes, signature) => keys.verify(publicKey, bytes, signature),
    enrolmentKeys: [secrets.enrolment.publicKeySpki],
    findKey: (wanted) => (wanted === epoch ? key : undefined),
  })
  if ('kind' in push) throw refusalOf(push.reason)
  const flagged = await flagSales(tools, push.entries)
  const { storeNo, registerNo } = place
  return {
    push,
    storeNo,
    registerNo,
    checkpoint: request.checkpoint,
    flagged,
    receivedAt: clock.now(),
  }
}

export function unknownTill(): Problem {
  return new Problem(
    'device/unknown',
    'This server does not know this till as a register of this store. The till keeps its bills and says hello again.',
  )
}

function refusalOf(reason: 'credentials' | 'malformed'): Problem {
  if (reason === 'credentials') {
    return new Problem(
      'device/bad-signature',
      'The push is not signed by a key of this register, so nothing of it was stored. The till keeps it and tries again.',
    )
  }
  return new Problem(
    'request/invalid',
    'An entry is not base64url, so nothing of the push was stored. The till keeps it; update the till and send again.',
  )
}

/** What price and rules say against the sales among entries, those that are re-homed included (JRN-5), by identity. */
export async function flagSales(
  { checkSale, log }: Pick<PushTools, 'checkSale' | 'log'>,
  entries: readonly PreparedEntry[],
): Promise<Map<string, readonly Discrepancy[]>> {
  const flagged = new Map<string, readonly Discrepancy[]>()
  for (const { hash, entry } of entries.flatMap(salesIn)) {
    let found: readonly Discrepancy[]
    try {
      found = await checkSale(entry)
    } catch (error) {
      // A sale is never kept waiting for its check; people see that it was not made.
      log.error({ err: error, identity: hash }, 'a sale could not be checked')
      found = [{ kind: 'not-checked', params: {} }]
    }
    if (found.length > 0) flagged.set(hash, found)
  }
  return flagged
}

function salesIn(prepared: PreparedEntry): { hash: string; entry: Entry<'sale'> }[] {
  const inner = prepared.inner === null ? [] : salesIn(prepared.inner)
  if (prepared.decoded.kind !== 'ok') return inner
  const { entry } = prepared.decoded
  return entry.type === 'sale' ? [{ hash: prepared.hash, entry }, ...inner] : inner
}
