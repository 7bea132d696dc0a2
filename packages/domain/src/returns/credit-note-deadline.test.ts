import { expect, test } from 'vitest'
import thresholds from '../../../../docs/spec/cases/thresholds.json' with { type: 'json' }
import { creditNoteDeadline } from './credit-note-deadline.ts'

const { credit_note_cut_off: lastDays, credit_note_allowed_after_cut_off: allowed } = thresholds.groups

test.each(lastDays)('[RET-4c] reference case $id: the last day for a credit note', ({ input, expected }) => {
  expect(creditNoteDeadline(input.original_invoice_date)).toBe(expected.last_day_to_declare_tax_reduction)
})

test.each(allowed)('[RET-4c] reference case $id: whether a credit note may still be made', (given) => {
  const { original_invoice_date, return_date } = given.input
  expect(return_date <= creditNoteDeadline(original_invoice_date)).toBe(given.expected.gst_credit_note)
})
