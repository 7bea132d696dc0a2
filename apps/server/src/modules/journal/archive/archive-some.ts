import { type PersonalItem, type PreparedEntry, personalHashOf, prepareEntry, toBase64Url } from '@nexus/sync'
import type { Db } from '../../../db/database.ts'
import type { Lease } from '../../../jobs/index.ts'
import { signMark } from '../marks.ts'
import { sha256 } from '../sha256.ts'
import { findSlotHash, insertIncidents } from '../sql.ts'
import { incidentRow } from './incident.ts'
import { entryLineOf, lineOf } from './lines.ts'
import type { SegmentWriter, WriterTools } from './segment-writer.ts'
import {
  type Behind,
  type EpochKey,
  insertLost,
  insertWaits,
  type Lost,
  lookAgain,
  type MarkRecord,
  putMarks,
  putRuns,
  type Run,
  removeWaits,
  type SlotRecord,
  selectActed,
  selectBehind,
  selectFirstWaits,
  selectLost,
  selectPersonal,
  selectRuns,
  selectSettledWaits,
  selectSlots,
  type Wait,
} from './sql.ts'

/** A round is small, so that pushes and reports have their turn in between. */
const epochsAtOnce = 100
const slotsAtOnce = 500
const bytesAtOnce = 1024 * 1024
/** An epoch that waits for something is looked at again after so long. */
const lookAgainMs = 60_000

export type ArchiveTools = WriterTools & {
  writer: SegmentWriter
  /** The epoch that had its turn last; undefined: the next round begins with the first. */
  turn: { after: EpochKey | undefined }
}

/**
 * One round: copies accepted entries that are not archived yet, and the data of people that belongs to
 * them, in order of their place; then moves `durable` of their epochs (JRN-9b). It reads behind the accept
 * path and takes none of its locks. Answers whether there may be more.
 */
export async function archiveSome(
  tools: ArchiveTools,
  lease: Lease,
  generation: Uint8Array,
): Promise<boolean> {
  const { database, clock } = tools
  const { turn } = tools
  const behind = await selectBehind(database.read, generation, clock.now(), epochsAtOnce, turn.after)
  // Those behind the last turn first, then from the beginning again: no busy till holds up another.
  const wasMidway = turn.after !== undefined
  const settled = await selectSettledWaits(database.read, slotsAtOnce)
  turn.after = undefined
  if (behind.length === 0 && settled.length === 0) return wasMidway
  const batch = new Batch()
  const taken: { epoch: Behind; runs: Run[]; damagedSeq: number | undefined }[] = []
  for (const epoch of behind) {
    if (batch.isFull) break
    const runs = await selectRuns(database.read, epoch, 'entries', epoch.durableSeq)
    const damagedSeq = await collect(tools, epoch, runs, batch)
    taken.push({ epoch, runs, damagedSeq })
  }
  if (batch.isFull || behind.length === epochsAtOnce) turn.after = taken.at(-1)?.epoch
  const added = await writeBatch(tools, lease, batch, settled, generation)
  const waits = await selectFirstWaits(database.read)
  const marks: (EpochKey & MarkRecord)[] = []
  for (const { epoch, runs, damagedSeq } of taken) {
    const own = added.filter((run) => run.storeNo === epoch.storeNo && run.epochNo === epoch.epochNo)
    const all = [...runs, ...own].sort((a, b) => a.fromSeq - b.fromSeq)
    const waitSeq = waits.get(`${epoch.storeNo}/${epoch.epochNo}`)
    marks.push(await markOf(tools, epoch, { runs: all, damagedSeq, waitSeq }, generation))
  }
  const damaged = taken.flatMap(({ epoch, damagedSeq }) =>
    damagedSeq === undefined
      ? []
      : [incidentRow('entry-damaged', { ...epoch, seq: damagedSeq }, {}, clock.now())],
  )
  // One transaction for all of them: each costs the accept path a turn.
  await database.write(async (tx) => {
    await lease.hold(tx)
    await insertIncidents(tx, damaged)
    await putMarks(tx, marks)
  })
  return batch.slots > 0 || settled.length > 0 || wasMidway
}

/** What one round copies. */
export class Batch {
  readonly lines: string[] = []
  /** Runs without their segment, in the order of the lines. */
  readonly runs: Omit<Run, 'segmentNo'>[] = []
  readonly people: Wait[] = []
  readonly lost: (Lost & { identity: string })[] = []
  slots = 0
  #bytes = 0

