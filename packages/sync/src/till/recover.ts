import { toBase64Url } from '../canonical/base64url.ts'
import { readCertificate } from '../entry/certificate.ts'
import { decodeEntry } from '../entry/decode.ts'
import { firstPrevHash } from '../entry/hash.ts'
import type { PersonalItem } from '../messages.ts'
import type { EntryRecord, SegmentName, Sha256 } from '../ports.ts'
import { emptyHead, headAfter } from './head.ts'
import { recordOf } from './record-of.ts'
import type { EpochNote, HeadRecord, NotesRecord, RetainedBase } from './records.ts'
import type { TwinEntry } from './twin-record.ts'
import type { TwoCopies } from './two-copies.ts'
import type { Finding } from './types.ts'

/** A finding and, where an entry lost against another one or was damaged, its bytes. */
export type FindingWithBytes = Finding & { bytes?: Uint8Array }

/** The journal as start left it; undefined head on a device that never was a till. */
export type Recovered = {
  head: HeadRecord | undefined
  notes: NotesRecord | undefined
  findings: FindingWithBytes[]
  /** Two intact neighbours do not link: the next entry belongs to a new epoch (JRN-3). */
  broken: boolean
}

/** The union of both copies from one place of an epoch on. */
type Union = {
  chain: EntryRecord[]
  primaryLacks: EntryRecord[]
  twinLacks: EntryRecord[]
  findings: FindingWithBytes[]
  broken: boolean
  /** What the entry below the union must hash to; null where nobody can say. */
  below: string | null
}

/** The journal as both copies give it. */
type Journal = { head: HeadRecord; notes: NotesRecord; tail: Union; personal: PersonalItem[] }

const everything = 1_000_000
/** Entries that the check in idle time looks at before others have their turn. */
const portionEntries = 100

function emptyUnion(): Union {
  return { chain: [], primaryLacks: [], twinLacks: [], findings: [], broken: false, below: null }
}

/**
 * Start (JRN-3): reads both copies from the last checkpoint, checks the chain, takes the union and
 * repairs the poorer copy, under a fence of its own (JRN-6). Nothing that it finds stops the till.
 */
export async function recover(copies: TwoCopies, sha256: Sha256): Promise<Recovered | 'lost'> {
  const state = await copies.readState()
  const segments = await copies.listSegments()
  const fence = Math.max(state?.head?.fence ?? 0, ...(segments ?? []).map(({ name }) => name.fence)) + 1
  const findings: FindingWithBytes[] = []

  let journal: Journal | undefined
  const { head: stored, notes: known } = state ?? {}
  if (stored === undefined || known === undefined || stored.epoch === '') {
    // Also where the first copy has forgotten the enrolment: the second one may have entries of it.
    journal = await rebuild(copies, sha256, fence)
    if (journal !== undefined) {
      const kind = stored === undefined ? 'primary-lost' : 'primary-poorer'
      findings.push({ kind, epoch: journal.head.epoch, seq: journal.head.seq })
    }
  } else {
    const { epoch, seq } = stored
    journal = await checkTail(copies, sha256, stored, known)
    if (segments === undefined || segments.length === 0) findings.push({ kind: 'twin-lost', epoch, seq })
  }
  const { head = state?.head, notes = state?.notes, tail = emptyUnion(), personal = [] } = journal ?? {}
  findings.push(...tail.findings)

  const lacking = new Set(tail.primaryLacks.map(({ hash }) => hash))
  const owned = { ...(head ?? emptyHead(fence, '', '')), fence }
  const outcome = await copies.restorePrimary({
    head: owned,
    ...(notes && { notes }),
    entries: tail.primaryLacks,
    personal: personal.filter(({ identity }) => lacking.has(identity)),
  })
  if (outcome === 'lost') return 'lost'
  await copies.openOwnSegment(fence)
  const held = new Map(personal.map((item) => [item.identity, item]))
  await copies.appendToTwin(tail.twinLacks, withoutPersonal(tail.chain, held))
  return { head: owned, notes, findings, broken: tail.broken }
}

