import type { StandingAnswer, StandingRequest } from '@nexus/sync'
import type { Context } from '../../../context.ts'
import type { Db } from '../../../db/database.ts'
import { standing } from '../queries.ts'
import { unknownIdentities } from './sql.ts'

/** How headquarters stands towards a store server that asks (JRN-20a). */
export async function standingForHop(
  db: Db,
  secrets: Context['secrets'],
  request: StandingRequest,
  serverAt: number,
): Promise<StandingAnswer> {
  const {
    generation,
    heads,
    marks,
    forks,
    holes = [],
    closed,
  } = await standing(db, secrets, {
    heads: request.heads,
    cursors: {},
  })
  return {
    requestId: request.requestId,
    generation,
    serverAt,
    heads,
    marks,
    forked: [...new Set(forks.map(({ epoch }) => epoch))],
    holes,
    closed,
    lacking: await unknownIdentities(db, request.forks),
  }
}
