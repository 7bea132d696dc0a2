import { expect, test } from 'vitest'
import { readCode, readEntered } from './read-code.ts'

const FNC1 = '\u001d'

test.each([
  ['8901234567890', 1000, false, '8901234567890'],
  ['3*8901234567890', 3000, true, '8901234567890'],
  [' 12 * lip colour ', 12_000, true, 'lip colour'],
  ['0.75*29000000010', 750, true, '29000000010'],
  ['1.5*rice', 1500, true, 'rice'],
  ['3*', 3000, true, ''],
  ['0*lip', 1000, false, '0*lip'],
  ['0.000*lip', 1000, false, '0.000*lip'],
  ['12345*lip', 1000, false, '12345*lip'],
  ['-3*lip', 1000, false, '-3*lip'],
  ['2*3*lip', 2000, true, '3*lip'],
  ['', 1000, false, ''],
])('a quantity before a star is taken off: %j', (typed, quantityMilli, quantityGiven, text) => {
  expect(readEntered(typed)).toEqual({ quantityMilli, quantityGiven, text })
})

test.each([
  ['EAN-13', '8901234567890', { code: '8901234567890', damaged: false }],
  ['blanks of a keyboard', ' 8901234567890 ', { code: '8901234567890', damaged: false }],
  ['UPC-A gets its zero', '036000291452', { code: '0036000291452', damaged: false }],
  ['EAN-8', '96385074', { code: '96385074', damaged: false }],
  [
    'a wrong check digit is damage, not another product',
    '8901234567894',
    { code: '8901234567894', damaged: true },
  ],
  ['a house code', 'LIP-04', { code: 'LIP-04', damaged: false }],
  ['a short number', '123', { code: '123', damaged: false }],
  [
    'GS1 with batch and expiry',
    `010890123456789017270331${'10'}B7`,
    { code: '8901234567890', damaged: false, batchNo: 'B7', expiryDate: '2027-03-31' },
  ],
  [
    'GS1 with FNC1 and symbology',
    `]d201089012345678901${'0'}B7${FNC1}21S9`,
    { code: '8901234567890', damaged: false, batchNo: 'B7', serial: 'S9' },
  ],
])('reads a code: %s', (_what, text, code) => {
  expect(readCode(text)).toEqual(code)
})
