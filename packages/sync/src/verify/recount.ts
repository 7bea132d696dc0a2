import { parseBillNumber } from '@nexus/domain'
import type { Entry, Totals } from '../entry/schema.ts'
import { sameTotals, statesTotals, totalsAfter, zeroTotals } from '../entry/totals.ts'
import type { PreparedEntry } from '../server/types.ts'

/** So many places of a kind are listed; the first ones say where to look. */
export const LISTED_MAX = 1000

export type RehomedSale = {
  seq: number
  identity: string
  /** Where the entry stood first. */
  place: { epoch: string; seq: number }
  soldMinor: number
  returnedMinor: number
}

/** Adds up totals and numbers along one epoch (JRN-18, JRN-14a). */
export class Recount {
  /** Entries whose totals are not the sum of those before them, or fall. */
  readonly wrongTotals: number[] = []
  /** Numbers that do not follow the one before in their series, or are another epoch's. */
  readonly wrongNumbers: { seq: number; number: string }[] = []
  /** Sales of other epochs that were written again here. */
  readonly rehomedSales: RehomedSale[] = []
  /** After the last entry, where nothing is missing; null otherwise. */
  totals: Totals | null = zeroTotals
  /** What was stated last, also across what is missing: totals never fall. */
  #stated: Totals = zeroTotals
  readonly #lastNumbers = new Map<string, number>()
  /** Numbers that an `invoice-intent` took and its sale repeats (JRN-14d). */
  readonly #intended = new Set<string>()
  #lastSeq = 0

  add(seq: number, { decoded, inner }: PreparedEntry, code: string | null): void {
    const isNext = seq === this.#lastSeq + 1
    this.#lastSeq = seq
    if (decoded.kind !== 'ok' || !isNext) {
      this.totals = null
      this.#lastNumbers.clear()
    }
    if (decoded.kind !== 'ok') return
    const { entry } = decoded
    this.#addTotals(seq, entry)
    for (const number of numbersTaken(entry)) this.#addNumber(seq, number, code)
    if (entry.type === 'invoice-intent') this.#intended.add(entry.body.number)
    if (inner?.decoded.kind === 'ok' && inner.decoded.entry.type === 'sale') {
      const sale = inner.decoded.entry
      const { soldMinor, returnedMinor } = totalsAfter(zeroTotals, sale)
      const place = { epoch: sale.epoch, seq: sale.seq }
      keep(this.rehomedSales, { seq, identity: inner.hash, place, soldMinor, returnedMinor })
    }
  }

  #addTotals(seq: number, entry: Entry): void {
    const expected: Totals | null = this.totals === null ? null : totalsAfter(this.totals, entry)
    const stated = statesTotals(entry.type) ? entry.totals : null
    const isWrong =
      stated === null
        ? statesTotals(entry.type)
        : expected === null
          ? falls(this.#stated, stated)
          : !sameTotals(stated, expected)
    if (isWrong) keep(this.wrongTotals, seq)
    this.totals = stated ?? expected
    if (stated !== null) this.#stated = stated
  }

  #addNumber(seq: number, number: string, code: string | null): void {
    if (this.#intended.delete(number)) return
    const parsed = parseBillNumber(number)
    const series = number.split('-')[0] ?? ''
    const last = this.#lastNumbers.get(series)
    if (parsed !== undefined) this.#lastNumbers.set(series, parsed.n)
    const follows = parsed !== undefined && (last === undefined || parsed.n === last + 1)
    const isOwn = code === null || parsed?.code === code
    if (!follows || !isOwn) keep(this.wrongNumbers, { seq, number })
  }
}

function falls(before: Totals, after: Totals): boolean {
  return (Object.keys(before) as (keyof Totals)[]).some((member) => after[member] < before[member])
}

/** Numbers of bills in an entry's own words, for people who look for it; a re-homed one's are its inner entry's. */
export function numbersOf({ decoded, inner }: PreparedEntry): string[] {
  if (decoded.kind !== 'ok') return []
  return inner === null ? numbersTaken(decoded.entry) : numbersOf(inner)
}

function numbersTaken(entry: Entry): string[] {
  switch (entry.type) {
    case 'sale':
      return entry.body.documents.map((document) => document.number)
    case 'invoice-issued':
      return [entry.body.document.number]
    case 'invoice-intent':
    case 'renumbered':
      return [entry.body.number]
    default:
      return []
  }
}

function keep<T>(list: T[], item: T): void {
  if (list.length < LISTED_MAX) list.push(item)
}
