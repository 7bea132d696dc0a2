import { Problem } from '@nexus/contract'
import { type HeartbeatAnswer, type HeartbeatRequest, verifyCheckpoint } from '@nexus/sync'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import type { DeviceCaller } from '../../http/serve.ts'
import { unknownTill } from './accept/accept-push.ts'
import type { DeviceKeys } from './accept/device-keys.ts'
import { durableOf, headOrNone, marksOf } from './queries.ts'
import { noticeRow } from './rows.ts'
import { insertIncidents, selectHeads } from './sql.ts'

type HeadRef = HeartbeatRequest['head']

/** Keeps what a till last told of itself; the stores module does. Answers the highest head told before. */
export type NoteHeartbeat = (
  tx: Tx,
  registerId: string,
  heartbeat: {
    seenAt: number
    app: string
    queuedEntries: number
    queuedMinor: number
    queuedSales: number
    queuedOldestAt: number | null
    told: HeadRef
  },
) => Promise<HeadRef | undefined>

export type HeartbeatTools = Pick<Context, 'database' | 'clock' | 'secrets'> & {
  keys: DeviceKeys
  generation: string
  noteHeartbeat: NoteHeartbeat
}

/**
 * A till tells its head and what waits on it, and hears the marks. Throws `device/unknown`,
 * `device/bad-signature`.
 */
export async function takeHeartbeat(
  tools: HeartbeatTools,
  caller: DeviceCaller,
  request: HeartbeatRequest,
): Promise<HeartbeatAnswer> {
  const { database, clock, secrets, keys, generation } = tools
  if (caller.registerId !== request.register) throw unknownTill()
  const key = await keys.find(request.checkpoint.checkpoint.epoch)
  const verify = (publicKey: string, bytes: Uint8Array, signature: string) =>
    keys.verify(publicKey, bytes, signature)
  if (
    request.checkpoint.checkpoint.register !== request.register ||
    !verifyCheckpoint(request.checkpoint, key, { verify })
  ) {
    throw new Problem('device/bad-signature', 'The heartbeat is not signed by a key of this register.')
  }
  const now = clock.now()
  const { epoch } = request
  const head = (await selectHeads(database.read, [epoch])).get(epoch)
  await database.write(async (tx) => {
    const before = await tools.noteHeartbeat(tx, request.register, {
      seenAt: now,
      app: request.app,
      queuedEntries: request.waiting.entries,
      queuedMinor: request.waiting.soldMinor,
      queuedSales: request.waiting.sales,
      queuedOldestAt: request.waiting.oldestAt,
      told: request.head,
    })
    if (before && head && hasFallen(before, request.head)) {
      const params = { toldBefore: before.seq, hash: before.hash.slice(0, 8), told: request.head.seq }
      const fallen = { code: 'told-head-fell', epoch: before.epoch, seq: before.seq, identity: null, params }
      await insertIncidents(tx, [noticeRow(fallen, head.storeNo, now)])
    }
  })
  const durable = (await durableOf(database.read, [epoch], generation)).get(epoch)
  return {
    requestId: request.requestId,
    generation,
    serverAt: now,
    head: headOrNone(epoch, head),
    marks: marksOf(secrets, generation, head, durable),
  }
}

/** A till that announced an entry and then a shorter journal has lost its tail (JRN-18g). */
function hasFallen(before: HeadRef, now: HeadRef): boolean {
  return before.epoch === now.epoch && now.seq < before.seq
}
