import { parseBillNumber } from '@nexus/domain'
import type { Entry } from '../entry/schema.ts'
import { totalsAfter, zeroTotals } from '../entry/totals.ts'
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
    rehome: before?.rehome ?? null,
  }
}

/** The head after an entry: also what start folds again where a head record was lost. */
export function headAfter(head: HeadRecord, entry: Entry, hash: string): HeadRecord {
  return {
    ...head,
    seq: entry.seq,
    hash,
    at: entry.at,
    totals: totalsAfter(head.totals, entry),
    series: seriesAfter(head.series, entry),
    clockOffsetMs: entry.type === 'clock-changed' ? entry.clockOffsetMs : head.clockOffsetMs,
    lastSale: entry.type === 'sale' ? lastSaleOf(entry, hash) : head.lastSale,
  }
}

/** Key of a series within its epoch: letter and two digits of the year (JRN-14a). */
export function seriesKeyOf(kind: string, fyStartYear: number): string {
  return `${kind}${String(fyStartYear).slice(-2)}`
}

function seriesAfter(series: HeadRecord['series'], entry: Entry): HeadRecord['series'] {
  const taken = numbersTaken(entry)
  if (taken.length === 0) return series
  const after: { [key: string]: SeriesState } = { ...series }
  for (const { number, issueDate } of taken) {
    const parsed = parseBillNumber(number)
    if (parsed === undefined) continue
    after[seriesKeyOf(parsed.kind, parsed.fyStartYear)] = { number: parsed.n, issueDate }
  }
  return after
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
