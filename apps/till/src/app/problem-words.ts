import type { I18n } from '@lingui/core'
import { JournalRefused } from '../journal/index.ts'

/** Why a command of the journal was refused, with a way out. Any other failure is the device's. */
export function problemWords(i18n: I18n, cause: unknown): string {
  const code = cause instanceof JournalRefused ? cause.code : 'unexpected'
  switch (code) {
    case 'offline':
      return i18n._(
        'problem.offline',
        {},
        {
          message: 'The server is not reached. This step needs it once: check the network and try again.',
        },
      )
    case 'enrolment/code-unknown':
      return i18n._(
        'problem.code-unknown',
        {},
        {
          message: 'No such code. Check each letter, or ask for a new one.',
        },
      )
    case 'enrolment/code-used':
      return i18n._('problem.code-used', {}, { message: 'This code was used already. Ask for a new one.' })
    case 'enrolment/code-expired':
      return i18n._('problem.code-expired', {}, { message: 'This code is too old. Ask for a new one.' })
    case 'other-register':
      return i18n._(
        'problem.other-register',
        {},
        {
          message:
            'This code is for another register. This till still holds bills of its own: ask for a code of this very register.',
        },
      )
    case 'request/too-many':
    case 'session/locked':
      return i18n._('problem.too-many', {}, { message: 'Too many tries. Wait a minute, then try again.' })
    case 'not-owner':
      return i18n._(
        'problem.not-owner',
        {},
        {
          message: 'Another window owns this register. Go on there, or take it over here.',
        },
      )
    case 'not-safe':
      return i18n._(
        'problem.not-safe',
        {},
        {
          message:
            'Some of it is nowhere else yet. Wait until it is sent, or let a manager allow it and save the journal first.',
        },
      )
    case 'shift-open':
      return i18n._('problem.shift-open', {}, { message: 'A shift is open already.' })
    case 'no-shift':
      return i18n._('problem.no-shift', {}, { message: 'The shift was closed meanwhile.' })
    case 'storage-failed':
      return i18n._(
        'problem.storage',
        {},
        {
          message:
            'This device could not save: its storage is full or blocked. Free some space and try again.',
        },
      )
    default:
      return i18n._(
        'problem.unexpected',
        { code },
        {
          message: 'That did not work ({code}). Try once more; if it stays so, call support.',
        },
      )
  }
}
