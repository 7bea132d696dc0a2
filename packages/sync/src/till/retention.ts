import { decodeEntry } from '../entry/decode.ts'
import { zeroTotals } from '../entry/totals.ts'
import type { EntryRecord } from '../ports.ts'
import { emptyHead, headAfter } from './head.ts'
import { isOfHq } from './hq-keys.ts'
import type { JournalCore } from './journal-core.ts'
import type { EpochNote, NotesRecord, RetainedBase } from './records.ts'

/** What a till keeps of its journal below `durable`: whichever of the two is more (JRN-9e). */
export type Retention = { entries: number; ms: number }
export const usualRetention: Retention = { entries: 20_000, ms: 45 * 86_400_000 }

/** Entries deleted in one step: sales get their turn in between. */
const entriesAtOnce = 200
/** Entries from the head back in which the shift is looked for that is going on. */
const shiftWithin = 50

/**
 * One step of deleting what HQ holds in two places and the till need not keep any more (JRN-9e). The
 * second copy hears first where the epoch begins now, then the first one deletes and notes it in one
 * transaction, then the second copy's segments are trimmed: a crash in between leaves a till that starts
 * well. Answers whether there may be more to do. Call it inside `serial`.
 */
export async function forgetSome(core: JournalCore, kept: Retention): Promise<boolean> {
  const { notes } = core
  if (notes === undefined || !isCalm(core, notes)) return false
  const next = await nextToForget(core, notes, kept)
  if (next !== undefined) {
    const { note, records, base } = next
    if (!(await core.copies.noteBases([{ epoch: note.epoch, base }]))) return false
    const epochs = notes.epochs.map((other): EpochNote => (other === note ? { ...note, base } : other))
    const identities = records.map(({ hash }) => hash)
    await core.saveBase({ ...notes, epochs }, { epoch: note.epoch, throughSeq: base.seq, identities })
    if (core.copies.failed !== null) return false
  }
  const bases = new Map(
    (core.notes?.epochs ?? []).flatMap(({ epoch, base }) => (base ? [[epoch, base]] : [])),
  )
  const trimmed = await core.copies.trimTwin(bases)
  return next !== undefined || trimmed
}

/** Nothing is deleted while a copy fails, or while anything may have to be written again in another epoch. */
function isCalm({ copies, head }: JournalCore, notes: NotesRecord): boolean {
  const isWhole = copies.failed === null && notes.newEpoch === null && head.rehome === null
  // Ages are counted by a server's time: a till whose clock ran ahead must not take all for old.
  const isTimed = notes.trust?.by === 'server'
  return isWhole && isTimed && notes.epochs.every(({ state }) => state !== 'forked')
}

type Step = { note: EpochNote; records: EntryRecord[]; base: RetainedBase }

/** The oldest entries that may go, with what is then known of their epoch; undefined: none. */
async function nextToForget(
  core: JournalCore,
  notes: NotesRecord,
  kept: Retention,
): Promise<Step | undefined> {
  const durable = new Map<string, number>()
  // Newest first: an epoch that was re-homed asks the one in which it was written again.
  for (const note of notes.epochs.toReversed()) {
    durable.set(note.epoch, await durableSeq(core, notes, note, durable))
  }
  const spare = (note: EpochNote) => Math.max(0, (durable.get(note.epoch) ?? 0) - beginOf(note))
  let surplus = notes.epochs.reduce((sum, note) => sum + spare(note), 0) - kept.entries
  for (const note of notes.epochs) {
    if (surplus <= 0) return undefined
    // The last entry stays: by it a hop that knows less learns where the epoch ended.
    const toSeq = Math.min(durable.get(note.epoch) ?? 0, core.lastOf(note).seq - 1)
    const from = beginOf(note) + 1
    const most = Math.min(entriesAtOnce, surplus, toSeq - from + 1)
    const records = most > 0 ? await core.copies.readEntries(note.epoch, from, most) : []
    const old = await oldOnes(core, records, toSeq, core.time().at - kept.ms)
    if (old.length > 0) return { note, records: old, base: baseAfter(core, notes, note, old) }
    surplus -= spare(note)
  }
  return undefined
}

/** Last entry of which no more than the place is known here. */
function beginOf({ base }: EpochNote): number {
  return base?.seq ?? 1
}

/** Up to here every entry of an epoch is in HQ's two domains, in its own place or re-homed (JRN-9b, JRN-9c). */
async function durableSeq(
  core: JournalCore,
  notes: NotesRecord,
  { epoch, state, forkedFrom, rehomedUpTo, ...note }: EpochNote,
  durable: ReadonlyMap<string, number>,
): Promise<number> {
  const mark = notes.hop.durable[epoch]
  const isSigned = mark !== undefined && (await isOfHq(core.ports.verify, notes, 'durable', mark))
  const seq = Math.max(isSigned ? mark.seq : 0, note.base?.seq ?? 0)
  const isRehomed =
    state === 'rehomed' &&
    rehomedUpTo !== undefined &&
    (durable.get(rehomedUpTo.epoch) ?? 0) >= rehomedUpTo.seq &&
    seq >= (forkedFrom ?? Number.POSITIVE_INFINITY) - 1
  return isRehomed ? core.lastOf({ epoch, state, forkedFrom, ...note }).seq : seq
}

/** The beginning of these records that is old enough; nothing of the shift that is going on. */
async function oldOnes(
  core: JournalCore,
  records: readonly EntryRecord[],
  toSeq: number,
  olderThan: number,
): Promise<EntryRecord[]> {
  const shift = await shiftNow(core)
  const firstToKeep = records.findIndex(({ seq, bytes }) => {
    const { kind, ...decoded } = decodeEntry(bytes)
    const isOfShift = kind === 'ok' && 'entry' in decoded && shift !== null && decoded.entry.shift === shift
    return seq > toSeq || (decoded.outline.at ?? 0) >= olderThan || isOfShift
  })
  return firstToKeep < 0 ? [...records] : records.slice(0, firstToKeep)
}

async function shiftNow({ copies, head }: JournalCore): Promise<string | null> {
  const records = await copies.readEntries(head.epoch, Math.max(1, head.seq - shiftWithin + 1), shiftWithin)
  for (const { bytes } of records.toReversed()) {
    const decoded = decodeEntry(bytes)
    if (decoded.kind === 'ok' && decoded.entry.shift !== null) return decoded.entry.shift
  }
  return null
}

/** Where the epoch begins once these entries are gone. */
function baseAfter(
  core: JournalCore,
  notes: NotesRecord,
  { epoch, base }: EpochNote,
  records: readonly EntryRecord[],
): RetainedBase {
  const from = base ?? { seq: 1, hash: '', totals: zeroTotals, series: {} }
  let head = { ...emptyHead(core.head.fence, epoch, from.hash), ...from }
  for (const { seq, hash, bytes } of records) {
    const decoded = decodeEntry(bytes)
    head = decoded.kind === 'ok' ? headAfter(head, decoded.entry, hash) : { ...head, seq, hash }
  }
  const { seq, hash, totals, series } = head
  const mark = notes.hop.durable[epoch]
  return { seq, hash, totals, series, mark: mark !== undefined && mark.seq >= seq ? mark : null }
}
