import { createHash, randomUUIDv7 } from 'node:crypto'
import {
  type Certificate,
  maxPushBytes,
  maxPushEntries,
  type PreparedEntry,
  type PreparedPush,
  prepareEntry,
  type SignedCheckpoint,
  toBase64Url,
  verifyCertificate,
} from '@nexus/sync'
import type { Lease } from '../../../jobs/index.ts'
import { flagSales, type ResolvePlace } from '../accept/accept-push.ts'
import type { AcceptQueue } from '../accept/accept-queue.ts'
import type { SaleCheck } from '../projector.ts'
import { sha256 } from '../sha256.ts'
import { insertIncidents } from '../sql.ts'
import { type ArchiveTools, identitiesWithPeople } from './archive-some.ts'
import type { SegmentFile } from './files.ts'
import { incidentRow, noEpoch } from './incident.ts'
import { bytesOf, readLines } from './lines.ts'
import {
  findEpochs,
  findState,
  insertWaits,
  putRuns,
  putSegment,
  putState,
  type Run,
  restorePersonal,
  selectSegments,
  selectSlots,
  type Wait,
} from './sql.ts'
import { markMissing } from './upkeep.ts'

/** What offering entries to the accept path needs besides the archive. */
export type ReplayParts = {
  queue: AcceptQueue
  checkSale: SaleCheck
  resolvePlace: ResolvePlace
  verify(publicKey: string, bytes: Uint8Array, signature: string): boolean
}
export type ReplayTools = ArchiveTools & { openParts(): Promise<ReplayParts> }

/** An entry as the archive has it, and the last checkpoint behind it. */
type Archived = { epoch: string; seq: number; receivedAt: number; entry: PreparedEntry }

/**
 * In a new generation, before anything becomes durable again: what the archive holds beyond the restored
 * database goes through the accept path once more, a segment a round (JRN-9j). Identities make a repeat
 * harmless, and tills that still hold the entries may send them at the same time. Answers whether there
 * may be more.
 */
export async function replaySome(tools: ReplayTools, lease: Lease, generation: Uint8Array): Promise<boolean> {
  const { database, files, writer, clock, log } = tools
  const name = toBase64Url(generation)
  if ((await findState(database.read, 'replayed'))?.value === name) return false
  const known = new Map((await selectSegments(database.read)).map((segment) => [segment.no, segment]))
  const beyond = (await files.list()).find(({ no, bytes }) => {
    const segment = known.get(no)
    if (segment === undefined) return true
    return segment.state === 'open' && bytes > segment.bytes && !writer.owns(no)
  })
  if (beyond !== undefined) {
    log.info({ segment: beyond.no }, 'bringing back what the archive holds beyond the database')
    await (beyond.content === 'entries'
      ? replayEntries(tools, lease, beyond, known.get(beyond.no)?.bytes)
      : replayPersonal(tools, lease, beyond))
    return true
  }
  writer.reset()
  await markMissing(tools)
  await database.write((tx) => putState(tx, 'replayed', name, clock.now()))
  return true
}

async function replayEntries(
  tools: ReplayTools,
  lease: Lease,
  file: SegmentFile,
  knownBytes: number | undefined,
): Promise<void> {
  const { database, files, clock } = tools
  const bytes = await files.read(file.no, 'entries', 0, file.bytes)
  const archived: Archived[] = []
  const checkpoints: SignedCheckpoint[] = []
  for (const line of readLines(knownBytes === undefined ? bytes : bytes.subarray(knownBytes))) {
    if (line.kind === 'checkpoint') checkpoints.push(line.signed)
    if (line.kind !== 'entry') continue
    const { epoch, seq, receivedAt } = line
    archived.push({ epoch, seq, receivedAt, entry: prepareEntry(bytesOf(line), sha256) })
  }
  const refused = await offerAll(tools, archived, checkpoints)
  const { runs, waits } = await runsOf(tools, archived, file.no)
  const counting = knownBytes ?? file.bytes
  const segment = {
    no: file.no,
    content: 'entries' as const,
    bytes: counting,
    sha256: createHash('sha256').update(bytes.subarray(0, counting)).digest(),
    state: 'closed' as const,
    checkedAt: clock.now(),
  }
  await database.write(async (tx) => {
    await lease.hold(tx)
    await putSegment(tx, segment)
    // Behind what the manifest knew, entries are archived again: that tail may be torn.
    if (knownBytes === undefined) await putRuns(tx, runs)
    await insertWaits(tx, waits)
    if (refused.length > 0) {
      const params = { segment: file.no, entries: refused.length, register: refused[0] ?? '' }
      await insertIncidents(tx, [incidentRow('archive-not-replayed', noEpoch, params, clock.now())])
    }
  })
}

