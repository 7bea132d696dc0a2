import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildCodeIndex, codeKey, findCode } from './code-index.ts'

const code = fc.oneof(
  fc.stringMatching(/^[0-9]{1,16}$/),
  fc.stringMatching(/^[A-Z0-9-]{1,12}$/),
  fc.constantFrom(
    '036000291452',
    '0036000291452',
    '96385074',
    '0000096385074',
    '8901234567890',
    '1',
    '01',
    '001',
  ),
)

test('a code finds every product that bears it and no other', () => {
  fc.assert(
    fc.property(fc.array(fc.array(code, { maxLength: 4 }), { maxLength: 30 }), code, (codes, asked) => {
      const same = (one: string) => codeKey(one) === codeKey(asked)
      const expected = codes.flatMap((ofOne, place) => (ofOne.some(same) ? [place] : []))
      expect(findCode(buildCodeIndex(codes), asked)).toEqual(expected)
    }),
  )
})

test.each([
  ['a UPC-A with and without its zero', '036000291452', '0036000291452'],
  ['a GTIN-8 with zeros before it', '96385074', '00000096385074'],
  ['small and capital letters', 'lip-04', 'LIP-04'],
  ['blanks around', ' LIP-04 ', 'LIP-04'],
])('the same code: %s', (_what, one, other) => {
  expect(codeKey(one)).toBe(codeKey(other))
})

test('a number with zeros before it is another code', () => {
  const keys = ['1', '01', '001', '0', '00', ''].map(codeKey)
  expect(new Set(keys).size).toBe(keys.length)
})

test('100,000 house codes have keys of their own, beside all numbers', () => {
  const keys = new Set<number>()
  for (let n = 0; n < 100_000; n++) keys.add(codeKey(`SKU-${n}`)).add(codeKey(String(n)))
  expect(keys.size).toBe(200_000)
  expect([...keys].every(Number.isSafeInteger)).toBe(true)
})
