import fc from 'fast-check'
import { expect, test } from 'vitest'
import formats from '../../../../docs/spec/cases/formats.json' with { type: 'json' }
import { billNumber, isDocumentNumber, isSeriesCode, parseBillNumber, seriesKey } from './bill-number.ts'
import type { DocumentKind } from './document-kind.ts'

const code = fc.stringMatching(/^[A-Z][A-Z0-9]{0,5}$/)
const kind = fc.constantFrom<DocumentKind[]>('I', 'B', 'C', 'R', 'P', 'G')
const year = fc.integer({ min: 2000, max: 2099 })

test('[JRN-14a] a number is the code, the letter, two digits of the year and six of the count', () => {
  expect(billNumber('KOR2A', 'I', 2026, 321)).toBe('KOR2AI26-000321')
  expect(seriesKey('KOR2A', 'I', 2026)).toBe('KOR2AI26')
})

test('[JRN-14a] a number has at most 16 characters of A–Z 0–9 -, and is read back into its parts', () => {
  fc.assert(
    fc.property(code, kind, year, fc.integer({ min: 1, max: 999_999 }), (code, kind, fyStartYear, n) => {
      const number = billNumber(code, kind, fyStartYear, n)
      expect(number).toMatch(/^[A-Z0-9-]{1,16}$/)
      expect(isDocumentNumber(number)).toBe(true)
      expect(number.startsWith(`${seriesKey(code, kind, fyStartYear)}-`)).toBe(true)
      expect(parseBillNumber(number)).toEqual({ code, kind, fyStartYear, n })
    }),
  )
})

test('[JRN-14a] numbers of one series sort as they count, and two series never share one', () => {
  expect(billNumber('A', 'I', 2026, 9) < billNumber('A', 'I', 2026, 10)).toBe(true)
  fc.assert(
    fc.property(fc.tuple(code, kind, year), fc.tuple(code, kind, year), (one, other) => {
      const same = one.join() === other.join()
      expect(billNumber(...one, 7) === billNumber(...other, 7)).toBe(same)
    }),
  )
})

test('a series that is full, or a code that is none, gives no number', () => {
  expect(() => billNumber('KOR2A', 'I', 2026, 1_000_000)).toThrow('999,999')
  expect(() => billNumber('KOR2A', 'I', 2026, 0)).toThrow('999,999')
  expect(() => seriesKey('2KOR', 'I', 2026)).toThrow('letter first')
  expect(() => seriesKey('KOR2A', 'I', 1999)).toThrow('this century')
  expect(['KOR2ABC', 'kor', '', 'K-1', '1A'].some(isSeriesCode)).toBe(false)
})

test.each([
  'KOR2AX26-000321',
  'KOR2AI26-321',
  'KOR2AI26-000000',
  'kor2aI26-000321',
  'KOR2AI26-000321 ',
  'I26-000321',
])('%s is no number of ours', (text) => {
  expect(parseBillNumber(text)).toBeUndefined()
})

test.each(formats.document_number)('reference case $id: $input', ({ input, acceptable }) => {
  expect(isDocumentNumber(input)).toBe(acceptable)
})