/** Offers the entries to the accept path, in the order of the file. Answers the registers of those that nobody knows here. */
async function offerAll(
  tools: ReplayTools,
  archived: readonly Archived[],
  checkpoints: readonly SignedCheckpoint[],
): Promise<string[]> {
  if (archived.length === 0) return []
  const { database, secrets, clock } = tools
  const parts = await tools.openParts()
  const enrolmentKeys = [secrets.enrolment.publicKeySpki]
  const refused: string[] = []
  for (const portion of portionsOf(archived)) {
    const [first] = portion
    if (first === undefined) continue
    const certificate = certificateIn(first, { verify: parts.verify, enrolmentKeys })
    const epoch = (await findEpochs(database.read, [first.epoch])).get(first.epoch)
    const register = epoch?.register ?? certificate?.register
    const place =
      epoch ??
      (certificate && (await parts.resolvePlace(database.read, certificate.store, certificate.register)))
    if (register === undefined || place === undefined) {
      refused.push(...portion.map(() => register ?? ''))
      continue
    }
    const push = pushOf(portion, register, certificate)
    await parts.queue.offer({
      push,
      storeNo: place.storeNo,
      registerNo: place.registerNo,
      checkpoint: checkpointOf(portion, checkpoints) ?? noCheckpoint(register, first.epoch),
      flagged: await flagSales({ checkSale: parts.checkSale, log: tools.log }, push.entries),
      // Lateness is counted from when it first came (JRN-13j).
      receivedAt: Math.min(first.receivedAt, clock.now()),
    })
  }
  return refused
}

/** Neighbours of one epoch, as many as a push takes. */
function* portionsOf(archived: readonly Archived[]): Generator<Archived[]> {
  let portion: Archived[] = []
  let bytes = 0
  for (const one of archived) {
    const last = portion.at(-1)
    const follows = last !== undefined && last.epoch === one.epoch && last.seq + 1 === one.seq
    const isFull = portion.length >= maxPushEntries || bytes + one.entry.bytes.length > maxPushBytes
    if (last !== undefined && (!follows || isFull)) {
      yield portion
      portion = []
      bytes = 0
    }
    portion.push(one)
    bytes += one.entry.bytes.length
  }
  if (portion.length > 0) yield portion
}

/** The archive is this server's own: what it holds was proved when it was accepted first. */
function pushOf(
  portion: readonly Archived[],
  register: string,
  certificate: Certificate | undefined,
): PreparedPush {
  const { epoch = '', seq: firstSeq = 1, entry } = portion[0] ?? {}
  const lastHash = entry?.decoded.outline.prevHash
  return {
    requestId: randomUUIDv7(),
    register,
    epoch,
    firstSeq,
    entries: portion.map((one) => one.entry),
    personal: [],
    strayPersonal: [],
    // Where a damaged segment left a gap; it fills when the bytes turn up (JRN-8h).
    hole: firstSeq > 1 && lastHash ? { fromSeq: 1, toSeq: firstSeq - 1, lastHash } : null,
    durableSeq: 0,
    certificate: certificate ?? null,
    proved: true,
    writer: writerOf(certificate),
    withoutEffects: false,
    aside: false,
  }
}

