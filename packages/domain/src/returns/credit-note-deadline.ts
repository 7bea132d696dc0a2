import { financialYear } from '../calendar/calendar.ts'

/**
 * Last day on which a credit note may lower the tax of a bill (CGST Act, section 34(2)): 30 November after
 * the end of the financial year of the supply. An annual return filed earlier ends it earlier; that is not
 * known here.
 *
 * @param issueDate date of the bill
 */
export function creditNoteDeadline(issueDate: string): string {
  return `${financialYear(issueDate) + 1}-11-30`
}
