import { allocate } from '../money/allocate.ts'

/** A line as the rounding to the rupee sees it. */
type RoundedLine = { paidMinor: number; rupeeMinor: number }

/**
 * Rounds what a document costs to the rupee (TAX-4) and carries the difference to the lines, writing
 * into them: to the nearest, half up; down where the lines' ceilings leave no room.
 *
 * The difference is spread by what each line pays; what would lift a line above its ceiling goes to
 * the lines with room, by what they pay, and to the first of them when they pay nothing.
 *
 * @param lines in canonical order
 * @param ceilings what each line may cost at most, in the same order
 */
export function roundToRupee(lines: readonly RoundedLine[], ceilings: readonly number[]): void {
  let totalMinor = 0
  for (const line of lines) totalMinor += line.paidMinor
  const above = totalMinor % 100
  if (above === 0) return
  const upMinor = 100 - above
  if (above >= 50 && roomOf(lines, ceilings, upMinor) >= upMinor) spreadUp(lines, ceilings, upMinor)
  else spreadDown(lines, above)
}

/** What the ceilings leave, counted no further than `enoughMinor`. */
function roomOf(lines: readonly RoundedLine[], ceilings: readonly number[], enoughMinor: number): number {
  let roomMinor = 0
  for (let at = 0; at < lines.length && roomMinor < enoughMinor; at++) {
    roomMinor += (ceilings[at] ?? 0) - (lines[at]?.paidMinor ?? 0)
  }
  return roomMinor
}

function spreadDown(lines: readonly RoundedLine[], amountMinor: number): void {
  const parts = allocate(
    amountMinor,
    lines.map((line) => line.paidMinor),
  )
  lines.forEach((line, at) => {
    move(line, -(parts[at] ?? 0))
  })
}

function spreadUp(lines: readonly RoundedLine[], ceilings: readonly number[], amountMinor: number): void {
  const values = lines.map((line) => line.paidMinor)
  let leftMinor = amountMinor
  while (leftMinor > 0) {
    // Values as they were before rounding: what was carried already does not attract more.
    const weights = lines.map((line, at) => (line.paidMinor < (ceilings[at] ?? 0) ? (values[at] ?? 0) : 0))
    if (weights.every((weight) => weight === 0)) break
    const parts = allocate(leftMinor, weights)
    lines.forEach((line, at) => {
      const partMinor = Math.min(parts[at] ?? 0, (ceilings[at] ?? 0) - line.paidMinor)
      move(line, partMinor)
      leftMinor -= partMinor
    })
  }
  lines.forEach((line, at) => {
    const partMinor = Math.min(leftMinor, (ceilings[at] ?? 0) - line.paidMinor)
    move(line, partMinor)
    leftMinor -= partMinor
  })
}

function move(line: RoundedLine, amountMinor: number): void {
  line.rupeeMinor += amountMinor
  line.paidMinor += amountMinor
}
