import { addDays } from '@nexus/domain'

/** Days after the bill's date on which goods come back (RET-4d). */
export const RETURN_WINDOW_DAYS = 30

/** The last day on which goods of a bill of this date come back. */
export function lastReturnDay(issueDate: string): string {
  return addDays(issueDate, RETURN_WINDOW_DAYS)
}