/** Identities of a chain's entries that have personal data, none of it among what the second copy holds. */
function withoutPersonal(chain: readonly EntryRecord[], held: ReadonlyMap<string, unknown>): string[] {
  return chain.filter(({ hash, bytes }) => !held.has(hash) && hasPersonal(bytes)).map(({ hash }) => hash)
}

function hasPersonal(bytes: Uint8Array): boolean {
  const decoded = decodeEntry(bytes)
  if (decoded.kind !== 'ok') return false
  const { body } = decoded.entry
  return 'personalHash' in body && body.personalHash !== null
}

/** Compares both copies from the last checkpoint on; from the epoch's first entry where the head does not fit. */
async function checkTail(
  copies: TwoCopies,
  sha256: Sha256,
  head: HeadRecord,
  notes: NotesRecord,
): Promise<Journal> {
  const checkpoint = notes.checkpoint?.checkpoint
  const base = baseOf(notes.epochs, head.epoch)
  const beginning = { seq: (base?.seq ?? 0) + 1, hash: null }
  const signed =
    checkpoint?.epoch === head.epoch && checkpoint.seq >= beginning.seq && checkpoint.seq <= head.seq
  let tail = await unionFrom(copies, sha256, head, signed && checkpoint ? checkpoint : beginning, base)
  let next = foldFrom(head, tail.union.chain)
  if (next === undefined) {
    // The head record is of a branch that lost: totals and series are counted anew from what is kept.
    tail = await unionFrom(copies, sha256, head, beginning, base)
    next = foldFrom(await headAtBase(head, base, sha256), tail.union.chain) ?? head
  }
  // A first copy that was out of reach for long has missed whole epochs.
  const known = new Set(notes.epochs.map(({ epoch }) => epoch))
  const missed = tail.entries.filter(({ epoch }) => !known.has(epoch))
  const { union: whole, personal } = tail
  return await withEpochs({ head: next, notes, tail: whole, personal }, missed, sha256)
}

async function unionFrom(
  copies: TwoCopies,
  sha256: Sha256,
  head: HeadRecord,
  from: { seq: number; hash: string | null },
  base: RetainedBase | undefined,
): Promise<{ union: Union; entries: TwinEntry[]; personal: PersonalItem[] }> {
  const stored = await copies.readStored(head.epoch, from.seq, everything)
  const { entries, personal } = await readTwinFrom(copies, head.epoch, from.seq)
  const anchor = await anchorAt(head.epoch, from.seq, base, sha256)
  const own = entries.filter(({ epoch, seq }) => epoch === head.epoch && seq >= from.seq)
  const union = await uniteCopies(stored, own, head, from.seq, anchor, sha256)
  const first = union.chain[0]
  if (from.hash !== null && first?.seq === from.seq && first.hash !== from.hash) {
    union.broken = true
    union.findings.unshift({ kind: 'chain-broken', epoch: head.epoch, seq: from.seq })
  }
  return { union, entries, personal }
}

/** Where what is kept of an epoch begins; undefined where all of it is. */
function baseOf(epochs: readonly EpochNote[], epoch: string): RetainedBase | undefined {
  return epochs.find((note) => note.epoch === epoch)?.base
}

/** What the entry at this place must name as the one before it; null in the middle of what is kept. */
async function anchorAt(
  epoch: string,
  seq: number,
  base: RetainedBase | undefined,
  sha256: Sha256,
): Promise<string | null> {
  if (seq === 1) return await firstPrevHash(epoch, sha256)
  return base !== undefined && seq === base.seq + 1 ? base.hash : null
}

/** The head as it was before the first kept entry: what totals and series are counted on from. */
async function headAtBase(
  head: HeadRecord,
  base: RetainedBase | undefined,
  sha256: Sha256,
): Promise<HeadRecord> {
  const empty = emptyHead(head.fence, head.epoch, await firstPrevHash(head.epoch, sha256), head)
  if (base === undefined) return empty
  const { seq, hash, totals, series } = base
  return { ...empty, seq, hash, totals, series }
}

