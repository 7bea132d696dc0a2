import type { I18n } from '@lingui/core'

/** What is wrong when an invariant does not hold, as a sentence. */
export function invariantWords(i18n: I18n, invariant: string): string {
  switch (invariant) {
    case 'I2':
      return i18n._('invariant.2', {}, { message: 'A stored entry is not what its till wrote.' })
    case 'I3':
      return i18n._('invariant.3', {}, { message: 'A till’s chain of entries does not link.' })
    case 'I4':
      return i18n._(
        'invariant.4',
        {},
        { message: 'Bills, taxes, tenders or stock are not what the entries add up to.' },
      )
    case 'I5':
      return i18n._('invariant.5', {}, { message: 'An entry that was acknowledged is not here.' })
    case 'I7':
      return i18n._('invariant.7', {}, { message: 'A bill number is missing, or two bills bear it.' })
    case 'I8':
      return i18n._('invariant.8', {}, { message: 'A total that stands for ever has changed.' })
    case 'I10':
      return i18n._('invariant.10', {}, { message: 'Entries are lost and nobody was told.' })
    default:
      return invariant
  }
}
