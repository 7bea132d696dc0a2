import { type Entry, type PreparedEntry, prepareEntry } from '@nexus/sync'
import type { Context } from '../../../context.ts'
import { announceFacts, project } from '../project.ts'
import type { Fact, Projector } from '../projector.ts'
import { hashBytes } from '../rows.ts'
import { sha256 } from '../sha256.ts'
import { claimQuarantined, readWaiting, type WaitingEntry, writeReleased } from './release-sql.ts'

/** Reasons that a newer release may have removed; the others are for people to decide. */
const readAgain = ['unreadable', 'unknown-type', 'schema-failed', 'underivable'] as const
const waitingMax = 1000

/**
 * Lets entries out of quarantine that this release can read and derive where an older one could not
 * (JRN-10d): they act once. Each in a transaction of its own, so that one that still fails waits on and
 * holds nobody up. Answers how many acted.
 */
export async function releaseReadable(
  { database, clock, log }: Pick<Context, 'database' | 'clock' | 'log'>,
  projectors: readonly Projector[],
): Promise<number> {
  let acted = 0
  for (const waiting of await readWaiting(database.read, readAgain, waitingMax)) {
    const prepared = prepareEntry(waiting.bytes, sha256)
    if (prepared.decoded.kind !== 'ok' || !isInPlace(prepared, waiting)) continue
    const fact = factOf(waiting, prepared.decoded.entry, clock.now())
    try {
      const released = await database.write(async (tx) => {
        if (!(await claimQuarantined(tx, fact.identity))) return false
        await writeReleased(tx, fact)
        await project(tx, projectors, [fact])
        await announceFacts(tx, projectors, [fact])
        return true
      })
      if (released) acted++
    } catch (error) {
      log.warn({ err: error, epoch: waiting.epoch, seq: waiting.seq }, 'an entry still waits in quarantine')
    }
  }
  return acted
}

/** Its own place, or a wrapper's: there the inner entry names another one. */
function isInPlace({ decoded }: PreparedEntry, waiting: WaitingEntry): boolean {
  const { epoch, seq } = decoded.outline
  return waiting.isWrapped || (epoch === waiting.epoch && seq === waiting.seq)
}

function factOf(waiting: WaitingEntry, entry: Entry, receivedAt: number): Fact {
  const { storeNo, registerNo, epochNo, seq, identity } = waiting
  return { storeNo, registerNo, epochNo, seq, identity: hashBytes(identity), entry, receivedAt }
}
