import { randomUUIDv7 } from 'node:crypto'
import {
  checkJournal,
  fromBase64Url,
  JournalFileError,
  type JournalFileHeader,
  type JournalFileLine,
  type JournalLines,
  type JournalReport,
  maxPushBytes,
  maxPushEntries,
  type PushRequest,
  type SignedCheckpoint,
  toBase64Url,
} from '@nexus/sync'
import type { Context } from '../../../context.ts'
import { journalTools } from '../journal-tools.ts'
import type { Journal } from '../open-journal.ts'
import { sha256 } from '../sha256.ts'
import { statesOf } from './sql.ts'

/** What became of the entries of one epoch of the file. */
export type ImportedEpoch = {
  epoch: string
  code: string | null
  /** Stored by this import. */
  fresh: number
  /** Stored before. */
  known: number
  /** Of both: those that wait in quarantine. */
  waiting: number
  /** Kept aside, because their places hold other entries here. */
  forked: number
  /** Not offered: no signature of the till covers them. */
  unsigned: number
  /** Offered, and not taken: this server does not know the epoch, or entries before them are missing. */
  refused: number
}

export type JournalImport = {
  header: JournalFileHeader
  epochs: ImportedEpoch[]
  /** Where the file stops being one; null: it is whole. */
  brokenAt: string | null
  /** What checking the file said; entries from a bad one on are not offered. */
  report: JournalReport
}

type Tools = Pick<Context, 'database' | 'secrets'> & { journal: Pick<Journal, 'push'> }
type LineOf<Kind extends JournalFileLine['kind']> = Extract<JournalFileLine, { kind: Kind }>

/**
 * Offers the entries of a till's file to the accept path as the till's own pushes would (JRN-12b): with its
 * checkpoints and certificates as credentials, the same checks, the same outcome when it is repeated.
 *
 * The file is not trusted: an entry is offered only where a chain of links ends in a signature of its
 * till. A file that is cut off gives what it holds up to its last signature.
 *
 * Throws `JournalFileError` where the file is none, and what `push` throws.
 */
export async function importJournal(tools: Tools, read: () => JournalLines): Promise<JournalImport> {
  const checkpoints: SignedCheckpoint[] = []
  let brokenAt: string | null = null
  const readable = async function* (): JournalLines {
    try {
      for await (const item of read()) {
        if (item.line.kind === 'checkpoint') checkpoints.push(item.line.signed)
        yield item
      }
    } catch (error) {
      // Half a file, after a stick was pulled out: its beginning is as good as ever.
      if (!(error instanceof JournalFileError) || error.line === 1) throw error
      brokenAt = error.message
    }
  }
  const { secrets } = tools
  const report = await checkJournal(readable, journalTools([secrets.enrolment.publicKeySpki]))
  const { header } = report
  const offers = report.epochs.map((epoch) => new EpochOffer(tools, header, epoch, checkpoints))
  // An older epoch is known by a newer one's key, which its own entry 1 makes known: then it comes again.
  for (let round = 0; round < 2; round++) {
    const open = new Map(offers.filter((offer) => offer.isOpen).map((offer) => [offer.epoch, offer]))
    if (open.size > 0) await offerAll(open, readable())
  }
  return { header, brokenAt, report, epochs: offers.map((offer) => offer.outcome) }
}

async function offerAll(offers: ReadonlyMap<string, EpochOffer>, lines: JournalLines): Promise<void> {
  let current: EpochOffer | undefined
  for await (const { line } of lines) {
    switch (line.kind) {
      case 'epoch':
        await current?.flush()
        current = offers.get(line.epoch)
        current?.begin()
        break
      case 'hole':
        current?.addHole(line.hole)
        break
      case 'entry':
        await current?.addEntry(line)
        break
      case 'personal':
        current?.addPersonal(line.item)
    }
  }
  await current?.flush()
}

