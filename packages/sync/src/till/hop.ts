import type { HelloAnswer, Mark, Marks } from '../messages.ts'
import type { EpochNote, HopNote, NewEpochReason, NotesRecord } from './records.ts'
import type { Finding } from './types.ts'

/** Back-off after failures: full jitter, from 1 s to 60 s (JRN-8). */
const backOffFirstMs = 1_000
const backOffMaxMs = 60_000

/** Name of the hop that every till knows without being told. */
const headquarters = ''

/** What the till's own journal says at the place that an answer names. */
export type OwnPlace = {
  /** Last own entry of the epoch. */
  lastSeq: number
  /** Own hash at the answer's seq; undefined where the till holds no entry there. */
  hash: string | undefined
}

/** What an answer's head means for the till. */
export type HeadReading =
  /** The hop has the till's entries up to here. */
  | { kind: 'agreed'; seq: number; hash: string }
  /** The hop has entries that the till does not know: the till was rolled back (JRN-3). */
  | { kind: 'behind' }
  /** The hop has another entry at this place (JRN-7). */
  | { kind: 'forked' }

/** Compares a hop's head with the till's own journal. */
export function readHead(head: { seq: number; hash: string }, own: OwnPlace): HeadReading {
  if (head.seq > own.lastSeq) return { kind: 'behind' }
  // seq 0 is before every entry. An entry that was lost here cannot speak against the hop's.
  if (head.seq === 0 || own.hash === undefined || own.hash === head.hash) {
    return { kind: 'agreed', seq: head.seq, hash: head.hash }
  }
  return { kind: 'forked' }
}

/** Turns to another hop: what is known of the one before is kept for the way back (JRN-20e). */
export function atHop(notes: NotesRecord, name: string): NotesRecord {
  const { hop, others = {} } = notes
  const before = hop.name ?? headquarters
  if (before === name) return notes
  const { [name]: known = { generation: null, left: [], agreed: {} }, ...rest } = others
  const { generation, left, agreed } = hop
  return {
    ...notes,
    hop: { ...hop, name, ...known },
    others: { ...rest, [before]: { generation, left, agreed } },
  }
}

/** Enters a generation: what the hop said in another one counts no more, every epoch is asked again (JRN-9). */
export function inGeneration(hop: HopNote, generation: string): HopNote {
  if (hop.generation === generation) return hop
  const entered = { ...hop, generation, left: leave(hop, generation), agreed: {} }
  // Marks are HQ's: a store server's restore takes none of them back.
  return (hop.name ?? headquarters) === headquarters ? inHqGeneration(entered, generation) : entered
}

function inHqGeneration(hop: HopNote, generation: string): HopNote {
  const hq = hop.hq ?? { generation: null, left: [] }
  return {
    ...hop,
    hq: { generation, left: leave(hq, generation) },
    received: {},
    durable: {},
  }
}

function leave({ generation, left }: Pick<HopNote, 'generation' | 'left'>, entered: string): string[] {
  const all = generation === null ? left : [...left, generation]
  return all.filter((old) => old !== entered)
}

/**
 * Takes HQ's marks as passed on: never a lower one, never one of a generation that was left. One of a new
 * generation says that HQ was restored: those of the old one count no more (JRN-9i).
 */
export function withMarks(hop: HopNote, { received, durable }: Pick<Marks, 'received' | 'durable'>): HopNote {
  return withMark(withMark(hop, 'received', received), 'durable', durable)
}

function withMark(hop: HopNote, kind: 'received' | 'durable', mark: Mark | null): HopNote {
  const { generation, left } = hop.hq ?? { generation: null, left: [] }
  if (mark === null || left.includes(mark.generation)) return hop
  const isKnown = generation === null || generation === mark.generation
  const entered = isKnown
    ? { ...hop, hq: { generation: mark.generation, left } }
    : inHqGeneration(hop, mark.generation)
  return { ...entered, [kind]: raised(entered[kind], mark) }
}

function raised(known: { [epoch: string]: Mark }, mark: Mark): { [epoch: string]: Mark } {
  if ((known[mark.epoch]?.seq ?? -1) >= mark.seq) return known
  return { ...known, [mark.epoch]: mark }
}

