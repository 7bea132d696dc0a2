import { billNumber, financialYear, localDate } from '@nexus/domain'
import type { BillDocument } from '../entry/schema.ts'
import { seriesKeyOf } from './head.ts'
import type { HeadRecord } from './records.ts'
import type { DocumentDraft } from './types.ts'

/**
 * Gives documents their numbers and issue dates (JRN-14a): the next of each series, without gaps, the
 * local date of `pricedAt`. Nothing is taken until the head commits with the entry.
 *
 * `held` says that a date was kept at its series' last one: dates never go backwards in a series
 * (JRN-13), and there was no other epoch to number from.
 */
export function takeNumbers(
  drafts: readonly DocumentDraft[],
  code: string,
  series: HeadRecord['series'],
): { documents: BillDocument[]; held: boolean } {
  const taken = { ...series }
  let held = false
  const documents = drafts.map((draft) => {
    const date = localDate(draft.pricing.pricedAt)
    const fyStartYear = financialYear(date)
    const key = seriesKeyOf(draft.kind, fyStartYear)
    const last = taken[key] ?? { number: 0, issueDate: date }
    const issueDate = last.issueDate > date ? last.issueDate : date
    held ||= issueDate !== date
    const n = last.number + 1
    taken[key] = { number: n, issueDate }
    return { ...draft, number: billNumber(code, draft.kind, fyStartYear, n), issueDate }
  })
  return { documents, held }
}

/** Whether a date of these documents would go backwards within its series. */
export function wouldGoBack(drafts: readonly DocumentDraft[], series: HeadRecord['series']): boolean {
  return drafts.some(({ kind, pricing }) => isBefore(pricing.pricedAt, kind, series))
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
