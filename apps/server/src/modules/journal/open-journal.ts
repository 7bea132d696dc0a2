import type { HeartbeatAnswer, HeartbeatRequest, PushAnswer, PushRequest } from '@nexus/sync'
import { Gauge, Histogram } from 'prom-client'
import type { Context } from '../../context.ts'
import type { DeviceCaller } from '../../http/serve.ts'
import { acceptPush, type ResolvePlace } from './accept/accept-push.ts'
import { AcceptQueue } from './accept/accept-queue.ts'
import { DeviceKeys, type IssuedKeys } from './accept/device-keys.ts'
import type { DecisionParts, DecisionTools } from './decisions/ports.ts'
import { decisionProjector } from './decisions/projector.ts'
import { releaseReadable } from './decisions/release.ts'
import { firstGeneration } from './generation.ts'
import { takeOverBranch } from './hop/take-over.ts'
import { incidentProjector } from './incident-projector.ts'
import { type EnrolOwn, type OwnJournals, openOwnJournals } from './own/own-journals.ts'
import type { Projector } from './projector.ts'
import { type NoteHeartbeat, takeHeartbeat } from './take-heartbeat.ts'

/** What other modules lend to the accept path: the journal imports none of them. */
export type AcceptParts = Pick<DecisionParts, 'checkSale'> & {
  /** In the order in which they run. */
  projectors: readonly Projector[]
  resolvePlace: ResolvePlace
  issuedKeys: IssuedKeys
  noteHeartbeat: NoteHeartbeat
}

export type JournalParts = AcceptParts & DecisionParts & { enrolOwn: EnrolOwn }

/** The accept path of this process: all that a store server has of a journal, since it decides nothing (JRN-20b). */
export type AcceptPath = {
  push(caller: DeviceCaller, request: PushRequest): Promise<PushAnswer>
  heartbeat(caller: DeviceCaller, request: HeartbeatRequest): Promise<HeartbeatAnswer>
  /** In a store server: takes over the branch that headquarters chose (JRN-7n). */
  takeOver(caller: DeviceCaller, request: PushRequest): Promise<PushAnswer>
  /** Waits until everything that was taken in is stored and answered. */
  close(): Promise<void>
}

/** Headquarters' journals: the accept path, and what the server itself writes. */
export type Journal = AcceptPath & {
  /** Journals that this server writes itself. */
  own: OwnJournals
  /** What decisions of people and jobs need. */
  decisions: DecisionTools
}

/** Opens headquarters' journals. At every start entries that this release can read leave quarantine. */
export async function openJournal(context: Context, parts: JournalParts): Promise<Journal> {
  const { database, clock, log, secrets } = context
  const path = await openAcceptPath(context, parts)
  const projectors = projectorsWith(parts.projectors)
  const own = openOwnJournals({ database, clock, secrets, projectors, enrolOwn: parts.enrolOwn })
  const decisions: DecisionTools = { database, clock, log, ...parts, own }
  const released = await releaseReadable(decisions)
  if (released > 0) log.info({ released }, 'entries left quarantine: this release can read them')
  return { ...path, own, decisions }
}

/** Opens the accept path alone. At the first start of the data it mints the generation. */
export async function openAcceptPath(context: Context, parts: AcceptParts): Promise<AcceptPath> {
  const { database, clock, log, secrets, metrics } = context
  const life = { generation: await firstGeneration(database, clock.now()) }
  const projectors = projectorsWith(parts.projectors)
  const groups = new Histogram({
    name: 'nexus_journal_group_pushes',
    help: 'Pushes of tills that shared one commit.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers: [metrics],
  })
  const queue = new AcceptQueue({
    database,
    log,
    get generation() {
      return life.generation
    },
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
  const keys = new DeviceKeys(database.read, parts.issuedKeys)
  const pushTools = { database, clock, log, secrets, queue, keys, ...parts }
  const heartbeatTools = {
    ...{ database, clock, secrets, keys, noteHeartbeat: parts.noteHeartbeat },
    get generation() {
      return life.generation
    },
  }
  return {
    push: (caller, request) => acceptPush(pushTools, caller, request),
    heartbeat: (caller, request) => takeHeartbeat(heartbeatTools, caller, request),
    async takeOver(caller, request) {
      const tools = { ...pushTools, projectors, generation: life.generation }
      const answer = await takeOverBranch(tools, caller, request)
      life.generation = answer.generation
      return answer
    },
    close: () => queue.close(),
  }
}

/** The journal's own projector and those of other modules: the same for accepting and for a rebuild. */
export function projectorsWith(others: readonly Projector[]): Projector[] {
  return [incidentProjector, decisionProjector, ...others]
}
