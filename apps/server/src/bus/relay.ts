import type { Context } from '../context.ts'
import type { Lease } from '../jobs/lease.ts'
import type { EventBus, StoredEvent } from './event-bus.ts'
import {
  markPublished,
  parkedTries,
  parkStream,
  releaseStreams,
  sweepInbox,
  sweepOutbox,
  unpublishedEvents,
} from './sql.ts'

const batchMax = 200
const waitMsFirst = 1000
const waitMsMax = 300_000

/**
 * Sends one batch of the outbox. Marks what the bus has taken only afterwards: a crash between the
 * two sends it again, which consumers' inboxes absorb. A stream whose event fails is held with
 * doubling waits, so that nothing overtakes it, and no other stream waits for it.
 *
 * Answers true when there is more.
 */
export async function relayOutbox(
  context: Pick<Context, 'database' | 'clock' | 'log'>,
  bus: EventBus,
  lease: Lease,
): Promise<boolean> {
  const { database, clock } = context
  const events = await unpublishedEvents(database.read, clock.now(), batchMax)
  const outcomes: Outcome[] = []
  for (const [stream, list] of Map.groupBy(events, (event) => event.stream)) {
    const taken: StoredEvent[] = []
    let failure: unknown
    for (const event of list) {
      try {
        await bus.publish([event])
        taken.push(event)
      } catch (error) {
        failure = error
        break
      }
    }
    outcomes.push({ stream, taken, failure })
  }
  if (outcomes.length > 0) await settle(context, lease, outcomes)
  return events.length === batchMax
}

/** What became of a stream's events; `failure` is undefined when all went out. */
type Outcome = { stream: string; taken: readonly StoredEvent[]; failure: unknown }

/** One transaction for the batch: each till is a stream, and a commit for each would cost more than the sales. */
async function settle(
  { database, clock, log }: Pick<Context, 'database' | 'clock' | 'log'>,
  lease: Lease,
  outcomes: readonly Outcome[],
): Promise<void> {
  await database.write(async (tx) => {
    await lease.hold(tx)
    const moved = outcomes.filter(({ taken }) => taken.length > 0)
    if (moved.length > 0) {
      const ids = moved.flatMap(({ taken }) => taken.map((event) => event.id))
      await markPublished(tx, ids, clock.now())
      await releaseStreams(
        tx,
        moved.map(({ stream }) => stream),
      )
    }
    for (const { stream, failure } of outcomes) {
      if (failure === undefined) continue
      const tries = (await parkedTries(tx, stream)) + 1
      const waitMs = Math.min(waitMsMax, waitMsFirst * 2 ** (tries - 1))
      const reason = failure instanceof Error ? failure.message : String(failure)
      await parkStream(tx, { stream, tries, notBeforeAt: clock.now() + waitMs, reason })
      log.error({ err: failure, stream, tries, waitMs }, 'an event could not be delivered; its stream waits')
    }
  })
}

const keepOutboxMs = 3 * 86_400_000
/** Longer than any event may be delivered again. */
const keepInboxMs = 45 * 86_400_000
const sweepMax = 1000

/** Deletes what nobody needs any more, a batch at a time. Answers true when there is more. */
export async function sweepBus(
  { database, clock }: Pick<Context, 'database' | 'clock'>,
  lease: Lease,
): Promise<boolean> {
  return await database.write(async (tx) => {
    await lease.hold(tx)
    const events = await sweepOutbox(tx, clock.now() - keepOutboxMs, sweepMax)
    const handled = await sweepInbox(tx, clock.now() - keepInboxMs, sweepMax)
    return events === sweepMax || handled === sweepMax
  })
}
