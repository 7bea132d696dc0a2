import {
  decodeEntry,
  type Entry,
  entryLine,
  journalFileLine,
  type PersonalItem,
  readSegment,
  toBase64Url,
  webSha256,
} from '@nexus/sync'
import type { JournalDatabase } from './worker/journal-db.ts'

type Found = { entries: Map<string, Map<number, Uint8Array>>; personal: Map<string, PersonalItem> }

const PAGE = 200

/**
 * The journal file (JRN-12c) without the journal: whatever entries either copy gives, in a window that does
 * not own them or where the till cannot start. Changes nothing. Throws where neither copy holds an entry 1.
 */
export async function* salvageLines(database: JournalDatabase): AsyncGenerator<string> {
  const found: Found = { entries: new Map(), personal: new Map() }
  // Files first: where the copies differ, the database's entry is the one that was completed (JRN-2d).
  await readFiles(found).catch(() => undefined)
  await readDatabase(database, found).catch(() => undefined)
  const openings = [...found.entries.values()].flatMap((entries) => openingOf(entries.get(1)))
  const [first] = openings.toSorted((one, other) => one.at - other.at)
  if (first === undefined) throw new Error('neither copy of the journal holds an entry')
  const { tenant, store, register } = first
  yield journalFileLine({
    kind: 'nexus-journal',
    version: 1,
    tenant,
    store,
    register,
    exportedAt: Date.now(),
  })
  for (const { epoch } of openings.toSorted((one, other) => one.at - other.at)) {
    yield journalFileLine({ kind: 'epoch', epoch })
    let next = 1
    const entries = [...(found.entries.get(epoch) ?? [])].toSorted(([one], [other]) => one - other)
    for (const [seq, bytes] of entries) {
      const decoded = decodeEntry(bytes)
      const lastHash = decoded.outline.prevHash
      if (seq > next && lastHash !== null) {
        yield journalFileLine({ kind: 'hole', epoch, hole: { fromSeq: next, toSeq: seq - 1, lastHash } })
      }
      yield entryLine(epoch, seq, bytes)
      const rehomed = decoded.kind === 'ok' && decoded.entry.type === 'rehomed' ? decoded.entry : undefined
      for (const identity of [toBase64Url(await webSha256(bytes)), rehomed?.body.identity ?? '']) {
        const item = found.personal.get(identity)
        if (item !== undefined) yield journalFileLine({ kind: 'personal', item })
      }
      next = seq + 1
    }
  }
}

/** Entry 1 carries the certificate of its epoch (JRN-4r) and is never deleted (JRN-4t). */
function openingOf(bytes: Uint8Array | undefined): Entry<'epoch-opened'>[] {
  const decoded = bytes && decodeEntry(bytes)
  if (decoded?.kind !== 'ok' || decoded.entry.type !== 'epoch-opened') return []
  return [decoded.entry]
}

function keep({ entries }: Found, { epoch, seq, bytes }: { epoch: string; seq: number; bytes: Uint8Array }) {
  const ofEpoch = entries.get(epoch) ?? new Map<number, Uint8Array>()
  entries.set(epoch, ofEpoch.set(seq, bytes))
}

async function readFiles(found: Found): Promise<void> {
  const root = await navigator.storage.getDirectory()
  const folder = await root.getDirectoryHandle('nexus-journal')
  for await (const handle of folder.values()) {
    if (handle.kind !== 'file') continue
    // as: its kind was just looked at.
    const bytes = await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer()
    const { entries, personal } = readSegment(new Uint8Array(bytes))
    for (const entry of entries) keep(found, entry)
    for (const item of personal) found.personal.set(item.identity, item)
  }
}

async function readDatabase(database: JournalDatabase, found: Found): Promise<void> {
  const db = await database.db()
  for (let last: [string, number] | undefined, more = true; more; ) {
    const records = await db.getAll('entries', last && IDBKeyRange.lowerBound(last, true), PAGE)
    for (const record of records) keep(found, record)
    const end = records.at(-1)
    if (end) last = [end.epoch, end.seq]
    more = records.length === PAGE
  }
  for (const item of await db.getAll('personal')) found.personal.set(item.identity, item)
}
