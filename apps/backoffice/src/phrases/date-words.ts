const DAY = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const

/** A day in words, `2026-11-22` → `Sun, 22 Nov 2026`. Digits stay Latin, as on packs and keyboards. */
export function dayWords(language: string, day: string): string {
  return new Intl.DateTimeFormat(`${language}-IN-u-nu-latn`, { ...DAY, timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00:00Z`),
  )
}

/** How long ago, in its largest unit: `5 minutes ago`, `yesterday`. */
export function agoWords(language: string, at: number, now: number): string {
  const format = new Intl.RelativeTimeFormat(`${language}-IN-u-nu-latn`, { numeric: 'auto' })
  const seconds = Math.round((at - now) / 1000)
  if (Math.abs(seconds) < 60) return format.format(seconds, 'second')
  const minutes = Math.trunc(seconds / 60)
  if (Math.abs(minutes) < 60) return format.format(minutes, 'minute')
  const hours = Math.trunc(minutes / 60)
  if (Math.abs(hours) < 48) return format.format(hours, 'hour')
  return format.format(Math.trunc(hours / 24), 'day')
}
