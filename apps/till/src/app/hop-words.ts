import type { I18n } from '@lingui/core'

/** Why entries could not be sent the last time, in words; undefined after a good answer. */
export function hopProblemWords(i18n: I18n, problem: string | null): string | undefined {
  switch (problem) {
    case null:
      return undefined
    case 'offline':
      return i18n._(
        'hop.offline',
        {},
        { message: 'The server is not reached. Check the network cable or the Wi-Fi of this till.' },
      )
    case 'not-enrolled':
      return i18n._(
        'hop.no-key',
        {},
        { message: 'The key of this till is gone. Sign out and enter a new enrolment code.' },
      )
    case 'request/too-many':
    case 'server/busy':
      return i18n._('hop.busy', {}, { message: 'The server is busy. It takes them in a moment.' })
    default:
      return i18n._(
        'hop.refused',
        { problem },
        { message: 'The server answered with a fault ({problem}). If it stays so, call support.' },
      )
  }
}
