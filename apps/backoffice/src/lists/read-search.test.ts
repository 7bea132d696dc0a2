import { billQuery, listProducts } from '@nexus/contract'
import { expect, test } from 'vitest'
import { parseSearch, readSearch, writeSearch } from './read-search.ts'

const store = '0192f0c1-0000-7000-8000-000000000001'

test('an address that was written is read back as it was', () => {
  const search = { store, from: '2026-11-22', minMinor: 5000, discrepancies: true, page: 2, q: '321' }
  expect(readSearch(billQuery, parseSearch(writeSearch(search)))).toEqual(search)
})

test('digits are a number where the list asks for one and a text where it asks for a text', () => {
  expect(readSearch(billQuery, { q: '000321', maxMinor: '000321' })).toEqual({ q: '000321', maxMinor: 321 })
  expect(readSearch(billQuery, { q: 'true', discrepancies: 'true' })).toEqual({
    q: 'true',
    discrepancies: true,
  })
})

test('what the list does not take is left out and the rest stays', () => {
  const raw = { page: '0', pageSize: '5000', from: '22-11-2026', store: 'KOR', colour: 'red', kind: 'C' }
  expect(readSearch(billQuery, raw)).toEqual({ kind: 'C' })
  expect(readSearch(listProducts.query, { active: 'perhaps', unclassified: false })).toEqual({
    unclassified: false,
  })
})

test('members without content do not stand in the address', () => {
  expect(writeSearch({ q: '', store: undefined, page: null })).toBe('')
  expect(writeSearch({ q: 'a b&c', page: 2 })).toBe('?q=a+b%26c&page=2')
})
