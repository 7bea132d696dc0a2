import { expect, test } from 'vitest'
import { nameKey, splitWords } from './split-words.ts'

test('words are found without case, accents, quotes and signs', () => {
  expect(splitWords(["L'Oréal Paris – Casting Crème Gloss, 99.9% MEN’S"])).toEqual([
    'loreal',
    'paris',
    'casting',
    'creme',
    'gloss',
    '99',
    '9',
    'mens',
  ])
})

test('Indic words keep their vowel signs', () => {
  expect(splitWords(['हैंड वॉश, मुलायम'])).toEqual(['हैंड', 'वॉश', 'मुलायम'])
})

test('a word stands once, whatever it was found in', () => {
  expect(splitWords(['Kajal Kajal', 'KAJAL NX-1'])).toEqual(['kajal', 'nx', '1'])
})

test('a brand is one brand however it is typed', () => {
  expect(new Set(['Nivea', ' NIVEA ', 'Nívea', 'nivea'].map(nameKey))).toEqual(new Set(['nivea']))
  expect(nameKey('Loreal  Paris')).toBe(nameKey("L'Oréal Paris"))
})
