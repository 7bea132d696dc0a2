import {
  type JournalStatus as CoreStatus,
  decodeEntry,
  type HopNote,
  type JournalBill,
  type PrimaryCopy,
  type TillJournal,
} from '@nexus/sync'
import type { Bill, JournalStatus, Whereabouts } from '../types.ts'
import type { JournalDatabase } from './journal-db.ts'

/** Bills as screens and printers want them: where they are, and how often they were printed. */
export class BillViews {
  readonly #database: JournalDatabase
  readonly #primary: PrimaryCopy
  readonly #journal: TillJournal
  #hop: HopNote | undefined

  constructor(database: JournalDatabase, primary: PrimaryCopy, journal: TillJournal) {
    this.#database = database
    this.#primary = primary
    this.#journal = journal
  }

  /** Reads the hop's marks again; they stand in the notes of the first copy. */
  async readMarks(): Promise<void> {
    this.#hop = (await this.#primary.readState().catch(() => undefined))?.notes?.hop ?? this.#hop
  }

  /**
   * What would be gone with this device: entries that headquarters has in one place only, or not at all. A
   * headquarters without a second place never says `durable` (JRN-9b); there what it received counts.
   */
  notSafe({ epochs, head, notDurable }: CoreStatus): JournalStatus['notSafe'] {
    const { received = {}, durable = {} } = this.#hop ?? {}
    if (Object.keys(durable).length > 0) return { entries: notDurable.entries, until: 'durable' }
    const counted = epochs.filter(({ state }) => state !== 'rehomed')
    const entries = counted.reduce((sum, { epoch, last }) => {
      const lastSeq = last?.seq ?? (epoch === head?.epoch ? head.seq : 0)
      return sum + Math.max(0, lastSeq - (received[epoch]?.seq ?? 0))
    }, 0)
    return { entries, until: 'received' }
  }

  async view({ identity, entry }: JournalBill): Promise<Bill> {
    const { epoch, seq, at, cart, staff, shift, tradingDay, body, totals } = entry
    const jobs = await this.jobsOf(identity)
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
    const reached = (mark: { seq: number } | undefined) => mark !== undefined && mark.seq >= seq
    if (reached(this.#hop?.durable[epoch])) return 'durable'
    if (reached(this.#hop?.received[epoch])) return 'hq'
    return reached(this.#hop?.agreed[epoch]) ? 'store' : 'here'
  }
}
