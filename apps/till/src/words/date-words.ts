const MONTH = { month: 'short', year: 'numeric' } as const
const DAY = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const

/** Month of a label, `2027-03` → `Mar 2027`, in the language's own words. */
export function monthWords(language: string, month: string): string {
  const [year, number] = month.split('-')
  return format(language, MONTH, Date.UTC(Number(year), Number(number) - 1, 1))
}

/** A trading day, `2026-11-22` → `Sun, 22 Nov 2026`. */
export function dayWords(language: string, day: string): string {
  return format(language, DAY, Date.parse(`${day}T00:00:00Z`))
}

function format(language: string, options: Intl.DateTimeFormatOptions, instant: number): string {
  // Digits stay Latin, as on notes, packs and keyboards.
  return new Intl.DateTimeFormat(`${language}-IN-u-nu-latn`, { ...options, timeZone: 'UTC' }).format(instant)
}
