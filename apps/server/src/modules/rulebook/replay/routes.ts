import {
  cancelReplay as cancelReplayEndpoint,
  getReplay,
  listReplays,
  startReplay as startReplayEndpoint,
} from '@nexus/contract'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../../context.ts'
import { serve } from '../../../http/serve.ts'
import { replayReport, replaysOf } from './queries.ts'
import { cancelReplay, startReplay } from './start-replay.ts'

/** HTTP face of replays: what is asked for here a worker does. */
export function replayRoutes(context: Context): (app: FastifyInstance) => void {
  const db = context.database.read
  return (app) => {
    serve(app, startReplayEndpoint, async ({ params, body, caller }) => ({
      replayId: await startReplay(context, caller, params.offerId, body),
    }))
    serve(app, listReplays, async ({ params, caller }) => ({
      replays: await replaysOf(db, caller, params.offerId),
    }))
    serve(app, getReplay, async ({ params, caller }) => await replayReport(db, caller, params))
    serve(app, cancelReplayEndpoint, async ({ params, caller }) => {
      const { replayId } = await replayReport(db, caller, params)
      await cancelReplay(context, replayId)
    })
  }
}