/** All records of the newest segments, back to the one that holds `fromSeq` of the epoch. */
async function readTwinFrom(
  copies: TwoCopies,
  epoch: string,
  fromSeq: number,
): Promise<{ entries: TwinEntry[]; personal: PersonalItem[] }> {
  const entries: TwinEntry[] = []
  const personal: PersonalItem[] = []
  for (const { name } of ((await copies.listSegments()) ?? []).toReversed()) {
    const segment = await copies.readSegment(name)
    if (segment === undefined) continue
    entries.unshift(...segment.entries)
    personal.push(...segment.personal)
    if (segment.entries.some((entry) => entry.epoch === epoch && entry.seq <= fromSeq)) break
  }
  return { entries, personal }
}

/** Takes the union of both copies of one epoch up to its end, and tells what either lacks. */
async function uniteCopies(
  stored: readonly EntryRecord[],
  twin: readonly TwinEntry[],
  head: HeadRecord,
  fromSeq: number,
  anchor: string | null,
  sha256: Sha256,
): Promise<Union> {
  const union = await unite(stored, twin, { ...head, isHead: true }, fromSeq, anchor, sha256)
  const [primary, twinned] = [union.primaryLacks[0], union.twinLacks[0]]
  union.findings.push(...poorer(head.epoch, primary?.seq, twinned?.seq))
  return union
}

/** One finding for each copy that lacked something; the lowest seq that it lacked. */
function poorer(epoch: string, primary: number | undefined, twin: number | undefined): FindingWithBytes[] {
  const findings: FindingWithBytes[] = []
  if (primary !== undefined) findings.push({ kind: 'primary-poorer', epoch, seq: primary })
  if (twin !== undefined) findings.push({ kind: 'twin-poorer', epoch, seq: twin })
  return findings
}

/**
 * Takes the union of a part of both copies and checks that it links. Damage is what the hash denies.
 * `end`: the last place of the part and the hash that is wanted there; `isHead` where the head record
 * wants it, and not the entry behind.
 */
async function unite(
  stored: readonly EntryRecord[],
  twin: readonly TwinEntry[],
  end: { epoch: string; seq: number; hash: string | null; isHead: boolean },
  fromSeq: number,
  anchor: string | null,
  sha256: Sha256,
): Promise<Union> {
  const { epoch } = end
  const good = async ({ bytes, hash }: TwinEntry) => toBase64Url(await sha256(bytes)) === hash
  const ofPrimary = new Map<number, EntryRecord>()
  const ofTwin = new Map<number, TwinEntry[]>()
  const damaged = new Map<number, Uint8Array>()
  for (const record of stored) {
    if (await good(record)) ofPrimary.set(record.seq, record)
    else damaged.set(record.seq, record.bytes)
  }
  for (const entry of twin) {
    const known = ofTwin.get(entry.seq) ?? []
    const again = known.some(({ hash }) => hash === entry.hash)
    const same = ofPrimary.get(entry.seq)?.hash === entry.hash
    if (!again && (same || (await good(entry)))) ofTwin.set(entry.seq, [...known, entry])
  }

  const lastSeq = Math.max(end.seq, ...ofPrimary.keys(), ...ofTwin.keys())
  const union = emptyUnion()
  // From the end, because of two entries for one place the successor's is the one that counts (JRN-2d).
  let wantedHash = lastSeq === end.seq ? end.hash : null
  for (let seq = lastSeq; seq >= fromSeq; seq--) {
    const primary = ofPrimary.get(seq)
    const candidates = [...(primary ? [primary] : []), ...(ofTwin.get(seq) ?? [])]
    const wanted = candidates.find(({ hash }) => hash === wantedHash)
    const atHead = end.isHead && seq === lastSeq
    if (atHead && wantedHash !== null && wanted === undefined && candidates.length > 0) {
      // The head's own entry is in neither copy, another one is: the head record says which one counts.
      union.broken = true
      for (const { bytes } of candidates) union.findings.unshift({ kind: 'two-entries', epoch, seq, bytes })
      union.findings.unshift({ kind: 'chain-broken', epoch, seq })
      wantedHash = null
      continue
    }
    // What a failing second copy wrote although it was refused stands before the entry that took its place.
    const chosen = wanted ?? primary ?? candidates.at(-1)
    if (chosen === undefined) {
      // Neither copy can verify it: a declared hole when it is pushed (JRN-10).
      const bytes = damaged.get(seq)
      union.findings.unshift({ kind: 'damaged', epoch, seq, ...(bytes && { bytes }) })
      wantedHash = null
      continue
    }
    if (wantedHash !== null && chosen !== wanted) {
      union.broken = true
      union.findings.unshift({ kind: 'chain-broken', epoch, seq: seq + 1 })
    }
    for (const other of candidates) {
      if (other.hash === chosen.hash) continue
      union.findings.unshift({ kind: 'two-entries', epoch, seq, bytes: other.bytes })
    }
    const record = recordOf(chosen)
    union.chain.unshift(record)
    if (primary?.hash !== chosen.hash) union.primaryLacks.unshift(record)
    if (!ofTwin.get(seq)?.some(({ hash }) => hash === chosen.hash)) union.twinLacks.unshift(record)
    if (damaged.has(seq)) union.findings.unshift({ kind: 'primary-poorer', epoch, seq })
    wantedHash = decodeEntry(chosen.bytes).outline.prevHash
  }
  if (anchor !== null && wantedHash !== null && wantedHash !== anchor && union.chain.length > 0) {
    union.broken = true
    union.findings.unshift({ kind: 'chain-broken', epoch, seq: fromSeq })
  }
  union.below = wantedHash
  return union
}

