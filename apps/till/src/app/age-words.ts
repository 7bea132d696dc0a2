import type { I18n } from '@lingui/core'

/** How long something lasts, in its largest unit: `40 s`, `38 min`, `2 h`, `3 days`. */
export function ageWords(i18n: I18n, ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1000))
  if (seconds < 60) return i18n._('age.seconds', { count: seconds }, { message: '{count} s' })
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return i18n._('age.minutes', { count: minutes }, { message: '{count} min' })
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return i18n._('age.hours', { count: hours }, { message: '{count} h' })
  return i18n._(
    'age.days',
    { count: Math.floor(hours / 24) },
    {
      message: '{count, plural, one {# day} other {# days}}',
    },
  )
}

/** A running time of minutes and seconds: `0:23`, `12:05`. */
export function runningTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
