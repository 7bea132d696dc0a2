type Hour = { hour: number; soldMinor: number; bills: number; lastWeekMinor: number }

/** Hours that every shop is open in; the chart always spans them, so that it does not jump in the morning. */
const usual = { first: 10, last: 21 }

/** The hours of a day to draw: the usual ones and whatever was sold outside them, each once, in order. */
export function shownHours(hours: readonly Hour[]): Hour[] {
  const sold = hours.filter((row) => row.soldMinor !== 0 || row.lastWeekMinor !== 0).map((row) => row.hour)
  const first = Math.min(usual.first, ...sold)
  const last = Math.max(usual.last, ...sold)
  const byHour = new Map(hours.map((row) => [row.hour, row]))
  return Array.from(
    { length: last - first + 1 },
    (_, at) => byHour.get(first + at) ?? { hour: first + at, soldMinor: 0, bills: 0, lastWeekMinor: 0 },
  )
}