/** The entries of one epoch on their way, in pushes as a till makes them. */
class EpochOffer {
  readonly epoch: string
  readonly outcome: ImportedEpoch
  readonly #tools: Tools
  readonly #header: JournalFileHeader
  readonly #checkpoint: SignedCheckpoint | undefined
  /** Entries up to here are signed by the till. */
  readonly #signedSeq: number
  /** The server did not take a push: what follows would be a gap. */
  #isStuck = false
  #batch:
    | { firstSeq: number; entries: string[]; bytes: number; personal: PushRequest['personal'] }
    | undefined
  #hole: PushRequest['hole'] = null
  /** Whether the entry read last is offered: data of people behind it is its. */
  #isTaken = false

  constructor(
    tools: Tools,
    header: JournalFileHeader,
    { epoch, code, signedSeq, entries }: JournalReport['epochs'][number],
    checkpoints: readonly SignedCheckpoint[],
  ) {
    this.epoch = epoch
    this.#tools = tools
    this.#header = header
    this.#signedSeq = signedSeq
    const own = checkpoints.filter(
      ({ checkpoint }) => checkpoint.epoch === epoch && checkpoint.seq <= signedSeq,
    )
    // The key of an older epoch may be gone: then a newer one's signature is the register's proof (JRN-8).
    this.#checkpoint = own.toSorted((a, b) => b.checkpoint.seq - a.checkpoint.seq)[0] ?? checkpoints.at(-1)
    this.outcome = { epoch, code, fresh: 0, known: 0, waiting: 0, forked: 0, unsigned: entries, refused: 0 }
  }

  get isOpen(): boolean {
    const { fresh, known, forked } = this.outcome
    return fresh + known + forked === 0 && this.#signedSeq > 0 && this.#checkpoint !== undefined
  }

  begin(): void {
    this.#isStuck = false
    this.#hole = null
    Object.assign(this.outcome, { unsigned: this.outcome.unsigned + this.outcome.refused, refused: 0 })
  }

  addHole(hole: NonNullable<PushRequest['hole']>): void {
    this.#hole = hole
  }

  async addEntry({ seq, bytes }: LineOf<'entry'>): Promise<void> {
    this.#isTaken = seq <= this.#signedSeq
    if (!this.#isTaken) return
    const length = (bytes.length * 3) / 4
    const batch = this.#batch
    const follows = batch !== undefined && seq === batch.firstSeq + batch.entries.length
    if (!follows || batch.entries.length === maxPushEntries || batch.bytes + length > maxPushBytes) {
      await this.flush()
      this.#batch = { firstSeq: seq, entries: [bytes], bytes: length, personal: [] }
    } else {
      batch.entries.push(bytes)
      batch.bytes += length
    }
  }

  addPersonal(item: PushRequest['personal'][number]): void {
    if (this.#isTaken) this.#batch?.personal.push(item)
  }

  async flush(): Promise<void> {
    const batch = this.#batch
    this.#batch = undefined
    if (batch === undefined || this.#checkpoint === undefined) return
    this.outcome.unsigned -= batch.entries.length
    if (this.#isStuck) {
      this.outcome.refused += batch.entries.length
      return
    }
    const { database, journal } = this.#tools
    const identities = batch.entries.map((text) => toBase64Url(sha256(fromBase64Url(text))))
    const before = await statesOf(database.read, identities)
    const { register, store } = this.#header
    const caller = { kind: 'device', registerId: register, storeId: store, epoch: this.epoch } as const
    const { firstSeq, entries, personal } = batch
    const hole = this.#hole?.toSeq === firstSeq - 1 ? this.#hole : null
    const request: PushRequest = {
      requestId: randomUUIDv7(),
      register,
      epoch: this.epoch,
      firstSeq,
      entries,
      personal,
      hole,
      checkpoint: this.#checkpoint,
    }
    await journal.push(caller, request)
    const after = await statesOf(database.read, identities)
    for (const identity of identities) this.#count(before.get(identity), after.get(identity))
  }

  #count(before: string | undefined, after: string | undefined): void {
    const { outcome } = this
    if (after === undefined) {
      outcome.refused++
      this.#isStuck = true
    } else if (after === 'fork') outcome.forked++
    else if (before === undefined || before === 'fork') outcome.fresh++
    else outcome.known++
    if (after === 'quarantine') outcome.waiting++
  }
}
