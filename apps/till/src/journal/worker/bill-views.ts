import {
  atHqSeq,
  type JournalStatus as CoreStatus,
  decodeEntry,
  type JournalBill,
  type NotesRecord,
  type PrimaryCopy,
  storedSeq,
  type TillJournal,
} from '@nexus/sync'
import type { Bill, JournalStatus, Whereabouts } from '../types.ts'
import type { JournalDatabase } from './journal-db.ts'

/** Bills as screens and printers want them: where they are, and how often they were printed. */
export class BillViews {
  readonly #database: JournalDatabase
  readonly #primary: PrimaryCopy
  readonly #journal: TillJournal
  #notes: NotesRecord | undefined

  constructor(database: JournalDatabase, primary: PrimaryCopy, journal: TillJournal) {
    this.#database = database
    this.#primary = primary
    this.#journal = journal
  }

  /** Reads the hops' marks again; they stand in the notes of the first copy. */
  async readMarks(): Promise<void> {
    this.#notes = (await this.#primary.readState().catch(() => undefined))?.notes ?? this.#notes
  }

  /**
   * What would be gone with this device: entries that headquarters has in one place only, or not at all. A
   * headquarters without a second place never says `durable` (JRN-9b); there what it received counts.
   */
  notSafe({ epochs, head, notDurable }: CoreStatus): JournalStatus['notSafe'] {
    const { received = {}, durable = {} } = this.#notes?.hop ?? {}
    if (Object.keys(durable).length > 0) return { entries: notDurable.entries, until: 'durable' }
    const counted = epochs.filter(({ state }) => state !== 'rehomed')
    const entries = counted.reduce((sum, { epoch, last }) => {
      const lastSeq = last?.seq ?? (epoch === head?.epoch ? head.seq : 0)
      return sum + Math.max(0, lastSeq - (received[epoch]?.seq ?? 0))
    }, 0)
    return { entries, until: 'received' }
  }

  /** `isNew`: it was completed just now, so that no paper of it can be there and nothing is read. */
  async view({ identity, entry }: JournalBill, { isNew = false } = {}): Promise<Bill> {
    const { epoch, seq, at, cart, staff, shift, tradingDay, body, totals } = entry
    const jobs = isNew ? [] : await this.jobsOf(identity)
    const isInDoubt = this.#journal.status().inDoubt?.identity === identity
    return {
      identity,
      epoch,
      seq,
      shortHash: identity.slice(0, 8),
      at,
      cart: cart ?? '',
      staff,
      shift,
      tradingDay,
      body,
      totals,
      where: this.#whereIs(epoch, seq),
      // Nobody knows whether paper came before the crash: the next copy is a duplicate (JRN-11).
      prints: isInDoubt ? Math.max(jobs.length, 1) : jobs.length,
    }
  }

  /** The bill of an identity that a list showed. */
  async get(identity: string): Promise<JournalBill> {
    const record = await (await this.#database.db()).getFromIndex('entries', 'hash', identity)
    const decoded = record && decodeEntry(record.bytes)
    if (decoded?.kind !== 'ok' || decoded.entry.type !== 'sale') throw new Error('no such bill on this till')
    return { identity, entry: decoded.entry }
  }

  /** Print jobs of the bill that ended well. */
  async jobsOf(identity: string): Promise<string[]> {
    return (await (await this.#database.db()).get('prints', identity)) ?? []
  }

  async addJob(identity: string, job: string): Promise<void> {
    await (await this.#database.db()).put('prints', [...(await this.jobsOf(identity)), job], identity)
  }

  #whereIs(epoch: string, seq: number): Whereabouts {
    const notes = this.#notes
    if (notes === undefined) return 'here'
    if ((notes.hop.durable[epoch]?.seq ?? 0) >= seq) return 'durable'
    if (atHqSeq(notes, epoch) >= seq) return 'hq'
    return storedSeq(notes, epoch) >= seq ? 'store' : 'here'
  }
}
