import { expect, test } from 'vitest'
import { parametersOf, phraseOf } from './coded-words.ts'

test('a code without a sentence reads as a phrase', () => {
  expect(phraseOf('primary-lost')).toBe('Primary lost')
  expect(phraseOf('tax')).toBe('Tax')
})

test('parameters tell amounts as rupees and instants as dates', () => {
  expect(
    parametersOf({
      expectedTotalMinor: 12_345_650,
      soldAt: Date.UTC(2026, 10, 22, 4, 30),
      seq: 7,
      hash: null,
      of: [1],
    }),
  ).toEqual([
    { name: 'Expected total', value: '₹1,23,456.50' },
    { name: 'Sold', value: '22-11-2026 10:00' },
    { name: 'Seq', value: '7' },
    { name: 'Hash', value: '–' },
    { name: 'Of', value: '[1]' },
  ])
})
