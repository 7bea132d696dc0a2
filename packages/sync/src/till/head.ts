import { parseBillNumber } from '@nexus/domain'
import type { Entry } from '../entry/schema.ts'
import { totalsAfter, zeroTotals } from '../entry/totals.ts'
import { attemptsAfter } from './attempts.ts'
import { type InvoiceNotes, invoicesAfter, noInvoices } from './invoices.ts'
import type { HeadRecord, LastSale, SeriesState } from './records.ts'

/** Head of an epoch without entries. What belongs to the till and not to the epoch goes on. */
export function emptyHead(fence: number, epoch: string, hash: string, before?: HeadRecord): HeadRecord {
  return {
    fence,
    epoch,
    seq: 0,
    hash,
    at: before?.at ?? 0,
    totals: zeroTotals,
    series: {},
    clockOffsetMs: before?.clockOffsetMs ?? 0,
    lastSale: before?.lastSale ?? null,
    attempts: ofOthers(before?.attempts ?? {}, epoch),
    invoices: withoutEpoch(before?.invoices ?? noInvoices, epoch),
    rehome: before?.rehome ?? null,
  }
}

/** What this epoch's own entries say is counted anew where they are folded again from the first. */
function ofOthers<T extends { epoch: string }>(
  notes: { readonly [key: string]: T },
  epoch: string,
): { [key: string]: T } {
  return Object.fromEntries(Object.entries(notes).filter(([, note]) => note.epoch !== epoch))
}

function withoutEpoch(notes: InvoiceNotes, epoch: string): InvoiceNotes {
  return { ...notes, numbers: ofOthers(notes.numbers, epoch) }
}

/** The head after an entry: also what start folds again where a head record was lost. */
export function headAfter(head: HeadRecord, entry: Entry, hash: string): HeadRecord {
  return {
    ...head,
    seq: entry.seq,
    hash,
    at: entry.at,
    totals: totalsAfter(head.totals, entry),
    series: seriesAfter(head, entry),
    clockOffsetMs: entry.type === 'clock-changed' ? entry.clockOffsetMs : head.clockOffsetMs,
    lastSale: entry.type === 'sale' ? lastSaleOf(entry, hash) : head.lastSale,
    attempts: attemptsAfter(head.attempts ?? {}, entry),
    invoices: invoicesAfter(head.invoices ?? noInvoices, entry, hash),
  }
}

/** Key of a series within its epoch: letter and two digits of the year (JRN-14a). */
export function seriesKeyOf(kind: string, fyStartYear: number): string {
  return `${kind}${String(fyStartYear).slice(-2)}`
}

function seriesAfter({ series, invoices }: HeadRecord, entry: Entry): HeadRecord['series'] {
  const taken = numbersTaken(entry)
  if (taken.length === 0) return series
  const after: { [key: string]: SeriesState } = { ...series }
  for (const { number, issueDate } of taken) {
    const parsed = parseBillNumber(number)
    if (parsed === undefined || isOfOtherEpoch(invoices, number, entry.epoch)) continue
    const key = seriesKeyOf(parsed.kind, parsed.fyStartYear)
    // A bill that repeats the number of its intent may come behind later numbers (JRN-14d).
    if (parsed.n > (after[key]?.number ?? 0)) after[key] = { number: parsed.n, issueDate }
  }
  return after
}

/** A number that an intent of an earlier epoch took belongs to that epoch's series. */
function isOfOtherEpoch(invoices: HeadRecord['invoices'], number: string, epoch: string): boolean {
  const note = invoices?.numbers[number]
  return note !== undefined && note.epoch !== epoch
}

function numbersTaken(entry: Entry): { number: string; issueDate: string }[] {
  switch (entry.type) {
    case 'sale':
      return entry.body.documents
    case 'invoice-issued':
      return [entry.body.document]
    case 'invoice-intent':
    case 'renumbered':
      return [entry.body]
    default:
      return []
  }
}

function lastSaleOf(entry: Entry<'sale'>, identity: string): LastSale {
  const { documents, root } = entry.body
  const back = (kind: string) => kind === 'C' || kind === 'R'
  return {
    identity,
    epoch: entry.epoch,
    seq: entry.seq,
    cart: entry.cart ?? root,
    numbers: documents.map(({ number }) => number),
    at: entry.at,
    totalMinor: documents.reduce(
      (sum, { kind, totalMinor }) => sum + (back(kind) ? -totalMinor : totalMinor),
      0,
    ),
  }
}
