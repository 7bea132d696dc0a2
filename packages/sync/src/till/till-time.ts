import type { Clock } from '../ports.ts'
import type { NotesRecord } from './records.ts'

/** A device clock further off is shown and journalled (JRN-13). */
export const skewLimitMs = 120_000

/** The till's time, and what an entry records about it. */
export type TillTime = {
  at: number
  wallMs: number
  monotonicMs: number
  bootId: string
  /** wallMs − at. */
  clockOffsetMs: number
  /** Since the last trusted instant; null: nobody knows. */
  trustAgeMs: number | null
}

/**
 * The last trusted instant plus monotonic time since (JRN-13). After a restart the monotonic clock has
 * begun anew: the wall clock then says how much time went by, and never that time went back.
 *
 * @param lastAt till time of the last entry
 */
export function tillTime(clock: Clock, trust: NotesRecord['trust'], lastAt: number): TillTime {
  const wallMs = clock.wallMs()
  const monotonicMs = clock.monotonicMs()
  const { bootId } = clock
  let at: number
  let trustAgeMs: number | null
  if (trust === null) {
    at = Math.max(wallMs, lastAt)
    trustAgeMs = null
  } else if (trust.bootId === bootId) {
    trustAgeMs = monotonicMs - trust.monotonicMs
    at = trust.at + trustAgeMs
  } else {
    const byWallMs = wallMs - trust.wallMs
    trustAgeMs = byWallMs >= 0 ? byWallMs : null
    at = Math.max(trust.at + Math.max(byWallMs, 0), lastAt)
  }
  return { at, wallMs, monotonicMs, bootId, clockOffsetMs: wallMs - at, trustAgeMs }
}

/** An instant that somebody vouches for, tied to both clocks. */
export function trusted(
  clock: Clock,
  at: number,
  by: 'server' | 'cashier',
): NonNullable<NotesRecord['trust']> {
  return { at, wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs(), bootId: clock.bootId, by }
}