/** Who writes under a certificate: its code says it, as it was given out (JRN-20c). */
function writerOf(certificate: Certificate | undefined): PreparedPush['writer'] {
  const code = certificate?.code ?? ''
  if (code === 'HQ') return 'hq'
  if (code === 'SS') return 'store-server'
  return /\D0[A-Z]+$/.test(code) ? 'recovery' : 'till'
}

function certificateIn(
  { epoch, seq, entry }: Archived,
  tools: Parameters<typeof verifyCertificate>[1],
): Certificate | undefined {
  if (seq !== 1 || entry.decoded.kind !== 'ok' || entry.decoded.entry.type !== 'epoch-opened')
    return undefined
  const { certificate, certificateSignature: signature } = entry.decoded.entry.body
  const proved = verifyCertificate({ certificate, signature }, tools)
  return proved?.epoch === epoch ? proved : undefined
}

function checkpointOf(
  portion: readonly Archived[],
  checkpoints: readonly SignedCheckpoint[],
): SignedCheckpoint | undefined {
  const hashes = new Map(portion.map(({ epoch, seq, entry }) => [`${epoch}/${seq}`, entry.hash]))
  return checkpoints.findLast(
    ({ checkpoint: { epoch, seq, hash } }) => hashes.get(`${epoch}/${seq}`) === hash,
  )
}

/** Covers nothing: the accept path keeps the checkpoint that it has. */
function noCheckpoint(register: string, epoch: string): SignedCheckpoint {
  return { checkpoint: { register, epoch, seq: 0, hash: '', keyId: '' }, signature: '' }
}

/** Runs of those entries that the database now holds at the same place, and which of them name data of people. */
async function runsOf(
  { database }: ReplayTools,
  archived: readonly Archived[],
  segmentNo: number,
): Promise<{ runs: Run[]; waits: Wait[] }> {
  const keys = await findEpochs(database.read, [...new Set(archived.map(({ epoch }) => epoch))])
  const runs: Run[] = []
  const waits: Wait[] = []
  for (const portion of portionsOf(archived)) {
    const [first, last] = [portion[0], portion.at(-1)]
    const key = first && keys.get(first.epoch)
    if (first === undefined || last === undefined || key === undefined) continue
    const { storeNo, epochNo } = key
    const range = { fromSeq: first.seq, toSeq: last.seq }
    const held = new Map(
      (await selectSlots(database.read, key, range, portion.length)).map(({ seq, hash }) => [seq, hash]),
    )
    for (const { seq, entry } of portion) {
      const hash = held.get(seq)
      if (hash === undefined || toBase64Url(hash) !== entry.hash) continue
      const run = runs.at(-1)
      if (run?.storeNo === storeNo && run.epochNo === epochNo && run.toSeq === seq - 1) {
        run.toSeq = seq
        run.hash = hash
      } else {
        runs.push({ storeNo, epochNo, segmentNo, fromSeq: seq, toSeq: seq, hash })
      }
      for (const identity of identitiesWithPeople(entry)) waits.push({ storeNo, epochNo, seq, identity })
    }
  }
  return { runs, waits }
}

/** Data of people comes back beside the entries; once it is here it is archived again, by the slots that wait for it. */
async function replayPersonal(tools: ReplayTools, lease: Lease, file: SegmentFile): Promise<void> {
  const { database, files, clock } = tools
  const bytes = await files.read(file.no, 'personal', 0, file.bytes)
  const items = [...readLines(bytes)].flatMap((line) => (line.kind === 'personal' ? [line.item] : []))
  const checkedAt = clock.now()
  await database.write(async (tx) => {
    await lease.hold(tx)
    await restorePersonal(tx, items, checkedAt)
    await putSegment(tx, {
      no: file.no,
      content: 'personal',
      bytes: file.bytes,
      sha256: createHash('sha256').update(bytes).digest(),
      state: 'closed',
      checkedAt,
    })
  })
}
