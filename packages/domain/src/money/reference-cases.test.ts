import { expect, test } from 'vitest'
import formats from '../../../../docs/spec/cases/formats.json' with { type: 'json' }
import { formatAmount } from './format.ts'
import { parseAmount } from './parse.ts'
import { amountInWords } from './words.ts'

function minor(text: string): number {
  const parsed = parseAmount(text)
  return 'amountMinor' in parsed ? parsed.amountMinor : Number.NaN
}

test.each(formats.money)('reference case $id: $input', ({ input, expected }) => {
  expect(formatAmount(minor(input))).toBe(expected)
})

test.each(formats.amount_in_words)('reference case $id: $input in words', ({ input, expected }) => {
  expect(amountInWords(minor(input), 'en')).toBe(expected)
})

/** Groups of formats.json that are proved elsewhere. */
const elsewhere: Record<string, string> = {
  financial_year: 'calendar/calendar.test.ts',
  document_number: 'bills/bill-number.test.ts',
  pin_code: 'identifiers/gstin.test.ts',
  mobile: 'identifiers/gstin.test.ts',
  tender: 'the till counts tenders; rounding in pricing/rupee.test.ts',
  printing: 'the printer knows its code page',
  states: 'identifiers/gstin.test.ts',
}

test('every group of formats is run, or named with its place', () => {
  const groups = Object.keys(formats).filter((name) => name !== 'title')
  expect(['money', 'amount_in_words', ...Object.keys(elsewhere)].toSorted()).toEqual(groups.toSorted())
})