  get isFull(): boolean {
    return this.slots >= slotsAtOnce || this.#bytes >= bytesAtOnce
  }

  get room(): number {
    return slotsAtOnce - this.slots
  }

  add(
    { storeNo, epochNo, epoch }: EpochKey & { epoch: string },
    slot: SlotRecord,
    entry: PreparedEntry,
  ): void {
    const { seq, hash, receivedAt, bytes } = slot
    this.lines.push(entryLineOf(epoch, seq, receivedAt, bytes))
    this.slots++
    this.#bytes += bytes.length
    const last = this.runs.at(-1)
    if (last?.storeNo === storeNo && last.epochNo === epochNo && last.toSeq === seq - 1) {
      last.toSeq = seq
      last.hash = hash
    } else {
      this.runs.push({ storeNo, epochNo, fromSeq: seq, toSeq: seq, hash })
    }
    for (const identity of identitiesWithPeople(entry)) this.people.push({ storeNo, epochNo, seq, identity })
    if (entry.decoded.kind === 'ok' && entry.decoded.entry.type === 'hole-lost') {
      const { epoch: lost, fromSeq, toSeq } = entry.decoded.entry.body
      this.lost.push({ identity: entry.hash, epoch: lost, fromSeq, toSeq, by: { storeNo, epochNo, seq } })
    }
  }
}

/** Identities of this entry, and of the one that it re-homes, that name data of people. */
export function identitiesWithPeople(entry: PreparedEntry): string[] {
  const inner = entry.inner === null ? [] : identitiesWithPeople(entry.inner)
  return personalHashOf(entry) === null ? inner : [entry.hash, ...inner]
}

/** Takes the slots of an epoch that no sound segment holds. Answers the first whose bytes are not what was accepted. */
async function collect(
  tools: ArchiveTools,
  epoch: Behind,
  runs: readonly Run[],
  batch: Batch,
): Promise<number | undefined> {
  for (const range of gapsOf(runs, epoch.durableSeq + 1, epoch.head.seq)) {
    const slots = await selectSlots(tools.database.read, epoch, range, Math.max(1, batch.room))
    for (const slot of slots) {
      if (batch.isFull) return undefined
      const entry = prepareEntry(slot.bytes, sha256)
      if (entry.hash !== toBase64Url(slot.hash)) return slot.seq
      batch.add(epoch, slot, entry)
      if (epoch.checkpoint?.seq === slot.seq) {
        const { register, keyId, checkpoint } = epoch
        const signed = { register, epoch: epoch.epoch, seq: slot.seq, hash: entry.hash, keyId }
        batch.lines.push(
          lineOf({ kind: 'checkpoint', signed: { checkpoint: signed, signature: checkpoint.signature } }),
        )
      }
    }
  }
  return undefined
}

/** Parts of a range of slots that no run covers. */
export function gapsOf(
  runs: readonly Pick<Run, 'fromSeq' | 'toSeq'>[],
  fromSeq: number,
  toSeq: number,
): { fromSeq: number; toSeq: number }[] {
  const gaps: { fromSeq: number; toSeq: number }[] = []
  let next = fromSeq
  for (const run of runs.toSorted((a, b) => a.fromSeq - b.fromSeq)) {
    if (run.fromSeq > next && next <= toSeq)
      gaps.push({ fromSeq: next, toSeq: Math.min(toSeq, run.fromSeq - 1) })
    next = Math.max(next, run.toSeq + 1)
  }
  if (next <= toSeq) gaps.push({ fromSeq: next, toSeq })
  return gaps
}

/** Writes a round to the archive's files, and notes it once it was read back. Answers its runs. */
export async function writeBatch(
  tools: ArchiveTools,
  lease: Lease,
  batch: Batch,
  settled: readonly Wait[],
  generation: Uint8Array,
): Promise<Run[]> {
  const { database, writer } = tools
  const people = [...batch.people, ...settled]
  const known = await personalOf(tools, people)
  const waiting = batch.people.filter(({ identity }) => !known.has(identity))
  const acted = await selectActed(
    database.read,
    batch.lost.map(({ identity }) => identity),
  )
  const written =
    batch.lines.length > 0 ? await writer.append('entries', batch.lines.join(''), generation) : undefined
  const items = [...known.values()].filter((item) => item !== null)
  const lines = items.map((item) => lineOf({ kind: 'personal', item }))
  const personal = lines.length > 0 ? await writer.append('personal', lines.join(''), generation) : undefined
  const runs = written ? batch.runs.map((run) => ({ ...run, segmentNo: written.no })) : []
  await database.write(async (tx) => {
    await lease.hold(tx)
    await written?.note(tx)
    await personal?.note(tx)
    await putRuns(tx, runs)
    if (personal) await putRuns(tx, peopleRuns(people, personal.no))
    await insertWaits(tx, waiting)
    await insertLost(
      tx,
      batch.lost.filter(({ identity }) => acted.has(identity)),
    )
    await removeWaits(
      tx,
      settled.map(({ identity }) => identity),
    )
    await lookAgain(tx, settled)
  })
  return runs
}

