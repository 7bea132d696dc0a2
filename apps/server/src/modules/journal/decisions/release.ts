import { Problem, type ReleaseReason } from '@nexus/contract'
import { type PreparedEntry, prepareEntry } from '@nexus/sync'
import { isDatabaseTrouble } from '../../../db/errors.ts'
import { requireStore, type StaffCaller } from '../../../http/serve.ts'
import { flagSales } from '../accept/accept-push.ts'
import { sha256 } from '../sha256.ts'
import { personalOf, settledAlready } from './decided.ts'
import type { Author, DecisionTools } from './ports.ts'
import { findQuarantined, type QuarantineRecord, selectWaiting } from './sql.ts'

export type Release = {
  outcome: 'act' | 'drop'
  reason: ReleaseReason | 'newer-release'
  /** Free text of a person; empty: none. */
  remark: string
}

/**
 * A person decides about an entry in quarantine (JRN-10d): it acts, once, or it never will. The entry's own
 * bytes and slot stay as they are.
 *
 * Throws `entry/not-found`, `decision/too-late` when somebody decided before, `decision/not-possible` where
 * this release of the server cannot let it act.
 */
export async function releaseQuarantined(
  tools: DecisionTools,
  caller: StaffCaller,
  identity: string,
  release: Release,
): Promise<void> {
  const waiting = await findQuarantined(tools.database.read, identity)
  if (waiting === undefined) throw notInQuarantine()
  requireStore(caller, waiting.store)
  if (release.outcome === 'act') requireActable(waiting)
  try {
    await writeRelease(tools, { by: caller.staffId, how: 'back-office' }, identity, release, waiting)
  } catch (error) {
    const isOurs =
      waiting.reason === 'underivable' && !(error instanceof Problem) && !isDatabaseTrouble(error)
    if (!isOurs) throw error
    tools.log.error({ err: error, identity }, 'an entry still cannot be derived; it waits on')
    throw new Problem(
      'decision/not-possible',
      'This release of the server still cannot work this entry out. It waits on, and acts by itself once the server is updated.',
    )
  }
}

/** Reasons that a newer release may have removed; the others are for people to decide. */
const readAgain = ['unreadable', 'unknown-type', 'schema-failed', 'underivable'] as const
const waitingMax = 1000

/**
 * Lets entries out of quarantine that this release can read and derive where an older one could not
 * (JRN-10d): they act once. Each by an entry of its own in the server's journal, so that one that still
 * fails waits on and holds nobody up. Answers how many acted.
 */
export async function releaseReadable(tools: DecisionTools): Promise<number> {
  let acted = 0
  const author = { by: null, how: 'server' }
  for (const { identity, bytes, ...slot } of await selectWaiting(
    tools.database.read,
    readAgain,
    waitingMax,
  )) {
    const waiting = await findQuarantined(tools.database.read, identity)
    const prepared = prepareEntry(bytes, sha256)
    if (waiting === undefined || prepared.decoded.kind !== 'ok') continue
    if (!waiting.isWrapped && !isInPlace(prepared, slot)) continue
    try {
      const release = { outcome: 'act', reason: 'newer-release', remark: '' } as const
      await writeRelease(tools, author, identity, release, waiting)
      acted++
    } catch (error) {
      tools.log.warn({ err: error, ...slot }, 'an entry still waits in quarantine')
    }
  }
  return acted
}

async function writeRelease(
  tools: DecisionTools,
  author: Author,
  identity: string,
  { outcome, reason, remark }: Release,
  waiting: QuarantineRecord,
): Promise<void> {
  await tools.own.write({
    address: { kind: 'hq', storeNo: 0 },
    staff: author.by,
    flagged: await flagSales(tools, [prepareEntry(waiting.bytes, sha256)]),
    async compose(tx, { now }) {
      const current = await findQuarantined(tx, identity)
      if (current === undefined) throw notInQuarantine()
      if (current.released !== null) throw settledAlready(current.released === 'act' ? 'acted' : 'dropped')
      const { epoch, seq } = current
      await tools.noteAudit(tx, {
        ...author,
        at: now,
        subject: 'quarantine',
        subjectId: identity,
        label: `${current.reason} ${seq}`,
        before: { state: 'waits', reason: current.reason, epoch, seq },
        after: { state: outcome === 'act' ? 'acts' : 'dropped', why: reason, remark: remark || null },
      })
      return [
        {
          type: 'quarantine-released',
          body: { identity, place: { epoch, seq }, outcome, reason },
          ...personalOf(remark),
        },
      ]
    },
  })
}

function requireActable({ bytes, reason }: QuarantineRecord): void {
  const prepared = prepareEntry(bytes, sha256)
  if (prepared.decoded.kind !== 'ok') {
    throw new Problem(
      'decision/not-possible',
      'This release of the server cannot read the entry, so it cannot act. It acts by itself once a release that can is installed; drop it only if it must never act.',
      { reason: prepared.decoded.kind },
    )
  }
  if (reason === 'inner-mismatch') {
    throw new Problem(
      'decision/not-possible',
      'What this entry wraps is not what it says, so there is nothing that could act. Drop it, and look for the sale in the till’s exported journal.',
      { reason },
    )
  }
}

function notInQuarantine(): Problem {
  return new Problem('entry/not-found', 'No such entry is or was in quarantine. Load the list again.')
}

/** Its own place, or a wrapper's: there the inner entry names another one. */
function isInPlace({ decoded }: PreparedEntry, slot: { epoch: string; seq: number }): boolean {
  const { epoch, seq } = decoded.outline
  return epoch === slot.epoch && seq === slot.seq
}
