import type { HeartbeatAnswer, HeartbeatRequest, PushAnswer, PushRequest } from '@nexus/sync'
import { Gauge, Histogram } from 'prom-client'
import type { Context } from '../../context.ts'
import type { DeviceCaller } from '../../http/serve.ts'
import { acceptPush, type ResolvePlace } from './accept/accept-push.ts'
import { AcceptQueue } from './accept/accept-queue.ts'
import { DeviceKeys, type FindIssuedKey } from './accept/device-keys.ts'
import type { DecisionParts, DecisionTools } from './decisions/ports.ts'
import { decisionProjector } from './decisions/projector.ts'
import { releaseReadable } from './decisions/release.ts'
import { firstGeneration } from './generation.ts'
import { incidentProjector } from './incident-projector.ts'
import { type EnrolOwn, type OwnJournals, openOwnJournals } from './own/own-journals.ts'
import type { Projector } from './projector.ts'
import { type NoteHeartbeat, takeHeartbeat } from './take-heartbeat.ts'

/** What other modules lend: the journal imports none of them. */
export type JournalParts = DecisionParts & {
  /** In the order in which they run. */
  projectors: readonly Projector[]
  resolvePlace: ResolvePlace
  findIssuedKey: FindIssuedKey
  noteHeartbeat: NoteHeartbeat
  enrolOwn: EnrolOwn
}

/** The accept path of this process. */
export type Journal = {
  push(caller: DeviceCaller, request: PushRequest): Promise<PushAnswer>
  heartbeat(caller: DeviceCaller, request: HeartbeatRequest): Promise<HeartbeatAnswer>
  /** Journals that this server writes itself. */
  own: OwnJournals
  /** What decisions of people and jobs need. */
  decisions: DecisionTools
  /** Waits until everything that was taken in is stored and answered. */
  close(): Promise<void>
}

/**
 * Opens the accept path. At the first start of the data it mints the generation; at every start entries
 * that this release can read leave quarantine.
 */
export async function openJournal(context: Context, parts: JournalParts): Promise<Journal> {
  const { database, clock, log, secrets, metrics } = context
  const generation = await firstGeneration(database, clock.now())
  const projectors = projectorsWith(parts.projectors)
  const own = openOwnJournals({ database, clock, secrets, projectors, enrolOwn: parts.enrolOwn })
  const decisions: DecisionTools = { database, clock, log, ...parts, own }
  const released = await releaseReadable(decisions)
  if (released > 0) log.info({ released }, 'entries left quarantine: this release can read them')
  const groups = new Histogram({
    name: 'nexus_journal_group_pushes',
    help: 'Pushes of tills that shared one commit.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers: [metrics],
  })
  const queue = new AcceptQueue({
    database,
    log,
    generation,
    projectors,
    onGroup: (pushes) => groups.observe(pushes),
  })
  new Gauge({
    name: 'nexus_journal_waiting',
    help: 'Pushes of tills that wait for their group.',
    registers: [metrics],
    collect() {
      this.set(queue.waiting)
    },
  })
  const keys = new DeviceKeys(database.read, parts.findIssuedKey)
  const pushTools = { database, clock, log, secrets, queue, keys, ...parts }
  const heartbeatTools = { database, clock, secrets, keys, generation, noteHeartbeat: parts.noteHeartbeat }
  return {
    push: (caller, request) => acceptPush(pushTools, caller, request),
    heartbeat: (caller, request) => takeHeartbeat(heartbeatTools, caller, request),
    own,
    decisions,
    close: () => queue.close(),
  }
}

/** The journal's own projector and those of other modules: the same for accepting and for a rebuild. */
export function projectorsWith(others: readonly Projector[]): Projector[] {
  return [incidentProjector, decisionProjector, ...others]
}
