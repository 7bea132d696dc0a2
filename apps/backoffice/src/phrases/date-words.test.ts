import { expect, test } from 'vitest'
import { agoWords, dayWords } from './date-words.ts'

test('a day names its weekday, in the language and with Latin digits', () => {
  expect(dayWords('en', '2026-11-22')).toBe('Sun, 22 Nov, 2026')
  expect(dayWords('hi', '2026-11-22')).toMatch(/22.*2026/)
})

test('a span is told in its largest whole unit', () => {
  const now = Date.UTC(2026, 10, 22)
  expect(agoWords('en', now - 40_000, now)).toBe('40 seconds ago')
  expect(agoWords('en', now - 119_000, now)).toBe('1 minute ago')
  expect(agoWords('en', now - 47 * 3_600_000, now)).toBe('47 hours ago')
  expect(agoWords('en', now - 72 * 3_600_000, now)).toBe('3 days ago')
})
