import { addDays, localDate, startOfDate } from '@nexus/domain'
import {
  canonicalBytes,
  canonicalJson,
  type DayRoot,
  fromBase64Url,
  leafHash,
  merkleTree,
  noHash,
  type ReceivedRecord,
  recordHash,
  runOn,
} from '@nexus/sync'
import type { Context } from '../../../context.ts'
import type { Db } from '../../../db/database.ts'
import type { Job, Lease } from '../../../jobs/index.ts'
import { readGeneration } from '../generation.ts'
import { sha256 } from '../sha256.ts'
import { signAsHq } from './sign-as-hq.ts'
import {
  epochsToAccount,
  findFirstOpening,
  findLastDay,
  type Gap,
  insertDay,
  type OpenEpoch,
  slotsReceived,
} from './sql.ts'

/** A push that came before midnight may commit a little behind it; what is later still joins the next day. */
const graceMs = 5 * 60_000
const slotsAtOnce = 2000

type Tools = Pick<Context, 'database' | 'clock' | 'secrets'>
/** What one epoch brings to a day's root. */
type Share = { epoch: OpenEpoch; records: ReceivedRecord[]; seq: number; gaps: Gap[] }

/**
 * Countersigns what was received until the end of the oldest day that has no root yet, and signs that
 * day's root (JRN-17c). Answers the day; undefined where no day is to be closed.
 *
 * Each slot is in one root: that of the first day that was closed after it was stored. A day without
 * entries has a root too, over nothing, so that the days chain without gaps. Safe to repeat and to run in
 * several processes: the day is written whole, once, under the lease.
 */
export async function closeDay(
  { database, clock, secrets }: Tools,
  lease: Lease,
): Promise<string | undefined> {
  const last = await findLastDay(database.read)
  const day = last ? addDays(last.day, 1) : await firstDay(database.read)
  if (day === undefined) return undefined
  const end = startOfDate(addDays(day, 1))
  if (clock.now() < end + graceMs) return undefined

  const shares: Share[] = []
  for (const epoch of await epochsToAccount(database.read)) {
    shares.push(await shareOf(database.read, epoch, { day, end, keyId: secrets.hq.keyId }))
  }
  const leaves = shares
    .flatMap(({ epoch, records }) => records.map((record) => ({ epoch, record })))
    .toSorted((a, b) => compare(a.record.epoch, b.record.epoch) || a.record.fromSeq - b.record.fromSeq)
  const tree = merkleTree(
    leaves.map(({ record }) => leafHash(canonicalBytes(record), sha256)),
    sha256,
  )
  const root: DayRoot = {
    kind: 'day-root',
    day,
    generation: await readGeneration(database.read),
    leaves: leaves.length,
    root: tree.root,
    previous: last?.hash ?? null,
    keyId: secrets.hq.keyId,
  }
  const received = leaves.map(({ epoch, record }, leaf) => ({
    store_no: epoch.storeNo,
    epoch_no: epoch.epochNo,
    from_seq: record.fromSeq,
    to_seq: record.toSeq,
    day,
    record: canonicalJson(record),
    signature: signAsHq(secrets, record),
    leaf,
    path: Buffer.concat(tree.path(leaf).map(fromBase64Url)),
  }))
  const rows = {
    day: {
      day,
      hash: fromBase64Url(recordHash(root, sha256)),
      record: canonicalJson(root),
      signature: signAsHq(secrets, root),
      signed_at: clock.now(),
    },
    received,
    accounted: shares.map(({ epoch, seq, gaps }) => ({
      store_no: epoch.storeNo,
      epoch_no: epoch.epochNo,
      seq,
      gaps: JSON.stringify(gaps),
    })),
  }
  await database.write(async (tx) => {
    await lease.hold(tx)
    await insertDay(tx, rows)
  })
  return day
}

/** The worker's job that closes days, each once and in order; days that were missed come one after the other. */
export function dayRootJob(context: Tools): Job {
  return {
    name: 'journal-day-root',
    everyMs: 60_000,
    run: async (lease) => (await closeDay(context, lease)) !== undefined,
  }
}

async function firstDay(db: Db): Promise<string | undefined> {
  const openedAt = await findFirstOpening(db)
  return openedAt === undefined ? undefined : localDate(openedAt)
}

/** The rows of slots that were received before the day's end and are in no root yet: new ones, then filled gaps. */
async function shareOf(
  db: Db,
  epoch: OpenEpoch,
  { day, end, keyId }: { day: string; end: number; keyId: string },
): Promise<Share> {
  const rows = new RowsOfSlots()
  const gaps: Gap[] = []
  const ranges: Gap[] = [...epoch.gaps, [epoch.seq + 1, Number.MAX_SAFE_INTEGER]]
  let last = epoch.seq
  for (const [fromSeq, toSeq] of ranges) {
    let next = fromSeq
    for (let more = true; more; ) {
      const range = { fromSeq: next, toSeq, before: end, limit: slotsAtOnce }
      const slots = await slotsReceived(db, epoch, range)
      for (const slot of slots) {
        if (slot.seq > next) gaps.push([next, slot.seq - 1])
        rows.add(slot)
        next = slot.seq + 1
      }
      more = slots.length === slotsAtOnce
    }
    // What is left at the end is a gap only below the last slot in a root.
    if (toSeq !== Number.MAX_SAFE_INTEGER && next <= toSeq) gaps.push([next, toSeq])
    last = Math.max(last, next - 1)
  }
  const { register } = epoch
  const records = rows.list.map(
    ({ fromSeq, toSeq, hash, running, receivedAt }): ReceivedRecord => ({
      kind: 'received',
      register,
      epoch: epoch.epoch,
      day,
      fromSeq,
      toSeq,
      hash,
      entries: running,
      receivedAt,
      keyId,
    }),
  )
  return { epoch, records, seq: last, gaps }
}

type RowOfSlots = { fromSeq: number; toSeq: number; hash: string; running: string; receivedAt: number }

/** Slots that follow each other become one row. */
class RowsOfSlots {
  readonly list: RowOfSlots[] = []

  add({ seq, hash, receivedAt }: { seq: number; hash: string; receivedAt: number }): void {
    const row = this.list.at(-1)
    if (row?.toSeq === seq - 1) {
      Object.assign(row, { toSeq: seq, hash, running: runOn(row.running, hash, sha256), receivedAt })
    } else {
      this.list.push({ fromSeq: seq, toSeq: seq, hash, running: runOn(noHash, hash, sha256), receivedAt })
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
