import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gtinCheckDigit, isGtin, isMangledBarcode, normaliseGtin } from './gtin.ts'
import { internalCode, productOfInternalCode } from './internal-code.ts'

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))
const gtin = fc
  .constantFrom(8, 12, 13, 14)
  .chain((length) => digits(length - 1))
  .map((before) => before + gtinCheckDigit(before))

test('published codes of all four lengths are valid', () => {
  // GS1's own examples.
  expect(['96385074', '614141000036', '4006381333931', '9501101530003', '10614141000415'].every(isGtin)).toBe(
    true,
  )
})

test('one wrong digit is always found', () => {
  fc.assert(
    fc.property(gtin, fc.nat(13), fc.integer({ min: 1, max: 9 }), (code, place, shift) => {
      const at = place % code.length
      const wrong = String((Number(code[at]) + shift) % 10)
      expect(isGtin(code)).toBe(true)
      expect(isGtin(code.slice(0, at) + wrong + code.slice(at + 1))).toBe(false)
    }),
  )
})

test('other lengths and other signs are no GTIN', () => {
  expect(
    ['', '0', '1234567', '123456789', '40063813339311', '400638133393A', '00'.repeat(8)].some(isGtin),
  ).toBe(false)
})

test('however a scanner pads it, a code has one form', () => {
  expect(normaliseGtin('614141000036')).toBe('0614141000036')
  expect(normaliseGtin('0614141000036')).toBe('0614141000036')
  expect(normaliseGtin('00614141000036')).toBe('0614141000036')
  expect(normaliseGtin('96385074')).toBe('96385074')
  expect(normaliseGtin('0000096385074')).toBe('96385074')
  expect(normaliseGtin(' 4006381-333931 ')).toBe('4006381333931')
  expect(normaliseGtin('10614141000415')).toBe('10614141000415')
  expect(normaliseGtin('4006381333930')).toBeUndefined()
  fc.assert(
    fc.property(gtin, (code) => {
      const form = normaliseGtin(code) ?? ''
      expect(isGtin(form)).toBe(true)
      expect(normaliseGtin(form)).toBe(form)
      expect(normaliseGtin(code.padStart(14, '0'))).toBe(form)
    }),
  )
})

test('a barcode that a spreadsheet shortened is recognised', () => {
  expect(['8.90123E+12', '8.9E12', '8,90123E+12', '9E+12', ' 8.90123e+12 '].every(isMangledBarcode)).toBe(
    true,
  )
  expect(['8901234567890', '89E', 'E12', 'ABC1E5', '', '8.90123'].some(isMangledBarcode)).toBe(false)
})

test('an internal code is an EAN-13 of the restricted range and gives its product back', () => {
  expect(internalCode(42)).toBe('2900000000421')
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), (productId) => {
      const code = internalCode(productId)
      expect(code).toMatch(/^29[0-9]{11}$/)
      expect(isGtin(code)).toBe(true)
      expect(normaliseGtin(code)).toBe(code)
      expect(productOfInternalCode(code)).toBe(productId)
    }),
  )
})

test('no other code is taken for an internal one', () => {
  const others = [
    '4006381333931',
    '2900000000420',
    '2800000000424',
    '29000000004',
    internalCode(1).slice(0, 12),
  ]
  for (const code of [...others, `29${'0'.repeat(10)}${gtinCheckDigit(`29${'0'.repeat(10)}`)}`]) {
    expect(productOfInternalCode(code)).toBeUndefined()
  }
  expect(() => internalCode(10_000_000_000)).toThrow('ten digits')
  expect(() => internalCode(0)).toThrow('ten digits')
})
