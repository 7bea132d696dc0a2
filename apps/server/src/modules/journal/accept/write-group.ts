import {
  type AcceptState,
  type Decision,
  decide,
  firstPrevHashSync,
  type PushAnswer,
  prepareEntry,
  wanted,
  wantedOf,
} from '@nexus/sync'
import type { Database, Tx } from '../../../db/database.ts'
import { isDuplicateKey } from '../../../db/errors.ts'
import { announceFacts, project } from '../project.ts'
import type { Projector } from '../projector.ts'
import { sha256 } from '../sha256.ts'
import { GroupCollector } from './group-rows.ts'
import type { Offered } from './offered.ts'
import {
  type EpochKeys,
  type EpochRow,
  lastEpochNo,
  lockAndRead,
  readForks,
  readMoreKnown,
  readQuarantined,
  readSlots,
  writeGroupRows,
} from './sql.ts'

export type GroupTools = {
  database: Database
  projectors: readonly Projector[]
  /** In force since this start; base64url. */
  generation: string
}

/** Another server may have been faster with an epoch, an identity or a number: so often the group reads again. */
const readAgainMax = 3

/**
 * Stores a group of pushes in one transaction and answers each of them, in the same order, from what was
 * committed. When it throws, nothing of the group is stored, unless the connection was lost at COMMIT.
 */
export async function writeGroup(tools: GroupTools, group: readonly Offered[]): Promise<PushAnswer[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const decisions = await tools.database.write((tx) => decideAndWrite(tx, tools, group))
      return decisions.map((decision) => decision.answer)
    } catch (error) {
      if (!isDuplicateKey(error) || attempt >= readAgainMax) throw error
    }
  }
}

/** Decides a group of pushes under the locks of their epochs and writes what was decided, effects included. */
export async function decideAndWrite(
  tx: Tx,
  { database, projectors, generation }: GroupTools,
  group: readonly Offered[],
): Promise<Decision[]> {
  const pushes = group.map((offered) => offered.push)
  const want = wanted(pushes)
  const { epochs, known } = await lockAndRead(tx, database.dialect, want)
  const forked = want.epochs.filter((epoch) => epochs.get(epoch)?.hasForks)
  const forks = await readForks(tx, forked, prepare)
  const quarantined = await readQuarantined(tx, want.quarantined, prepare)
  const waiting = [...forks.values()].flat().map((fork) => fork.prepared)
  await readMoreKnown(tx, known, wantedOf([...waiting, ...quarantined.values()]))
  const state: AcceptState = {
    generation,
    epochs: new Map([...epochs].map(([epoch, row]) => [epoch, row.state])),
    slots: await readSlots(tx, takenRanges(want.slots, epochs)),
    ...known,
    forks,
    quarantined,
  }
  const serverAt = Math.max(...group.map((offered) => offered.receivedAt))
  const decisions = decide(state, pushes, { serverAt, retryAfterMs: null }, firstPrevHash)
  const keys = await keysOf(tx, epochs, group, decisions)
  const collector = new GroupCollector(epochs, keys, state.identities)
  for (const [index, decision] of decisions.entries()) {
    const offered = group[index]
    if (offered) collector.add(offered, decision)
  }
  await writeGroupRows(tx, collector.result())
  await project(tx, projectors, collector.facts)
  await announceFacts(tx, projectors, collector.facts)
  return decisions
}

const prepare = (bytes: Uint8Array) => prepareEntry(bytes, sha256)
const firstPrevHash = (epoch: string) => firstPrevHashSync(epoch, sha256)

/** The part of each push that lies at or below its head: only there can a slot be taken. */
function takenRanges(
  slots: readonly { epoch: string; fromSeq: number; toSeq: number }[],
  epochs: ReadonlyMap<string, EpochRow>,
): { epoch: string; keys: EpochKeys; fromSeq: number; toSeq: number }[] {
  return slots.flatMap(({ epoch, fromSeq, toSeq }) => {
    const row = epochs.get(epoch)
    if (row === undefined || fromSeq > row.state.head.seq) return []
    return [{ epoch, keys: row, fromSeq, toSeq: Math.min(toSeq, row.state.head.seq) }]
  })
}

/** Small keys of every epoch of the group; those that became known get the next free ones. */
async function keysOf(
  tx: Tx,
  epochs: ReadonlyMap<string, EpochRow>,
  group: readonly Offered[],
  decisions: readonly Decision[],
): Promise<Map<string, EpochKeys>> {
  const keys = new Map<string, EpochKeys>(epochs)
  const opened = decisions.flatMap(({ rows }, index) => {
    const offered = group[index]
    return offered ? rows.epochs.map(({ epoch }) => ({ epoch, offered })) : []
  })
  if (opened.length === 0) return keys
  let epochNo = await lastEpochNo(tx)
  for (const { epoch, offered } of opened) {
    epochNo++
    keys.set(epoch, { storeNo: offered.storeNo, registerNo: offered.registerNo, epochNo })
  }
  return keys
}
