import { createHash } from 'node:crypto'
import { prepareEntry, toBase64Url } from '@nexus/sync'
import type { Lease } from '../../../jobs/index.ts'
import { sha256 } from '../sha256.ts'
import { insertIncidents } from '../sql.ts'
import { type ArchiveTools, Batch, identitiesWithPeople, writeBatch } from './archive-some.ts'
import { incidentRow, noEpoch } from './incident.ts'
import { lineOf, readLines } from './lines.ts'
import { isAsWritten } from './segment-writer.ts'
import {
  findEpochId,
  findState,
  putRuns,
  putSegment,
  putState,
  type Run,
  removeRuns,
  selectErased,
  selectRunsOf,
  selectSegments,
  selectSlots,
  type Wait,
} from './sql.ts'

/** Each file is read back as a whole about once a day, one at a time. */
const checkEveryMs = 20 * 3_600_000
const slotsAtOnce = 1000
/** An erasure that committed late bears an earlier instant. */
const erasedOverlapMs = 600_000

/**
 * Reads one closed segment back and compares it with its checksum; the one that was looked at longest ago.
 * A damaged or missing one is told to people and made good by `mendSome`. `durable` that was given stays:
 * the database has the entries, and tills keep them for weeks.
 */
export async function checkOne(tools: ArchiveTools, lease: Lease): Promise<void> {
  const { database, files, clock } = tools
  const now = clock.now()
  const due = (await selectSegments(database.read))
    .filter(({ state, checkedAt }) => state === 'closed' && checkedAt + checkEveryMs <= now)
    .sort((a, b) => a.checkedAt - b.checkedAt)[0]
  if (due === undefined) return
  const isSound = await isAsWritten(files, due)
  await database.write(async (tx) => {
    await lease.hold(tx)
    await putSegment(tx, { ...due, state: isSound ? 'closed' : 'damaged', checkedAt: now })
    if (!isSound)
      await insertIncidents(tx, [incidentRow('archive-damaged', noEpoch, { segment: due.no }, now)])
  })
}

/** Segments that a worker left when it stopped get their end; a file that is gone or cut short is damaged. */
export async function closeLeftOpen(tools: ArchiveTools): Promise<void> {
  const { database, writer } = tools
  for (const segment of await selectSegments(database.read)) {
    if (segment.state !== 'open' || writer.owns(segment.no)) continue
    if (!(await writer.close(segment))) await tellDamaged(tools, segment.no)
  }
}

/** Compares the manifest with the folder: what is gone or shorter than it was is damaged. */
export async function markMissing(tools: ArchiveTools): Promise<void> {
  const { database, files, clock } = tools
  const sizes = new Map((await files.list()).map(({ no, bytes }) => [no, bytes]))
  for (const segment of await selectSegments(database.read)) {
    const isHere = (sizes.get(segment.no) ?? -1) >= segment.bytes
    if (isHere || segment.state === 'damaged' || segment.state === 'replaced') continue
    await database.write((tx) => putSegment(tx, { ...segment, state: 'damaged', checkedAt: clock.now() }))
    await tellDamaged(tools, segment.no)
  }
}

async function tellDamaged({ database, clock }: ArchiveTools, segment: number): Promise<void> {
  const row = incidentRow('archive-damaged', noEpoch, { segment }, clock.now())
  await database.write((tx) => insertIncidents(tx, [row]))
}

/**
 * Archives once more, out of the database, some of what a damaged segment held. What the database does not
 * have either is told to people: no second place has it any more. Answers whether there was work.
 */
export async function mendSome(tools: ArchiveTools, lease: Lease, generation: Uint8Array): Promise<boolean> {
  const { database, clock } = tools
  const damaged = (await selectSegments(database.read)).find(({ state }) => state === 'damaged')
  if (damaged === undefined) return false
  const [run] = await selectRunsOf(database.read, damaged.no, 1)
  if (run === undefined) {
    await database.write((tx) => putSegment(tx, { ...damaged, state: 'replaced', checkedAt: clock.now() }))
    return true
  }
  const epoch = (await findEpochId(database.read, run)) ?? noEpoch.epoch
  const slots = await selectSlots(database.read, run, run, slotsAtOnce)
  const batch = new Batch()
  const people: Wait[] = []
  for (const slot of slots) {
    const entry = prepareEntry(slot.bytes, sha256)
    if (entry.hash !== toBase64Url(slot.hash)) continue
    if (damaged.content === 'entries') batch.add({ ...run, epoch }, slot, entry)
    for (const identity of identitiesWithPeople(entry)) people.push({ ...run, seq: slot.seq, identity })
  }
  batch.people.length = 0
  await writeBatch(tools, lease, batch, damaged.content === 'personal' ? people : [], generation)
  const doneSeq = slots.length === slotsAtOnce ? (slots.at(-1)?.seq ?? run.toSeq) : run.toSeq
  const lacking = doneSeq - run.fromSeq + 1 - slots.length
  await database.write(async (tx) => {
    await lease.hold(tx)
    await removeRuns(tx, [run])
    if (doneSeq < run.toSeq) await putRuns(tx, [{ ...run, fromSeq: doneSeq + 1 } satisfies Run])
    if (lacking > 0 && damaged.content === 'entries') {
      const { storeNo, fromSeq, toSeq } = run
      const params = { segment: damaged.no, fromSeq, toSeq, entries: lacking }
      const place = { storeNo, epoch, seq: fromSeq }
      await insertIncidents(tx, [incidentRow('archive-lost', place, params, clock.now())])
    }
  })
  return true
}

/**
 * Takes data of people out of the archive that was erased in the database (JRN-19f): files that hold some
 * are written anew. Erasures are rare, so all files are looked through.
 */
export async function eraseErased(tools: ArchiveTools, lease: Lease): Promise<void> {
  const { database, files, writer, clock } = tools
  const done = await findState(database.read, 'erased')
  const since = Number(done?.value ?? 0)
  const erased = await selectErased(database.read, since - erasedOverlapMs)
  const newest = erased.at(-1)?.at ?? since
  if (newest === since) return
  const gone = new Set(erased.map(({ identity }) => identity))
  // Nothing is appended to a file whose length changes.
  writer.reset()
  await closeLeftOpen(tools)
  for (const segment of await selectSegments(database.read)) {
    if (segment.content !== 'personal' || segment.state !== 'closed') continue
    const bytes = await files.read(segment.no, 'personal', 0, segment.bytes)
    const lines = [...readLines(bytes)]
    const kept = lines.filter((line) => line.kind !== 'personal' || !gone.has(line.item.identity))
    if (kept.length === lines.length) continue
    const rewritten = Buffer.from(kept.map(lineOf).join(''))
    await files.rewrite(segment.no, 'personal', rewritten)
    const sha = createHash('sha256').update(rewritten).digest()
    await database.write(async (tx) => {
      await lease.hold(tx)
      await putSegment(tx, { ...segment, bytes: rewritten.length, sha256: sha, checkedAt: clock.now() })
    })
  }
  await database.write((tx) => putState(tx, 'erased', String(newest), clock.now()))
}
