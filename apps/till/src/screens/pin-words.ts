import type { I18n } from '@lingui/core'
import { ageWords } from '../app/age-words.ts'
import type { SignInResult } from '../device/index.ts'

/** Why a PIN was not taken; undefined when it was. */
export function pinFaultWords(i18n: I18n, result: SignInResult): string | undefined {
  switch (result.outcome) {
    case 'signed-in':
      return undefined
    case 'wrong-pin':
      return i18n._('sign-in.wrong', {}, { message: 'Wrong PIN. Try again.' })
    case 'locked':
      return i18n._(
        'sign-in.locked',
        { time: ageWords(i18n, result.retryAfterMs) },
        {
          message: 'Too many wrong PINs. Try again in {time}, or ask headquarters for a new one.',
        },
      )
    case 'no-pin':
      return i18n._('sign-in.no-pin', {}, { message: 'No PIN is set. Headquarters sets it under Staff.' })
    case 'unknown-person':
      return i18n._('sign-in.unknown', {}, { message: 'This person no longer works at this store.' })
  }
}