async function personalOf(
  { database }: ArchiveTools,
  people: readonly Wait[],
): Promise<Map<string, PersonalItem | null>> {
  return await selectPersonal(database.read, [...new Set(people.map(({ identity }) => identity))])
}

/** For each epoch the slots from the first to the last whose data of people a segment holds now. */
function peopleRuns(people: readonly Wait[], segmentNo: number): Run[] {
  const runs = new Map<string, Run>()
  for (const { storeNo, epochNo, seq } of people) {
    const key = `${storeNo}/${epochNo}`
    const run = runs.get(key)
    runs.set(key, {
      storeNo,
      epochNo,
      segmentNo,
      fromSeq: Math.min(seq, run?.fromSeq ?? seq),
      toSeq: Math.max(seq, run?.toSeq ?? seq),
      hash: Buffer.alloc(32),
    })
  }
  return [...runs.values()]
}

/**
 * `durable` of an epoch, moved along what is archived: over runs and over holes that were declared lost, up
 * to a hole or a slot that waits for data of people (JRN-9d).
 */
async function markOf(
  { database, clock, secrets }: ArchiveTools,
  epoch: Behind,
  {
    runs,
    damagedSeq,
    waitSeq,
  }: { runs: readonly Run[]; damagedSeq: number | undefined; waitSeq: number | undefined },
  generation: Uint8Array,
): Promise<EpochKey & MarkRecord> {
  const lost = epoch.holes.length > 0 ? await selectLost(database.read, epoch.epoch, generation) : []
  const isLost = ({ fromSeq, toSeq }: { fromSeq: number; toSeq: number }) =>
    lost.some((one) => one.fromSeq <= fromSeq && toSeq <= one.toSeq)
  const reached = alongRuns(epoch.durableSeq, [...runs, ...epoch.holes.filter(isLost)])
  const seq = waitSeq === undefined ? reached : Math.max(epoch.durableSeq, Math.min(reached, waitSeq - 1))
  const hash = seq === 0 ? undefined : await hashAt(database.read, epoch, seq, runs)
  const head = { epoch: epoch.epoch, seq, generation: toBase64Url(generation) }
  const signature =
    hash === undefined ? null : signMark(secrets, 'durable', { ...head, hash: toBase64Url(hash) }).signature
  let waitsFor: MarkRecord['waitsFor'] = null
  if (damagedSeq !== undefined) waitsFor = 'damaged'
  else if (waitSeq !== undefined && waitSeq === seq + 1) waitsFor = 'personal'
  else if (epoch.holes.some(({ fromSeq, toSeq }) => fromSeq <= seq + 1 && seq + 1 <= toSeq)) waitsFor = 'hole'
  const lookAt = waitsFor === null ? 0 : clock.now() + lookAgainMs
  const { storeNo, epochNo } = epoch
  return { storeNo, epochNo, generation, seq, hash: hash ?? null, signature, waitsFor, lookAt }
}

/** The last slot up to which ranges follow one another without a gap. */
export function alongRuns(fromSeq: number, ranges: readonly { fromSeq: number; toSeq: number }[]): number {
  let reached = fromSeq
  for (const range of ranges.toSorted((a, b) => a.fromSeq - b.fromSeq)) {
    if (range.fromSeq <= reached + 1) reached = Math.max(reached, range.toSeq)
  }
  return reached
}

/** Hash of a slot that was reached: its run's, the hole's last one, or as the database has it. */
async function hashAt(
  db: Db,
  epoch: Behind,
  seq: number,
  runs: readonly Run[],
): Promise<Uint8Array | undefined> {
  const run = runs.find(({ toSeq }) => toSeq === seq)
  if (run !== undefined) return run.hash
  const hole = epoch.holes.find(({ toSeq }) => toSeq === seq)
  const text = hole?.lastHash ?? (await findSlotHash(db, epoch, seq))
  return text === undefined ? undefined : Buffer.from(text, 'base64url')
}