/** The head after a chain; undefined where the head's own entry is another one in it. */
function foldFrom(head: HeadRecord, chain: readonly EntryRecord[]): HeadRecord | undefined {
  const own = chain.find(({ seq }) => seq === head.seq)
  if (own !== undefined && own.hash !== head.hash) return undefined
  let folded = head
  for (const { seq, hash, bytes } of chain) {
    if (seq <= head.seq) continue
    const decoded = decodeEntry(bytes)
    folded = decoded.kind === 'ok' ? headAfter(folded, decoded.entry, hash) : { ...folded, seq, hash }
  }
  return folded
}

/** Everything from the second copy alone: the epoch goes on, its key is gone (JRN-3). */
async function rebuild(copies: TwoCopies, sha256: Sha256, fence: number): Promise<Journal | undefined> {
  const entries: TwinEntry[] = []
  const personal: PersonalItem[] = []
  const bases = new Map<string, RetainedBase>()
  for (const { name } of (await copies.listSegments()) ?? []) {
    const segment = await copies.readSegment(name)
    entries.push(...(segment?.entries ?? []))
    personal.push(...(segment?.personal ?? []))
    for (const { epoch, base } of segment?.bases ?? []) {
      if (base.seq > (bases.get(epoch)?.seq ?? 0)) bases.set(epoch, base)
    }
  }
  const identity = entries.flatMap((entry) => (entry.seq === 1 ? (openingOf(entry) ?? []) : []))[0]?.identity
  if (identity === undefined) return undefined
  const empty = { head: emptyHead(fence, '', ''), notes: emptyNotes(identity), tail: emptyUnion(), personal }
  const rebuilt = await withEpochs(empty, entries, sha256, bases)
  // That the first copy lacks everything is one finding, not one for each epoch.
  const findings = rebuilt.tail.findings.filter(({ kind }) => kind !== 'primary-poorer')
  return { ...rebuilt, tail: { ...rebuilt.tail, findings } }
}