/** Up to where an epoch is stored somewhere else than on this till, as far as the till was told. */
export function storedSeq(notes: NotesRecord, epoch: string): number {
  const said = [notes.hop, ...Object.values(notes.others ?? {})]
  return Math.max(atHqSeq(notes, epoch), ...said.map(({ agreed }) => agreed[epoch]?.seq ?? 0))
}

/** Up to where an epoch is at headquarters: by its mark, or as it said itself. */
export function atHqSeq({ hop, others = {} }: NotesRecord, epoch: string): number {
  const hq = (hop.name ?? headquarters) === headquarters ? hop : others[headquarters]
  const marks = [hop.received[epoch], hop.durable[epoch], hq?.agreed[epoch]]
  return Math.max(0, ...marks.map((mark) => mark?.seq ?? 0))
}

export function withAgreed(notes: NotesRecord, epoch: string, seq: number, hash: string): NotesRecord {
  return { ...notes, hop: { ...notes.hop, agreed: { ...notes.hop.agreed, [epoch]: { seq, hash } } } }
}

/**
 * The hop has another branch of this epoch. The epoch that is written to ends before its next entry; the
 * fork revokes the spare (JRN-3). `fromSeq` null: not known yet where, the pushes will tell.
 */
export function withFork(
  notes: NotesRecord,
  epoch: string,
  reason: NewEpochReason,
  fromSeq: number | null,
): NotesRecord {
  const current = notes.epochs.at(-1)
  const epochs = notes.epochs.map((note): EpochNote => {
    if (note.epoch !== epoch) return note
    const known = note.forkedFrom
    const forkedFrom = fromSeq === null ? known : Math.min(fromSeq, known ?? fromSeq)
    // What was re-homed once needs it again only from an earlier place on; identities make that harmless.
    if (note.state === 'rehomed' && forkedFrom === known) return note
    return { ...note, forkedFrom, state: note === current ? note.state : 'forked' }
  })
  if (current?.epoch !== epoch) return { ...notes, epochs }
  const spare = reason === 'forked' ? null : notes.spare
  return { ...notes, epochs, spare, newEpoch: reason }
}

/**
 * An entry is lost on this device. Where headquarters never had it, the epochs that were re-homed past its
 * place are re-homed once more (JRN-7r): it may be what wrote one of their entries again.
 */
export function withLostEntry(
  notes: NotesRecord,
  { epoch, seq }: Pick<Finding, 'epoch' | 'seq'>,
): NotesRecord {
  if (seq === null || seq <= atHqSeq(notes, epoch)) return notes
  const indexOf = (id: string) => notes.epochs.findIndex((note) => note.epoch === id)
  const lost = indexOf(epoch)
  const isOpenAgain = ({ state, rehomedUpTo }: EpochNote, index: number): boolean => {
    if (state !== 'rehomed' || rehomedUpTo === undefined || index >= lost) return false
    const end = indexOf(rehomedUpTo.epoch)
    return lost < end || (lost === end && seq <= rehomedUpTo.seq)
  }
  if (!notes.epochs.some(isOpenAgain)) return notes
  const epochs = notes.epochs.map((note, index): EpochNote => {
    return isOpenAgain(note, index) ? { ...note, state: 'forked' } : note
  })
  return { ...notes, epochs }
}

/** Notes after `hello` named forks, closed epochs and the spare; heads are compared by the caller. */
export function withHello(notes: NotesRecord, answer: HelloAnswer): NotesRecord {
  const current = notes.epochs.at(-1)?.epoch
  const forked = answer.forks.reduce((after, { epoch, fromSeq }) => {
    return withFork(after, epoch, 'forked', fromSeq)
  }, notes)
  const retired = forked.retired || (current !== undefined && answer.closed.includes(current))
  const marked = answer.marks.reduce(withMarks, inGeneration(forked.hop, answer.generation))
  return { ...forked, retired, hop: marked }
}

/** Wait before the next try after so many failures. `fraction` is random in [0, 1). */
export function backOffMs(failures: number, fraction: number): number {
  const ceilingMs = Math.min(backOffMaxMs, backOffFirstMs * 2 ** Math.min(failures - 1, 10))
  return Math.floor(fraction * ceilingMs)
}
