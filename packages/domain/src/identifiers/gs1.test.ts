import { expect, test } from 'vitest'
import { parseGs1 } from './gs1.ts'

const FNC1 = '\u001d'
const GTIN = '04006381333931'

test('GTIN, batch, expiry and serial are read from a scanned symbol', () => {
  expect(parseGs1(`]d201${GTIN}17270331${'10'}AB-12${FNC1}21S/9`)).toEqual({
    gtin: '4006381333931',
    batchNo: 'AB-12',
    expiryDate: '2027-03-31',
    serial: 'S/9',
  })
  expect(parseGs1(`01${GTIN}`)).toEqual({ gtin: '4006381333931' })
})

test('elements come in any order, others are passed over', () => {
  expect(parseGs1(`]C110LOT7${FNC1}1125010${'1'}01${GTIN}91shop${FNC1}`)).toEqual({
    gtin: '4006381333931',
    batchNo: 'LOT7',
  })
})

test('day 00 is the last of its month, an impossible day is left out', () => {
  expect(parseGs1(`01${GTIN}17280200`)?.expiryDate).toBe('2028-02-29')
  expect(parseGs1(`01${GTIN}17271200`)?.expiryDate).toBe('2027-12-31')
  expect(parseGs1(`01${GTIN}17270231`)).toEqual({ gtin: '4006381333931' })
  expect(parseGs1(`01${GTIN}17271300`)).toEqual({ gtin: '4006381333931' })
})

test.each([
  ['', 'nothing'],
  ['4006381333931', 'a plain EAN-13'],
  [`01${GTIN.slice(0, 13)}0`, 'a wrong check digit'],
  [`01${GTIN.slice(0, 10)}`, 'a GTIN cut short'],
  ['10LOT7', 'no GTIN'],
  [`01${GTIN}17270`, 'an expiry cut short'],
  [`01${GTIN}10`, 'an element without a value'],
  [`01${GTIN}99`, 'a company element without a value'],
  [`01${GTIN}5X1`, 'an unknown element'],
])('%s is no element string: %s', (text) => {
  expect(parseGs1(text)).toBeUndefined()
})
