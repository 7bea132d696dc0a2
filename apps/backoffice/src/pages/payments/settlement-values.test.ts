import { expect, test } from 'vitest'
import { columnsOf, guessColumns, settlementQuery } from './settlement-values.ts'

test('columns are those of the first line, whatever parts them, and usual names are guessed', () => {
  const text = '\uFEFF"Merchant Ref";Txn Date;Gross Amount;MDR;RRN;\r\ntr-1;22/11/2026;1,2;0;R1\r\n'
  const columns = columnsOf(text)
  expect(columns).toEqual(['Merchant Ref', 'Txn Date', 'Gross Amount', 'MDR', 'RRN'])
  expect(guessColumns(columns)).toEqual({
    reference: 'Merchant Ref',
    date: 'Txn Date',
    amount: 'Gross Amount',
    fee: 'MDR',
    utr: 'RRN',
  })
  expect(guessColumns(columnsOf(''))).toEqual({ reference: '', date: '', amount: '', fee: '', utr: '' })
})

test('fields without a column are not asked with', () => {
  const values = { provider: ' bank ', reference: 'R', amount: 'A', date: 'D', fee: '', utr: 'U' }
  expect(settlementQuery(values)).toEqual({
    provider: 'bank',
    reference: 'R',
    amount: 'A',
    date: 'D',
    utr: 'U',
  })
})
