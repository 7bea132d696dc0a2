import { expect, test } from 'vitest'
import { finishedHours } from './finished-hours.ts'

test('a running day is compared by the hours that are over, not by the one that runs', () => {
  const hours = [
    { hour: 10, soldMinor: 100, bills: 1, lastWeekMinor: 80 },
    { hour: 11, soldMinor: 50, bills: 1, lastWeekMinor: 90 },
    { hour: 12, soldMinor: 7, bills: 1, lastWeekMinor: 500 },
  ]
  expect(finishedHours(hours, 12)).toEqual({ soldMinor: 150, lastWeekMinor: 170 })
  expect(finishedHours(hours, 10)).toEqual({ soldMinor: 0, lastWeekMinor: 0 })
  expect(finishedHours(hours, 24)).toEqual({ soldMinor: 157, lastWeekMinor: 670 })
})