/** Goes on with epochs that only the second copy knows, each after its predecessor. */
async function withEpochs(
  journal: Journal,
  entries: readonly TwinEntry[],
  sha256: Sha256,
  bases: ReadonlyMap<string, RetainedBase> = new Map(),
): Promise<Journal> {
  const found = entries.flatMap((entry) => (entry.seq === 1 ? (openingOf(entry) ?? []) : []))
  const waiting = new Map(found.map((opening) => [opening.note.epoch, opening]))
  let { head, notes } = journal
  const tail = { ...journal.tail }
  while (waiting.size > 0) {
    const first = [...waiting.values()].filter(({ predecessor }) => !waiting.has(predecessor ?? ''))
    const { note } = first.sort((a, b) => (a.note.epoch < b.note.epoch ? -1 : 1))[0] ?? {}
    if (note === undefined) return { ...journal, head, notes, tail }
    waiting.delete(note.epoch)
    const ended = { seq: head.seq, hash: head.hash, totals: head.totals }
    const wasForked = notes.newEpoch === 'forked' || notes.newEpoch === 'behind'
    const before = notes.epochs.map((other): EpochNote => {
      if (other.state !== 'open') return other
      const state = wasForked || other.forkedFrom !== null ? 'forked' : 'closed'
      return { ...other, state, last: ended }
    })
    const base = bases.get(note.epoch)
    const kept: EpochNote = base === undefined ? note : { ...note, base }
    notes = { ...notes, epochs: [...before, kept], newEpoch: null, spare: null }
    const beginning = await headAtBase({ ...head, epoch: note.epoch }, base, sha256)
    const own = entries.filter(({ epoch }) => epoch === note.epoch)
    const union = await uniteCopies([], own, beginning, beginning.seq + 1, beginning.hash, sha256)
    head = foldFrom(beginning, union.chain) ?? beginning
    const opening = base === undefined ? [] : own.filter(({ seq }) => seq === 1).slice(0, 1)
    tail.primaryLacks = [...tail.primaryLacks, ...opening.map(recordOf), ...union.primaryLacks]
    tail.findings = [...tail.findings, ...union.findings]
    tail.broken = union.broken
  }
  return { ...journal, head, notes, tail }
}

type Opening = {
  note: EpochNote
  predecessor: string | null
  identity: { tenant: string; store: string; register: string }
}

function openingOf({ bytes }: TwinEntry): Opening | undefined {
  const decoded = decodeEntry(bytes)
  if (decoded.kind !== 'ok' || decoded.entry.type !== 'epoch-opened') return undefined
  const { certificate: text, certificateSignature: signature, predecessor } = decoded.entry.body
  const certificate = readCertificate(text)?.certificate
  if (certificate === undefined) return undefined
  const { epoch, code, keyId, tenant, store, register } = certificate
  return {
    note: {
      epoch,
      code,
      keyId,
      certificate: { certificate: text, signature },
      state: 'open',
      last: null,
      forkedFrom: null,
    },
    predecessor: predecessor?.epoch ?? null,
    identity: { tenant, store, register },
  }
}

/** Notes of a till that has just been enrolled, or found nothing but its entries. */
export function emptyNotes(identity: { tenant: string; store: string; register: string }): NotesRecord {
  return {
    ...identity,
    epochs: [],
    spare: null,
    enrolling: null,
    hop: { generation: null, left: [], agreed: {}, received: {}, durable: {} },
    trust: null,
    checkpoint: null,
    newEpoch: null,
    receiptConfirmed: null,
    erasures: 0,
    retired: false,
  }
}

/** Which segments of the second copy hold an entry, by epoch and seq. */
type HeldBy = Map<string, Map<number, SegmentName[]>>
/** Which one holds the personal data of an entry, by its identity. */
type PersonalIn = Map<string, SegmentName>

/**
 * Checks the part that start left out, in idle time: every epoch from its end back to its first entry,
 * both copies. What the second copy lacks is appended; what the first lacks is read from memory until
 * the next start. Each step reads one segment's list or compares a portion of entries, and gives what it
 * found: in between the till may write, for what is checked stands still. It ends where a copy fails.
 *
 * @param epochsNow as they are at each step: what is not kept any more is not looked for
 */
