import type { HelloAnswer, Mark, Marks } from '../messages.ts'
import type { EpochNote, HopNote, NewEpochReason, NotesRecord } from './records.ts'

/** Back-off after failures: full jitter, from 1 s to 60 s (JRN-8). */
const backOffFirstMs = 1_000
const backOffMaxMs = 60_000

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

/** Enters a generation: what the hop said in another one counts no more, every epoch is asked again (JRN-9). */
export function inGeneration(hop: HopNote, generation: string): HopNote {
  if (hop.generation === generation) return hop
  const left = hop.generation === null ? hop.left : [...hop.left, hop.generation]
  return {
    generation,
    left: left.filter((old) => old !== generation),
    agreed: {},
    received: {},
    durable: {},
  }
}

/** Takes HQ's marks as passed on: never a lower one, never one of a generation that was left (JRN-9). */
export function withMarks(hop: HopNote, marks: Pick<Marks, 'received' | 'durable'>): HopNote {
  return {
    ...hop,
    received: raised(hop.received, marks.received, hop.left),
    durable: raised(hop.durable, marks.durable, hop.left),
  }
}

function raised(
  known: { [epoch: string]: Mark },
  mark: Mark | null,
  left: readonly string[],
): { [epoch: string]: Mark } {
  if (mark === null || left.includes(mark.generation)) return known
  if ((known[mark.epoch]?.seq ?? -1) >= mark.seq) return known
  return { ...known, [mark.epoch]: mark }
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
