import { Problem } from '@nexus/contract'
import { maxWrapperBytes, prepareEntry, toBase64Url } from '@nexus/sync'
import { requireStore, type StaffCaller } from '../../../http/serve.ts'
import type { Job } from '../../../jobs/index.ts'
import { flagSales } from '../accept/accept-push.ts'
import type { OwnDraft } from '../own/own-journals.ts'
import { sha256 } from '../sha256.ts'
import { settledAlready } from './decided.ts'
import type { Author, DecisionTools } from './ports.ts'
import {
  type EpochRecord,
  epochsWithOldForks,
  findEpoch,
  selectWaitingForks,
  type WaitingFork,
} from './sql.ts'

/** A till that was told of its fork re-homes what it has; after this the recovery journal does (JRN-7q). */
export const forkPatienceMs = 72 * 60 * 60 * 1000
/** Entries of one transaction. */
const portion = 50
type Decider = Author & { remark: string }

/** Room that a wrapper's header takes. */
const headerBytes = 2048

/**
 * A person does not wait for the till: the fork entries of an epoch that wait are re-homed now, by their
 * store's recovery journal. Each acts once, also when the till re-homes it later or did so meanwhile.
 *
 * Throws `entry/not-found`, `decision/too-late` when none waits any more, `decision/not-possible` when those
 * that wait are too large to be wrapped, `enrolment/held-after-restore`.
 */
export async function rehomeNow(
  tools: DecisionTools,
  caller: StaffCaller,
  epochId: string,
  remark: string,
): Promise<void> {
  const epoch = await findEpoch(tools.database.read, epochId)
  if (epoch === undefined)
    throw new Problem('entry/not-found', 'No such epoch is known. Load the list again.')
  requireStore(caller, epoch.store)
  const { rehomed, left } = await rehomeAll(
    tools,
    { by: caller.staffId, how: 'back-office', remark },
    epoch,
    Number.POSITIVE_INFINITY,
  )
  if (rehomed > 0) return
  if (left === 0) throw settledAlready('rehomed')
  throw new Problem(
    'decision/not-possible',
    'These entries are too large to be written again. They stay here byte for byte; export the register’s journal and keep the file.',
    { left },
  )
}

/** Re-homes fork entries that no till re-homed within 72 h (JRN-7q). */
export function rehomeForksJob(tools: DecisionTools): Job {
  return {
    name: 'rehome-forks',
    everyMs: 15 * 60_000,
    async run() {
      await rehomeOldForks(tools)
      return false
    },
  }
}

/** One round of the job. Answers how many entries it re-homed. */
export async function rehomeOldForks(tools: DecisionTools): Promise<number> {
  const before = tools.clock.now() - forkPatienceMs
  let done = 0
  for (const epochId of await epochsWithOldForks(tools.database.read, before)) {
    const epoch = await findEpoch(tools.database.read, epochId)
    if (epoch === undefined) continue
    try {
      done += (await rehomeAll(tools, { by: null, how: 'server', remark: '' }, epoch, before)).rehomed
    } catch (error) {
      // After a restore codes wait for the registers, and so do the forks; what else fails is tried again.
      tools.log.warn({ err: error, epoch: epochId }, 'forks of an epoch wait on')
    }
  }
  return done
}

async function rehomeAll(
  tools: DecisionTools,
  author: Decider,
  epoch: EpochRecord,
  before: number,
): Promise<{ rehomed: number; left: number }> {
  let rehomed = 0
  for (;;) {
    const waiting = (await selectWaitingForks(tools.database.read, epoch.epoch)).filter(
      ({ receivedAt }) => receivedAt < before,
    )
    const fitting = waiting.filter(isWrappable).slice(0, portion)
    if (fitting.length === 0) return { rehomed, left: waiting.length }
    rehomed += await rehomePortion(tools, author, epoch, fitting)
  }
}

async function rehomePortion(
  tools: DecisionTools,
  { remark, ...author }: Decider,
  { epoch, storeNo, code }: EpochRecord,
  forks: readonly WaitingFork[],
): Promise<number> {
  const written = await tools.own.write({
    address: { kind: 'recovery', storeNo },
    staff: author.by,
    flagged: await flagSales(tools, forks.map(innermost)),
    async compose(tx, { now }) {
      const wanted = new Set(forks.map(({ identity }) => identity))
      const still = (await selectWaitingForks(tx, epoch)).filter(({ identity }) => wanted.has(identity))
      if (still.length === 0) throw settledAlready('rehomed')
      await tools.noteAudit(tx, {
        ...author,
        at: now,
        subject: 'fork',
        subjectId: epoch,
        label: code,
        before: { state: 'waits', entries: still.length },
        after: { state: 'rehomed', entries: still.length, remark: remark || null },
      })
      return still.map(draftOf)
    },
  })
  return written.length
}

/** Of a till's wrapper what it wraps: a wrapper wraps no other (JRN-7j). Its place is the fork's, which it settles. */
function draftOf(fork: WaitingFork): OwnDraft {
  const { hash, bytes } = innermost(fork)
  const place = { epoch: fork.epoch, seq: fork.seq }
  return { type: 'fork-rehomed', body: { identity: hash, place, bytes: toBase64Url(bytes) } }
}

function innermost({ bytes }: WaitingFork) {
  const prepared = prepareEntry(bytes, sha256)
  return prepared.inner ?? prepared
}

function isWrappable(fork: WaitingFork): boolean {
  return (innermost(fork).bytes.length * 4) / 3 + headerBytes <= maxWrapperBytes
}
