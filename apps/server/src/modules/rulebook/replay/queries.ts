import { Problem, type ReplayReport, type ReplayState } from '@nexus/contract'
import type { Db } from '../../../db/database.ts'
import { requireStore, type StaffCaller } from '../../../http/serve.ts'
import { offerOf } from '../desk/queries.ts'
import { findReplay, latestReplays, type ReplayRecord } from './sql.ts'

const listedMax = 20

/** The latest replays of an offer that the caller may see, newest first. Throws `offer/not-found`. */
export async function replaysOf(db: Db, caller: StaffCaller, offerId: number): Promise<ReplayState[]> {
  await offerOf(db, offerId)
  const replays = await latestReplays(db, offerId, listedMax)
  return replays.filter((replay) => maySee(caller, replay)).map(stateOf)
}

/** One replay with what it found. Throws `replay/not-found`, `session/not-allowed`. */
export async function replayReport(
  db: Db,
  caller: StaffCaller,
  { offerId, replayId }: { offerId: number; replayId: string },
): Promise<ReplayReport> {
  const found = await findReplay(db, replayId)
  if (found?.replay.offerId !== offerId) {
    throw new Problem('replay/not-found', 'There is no such replay. Start one from the page of the offer.', {
      replayId,
    })
  }
  const { replay, result } = found
  if (!maySee(caller, replay)) requireStore(caller, '')
  return { ...stateOf(replay), result }
}

/** Whoever is bound to stores sees replays of these stores only. */
function maySee({ storeIds }: StaffCaller, replay: ReplayRecord): boolean {
  if (storeIds === undefined) return true
  return replay.storeIds?.every((id) => storeIds.includes(id)) ?? false
}

function stateOf({ definition, ...state }: ReplayRecord): ReplayState {
  return state
}
