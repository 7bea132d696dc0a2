import type { Today } from './today.ts'

/**
 * Takings of the hours that are over, and of the same hours a week before: the one fair comparison while
 * a day still runs.
 *
 * @param hour the hour that runs now
 */
export function finishedHours(
  hours: Today['hours'],
  hour: number,
): { soldMinor: number; lastWeekMinor: number } {
  const over = hours.filter((row) => row.hour < hour)
  return {
    soldMinor: over.reduce((sum, row) => sum + row.soldMinor, 0),
    lastWeekMinor: over.reduce((sum, row) => sum + row.lastWeekMinor, 0),
  }
}
