import { expect, test } from 'vitest'
import { shownHours } from './shown-hours.ts'

const row = (hour: number, soldMinor: number, lastWeekMinor = 0) => ({
  hour,
  soldMinor,
  bills: 1,
  lastWeekMinor,
})

test('a quiet morning shows the whole of the usual day', () => {
  expect(shownHours([]).map(({ hour }) => hour)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21])
})

test('hours outside the usual ones appear when something was sold in them, now or a week before', () => {
  const shown = shownHours([row(8, 100), row(12, 500), row(23, 0, 700), row(2, 0)])
  expect(shown.at(0)).toEqual(row(8, 100))
  expect(shown.at(-1)).toEqual(row(23, 0, 700))
  expect(shown.map(({ hour }) => hour)).toEqual(Array.from({ length: 16 }, (_, at) => 8 + at))
  expect(shown[4]).toEqual(row(12, 500))
})
