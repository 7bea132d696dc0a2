import { expect, test } from 'vitest'
import thresholds from '../../../../docs/spec/cases/thresholds.json' with { type: 'json' }
import type { TaxKind } from '../pricing/types.ts'
import { documentKindOf, documentTitleOf } from './document-kind.ts'
import { hsnDigitsMin, isHsn } from './hsn.ts'

const lines = (...kinds: TaxKind[]) => kinds.map((taxKind) => ({ taxKind }))

test('[TAX-5a] taxable and nil goods on one bill make an invoice-cum-bill of supply, in the invoice series', () => {
  for (const other of ['nil', 'exempt', 'non-gst'] as const) {
    expect(documentTitleOf(lines('taxable', other))).toBe('invoice-cum-bill-of-supply')
    expect(documentKindOf(lines(other, 'taxable'))).toBe('I')
  }
  expect(documentTitleOf(lines('taxable', 'taxable'))).toBe('tax-invoice')
  expect(documentKindOf(lines('taxable'))).toBe('I')
})

test('[TAX-5b] without a taxable line it is a bill of supply', () => {
  expect(documentTitleOf(lines('nil', 'exempt', 'non-gst'))).toBe('bill-of-supply')
  expect(documentKindOf(lines('nil'))).toBe('B')
  expect(() => documentKindOf([])).toThrow('has lines')
})

test('an HSN code has 4, 6 or 8 digits', () => {
  expect(['3304', '330499', '33049910'].every(isHsn)).toBe(true)
  expect(['', '33', '33049', '3304991', '330499100', '33O4', ' 3304'].some(isHsn)).toBe(false)
})

test.each(thresholds.groups.hsn_digits)('reference case $id', ({ input, expected }) => {
  const aboveFive = Number(input.turnover.replace('crore ', '')) > 5
  expect(hsnDigitsMin(aboveFive, input.b2b)).toBe(expected.minimum_hsn_digits)
})
