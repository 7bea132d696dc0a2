import type { I18n } from '@lingui/core'
import type { Whereabouts } from '../journal/index.ts'

/** Where a bill's entry is known to be. */
export function whereWords(i18n: I18n, where: Whereabouts): string {
  switch (where) {
    case 'here':
      return i18n._('where.here', {}, { message: 'only on this till' })
    case 'store':
      return i18n._('where.store', {}, { message: 'in the store' })
    case 'hq':
      return i18n._('where.hq', {}, { message: 'at HQ' })
    case 'durable':
      return i18n._('where.durable', {}, { message: 'safe at HQ' })
  }
}
