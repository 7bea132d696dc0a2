import { tradingDayAt } from '@nexus/domain'
import type { JournalStatus } from '../journal/index.ts'

/**
 * The trading day of an open shift that has run past its store's cut-over (JRN-13k); undefined while it has
 * not. It is asked to be closed, and sells on.
 *
 * @param now the till's time, ms
 */
export function overdueDay(
  { shift, place }: Pick<JournalStatus, 'shift' | 'place'>,
  now: number,
): string | undefined {
  if (shift === null || place === null) return undefined
  const [hours = '0', minutes = '0'] = place.store.cutOver.split(':')
  const today = tradingDayAt(now, Number(hours) * 60 + Number(minutes))
  return shift.tradingDay < today ? shift.tradingDay : undefined
}
