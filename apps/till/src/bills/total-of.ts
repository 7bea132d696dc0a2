import type { Bill } from '../journal/index.ts'

/** What the bill comes to, paise: sold less given back; negative for a return. */
export function totalOf({ body }: Pick<Bill, 'body'>): number {
  return body.documents.reduce(
    (sum, { kind, totalMinor }) => sum + (kind === 'C' || kind === 'R' ? -totalMinor : totalMinor),
    0,
  )
}
