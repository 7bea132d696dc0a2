import {
  type ExportStatement,
  entryLine,
  type Hole,
  type JournalFileLine,
  journalFileLine,
  noHash,
  prepareEntry,
  recordHash,
  runOn,
  runOnLine,
  toBase64Url,
} from '@nexus/sync'
import type { Context } from '../../../context.ts'
import type { Db } from '../../../db/database.ts'
import { signAsHq } from '../day-roots/sign-as-hq.ts'
import { daysBetween, findFirstDay, findLastDay, receivedOf } from '../day-roots/sql.ts'
import { sha256 } from '../sha256.ts'
import {
  type ExportedEntry,
  type ExportedEpoch,
  entriesAfter,
  epochsOfRegister,
  findPersonal,
  quarantinedSlots,
} from './sql.ts'

const portion = 500

export type ExportOptions = {
  /** ms UTC */
  exportedAt: number
  /** Data of people is left out: the file still verifies (JRN-19g). */
  withoutPersonal?: boolean
}

/**
 * A register's journal as this server holds it, line by line in the form of docs/journal-file.md, with
 * countersignatures, day roots and HQ's statement at the end, for `nexus verify`. Nothing comes out of a
 * register that has no entries here. Erased data of people is left out; the chain holds without it.
 */
export async function* exportJournal(
  db: Db,
  secrets: Pick<Context['secrets'], 'hq'>,
  register: string,
  { exportedAt, withoutPersonal = false }: ExportOptions,
): AsyncGenerator<string> {
  // Days before heads, heads before quarantine: what is read later only knows more of the same slots.
  const lastDay = await findLastDay(db)
  const epochs = await epochsOfRegister(db, register)
  const [first] = epochs
  if (!first) return
  const { tenant, store } = first
  const place = { tenant, store, register, exportedAt }
  yield journalFileLine({ kind: 'nexus-journal', version: 1, ...place })
  let lastRoot: string | null = null
  for (const { record, signature } of await rootsOf(db, epochs, lastDay?.day)) {
    yield journalFileLine({ kind: 'root', record, signature })
    lastRoot = recordHash(record, sha256)
  }
  const stated: ExportStatement['epochs'] = []
  for (const epoch of epochs) {
    yield journalFileLine({ kind: 'epoch', epoch: epoch.epoch })
    let lines = noHash
    for await (const line of linesAbout(db, epoch, lastDay?.day)) {
      lines = runOnLine(lines, line, sha256)
      yield journalFileLine(line)
    }
    let entries = noHash
    for await (const entry of entriesOf(db, epoch)) {
      entries = runOn(entries, toBase64Url(entry.hash), sha256)
      yield entryLine(epoch.epoch, entry.seq, entry.bytes)
      if (!withoutPersonal) yield* personalOf(db, entry)
    }
    stated.push({ epoch: epoch.epoch, ...epoch.head, entries, lines })
  }
  const statement: ExportStatement = {
    kind: 'export',
    ...place,
    lastDay: lastRoot,
    epochs: stated,
    keyId: secrets.hq.keyId,
  }
  yield journalFileLine({ kind: 'statement', record: statement, signature: signAsHq(secrets, statement) })
}

/** Every root from the register's first countersignature on, so that they follow each other. */
async function rootsOf(db: Db, epochs: readonly ExportedEpoch[], lastDay: string | undefined) {
  const firstDay = lastDay && (await findFirstDay(db, epochs, lastDay))
  return firstDay ? await daysBetween(db, firstDay, lastDay) : []
}

/** What is known of an epoch's slots besides their bytes: all of it stands above the first entry. */
async function* linesAbout(
  db: Db,
  epoch: ExportedEpoch,
  lastDay: string | undefined,
): AsyncGenerator<Exclude<JournalFileLine, { kind: 'entry' }>> {
  for (const hole of epoch.holes) yield { kind: 'hole', epoch: epoch.epoch, hole }
  for (const slot of await quarantinedSlots(db, epoch.epoch, epoch.head.seq)) {
    yield { kind: 'quarantined', epoch: epoch.epoch, ...slot }
  }
  if (epoch.checkpoint) yield { kind: 'checkpoint', signed: epoch.checkpoint }
  if (lastDay === undefined) return
  for (const received of await receivedOf(db, epoch, lastDay)) yield { kind: 'received', ...received }
}

/** Entries up to the head that was read, without those that have filled a hole since. */
async function* entriesOf(db: Db, epoch: ExportedEpoch): AsyncGenerator<ExportedEntry> {
  let seq = 0
  for (;;) {
    const entries = await entriesAfter(db, epoch, seq, portion)
    for (const entry of entries) {
      seq = entry.seq
      if (seq > epoch.head.seq) return
      if (!inHole(epoch.holes, seq)) yield entry
    }
    if (entries.length < portion) return
  }
}

function inHole(holes: readonly Hole[], seq: number): boolean {
  return holes.some(({ fromSeq, toSeq }) => fromSeq <= seq && seq <= toSeq)
}

async function* personalOf(db: Db, entry: ExportedEntry): AsyncGenerator<string> {
  if (entry.salt && entry.data) {
    const item = { identity: toBase64Url(entry.hash), salt: toBase64Url(entry.salt), data: entry.data }
    yield journalFileLine({ kind: 'personal', item })
  }
  // A re-homed entry brings its data along under its own identity.
  const { inner } = prepareEntry(entry.bytes, sha256)
  const item = inner && (await findPersonal(db, inner.hash))
  if (item) yield journalFileLine({ kind: 'personal', item })
}
