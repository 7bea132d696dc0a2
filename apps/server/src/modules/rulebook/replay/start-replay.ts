import { randomUUIDv7 } from 'node:crypto'
import { Problem } from '@nexus/contract'
import { addDays, isDate } from '@nexus/domain'
import type { Context } from '../../../context.ts'
import { requireStore, type StaffCaller } from '../../../http/serve.ts'
import { selectStoreKeys } from '../../stores/index.ts'
import { faultsOf, offerOf } from '../desk/queries.ts'
import { changeReplay, insertReplay } from './sql.ts'

type Parts = Pick<Context, 'database' | 'clock'>

/** A year and a day: more is no question about an offer. */
const daysMax = 367

/**
 * Has a draft run over the bills of a span of trading days, both included, as soon as a worker is free.
 * What the draft says now is what is run. Answers the replay's id.
 *
 * Throws `offer/not-found`, `offer/not-draft`, `offer/has-faults`, `replay/span`, `store/not-found`,
 * `session/not-allowed`.
 */
export async function startReplay(
  { database, clock }: Parts,
  caller: StaffCaller,
  offerId: number,
  { from, until, storeIds }: { from: string; until: string; storeIds?: readonly string[] },
): Promise<string> {
  const db = database.read
  const now = clock.now()
  refuseOddSpan(from, until)
  const stores = storeIds ?? caller.storeIds ?? null
  await refuseOddStores({ database }, caller, stores)
  const offer = await offerOf(db, offerId)
  if (offer.state !== 'draft') {
    throw new Problem(
      'offer/not-draft',
      'This offer is in force or was: its bills have it already. Copy it and replay the copy.',
      { offerId },
    )
  }
  const faults = await faultsOf(db, offer, now)
  if (faults[0]) {
    const detail = `The offer cannot be run over bills yet. ${faults[0].message}`
    throw new Problem('offer/has-faults', detail, { offerId }, faults)
  }
  const replayId = randomUUIDv7()
  const { revision, definition } = offer
  await database.write(async (tx) => {
    await insertReplay(tx, {
      replayId,
      offerId,
      revision,
      definition,
      from,
      until,
      storeIds: stores === null ? null : [...stores],
      createdAt: now,
      by: caller.name,
    })
  })
  return replayId
}

/** Ends a replay that waits or runs; one that is over stays as it is. */
export async function cancelReplay({ database, clock }: Parts, replayId: string): Promise<void> {
  await database.write(async (tx) => {
    await changeReplay(tx, replayId, { state: 'cancelled', finishedAt: clock.now() })
  })
}

function refuseOddSpan(from: string, until: string): void {
  const isOdd = !isDate(from) || !isDate(until) || until < from || addDays(from, daysMax) <= until
  if (!isOdd) return
  throw new Problem(
    'replay/span',
    'The days must be a span of at most a year, the first day before the last. Choose other days.',
    { from, until },
  )
}

async function refuseOddStores(
  { database }: Pick<Context, 'database'>,
  caller: StaffCaller,
  storeIds: readonly string[] | null,
): Promise<void> {
  if (storeIds === null) return
  for (const storeId of storeIds) requireStore(caller, storeId)
  const known = new Set((await selectStoreKeys(database.read)).map((store) => store.id))
  const unknown = storeIds.find((id) => !known.has(id))
  if (unknown === undefined) return
  throw new Problem('store/not-found', 'There is no such store. Choose stores from the list.', {
    storeId: unknown,
  })
}
