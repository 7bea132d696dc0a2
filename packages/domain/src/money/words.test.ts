import { expect, test } from 'vitest'
import { amountInWords } from './words.ts'

test('an amount is said in lakh and crore', () => {
  expect(amountInWords(123_456_789_00, 'en')).toBe(
    'Rupees Twelve Crore Thirty-Four Lakh Fifty-Six Thousand Seven Hundred Eighty-Nine Only',
  )
  expect(amountInWords(1_00_00_000_00 * 1_00_000, 'en')).toBe('Rupees One Lakh Crore Only')
  expect(amountInWords(1_01, 'en')).toBe('Rupees One and One Paise Only')
})

test('and in Hindi', () => {
  expect(amountInWords(123_450_50, 'hi')).toBe('रुपये एक लाख तेईस हज़ार चार सौ पचास और पचास पैसे मात्र')
  expect(amountInWords(0, 'hi')).toBe('रुपये शून्य मात्र')
  expect(amountInWords(99_00, 'hi')).toBe('रुपये निन्यानवे मात्र')
})

test('a hundred different numbers have a hundred different names in both languages', () => {
  for (const language of ['en', 'hi'] as const) {
    const names = Array.from({ length: 100 }, (_, number) => amountInWords(number * 100, language))
    expect(new Set(names).size).toBe(100)
    expect(names.some((name) => name.includes('undefined') || name.includes('  '))).toBe(false)
  }
})

test('a negative amount has no words', () => {
  expect(() => amountInWords(-1, 'en')).toThrow('not negative')
})
