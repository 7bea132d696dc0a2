import { Problem } from '@nexus/contract'
import { type HeartbeatAnswer, type HeartbeatRequest, verifyCheckpoint } from '@nexus/sync'
import type { Context } from '../../context.ts'
import type { Tx } from '../../db/database.ts'
import type { DeviceCaller } from '../../http/serve.ts'
import { unknownTill } from './accept/accept-push.ts'
import type { DeviceKeys } from './accept/device-keys.ts'
import { durableOf, headOrNone, marksOf } from './queries.ts'
import { selectHeads } from './sql.ts'

/** Keeps what a till last told of itself; the stores module does. */
export type NoteHeartbeat = (
  tx: Tx,
  registerId: string,
  heartbeat: {
    seenAt: number
    app: string
    queuedEntries: number
    queuedMinor: number
    told: { epoch: string; seq: number; hash: string }
  },
) => Promise<void>

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
  await database.write((tx) =>
    tools.noteHeartbeat(tx, request.register, {
      seenAt: now,
      app: request.app,
      queuedEntries: request.waiting.entries,
      queuedMinor: request.waiting.soldMinor,
      told: request.head,
    }),
  )
  const { epoch } = request
  const head = (await selectHeads(database.read, [epoch])).get(epoch)
  const durable = (await durableOf(database.read, [epoch], generation)).get(epoch)
  return {
    requestId: request.requestId,
    generation,
    serverAt: now,
    head: headOrNone(epoch, head),
    marks: marksOf(secrets, generation, head, durable),
  }
}
