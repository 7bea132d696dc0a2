import { formatDate, formatDateTime, formatRupees, localTime } from '@nexus/domain'

const counts = new Intl.NumberFormat('en-IN')

/** A count in Indian grouping: `1,23,456`. */
export function countText(count: number): string {
  return counts.format(count)
}

/** An amount, or a dash where there is none. */
export function rupees(amountMinor: number | null): string {
  return amountMinor === null ? '–' : formatRupees(amountMinor)
}

/** Whole rupees, for figures that are looked at and not added up: `₹1,23,456`. */
export function wholeRupees(amountMinor: number): string {
  return formatRupees(Math.round(amountMinor / 100) * 100).slice(0, -3)
}

/** Date and time of the chain's zone, or a dash. */
export function moment(instant: number | null): string {
  return instant === null ? '–' : formatDateTime(instant)
}

/** A day as bills print it, or a dash. */
export function day(date: string | null): string {
  return date === null ? '–' : formatDate(date)
}

/** A rate of tax from hundredths of a per cent: 1800 → `18%`, 250 → `2.5%`. */
export function percent(rateBp: number): string {
  return `${Number((rateBp / 100).toFixed(2))}%`
}

/** Time of day of the chain's zone. */
export function clock(instant: number): string {
  return localTime(instant)
}
