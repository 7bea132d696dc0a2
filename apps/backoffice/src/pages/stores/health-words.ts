import type { I18n } from '@lingui/core'
import { formatRupees, type HealthLevel, type RegisterAilment } from '@nexus/domain'
import { agoWords } from '../../phrases/date-words.ts'

/** One sentence about a till. */
export function ailmentWords(i18n: I18n, ailment: RegisterAilment, now: number): string {
  switch (ailment.code) {
    case 'bills-only-there':
      return i18n._(
        'health.only-there',
        {
          entries: ailment.entries,
          sum: formatRupees(ailment.sumMinor),
          ago: agoWords(i18n.locale, ailment.sinceAt, now),
        },
        {
          message:
            'Last seen {ago} with {entries, plural, one {# entry} other {# entries}} of {sum} that are only there',
        },
      )
    case 'silent':
      return i18n._(
        'health.silent',
        { ago: agoWords(i18n.locale, ailment.sinceAt, now) },
        {
          message: 'Last seen {ago}',
        },
      )
    case 'never-reported':
      return i18n._('health.never', {}, { message: 'Has never reported' })
    case 'clock-wrong':
      return ailment.skewMs > 0
        ? i18n._(
            'health.clock-fast',
            { minutes: minutes(ailment.skewMs) },
            {
              message: 'Its clock is {minutes, plural, one {# minute} other {# minutes}} fast',
            },
          )
        : i18n._(
            'health.clock-slow',
            { minutes: minutes(ailment.skewMs) },
            {
              message: 'Its clock is {minutes, plural, one {# minute} other {# minutes}} slow',
            },
          )
    case 'queue-grows':
      return i18n._(
        'health.queue',
        { entries: ailment.entries },
        {
          message: '{entries, plural, one {# entry waits} other {# entries wait}} to be sent',
        },
      )
    case 'storage-not-kept':
      return i18n._('health.storage', {}, { message: 'Its browser may clear the storage' })
    case 'entries-set-aside':
      return i18n._(
        'health.set-aside',
        { entries: ailment.entries },
        {
          message: '{entries, plural, one {# entry waits} other {# entries wait}} for a person',
        },
      )
    case 'entries-missing':
      return i18n._(
        'health.missing-entries',
        { entries: ailment.entries },
        {
          message: '{entries, plural, one {# entry is} other {# entries are}} lost until they turn up',
        },
      )
    case 'old-version':
      return i18n._('health.version', { app: ailment.app }, { message: 'Runs the older version {app}' })
  }
}

/** A level in a word, for those who do not see colours. */
export function levelWords(i18n: I18n, level: HealthLevel): string {
  switch (level) {
    case 'bad':
      return i18n._('level.bad', {}, { message: 'Trouble' })
    case 'warn':
      return i18n._('level.warn', {}, { message: 'Look' })
    case 'good':
      return i18n._('level.good', {}, { message: 'Well' })
    case 'off':
      return i18n._('level.off', {}, { message: 'Off' })
  }
}

function minutes(skewMs: number): number {
  return Math.round(Math.abs(skewMs) / 60_000)
}
