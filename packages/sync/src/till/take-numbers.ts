import { billNumber, financialYear, localDate } from '@nexus/domain'
import type { BillDocument, DocumentKind } from '../entry/schema.ts'
import { seriesKeyOf } from './head.ts'
import { type InvoiceNotes, noInvoices, numberTaken } from './invoices.ts'
import type { HeadRecord } from './records.ts'
import type { DocumentDraft } from './types.ts'

/**
 * Gives documents their numbers and issue dates (JRN-14a): the next of each series, without gaps, the
 * local date of `pricedAt`. Nothing is taken until the head commits with the entry.
 *
 * `held` says that a date was kept at its series' last one: dates never go backwards in a series
 * (JRN-13), and there was no other epoch to number from. A document of the cart that took its number by an
 * `invoice-intent` repeats number and date (JRN-14d).
 */
export function takeNumbers(
  drafts: readonly DocumentDraft[],
  code: string,
  series: HeadRecord['series'],
  { cart, invoices }: { cart: string; invoices: InvoiceNotes | undefined },
): { documents: BillDocument[]; held: boolean } {
  const taken = { ...series }
  let held = false
  const documents = drafts.map((draft) => {
    const intended = numberTaken(invoices ?? noInvoices, cart, draft.kind)
    if (intended !== undefined) {
      return { ...draft, number: intended.number, issueDate: intended.issueDate }
    }
    const next = nextNumber(draft.kind, draft.pricing.pricedAt, code, taken)
    taken[next.key] = { number: next.n, issueDate: next.issueDate }
    held ||= next.held
    return { ...draft, number: next.number, issueDate: next.issueDate }
  })
  return { documents, held }
}

/** The next number of a kind's series and the date that it bears; `held` as in `takeNumbers`. */
export function nextNumber(
  kind: DocumentKind,
  at: number,
  code: string,
  series: HeadRecord['series'],
): { key: string; n: number; number: string; issueDate: string; held: boolean } {
  const date = localDate(at)
  const fyStartYear = financialYear(date)
  const key = seriesKeyOf(kind, fyStartYear)
  const last = series[key] ?? { number: 0, issueDate: date }
  const issueDate = last.issueDate > date ? last.issueDate : date
  const n = last.number + 1
  return { key, n, number: billNumber(code, kind, fyStartYear, n), issueDate, held: issueDate !== date }
}

/** Whether a date of these documents, priced or issued at an instant, would go backwards within its series. */
export function wouldGoBack(
  documents: readonly { kind: DocumentKind; at: number }[],
  series: HeadRecord['series'],
): boolean {
  return documents.some(({ kind, at }) => isBefore(at, kind, series))
}

/** Whether bills of any kind written at this instant would go backwards within their series. */
export function clockWentBack(at: number, series: HeadRecord['series']): boolean {
  return Object.keys(series).some((key) => isBefore(at, key.slice(0, 1), series))
}

function isBefore(at: number, kind: string, series: HeadRecord['series']): boolean {
  const date = localDate(at)
  const last = series[seriesKeyOf(kind, financialYear(date))]
  return last !== undefined && last.issueDate > date
}
