import { gtinCheckDigit } from '@nexus/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ean13Modules, isEan13 } from './ean13.ts'

test('the standard’s own example, 4006381333931, has its published bars', () => {
  expect(ean13Modules('4006381333931')).toBe(
    [
      '101',
      ...['0001101', '0100111', '0101111', '0111101', '0001001', '0110011'],
      '01010',
      ...['1000010', '1000010', '1000010', '1110100', '1000010', '1100110'],
      '101',
    ].join(''),
  )
})

test('a leading zero is a UPC-A: odd parity on the whole left', () => {
  // 036000291452, the first barcode textbooks show.
  expect(ean13Modules('0036000291452')).toBe(
    [
      '101',
      ...['0001101', '0111101', '0101111', '0001101', '0001101', '0001101'],
      '01010',
      ...['1101100', '1110100', '1100110', '1011100', '1001110', '1101100'],
      '101',
    ].join(''),
  )
})

test('every symbol can be read back, digit by digit', () => {
  const code = fc.stringMatching(/^[0-9]{12}$/).map((digits) => digits + gtinCheckDigit(digits))
  fc.assert(
    fc.property(code, (given) => {
      const modules = ean13Modules(given)
      expect(modules).toHaveLength(95)
      expect(read(modules)).toBe(given)
    }),
  )
})

test('what an EAN-13 cannot carry is refused and never drawn', () => {
  for (const code of ['4006381333930', '96385074', '10614141000415', '', 'LIP-04-0000000']) {
    expect(isEan13(code)).toBe(false)
    expect(() => ean13Modules(code)).toThrow('no EAN-13')
  }
})

/**
 * Reads a symbol as scanners do: by the widths of two bars and two spaces a digit, and the leading digit
 * from which left digits have an even number of dark modules. Widths of set A after ISO/IEC 15420.
 */
function read(modules: string): string {
  const widths = ['3211', '2221', '2122', '1411', '1132', '1231', '1114', '1312', '1213', '3112']
  const runs = (digit: string) =>
    digit
      .match(/0+|1+/g)
      ?.map((run) => run.length)
      .join('') ?? ''
  const left = Array.from({ length: 6 }, (_, at) => modules.slice(3 + at * 7, 10 + at * 7))
  const right = Array.from({ length: 6 }, (_, at) => modules.slice(50 + at * 7, 57 + at * 7))
  const isEven = (digit: string) => (digit.match(/1/g)?.length ?? 0) % 2 === 0
  const pattern = left.map((digit) => (isEven(digit) ? 'G' : 'L')).join('')
  const leading = 'LLLLLL LLGLGG LLGGLG LLGGGL LGLLGG LGGLLG LGGGLL LGLGLG LGLGGL LGGLGL'
    .split(' ')
    .indexOf(pattern)
  const digitOf = (digit: string, reversed: boolean) =>
    widths.indexOf(reversed ? [...runs(digit)].reverse().join('') : runs(digit))
  return [
    leading,
    ...left.map((digit) => digitOf(digit, isEven(digit))),
    ...right.map((digit) => digitOf(digit, false)),
  ].join('')
}