export async function* checkInPortions(
  copies: TwoCopies,
  epochsNow: () => readonly EpochNote[],
  head: HeadRecord,
  sha256: Sha256,
): AsyncGenerator<FindingWithBytes[], void, void> {
  const heldBy: HeldBy = new Map()
  const personalIn: PersonalIn = new Map()
  for (const { name } of (await copies.listSegments()) ?? []) {
    const segment = await copies.readSegment(name)
    noteHeld(heldBy, name, segment?.entries ?? [])
    for (const { identity } of segment?.personal ?? []) personalIn.set(identity, name)
    yield []
  }
  for (const { epoch, last } of epochsNow()) {
    const end = epoch === head.epoch ? head : last
    if (end === null) continue
    let wanted: { seq: number; hash: string | null; isHead: boolean } = { ...end, isHead: true }
    let lacking: { primary?: number; twin?: number } = {}
    while (wanted.seq > 0) {
      if (copies.failed !== null) return
      const base = baseOf(epochsNow(), epoch)
      // Of what is not kept any more there is the first entry.
      if (base !== undefined && wanted.seq <= base.seq) wanted = { seq: 1, hash: null, isHead: false }
      const part = { epoch, ...wanted }
      const keptSeq = base !== undefined && part.seq > base.seq ? base.seq + 1 : 1
      const fromSeq = Math.max(keptSeq, part.seq - portionEntries + 1)
      const anchor = await anchorAt(epoch, fromSeq, base, sha256)
      const stored = await copies.readStored(epoch, fromSeq, part.seq - fromSeq + 1)
      const within = stored.filter(({ seq }) => seq <= part.seq)
      const twin = await readHeld(copies, heldBy.get(epoch), part, fromSeq)
      const union = await unite(within, twin, part, fromSeq, anchor, sha256)
      if (copies.failed !== null) return
      const lent = await readPersonalOf(copies, personalIn, union.primaryLacks)
      copies.lendToPrimary(union.primaryLacks, lent)
      await copies.appendToTwin(union.twinLacks, withoutPersonal(union.chain, personalIn))
      lacking = {
        ...lacking,
        ...(union.primaryLacks[0] && { primary: union.primaryLacks[0].seq }),
        ...(union.twinLacks[0] && { twin: union.twinLacks[0].seq }),
      }
      wanted = { seq: fromSeq - 1, hash: union.below, isHead: false }
      yield union.findings
    }
    yield poorer(epoch, lacking.primary, lacking.twin)
  }
}

function noteHeld(heldBy: HeldBy, name: SegmentName, entries: readonly TwinEntry[]): void {
  for (const { epoch, seq } of entries) {
    const ofEpoch = heldBy.get(epoch) ?? new Map<number, SegmentName[]>()
    heldBy.set(epoch, ofEpoch)
    ofEpoch.set(seq, [...(ofEpoch.get(seq) ?? []), name])
  }
}

/** Personal data of these entries out of the segments that hold it. */
async function readPersonalOf(
  copies: TwoCopies,
  personalIn: PersonalIn,
  entries: readonly EntryRecord[],
): Promise<PersonalItem[]> {
  const wanted = new Set(entries.map(({ hash }) => hash))
  const names = new Set([...wanted].flatMap((identity) => personalIn.get(identity) ?? []))
  const found: PersonalItem[] = []
  for (const name of names) {
    const { personal = [] } = (await copies.readSegment(name)) ?? {}
    found.push(...personal.filter(({ identity }) => wanted.has(identity)))
  }
  return found
}

/** A part of an epoch out of the segments that hold some of it. */
async function readHeld(
  copies: TwoCopies,
  ofEpoch: ReadonlyMap<number, SegmentName[]> | undefined,
  { epoch, seq: toSeq }: { epoch: string; seq: number },
  fromSeq: number,
): Promise<TwinEntry[]> {
  const names = new Set<SegmentName>()
  for (let seq = fromSeq; seq <= toSeq; seq++) for (const name of ofEpoch?.get(seq) ?? []) names.add(name)
  const entries: TwinEntry[] = []
  for (const name of names) {
    const segment = await copies.readSegment(name)
    const own = (segment?.entries ?? []).filter((entry) => entry.epoch === epoch)
    entries.push(...own.filter(({ seq }) => seq >= fromSeq && seq <= toSeq))
  }
  return entries
}
